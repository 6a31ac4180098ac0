using Salus.Protocol.Audit;

namespace Salus.Client.Audit;

/// <summary>How much is asked for, and how long a store may take.</summary>
public sealed record AuditSettings
{
    /// <summary>Challenges, or null for every leaf of every fragment.</summary>
    public int? Sample { get; init; } = AuditReport.DefaultSample;

    /// <summary>How long one answer may take, and then for each of its bytes, up to 1.2 MB: after this it is not waited for. A slow line is no fault.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(15);

    public int SlowestBytesPerSecond { get; init; } = 32 * 1024;

    /// <summary>A store that takes longer for an answer is called slow.</summary>
    public TimeSpan SlowAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Answers in a row that a store may owe before it is not asked any more.</summary>
    public int Patience { get; init; } = 2;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal TimeSpan DeadlineFor(int leaves) => Deadline + TimeSpan.FromSeconds((double)LeafAnswer.MaxSize(leaves) / SlowestBytesPerSecond);
}
