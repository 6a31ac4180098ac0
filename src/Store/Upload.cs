namespace Salus.Store;

/// <summary>How an upload's request ended.</summary>
internal enum UploadOutcome
{
    /// <summary>The range was added; more is missing.</summary>
    Partial,

    /// <summary>The range was the last that was missing: the fragment is complete and durable.</summary>
    Stored,

    /// <summary>The fragment was there, with the same owner, size and bytes.</summary>
    AlreadyStored,

    /// <summary>The address holds, or is receiving, something else.</summary>
    Different,

    /// <summary>The range does not begin where the upload stands.</summary>
    WrongOffset,

    /// <summary>The body ended before the range did.</summary>
    TooShort,

    /// <summary>The body went on after the range.</summary>
    TooLong,

    /// <summary>The quota or the disk is full.</summary>
    NoSpace,

    /// <summary>Another request is writing to this address.</summary>
    Busy,
}

/// <summary>How a deletion ended.</summary>
internal enum DeleteOutcome
{
    Deleted,

    /// <summary>There is neither a fragment nor an upload.</summary>
    Missing,

    /// <summary>The capability is another.</summary>
    NotTheirs,

    /// <summary>Records refer to it that were not released.</summary>
    Referred,
}

/// <summary>How an upload's request ended, and where the upload stands: so many bytes are durable, and the note once it is complete.</summary>
internal readonly record struct Upload(UploadOutcome Outcome, long Offset = 0, FragmentNote? Stored = null);
