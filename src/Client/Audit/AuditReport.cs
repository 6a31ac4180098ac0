namespace Salus.Client.Audit;

/// <summary>How a store has come through an audit, the worst first.</summary>
public enum StoreState
{
    /// <summary>It lacks fragments, has others than were stored, or answers small questions or chosen ones only.</summary>
    Failing,

    /// <summary>It did not answer, or not in time.</summary>
    Silent,

    /// <summary>All that it was asked for is there, but it took long.</summary>
    Slow,

    Good,
}

/// <summary>What is wrong with a fragment or a store.</summary>
public enum FindingKind
{
    /// <summary>The store says that it has no such fragment.</summary>
    Missing,

    /// <summary>Bytes that are not those signed.</summary>
    Damaged,

    /// <summary>Another fragment than the one that was stored: an older one, or of elsewhere.</summary>
    Exchanged,

    /// <summary>It answers for one leaf of a fragment and not for more.</summary>
    OnlySmall,

    /// <summary>It answers for other fragments and, asked twice, not for this one.</summary>
    Selective,

    /// <summary>It refused, or answered with something else.</summary>
    Refused,

    /// <summary>No answer within the deadline.</summary>
    Late,

    /// <summary>No connection.</summary>
    Unreachable,

    /// <summary>Rotten bytes, or others, where a fragment was that a repair has brought to another place since: it is proven there, and nothing is missing.</summary>
    Replaced,
}

/// <summary>Something that was found.</summary>
/// <param name="What">"fragment 3 of …", or of a list "entry 7 of the list".</param>
/// <param name="Record">The record, for its owner.</param>
/// <param name="Fragment">Which of its fragments, 0 &lt;= fragment &lt; n.</param>
/// <param name="Detail">Figures, or what the store said.</param>
public sealed record AuditFinding(string Store, FindingKind Kind, string What, string? Record, int? Fragment, string Detail);

/// <summary>One store in an audit.</summary>
/// <param name="Fragments">So many were asked about.</param>
/// <param name="Asked">Challenges put to it.</param>
/// <param name="Held">Challenges that it proved.</param>
/// <param name="Unanswered">Fragments that it did not answer for, asked twice, while it answered for nothing else either.</param>
/// <param name="Moved">Fragments that it has for another store.</param>
/// <param name="Probability">That it would have found rot in 1 % of what this store has.</param>
/// <param name="Slowest">The longest that one answer took.</param>
/// <param name="BytesPerSecond">Of all answers together; null when there was none.</param>
public sealed record StoreHealth(
    string Store, StoreState State, int Fragments, long Asked, long Held, int Missing, int Damaged, int Exchanged, int Unanswered, int Moved, bool OnlySmall,
    bool IsSelective, double Probability, TimeSpan Slowest, double? BytesPerSecond);

/// <summary>What an audit has found.</summary>
/// <param name="IsWhole">Whether every leaf was asked for, and not a sample.</param>
/// <param name="Fragments">Of all the records or the list.</param>
/// <param name="Leaves">Of all of them.</param>
/// <param name="Asked">Challenges put.</param>
/// <param name="Answered">Challenges that were answered, right or wrong.</param>
/// <param name="Probability">That it would have found rot in 1 % of the leaves. What was not answered may all be rotten.</param>
/// <param name="Stores">By name.</param>
/// <param name="Findings">At most <see cref="MaxFindings"/>.</param>
/// <param name="Skipped">What could not be audited, and why.</param>
public sealed record AuditReport(
    DateTimeOffset At, AuditSeed Seed, bool IsWhole, int Fragments, long Leaves, long Asked, long Answered, double Probability, IReadOnlyList<StoreHealth> Stores,
    IReadOnlyList<AuditFinding> Findings, IReadOnlyList<string> Skipped)
{
    public const int MaxFindings = 200;

    /// <summary>Challenges of an audit unless said otherwise: they find 1 % of rot with 99 %.</summary>
    public const int DefaultSample = 459;

    /// <summary>The share of rotten leaves that <see cref="Probability"/> is about.</summary>
    public const double Rot = 0.01;

    /// <summary>The worst of all stores.</summary>
    public StoreState State => Stores.Select(store => store.State).DefaultIfEmpty(StoreState.Good).Min();

    /// <summary>What the owner is to be alarmed of: a store that does not have what it signed for. Null when there is none.</summary>
    public AlarmException? Alarm()
    {
        string[] failing = [.. Stores.Where(store => store.State == StoreState.Failing).Select(store => store.Store)];
        return failing.Length == 0 ? null
            : new AlarmException(Findings.Any(finding => finding.Kind is FindingKind.Damaged or FindingKind.Exchanged) ? AlarmKind.Integrity : AlarmKind.Withheld,
                $"The storage audit has found {string.Join(", ", failing)} without what was stored there, or answering for chosen parts of it only. `salus repair` rebuilds it from the other stores.");
    }

    /// <summary>
    /// That of so many challenges, each to a leaf drawn from all, more than <paramref name="unanswered"/> meet the hundredth that is rotten: whoever chooses which ones to leave unanswered
    /// leaves those. Without such ones 1 - 0.99^n.
    /// </summary>
    public static double ProbabilityOf(long challenges, long unanswered)
    {
        // Beyond what can be expected of rot there is nothing to be added up.
        if (unanswered >= challenges || unanswered > 2 * Rot * challenges + 100)
            return 0;
        var (missed, term) = (0.0, challenges * Math.Log(1 - Rot));
        for (var hit = 0L; hit <= unanswered; term += Math.Log((double)(challenges - hit) / (hit + 1)) + Math.Log(Rot / (1 - Rot)), hit++)
            missed += Math.Exp(term);
        return Math.Max(0, 1 - missed);
    }

    /// <summary>That of all leaves, each asked for once, some of the hundredth that is rotten are among those which were answered: 1 or 0.</summary>
    public static double ProbabilityOfAll(long leaves, long unanswered) => unanswered == 0 || unanswered < Rot * leaves ? 1 : 0;
}
