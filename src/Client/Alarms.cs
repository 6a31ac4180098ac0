namespace Salus.Client;

/// <summary>What went wrong when something that a server said did not hold.</summary>
public enum AlarmKind
{
    /// <summary>Bytes, a signature or a proof are not what their author made.</summary>
    Integrity,

    /// <summary>Someone's keys are other than those seen before.</summary>
    KeyChanged,

    /// <summary>Something older than what was seen before.</summary>
    Rollback,

    /// <summary>Something that must exist is not handed out.</summary>
    Withheld,

    /// <summary>Weaker parameters than Salus accepts.</summary>
    Downgrade,

    /// <summary>Different histories are told to different people, or at different times.</summary>
    Fork,

    /// <summary>Something is shown that neither the owner nor anybody whom the owner permitted has added.</summary>
    Injected,

    /// <summary>Something that was deleted, revoked or taken out is back.</summary>
    Revived,

    /// <summary>Something is not in the log where the trustees and its owner would see it.</summary>
    Unlogged,
}

/// <summary>A server, or whoever sits between, has been caught. Exit code 3. Nothing unverified has been shown or written.</summary>
public sealed class AlarmException(AlarmKind kind, string message) : Exception(message)
{
    public AlarmKind Kind { get; } = kind;
}

/// <summary>A server refused, with a reason from <see cref="Protocol.Http.Problems"/>.</summary>
public sealed class RefusedException(string code, string message, string party) : Exception(message)
{
    public string Code { get; } = code;

    /// <summary>Which server: "cloud", "trustee-2".</summary>
    public string Party { get; } = party;

    /// <summary>How long the server asks to wait before the same is asked again; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>A server did not answer, or not in time.</summary>
public sealed class UnreachableException(string party, Exception? cause) : Exception($"{party} does not answer", cause)
{
    public string Party { get; } = party;

    /// <summary>It let the time go by, and would do so again; any other failure may pass at once.</summary>
    public bool IsSilence => InnerException is OperationCanceledException;
}

/// <summary>What the user asked for cannot be done as things are; the message says why and what to do. Nothing was changed.</summary>
/// <param name="code">One of <see cref="Reasons"/>, or empty when nobody acts on it.</param>
public sealed class CannotException(string message, string code = "") : Exception(message)
{
    public string Code { get; } = code;
}
