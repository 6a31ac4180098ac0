namespace Salus.Client;

/// <summary>Why something cannot be done, where whoever asked may act on it: <see cref="CannotException.Code"/>. The page says each in its own words.</summary>
public static class Reasons
{
    // The account and this device.
    public const string NoAccount = "no-account";
    public const string AlreadyRegistered = "already-registered";
    public const string OtherAccount = "other-account";
    public const string DamagedProfile = "damaged-profile";
    public const string NotLoggedIn = "not-logged-in";
    public const string WrongPassphrase = "wrong-passphrase";
    public const string NoPassphrase = "no-passphrase";
    public const string WrongPasskey = "wrong-passkey";
    public const string BadPasskey = "bad-passkey";
    public const string NoPasskey = "no-passkey";
    public const string NoPrf = "no-prf";
    public const string LastWayIn = "last-way-in";
    public const string NoDevice = "no-device";
    public const string BadName = "bad-name";
    public const string WeakPassphrase = "weak-passphrase";
    public const string WrongKit = "wrong-kit";
    public const string NoKit = "no-kit";
    public const string MistypedKit = "mistyped-kit";
    public const string BadOrganisation = "bad-organisation";
    public const string BadAddress = "bad-address";
    public const string BadPreferences = "bad-preferences";
    public const string Busy = "busy";

    // Records.
    public const string NoFile = "no-file";
    public const string NotFhir = "not-fhir";
    public const string BadPartition = "bad-partition";
    public const string NoPartition = "no-partition";
    public const string BadRestoreFrom = "bad-restore-from";
    public const string TooManyWords = "too-many-words";
    public const string KeywordNeeded = "keyword-needed";
    public const string NotYours = "not-yours";
    public const string NotPermitted = "not-permitted";
    public const string NotLost = "not-lost";
    public const string NotStored = "not-stored";
    public const string MovedOn = "moved-on";
    public const string ClaimEnded = "claim-ended";
    public const string NoResource = "no-resource";
    public const string NoImport = "no-import";
    public const string SeveralImports = "several-imports";
    public const string SequenceKeyNeeded = "sequence-key-needed";
    public const string SequenceKeyWrong = "sequence-key-wrong";
    public const string SequenceKeyUnfit = "sequence-key-unfit";

    // Search.
    public const string BadQuery = "bad-query";
    public const string UnknownOwner = "unknown-owner";
    public const string UnknownSource = "unknown-source";

    // People and sharing.
    public const string UnknownContact = "unknown-contact";
    public const string OwnAddress = "own-address";
    public const string NoProposal = "no-proposal";
    public const string OtherFingerprint = "other-fingerprint";
    public const string BadDates = "bad-dates";
    public const string NoGrant = "no-grant";
    public const string AlreadyRevoked = "already-revoked";
    public const string TooFewTrustees = "too-few-trustees";
    public const string MaybeShared = "maybe-shared";

    // Readings.
    public const string BadSeries = "bad-series";
    public const string NoSeries = "no-series";
    public const string BadReading = "bad-reading";

    /// <summary>An alarm about another history that nobody has acknowledged.</summary>
    public const string OpenAlarm = "open-alarm";

    // Requests.
    public const string BadNumber = "bad-number";
    public const string NumberTaken = "number-taken";
    public const string BadKeyword = "bad-keyword";
    public const string BadReason = "bad-reason";
    public const string NothingFound = "nothing-found";
    public const string NoRequest = "no-request";
    public const string RequestOver = "request-over";
    public const string RequestUnopened = "request-unopened";
    public const string AnsweredOtherwise = "answered-otherwise";
    public const string NothingToClaim = "nothing-to-claim";
    public const string SeveralToClaim = "several-to-claim";
    public const string BadCode = "bad-code";
    public const string WrongCode = "wrong-code";

    // Studies.
    public const string NoStudy = "no-study";
    public const string BadStudy = "bad-study";
    public const string StudyClosed = "study-closed";
    public const string OwnStudy = "own-study";
    public const string AlreadyJoined = "already-joined";
    public const string WasWithdrawn = "was-withdrawn";
    public const string TokensUsed = "tokens-used";
    public const string ReleasedBefore = "released-before";
    public const string NothingToContribute = "nothing-to-contribute";
    public const string NothingToWithdraw = "nothing-to-withdraw";
    public const string TooLargeToContribute = "too-large-to-contribute";
}
