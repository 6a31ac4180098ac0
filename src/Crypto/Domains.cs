namespace Salus.Crypto;

/// <summary>
/// Every label that separates one use of a hash or key derivation from another. Each is used in one place and for one purpose;
/// no label is a prefix problem for another, because labels are hashed with their length.
/// </summary>
public static class Domains
{
    // Re-encryption
    /// <summary>Hash to scalar <c>h</c> of a capsule.</summary>
    public const string Capsule = "salus/v1/capsule";
    /// <summary>Key that a capsule carries.</summary>
    public const string CapsuleKey = "salus/v1/capsule-key";
    /// <summary>Hash to scalar <c>d</c> of a delegation: known to delegator and delegatee only.</summary>
    public const string DelegationSecret = "salus/v1/delegation-d";
    /// <summary>Hash to scalar <c>sx</c>: where on the polynomial a trustee's share lies.</summary>
    public const string ShareIndex = "salus/v1/delegation-sx";
    /// <summary>Challenge of the proof that a trustee re-encrypted honestly.</summary>
    public const string ReEncryptionProof = "salus/v1/reencryption-proof";
    /// <summary>Hash to scalar of the nonce of that proof.</summary>
    public const string ReEncryptionNonce = "salus/v1/reencryption-nonce";
    /// <summary>Hash to point of the second generator <c>U</c>.</summary>
    public const string SecondGenerator = "salus/v1/generator-u";

    // Oblivious pseudorandom function (its own strings are those of RFC 9497)
    /// <summary>Hash to scalar of the nonce of an evaluation's proof.</summary>
    public const string OprfNonce = "salus/v1/oprf-nonce";
    /// <summary>Hash to scalar of a blind that can be made again.</summary>
    public const string OprfBlind = "salus/v1/oprf-blind";

    // Sealing
    /// <summary>Key that wraps a content key under a capsule's key.</summary>
    public const string ContentKeyWrap = "salus/v1/content-key-wrap";
    /// <summary>Commitment to a wrapped content key.</summary>
    public const string ContentKeyCommitment = "salus/v1/content-key-commitment";
    /// <summary>Single-use key and commitment of a sealed blob.</summary>
    public const string SealedBlob = "salus/v1/sealed-blob";

    // Dispersal
    /// <summary>Root of all that a content key and a sequence key give together.</summary>
    public const string FragmentRoot = "salus/v1/fragment-root";
    /// <summary>Input key of the chunked encryption of a dispersed body.</summary>
    public const string FragmentBodyKey = "salus/v1/fragment-body-key";
    /// <summary>Address of a fragment at its store.</summary>
    public const string FragmentAddress = "salus/v1/fragment-address";
    /// <summary>Label of a fragment, by which merging follows the chain.</summary>
    public const string FragmentLabel = "salus/v1/fragment-label";
    /// <summary>Pad over the next fragment's label.</summary>
    public const string FragmentLabelPad = "salus/v1/fragment-label-pad";
    /// <summary>What the last fragment names as its next.</summary>
    public const string FragmentChainEnd = "salus/v1/fragment-chain-end";
    /// <summary>Capability to overwrite and delete a fragment.</summary>
    public const string FragmentOwner = "salus/v1/fragment-owner";
    /// <summary>Blind of a fragment's root.</summary>
    public const string FragmentRootBlind = "salus/v1/fragment-root-blind";
    /// <summary>Order in which fragments go to stores.</summary>
    public const string FragmentPlacement = "salus/v1/fragment-placement";
    /// <summary>Store at which that order begins.</summary>
    public const string FragmentPlacementStart = "salus/v1/fragment-placement-start";
    /// <summary>Address of a fragment at a store that it was moved to.</summary>
    public const string FragmentMoved = "salus/v1/fragment-moved";
    /// <summary>Which leaf an audit asks a store for.</summary>
    public const string AuditChallenge = "salus/v1/audit-challenge";
    /// <summary>Name of the file with an account's list for auditors.</summary>
    public const string AuditListName = "salus/v1/audit-list-name";

    // Shared bodies
    /// <summary>Salt of the chunked encryption of a shared body.</summary>
    public const string FragmentBodySalt = "salus/v1/fragment-body-salt";
    /// <summary>Print of a content under the secret of a domain.</summary>
    public const string ContentPrint = "salus/v1/content-print";
    /// <summary>Content key of a shared body, from its content.</summary>
    public const string SharedContentKey = "salus/v1/shared-content-key";
    /// <summary>By what the cloud knows a content again, within one domain.</summary>
    public const string SharedTag = "salus/v1/shared-tag";
    /// <summary>Sequence key of a shared body.</summary>
    public const string SharedSequence = "salus/v1/shared-sequence";
    /// <summary>Capability to delete a fragment of a shared body.</summary>
    public const string SharedOwner = "salus/v1/shared-owner";
    /// <summary>Reference of a record to a fragment of a shared body.</summary>
    public const string SharedReference = "salus/v1/shared-reference";
    /// <summary>Where the fragments of a shared body are, sealed to its domain.</summary>
    public const string SharedBody = "salus/v1/shared-body";

    // Search
    /// <summary>Key of the tokens of a segment's terms.</summary>
    public const string SearchTerms = "salus/v1/search-terms";
    /// <summary>Input key of the chunked encryption of a segment's dictionary.</summary>
    public const string SearchDictionary = "salus/v1/search-dictionary";

    // Statistics on shares
    /// <summary>Commitment to one of the three vectors of a sharing.</summary>
    public const string ShareCommitment = "salus/v1/share-commitment";
    /// <summary>What two parties of a computation must both have.</summary>
    public const string ComputationPair = "salus/v1/computation-pair";
    /// <summary>Commitment to a part of a common coin.</summary>
    public const string ComputationCommitment = "salus/v1/computation-commitment";
    /// <summary>Common coin, from its parts.</summary>
    public const string ComputationCoin = "salus/v1/computation-coin";
    /// <summary>Challenges that a prover was told.</summary>
    public const string ComputationEcho = "salus/v1/computation-echo";
    /// <summary>Share that a neighbour sends when a result is opened.</summary>
    public const string ComputationOpening = "salus/v1/computation-opening";

    // Protocol: identifiers, commitments and signatures
    /// <summary>Identifier of an account, from its identity key.</summary>
    public const string AccountId = "salus/v1/account-id";
    /// <summary>Digits that two people compare.</summary>
    public const string Fingerprint = "salus/v1/fingerprint";
    /// <summary>Commitment to a fragment's tree root.</summary>
    public const string FragmentCommitment = "salus/v1/fragment-commitment";
    /// <summary>What a re-encryption proof is bound to.</summary>
    public const string ReencryptionBinding = "salus/v1/reencryption-binding";
    /// <summary>Signature of an account card.</summary>
    public const string SignCard = "salus/v1/sign-card";
    /// <summary>Signature of an epoch header.</summary>
    public const string SignEpoch = "salus/v1/sign-epoch";
    /// <summary>Signature of a record's author.</summary>
    public const string SignRecord = "salus/v1/sign-record";
    /// <summary>Signature of an owner's order to delete.</summary>
    public const string SignDeletion = "salus/v1/sign-deletion";
    /// <summary>Signature of the state of an account.</summary>
    public const string SignInventory = "salus/v1/sign-inventory";
    /// <summary>Signature of a grant.</summary>
    public const string SignGrant = "salus/v1/sign-grant";
    /// <summary>Signature of a permission to add records.</summary>
    public const string SignDeposit = "salus/v1/sign-deposit";
    /// <summary>Signature of a trustee's key of a grant.</summary>
    public const string SignKFrag = "salus/v1/sign-kfrag";
    /// <summary>Signature of a request for re-encryption.</summary>
    public const string SignReencryption = "salus/v1/sign-reencryption";
    /// <summary>Signature of a revocation.</summary>
    public const string SignRevocation = "salus/v1/sign-revocation";
    /// <summary>Signature of a trustee's receipt of a revocation.</summary>
    public const string SignReceipt = "salus/v1/sign-receipt";
    /// <summary>Signature of a trustee's contribution to the hardening key.</summary>
    public const string SignHardeningPart = "salus/v1/sign-hardening-part";
    /// <summary>Signature of a trustee's word which hardening key it holds.</summary>
    public const string SignHardeningKey = "salus/v1/sign-hardening-key";
    /// <summary>Signature of a request for an evaluation under the hardening key.</summary>
    public const string SignHardeningAsk = "salus/v1/sign-hardening-ask";
    /// <summary>Signature of a delegatee's claim on a locked grant.</summary>
    public const string SignClaim = "salus/v1/sign-claim";
    /// <summary>Signature of a request for access by telephone number.</summary>
    public const string SignRequest = "salus/v1/sign-request";
    /// <summary>Signature of the cloud's upload ticket.</summary>
    public const string SignTicket = "salus/v1/sign-ticket";
    /// <summary>Signature of the cloud's ticket for evaluations by the trustees.</summary>
    public const string SignHardeningTicket = "salus/v1/sign-hardening-ticket";
    /// <summary>Signature of the cloud's ticket to prove possession of a fragment.</summary>
    public const string SignPossessionTicket = "salus/v1/sign-possession-ticket";
    /// <summary>Signature of a store's word that somebody possesses a fragment.</summary>
    public const string SignPossession = "salus/v1/sign-possession";
    /// <summary>Answer to a store's challenge to prove possession.</summary>
    public const string PossessionAnswer = "salus/v1/possession-answer";
    /// <summary>Signature of a store's receipt of a fragment.</summary>
    public const string SignStored = "salus/v1/sign-stored";
    /// <summary>Signature of a source's update of a search index.</summary>
    public const string SignIndex = "salus/v1/sign-index";
    /// <summary>Signature of a replaced wrapping of the account secret.</summary>
    public const string SignAccountKeys = "salus/v1/sign-account-keys";
    /// <summary>Signature of a passkey that is added to an account.</summary>
    public const string SignPasskeyAddition = "salus/v1/sign-passkey-addition";
    /// <summary>Signature of the removal of a passkey.</summary>
    public const string SignPasskeyRemoval = "salus/v1/sign-passkey-removal";
    /// <summary>Signature of the manifest of a page.</summary>
    public const string SignPage = "salus/v1/sign-page";

    // Protocol: studies
    /// <summary>Signature of a study.</summary>
    public const string SignStudy = "salus/v1/sign-study";
    /// <summary>Signature of a study's early end.</summary>
    public const string SignStudyEnd = "salus/v1/sign-study-end";
    /// <summary>Signature of a trustee's word which key it issues a study's tokens under.</summary>
    public const string SignTokenKey = "salus/v1/sign-token-key";
    /// <summary>Signature of a request for a token.</summary>
    public const string SignTokenRequest = "salus/v1/sign-token-request";
    /// <summary>Signature of a trustee's receipt of a spent token.</summary>
    public const string SignContributionReceipt = "salus/v1/sign-contribution-receipt";
    /// <summary>Signature of a contribution by its withdrawal key.</summary>
    public const string SignContribution = "salus/v1/sign-contribution";
    /// <summary>Signature of the withdrawal of a contribution.</summary>
    public const string SignWithdrawal = "salus/v1/sign-withdrawal";
    /// <summary>Identifier of a contribution, from its withdrawal key.</summary>
    public const string ContributionId = "salus/v1/contribution-id";
    /// <summary>What a contribution consists of: its token pays for this and nothing else.</summary>
    public const string Contribution = "salus/v1/contribution";
    /// <summary>Key of the code by which a token is spent.</summary>
    public const string TokenSpending = "salus/v1/token-spending";

    // Statistics on shares
    /// <summary>Signature of a trustee's first message to another in a computation.</summary>
    public const string SignPeerHello = "salus/v1/sign-peer-hello";
    /// <summary>Key of one direction between two trustees in one computation.</summary>
    public const string PeerKey = "salus/v1/peer-key";
    /// <summary>What every piece from one trustee to another is bound to.</summary>
    public const string PeerPiece = "salus/v1/peer-piece";
    /// <summary>Name of a computation, from the question that was signed.</summary>
    public const string Computation = "salus/v1/computation";
    /// <summary>Signature of a researcher's question.</summary>
    public const string SignStatisticsQuery = "salus/v1/sign-statistics-query";
    /// <summary>Signature of a trustee's answer to one.</summary>
    public const string SignStatisticsAnswer = "salus/v1/sign-statistics-answer";
    /// <summary>Signature of a trustee's statement of a study's budget.</summary>
    public const string SignStatisticsBudget = "salus/v1/sign-statistics-budget";
    /// <summary>Name of what was asked: the same for equal questions with equal privacy.</summary>
    public const string StatisticsQuestion = "salus/v1/statistics-question";
    /// <summary>What a contribution's head says of its row of shares.</summary>
    public const string StatisticsRow = "salus/v1/statistics-row";
    /// <summary>Digest of the rows that a trustee holds of a study.</summary>
    public const string StatisticsRows = "salus/v1/statistics-rows";
    /// <summary>Hash of the commitments of a row, by which trustees compare theirs.</summary>
    public const string StatisticsCommitments = "salus/v1/statistics-commitments";
    /// <summary>What the three trustees mean alike when they begin to compute.</summary>
    public const string StatisticsContext = "salus/v1/statistics-context";
    /// <summary>Key under which a trustee keeps the rows of studies in its database.</summary>
    public const string StatisticsRest = "salus/v1/statistics-rest";

    // Readings
    /// <summary>Signature of the description of a series.</summary>
    public const string SignSeries = "salus/v1/sign-series";
    /// <summary>Signature of a batch of readings.</summary>
    public const string SignReadings = "salus/v1/sign-readings";
    /// <summary>Signature of an upload of readings to one trustee.</summary>
    public const string SignReadingUpload = "salus/v1/sign-reading-upload";
    /// <summary>Signature of a trustee's receipt of an upload of readings.</summary>
    public const string SignReadingReceipt = "salus/v1/sign-reading-receipt";
    /// <summary>Signature of an owner's order to delete readings.</summary>
    public const string SignReadingDeletion = "salus/v1/sign-reading-deletion";
    /// <summary>Signature of a request for readings.</summary>
    public const string SignReadingAsk = "salus/v1/sign-reading-ask";
    /// <summary>Signature of a trustee's answer to such a request.</summary>
    public const string SignReadingAnswer = "salus/v1/sign-reading-answer";
    /// <summary>Key under which a trustee keeps shares of readings in its database.</summary>
    public const string TrusteeReadings = "salus/v1/trustee-readings";
    /// <summary>Number of the lock of an owner's readings in a trustee's database.</summary>
    public const string TrusteeReadingLock = "salus/v1/trustee-reading-lock";
    /// <summary>Key of the description of a series, from the key under its capsule.</summary>
    public const string SeriesKey = "salus/v1/series-key";
    /// <summary>Sealed description of a series.</summary>
    public const string SeriesDescription = "salus/v1/series-description";
    /// <summary>Readings on their way, on the device that took them.</summary>
    public const string ReadingOutbox = "salus/v1/reading-outbox";

    // The log: what trustees say of it
    /// <summary>Signature of an owner's question what a trustee has handed out.</summary>
    public const string SignJournalAsk = "salus/v1/sign-journal-ask";
    /// <summary>Signature of a trustee's answer to it.</summary>
    public const string SignJournal = "salus/v1/sign-journal";
    /// <summary>Signature of a trustee's word which entries of the log have a tag.</summary>
    public const string SignWitnessed = "salus/v1/sign-witnessed";
    /// <summary>Number of the lock under which a trustee follows the log.</summary>
    public const string TrusteeWitnessLock = "salus/v1/trustee-witness-lock";

    // Client: keys of an account
    /// <summary>Seed of the identity key.</summary>
    public const string KeyIdentity = "salus/v1/key-identity";
    /// <summary>Seed of the receiving key.</summary>
    public const string KeyReceiving = "salus/v1/key-receiving";
    /// <summary>Seed of the box key of an account.</summary>
    public const string KeyBox = "salus/v1/key-box";
    /// <summary>Key of what a device keeps on its disk.</summary>
    public const string KeyLocal = "salus/v1/key-local";
    /// <summary>Key of the sealed names of partitions.</summary>
    public const string KeyLabel = "salus/v1/key-label";
    /// <summary>Seed of a delegating key.</summary>
    public const string KeyDelegating = "salus/v1/key-delegating";
    /// <summary>Pseudonym of a partition.</summary>
    public const string KeyPartition = "salus/v1/key-partition";
    /// <summary>Secret of the domain within which an account stores equal contents once.</summary>
    public const string KeyDomain = "salus/v1/key-domain";
    /// <summary>Account secret under the passphrase.</summary>
    public const string WrapPassphrase = "salus/v1/wrap-passphrase";
    /// <summary>Account secret under the recovery kit.</summary>
    public const string WrapRecovery = "salus/v1/wrap-recovery";
    /// <summary>Account secret under a passkey.</summary>
    public const string WrapPasskey = "salus/v1/wrap-passkey";
    /// <summary>What a passkey's pseudorandom function is asked for.</summary>
    public const string PasskeyPrf = "salus/v1/passkey-prf";
    /// <summary>Checksum of a recovery kit.</summary>
    public const string RecoveryChecksum = "salus/v1/recovery-checksum";
    /// <summary>State of a device.</summary>
    public const string LocalState = "salus/v1/local-state";
    /// <summary>Inventory of an account, as a device keeps it.</summary>
    public const string LocalInventory = "salus/v1/local-inventory";
    /// <summary>Name of a partition.</summary>
    public const string PartitionLabel = "salus/v1/partition-label";
    /// <summary>Sealed metadata of a record.</summary>
    public const string Metadata = "salus/v1/metadata";
    /// <summary>Key of a record's metadata.</summary>
    public const string MetadataKey = "salus/v1/metadata-key";
    /// <summary>Plan of an upload on its way.</summary>
    public const string UploadPlan = "salus/v1/upload-plan";

    // Client: requests by telephone number
    /// <summary>Key of the account's own copy of its directory entry.</summary>
    public const string KeyDirectory = "salus/v1/key-directory";
    /// <summary>First half of the number of a locked grant.</summary>
    public const string KeyLockedGrant = "salus/v1/key-locked-grant";
    /// <summary>Second half of that number: by it the owner knows that the grant is locked.</summary>
    public const string KeyLockMark = "salus/v1/key-lock-mark";
    /// <summary>Code that releases a locked grant.</summary>
    public const string KeyReleaseCode = "salus/v1/key-release-code";
    /// <summary>Secret that a code gives for one trustee.</summary>
    public const string ReleaseSecret = "salus/v1/release-secret";
    /// <summary>Salt of the stretching of a number that the trustees have hardened.</summary>
    public const string NumberSalt = "salus/v1/number-salt";
    /// <summary>Directory tag of a number.</summary>
    public const string DirectoryTag = "salus/v1/directory-tag";
    /// <summary>Tag of a keyword in a directory entry.</summary>
    public const string FindTag = "salus/v1/find-tag";
    /// <summary>Key of the handles of a keyword.</summary>
    public const string HandlesKey = "salus/v1/handles-key";
    /// <summary>Sealed handles of a keyword.</summary>
    public const string Handles = "salus/v1/handles";
    /// <summary>Handle of a findable record.</summary>
    public const string RecordHandle = "salus/v1/record-handle";
    /// <summary>Key of requests to a number.</summary>
    public const string RequestKey = "salus/v1/request-key";
    /// <summary>Sealed request for access.</summary>
    public const string SealedRequest = "salus/v1/sealed-request";
    /// <summary>The account's own copy of its directory entry.</summary>
    public const string DirectoryOwn = "salus/v1/directory-own";

    // Client: studies
    /// <summary>Secret of a participant in a study.</summary>
    public const string KeyStudy = "salus/v1/key-study";
    /// <summary>Seed of a contribution's withdrawal key.</summary>
    public const string StudyWithdrawal = "salus/v1/study-withdrawal";
    /// <summary>Pseudonym of a participant.</summary>
    public const string StudyPseudonym = "salus/v1/study-pseudonym";
    /// <summary>Key of the pseudonyms of identifiers within a contribution.</summary>
    public const string StudyIdentifiers = "salus/v1/study-identifiers";
    /// <summary>Key of the shift of dates within a contribution.</summary>
    public const string StudyDates = "salus/v1/study-dates";
    /// <summary>Nonce that becomes a token.</summary>
    public const string StudyTokenNonce = "salus/v1/study-token-nonce";
    /// <summary>Seed of the blind of that nonce.</summary>
    public const string StudyTokenBlind = "salus/v1/study-token-blind";
    /// <summary>Contribution on its way.</summary>
    public const string ContributionPlan = "salus/v1/contribution-plan";

    // Servers
    /// <summary>Seed of a server's box key, from the seed of its identity.</summary>
    public const string ServerBox = "salus/v1/server-box";
    /// <summary>Key under which a trustee keeps re-encryption keys in its database.</summary>
    public const string TrusteeRest = "salus/v1/trustee-rest";
    /// <summary>Number of the lock of a grant in a trustee's database.</summary>
    public const string TrusteeGrantLock = "salus/v1/trustee-grant-lock";

    /// <summary>Seed of the keys under which a trustee issues the tokens of studies.</summary>
    public const string TrusteeTokens = "salus/v1/trustee-tokens";

    /// <summary>Key of the marks under which a trustee counts the tokens of accounts.</summary>
    public const string TrusteeTokenMarks = "salus/v1/trustee-token-marks";

    // The cloud's one-time codes
    /// <summary>Key of what the cloud keeps of a code.</summary>
    public const string CloudCode = "salus/v1/cloud-code";
    /// <summary>Seed of the key that makes the tags of mail addresses in the log.</summary>
    public const string CloudDirectory = "salus/v1/cloud-directory";
    /// <summary>Key of the tag by which codes to one mail address are counted.</summary>
    public const string CloudMailTag = "salus/v1/cloud-mail-tag";
    /// <summary>Key that seals a mail address until its code comes back.</summary>
    public const string CloudMailSeal = "salus/v1/cloud-mail-seal";

    // De-identification
    /// <summary>Key under which a value is encrypted, from the text that a configuration has as its key.</summary>
    public const string DeidentificationEncryption = "salus/v1/deidentification-encryption";

    // Signed copies
    /// <summary>Seed of the key under which an account signs copies of records (JWS, RFC 7515).</summary>
    public const string KeyAttestation = "salus/v1/attestation";
    /// <summary>Signature of the identity key over that key.</summary>
    public const string SignAttestationKey = "salus/v1/sign-attestation-key";

    // Transparency log
    /// <summary>Seed of the key under which the cloud signs checkpoints of its log, from the seed of its identity.</summary>
    public const string LogKey = "salus/v1/log-key";
    /// <summary>Seed of the key under which a trustee cosigns checkpoints, from the seed of its identity.</summary>
    public const string WitnessKey = "salus/v1/witness-key";
    /// <summary>Signature of a requester's statement of what it is about to open.</summary>
    public const string SignAccess = "salus/v1/sign-access";
    /// <summary>Seed of the single-use key of an access entry.</summary>
    public const string AccessEntrySeed = "salus/v1/access-entry-seed";
    /// <summary>Tag, key and commitment of an access entry.</summary>
    public const string AccessEntry = "salus/v1/access-entry";
    /// <summary>What the log has of a card: its keys, its kind and its name.</summary>
    public const string CardEntry = "salus/v1/card-entry";
    /// <summary>What the tag of an account's state in the log is made of, from the account's secret.</summary>
    public const string KeyStateOpening = "salus/v1/state-opening";
    /// <summary>Tag of an account's state in the log.</summary>
    public const string StateTag = "salus/v1/state-tag";
    /// <summary>Tag of a page's publisher in the log.</summary>
    public const string PageTag = "salus/v1/page-tag";
}
