namespace Salus.Protocol;

/// <summary>What a machine accepts from another: checked before anything is allocated.</summary>
public static class Limits
{
    /// <summary>Characters of a sequence key, and so fragments of a record, at most.</summary>
    public const int MaxFragments = 64;

    /// <summary>Bytes of a record's sealed metadata, at most.</summary>
    public const int MaxSealedMetadata = 64 * 1024;

    /// <summary>Bytes of a sealed note in a grant or of a sealed partition label, at most.</summary>
    public const int MaxSealedNote = 8 * 1024;

    /// <summary>(partition, epoch) pairs in one grant, at most.</summary>
    public const int MaxGrantEntries = 1024;

    /// <summary>Partitions of one deposit grant, at most.</summary>
    public const int MaxDepositPartitions = 256;

    /// <summary>Bytes of an organisation's name, at most.</summary>
    public const int MaxName = 80;

    /// <summary>Characters of the name of a device or a passkey, at most.</summary>
    public const int MaxVisibleName = 64;

    /// <summary>Passkeys of one account, at most.</summary>
    public const int MaxPasskeys = 10;

    /// <summary>Bytes of a passkey's credential identifier, at most (WebAuthn, section 4).</summary>
    public const int MaxCredentialId = 1023;

    /// <summary>Records in one re-encryption request, at most.</summary>
    public const int MaxReencryptionItems = 64;

    /// <summary>Segments that one index update adds, at most.</summary>
    public const int MaxAddedSegments = 64;

    /// <summary>Sources whose place a base of an index names, and segments that it keeps, at most.</summary>
    public const int MaxIndexWatermarks = 1024;

    /// <inheritdoc cref="MaxIndexWatermarks"/>
    public const int MaxKeptSegments = 1024;

    /// <summary>Bytes of a segment's sealed dictionary, at most: a reader holds it in memory.</summary>
    public const int MaxDictionary = 128 * 1024 * 1024;

    /// <summary>Blocks of a segment, at most: 4 GiB.</summary>
    public const int MaxSegmentBlocks = 1 << 24;

    /// <summary>Bytes of a signed study, at most.</summary>
    public const int MaxStudy = 256 * 1024;

    /// <summary>Bytes of the de-identification rules within a study, at most.</summary>
    public const int MaxStudyRules = 128 * 1024;

    /// <summary>Bytes of a study's title and of its purpose, at most.</summary>
    public const int MaxStudyTitle = 160;

    /// <inheritdoc cref="MaxStudyTitle"/>
    public const int MaxStudyPurpose = 4000;

    /// <summary>FHIR resource types that a study asks for, at most.</summary>
    public const int MaxStudyResources = 64;

    /// <summary>Quasi-identifiers of a study, and bytes of one's hierarchy, at most.</summary>
    public const int MaxQuasiIdentifiers = 16;

    /// <inheritdoc cref="MaxQuasiIdentifiers"/>
    public const int MaxHierarchy = 16 * 1024;

    /// <summary>Numbers and attributes of a study's rows, bounds of a number's histogram, categories of an attribute, at most.</summary>
    public const int MaxStudyVariables = 64;

    /// <inheritdoc cref="MaxStudyVariables"/>
    public const int MaxStudyAttributes = 32;

    /// <inheritdoc cref="MaxStudyVariables"/>
    public const int MaxStudyBounds = 64;

    /// <inheritdoc cref="MaxStudyVariables"/>
    public const int MaxStudyCategories = 64;

    /// <summary>Organisations that contribute for their patients, at most, and contributions of one of them.</summary>
    public const int MaxStudyOrganisations = 64;

    /// <inheritdoc cref="MaxStudyOrganisations"/>
    public const int MaxStudyQuota = 1_000_000;

    /// <summary>How long a study is open, at most: five years.</summary>
    public static readonly TimeSpan MaxStudyDuration = TimeSpan.FromDays(1827);

    /// <summary>How far from zero the scaled numbers of a study's rows may be: 2^40.</summary>
    public const long MaxStudyValue = 1L << 40;

    /// <summary>Bytes of a contribution's sealed copy, at most: the largest class of <see cref="Studies.CopySize"/>.</summary>
    public const int MaxSealedCopy = 16 * 1024 * 1024;

    /// <summary>Readings in one batch, at most.</summary>
    public const int MaxReadings = 4096;

    /// <summary>Series and batches in one upload of readings, at most.</summary>
    public const int MaxReadingItems = 64;

    /// <summary>Bytes of one upload of readings, at most.</summary>
    public const int MaxReadingUpload = 4 * 1024 * 1024;

    /// <summary>Batches in one answer to a request for readings, at most.</summary>
    public const int MaxReadingPage = 64;

    /// <summary>Bytes of one answer to a request for readings, at most.</summary>
    public const int MaxReadingAnswer = 4 * 1024 * 1024;

    /// <summary>Series of one account, at most.</summary>
    public const int MaxSeries = 256;

    /// <summary>Feeds of one series, at most.</summary>
    public const int MaxFeeds = 1024;

    /// <summary>Bytes of a series' sealed description, at most.</summary>
    public const int MaxSealedDescription = 2048;

    /// <summary>Bytes of an entry of the log, at most.</summary>
    public const int MaxLogEntry = 2048;

    /// <summary>Bytes and signatures of a checkpoint's note, at most.</summary>
    public const int MaxNote = 16 * 1024;

    /// <inheritdoc cref="MaxNote"/>
    public const int MaxNoteSignatures = 32;

    /// <summary>Bytes of a .tlog-proof, at most, and of the extra data within.</summary>
    public const int MaxLogProof = 32 * 1024;

    /// <inheritdoc cref="MaxLogProof"/>
    public const int MaxProofExtra = 8 * 1024;

    /// <summary>Entries and bytes of one push of the log to a witness, at most.</summary>
    public const int MaxPushEntries = 4096;

    /// <inheritdoc cref="MaxPushEntries"/>
    public const int MaxPush = 2 * 1024 * 1024;

    /// <summary>How old the cosignature may be on which a trustee answers.</summary>
    public static readonly TimeSpan MaxCosignatureAge = TimeSpan.FromMinutes(5);

    /// <summary>Bytes of a requester's signed statement of an access, at most.</summary>
    public const int MaxAccessStatement = 2048;

    /// <summary>Bytes of the trace that a request to a trustee carries, at most.</summary>
    public const int MaxTrace = 40 * 1024;

    /// <summary>Lines in one page of a trustee's journal, at most.</summary>
    public const int MaxJournalPage = 128;

    /// <summary>Entries of a tag that a witness tells of, at most.</summary>
    public const int MaxTagged = 64;

    /// <summary>Leaves of a fragment in one challenge, at most.</summary>
    public const int MaxChallengeLeaves = 256;

    /// <summary>Bytes of what a domain needs to delete a shared body, sealed, at most.</summary>
    public const int MaxSealedBody = 8192;

    /// <summary>Records that name a shared body or have named it, at most: then the content gets a body of its own.</summary>
    public const int MaxBodyReferences = 4096;

    /// <summary>References that a store keeps for a fragment, at most: those of records that never came among them.</summary>
    public const int MaxFragmentReferences = 4 * MaxBodyReferences;

    /// <summary>Shared bodies that records on their way refer to, of one account, at most.</summary>
    public const int MaxBodyClaims = 20_000;

    /// <summary>Leaves of a fragment that a proof of possession is asked for, at most: who lacks a hundredth of k = 4 fragments passes once in 170 times.</summary>
    public const int PossessionLeaves = 128;

    /// <summary>How far the clock of a requester may be from a server's.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>How long a request for access can be answered.</summary>
    public static readonly TimeSpan RequestLife = TimeSpan.FromDays(14);

    /// <summary>9999-12-31T23:59:59.999Z: also written for "no end".</summary>
    internal const ulong LatestTimeMilliseconds = 253402300799999;

    /// <summary>A grant without an end lasts until then.</summary>
    public static readonly DateTimeOffset NoEnd = DateTimeOffset.FromUnixTimeMilliseconds((long)LatestTimeMilliseconds);
}
