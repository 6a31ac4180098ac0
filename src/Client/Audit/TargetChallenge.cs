using Salus.Protocol;

namespace Salus.Client.Audit;

/// <summary>What one fragment is asked for.</summary>
/// <param name="Leaves">Ascending, each once.</param>
/// <param name="Draws">How many challenges that is: a leaf may be drawn more than once, and counts as often.</param>
internal sealed record TargetChallenge(AuditTarget Target, IEnumerable<long> Leaves, long Draws)
{
    /// <summary>How many leaves that are.</summary>
    public long Distinct => Leaves.TryGetNonEnumeratedCount(out var count) ? count : Draws;

    /// <summary>Every leaf of every fragment.</summary>
    public static IReadOnlyList<TargetChallenge> All(IReadOnlyList<AuditTarget> targets) => [.. targets.Select(target => new TargetChallenge(target, Every(target.Leaves), target.Leaves))];

    /// <summary>So many challenges, spread over the stores, and at each over its fragments, by their leaves.</summary>
    public static IReadOnlyList<TargetChallenge> Draw(IReadOnlyList<AuditTarget> targets, AuditSeed seed, int sample)
    {
        var (challenges, total, before) = (new List<TargetChallenge>(), targets.Sum(target => target.Leaves), 0L);
        foreach (var group in targets.GroupBy(target => target.Store).OrderBy(group => group.Key.ToString(), StringComparer.Ordinal))
        {
            // One order for everybody who draws from these fragments.
            AuditTarget[] ordered = [.. group.OrderBy(target => Convert.ToHexStringLower(target.Address), StringComparer.Ordinal)];
            var leaves = ordered.Sum(target => target.Leaves);
            var share = Share(before + leaves) - Share(before);
            before += leaves;
            challenges.AddRange(Draw(group.Key, ordered, leaves, seed, share));
        }
        return challenges;

        long Share(long upTo) => (long)((Int128)sample * upTo / Math.Max(total, 1));
    }

    private static IEnumerable<TargetChallenge> Draw(VerifyingKey store, AuditTarget[] targets, long leaves, AuditSeed seed, long count)
    {
        var drawn = new List<long>[targets.Length];
        var ends = new long[targets.Length];
        for (var (i, end) = (0, 0L); i < targets.Length; i++)
            ends[i] = end += targets[i].Leaves;
        for (var j = 0L; j < count; j++)
        {
            var leaf = seed.Leaf(store, j, leaves);
            var place = Array.BinarySearch(ends, leaf);
            var at = place >= 0 ? place + 1 : ~place; // an end is the first leaf of the next
            (drawn[at] ??= []).Add(leaf - (ends[at] - targets[at].Leaves));
        }
        for (var i = 0; i < targets.Length; i++)
            if (drawn[i] is { } asked)
                yield return new TargetChallenge(targets[i], [.. asked.Distinct().Order()], asked.Count);
    }

    private static IEnumerable<long> Every(long leaves)
    {
        for (var leaf = 0L; leaf < leaves; leaf++)
            yield return leaf;
    }
}
