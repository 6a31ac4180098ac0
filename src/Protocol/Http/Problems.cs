namespace Salus.Protocol.Http;

/// <summary>
/// The `type` of problem details (RFC 9457) that a server answers with, without the common prefix <see cref="Prefix"/>: what a client may act on.
/// </summary>
public static class Problems
{
    public const string Prefix = "urn:salus:problem:";

    /// <summary>400: the request is not what the route takes; the detail names what is wrong.</summary>
    public const string BadRequest = "bad-request";

    /// <summary>401: no session, or one that has ended.</summary>
    public const string NoSession = "no-session";

    /// <summary>403: the code is wrong, used, expired, or tried too often: one answer for all, and for mail addresses without an account.</summary>
    public const string CodeRefused = "code-refused";

    /// <summary>403: the passkey's answer does not hold, or not any more: one answer whatever is wrong, and for passkeys that no account has.</summary>
    public const string PasskeyRefused = "passkey-refused";

    /// <summary>403: no live grant covers this.</summary>
    public const string NotGranted = "not-granted";

    /// <summary>403 at a trustee: the request does not show that the access is in the log.</summary>
    public const string NotLogged = "not-logged";

    /// <summary>422 at a trustee: the log's checkpoint is not that of the tree which this trustee has followed.</summary>
    public const string OtherTree = "other-tree";

    /// <summary>403: the signature, the capability or the ticket is not that of who may do this.</summary>
    public const string NotYours = "not-yours";

    /// <summary>404: not here, or not for the asker; one answer for both.</summary>
    public const string NotFound = "not-found";

    /// <summary>409: something else was there first; the detail says what.</summary>
    public const string Conflict = "conflict";

    /// <summary>409 at the cloud: what a record on its way had claimed is not kept for it any more.</summary>
    public const string ClaimEnded = "claim-ended";

    /// <summary>409 at a store: records refer to the fragment of which it was not shown that they are deleted.</summary>
    public const string StillReferred = "still-referred";

    /// <summary>409 at the cloud: the body is stored already, and who refers to it proves first to have it.</summary>
    public const string PossessionNeeded = "possession-needed";

    /// <summary>409 at a trustee: this request was answered before.</summary>
    public const string Replayed = "replayed";

    /// <summary>403 at a trustee: the clocks differ by more than five minutes.</summary>
    public const string ClockSkew = "clock-skew";

    /// <summary>421 at a trustee: the request names another trustee.</summary>
    public const string Misdirected = "misdirected";

    /// <summary>409 at a trustee: the code of a locked grant was not shown in time, or a wrong one too often; its keys are gone and no more are taken.</summary>
    public const string LockClosed = "lock-closed";

    /// <summary>503 at the cloud: the entry waits for its place in the log, or the log has published nothing yet.</summary>
    public const string NotLoggedYet = "not-logged-yet";

    /// <summary>409: the study has not opened yet, or is over.</summary>
    public const string StudyClosed = "study-closed";

    /// <summary>409 at a trustee: the account has had its tokens for the study, or the token was spent on another contribution.</summary>
    public const string TokensUsed = "tokens-used";

    /// <summary>410 at the cloud: the contribution was withdrawn, for good.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>410 at a store: the fragment has not the length any more that it was stored with.</summary>
    public const string Damaged = "damaged";

    /// <summary>413: larger than the limit named in the detail.</summary>
    public const string TooLarge = "too-large";

    /// <summary>429: too often; Retry-After says when.</summary>
    public const string TooMany = "too-many";

    /// <summary>507: the store or the account has no room left.</summary>
    public const string NoSpace = "no-space";

    /// <summary>503 at a trustee: another trustee is away, stalls or takes no part in the computation; the detail names it.</summary>
    public const string PeerAway = "peer-away";

    /// <summary>502 at a trustee: a trustee did not keep to the protocol; the computation was ended and nothing is answered.</summary>
    public const string Cheated = "cheated";

    /// <summary>403 at a trustee: the study's budget does not cover the question.</summary>
    public const string BudgetSpent = "budget-spent";

    /// <summary>500: the server failed, and its log says why.</summary>
    public const string Internal = "internal";
}
