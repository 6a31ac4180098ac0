namespace Salus.Fault.Tests.Histories;

/// <summary>
/// Holds a history of concurrent calls against what was promised. A reader can read from a moment within the grant until a moment within the revocation, which is not later than the second
/// trustee's receipt: an open that is done must have met such a time, and one that is refused must have met another.
/// </summary>
internal static class HistoryChecker
{
    private const int Threshold = 2;

    /// <summary>What is wrong with a history, in words; nothing when it holds.</summary>
    public static IReadOnlyList<string> Faults(IEnumerable<Call> history) => [.. history.GroupBy(call => call.Pair).SelectMany(OfPair)];

    private static IEnumerable<string> OfPair(IGrouping<string, Call> pair)
    {
        var (maybeOpen, maybeShut) = Times([.. pair.Where(call => call.Act != Act.Open).OrderBy(call => call.Began)]);
        foreach (var open in pair.Where(call => call.Act == Act.Open))
            if (open.Result == Result.Done && !maybeOpen.Exists(time => time.Meets(open)))
                yield return $"{pair.Key}: opened from {open.Began} to {open.Ended}, when nothing was granted or two trustees had acknowledged the revocation";
            else if (open.Result == Result.Refused && !maybeShut.Exists(time => time.Meets(open)))
                yield return $"{pair.Key}: refused from {open.Began} to {open.Ended}, in the middle of a grant";
    }

    /// <summary>The times at which the pair may be open, and those at which it may be shut. They overlap where a call is under way.</summary>
    private static (List<Time> Open, List<Time> Shut) Times(IReadOnlyList<Call> changes)
    {
        var (open, shut) = (new List<Time>(), new List<Time>());
        var (openSince, shutSince) = ((long?)null, (long?)long.MinValue);
        foreach (var change in changes)
            if (change.Act == Act.Grant)
            {
                // One that nobody knows the outcome of may have opened, and may not.
                openSince ??= change.Began;
                if (change.Result != Result.Done || shutSince is null)
                    continue;
                shut.Add(new Time(shutSince.Value, change.Ended));
                shutSince = null;
            }
            else
            {
                shutSince ??= change.Began;
                if (openSince is null || Acknowledged(change) is not { } end)
                    continue;
                open.Add(new Time(openSince.Value, end));
                openSince = null;
            }
        if (openSince is { } still)
            open.Add(new Time(still, long.MaxValue));
        if (shutSince is { } ever)
            shut.Add(new Time(ever, long.MaxValue));
        return (open, shut);
    }

    /// <summary>When the second of three different trustees had acknowledged it; null when none has.</summary>
    private static long? Acknowledged(Call revocation)
    {
        var first = revocation.Receipts.GroupBy(receipt => receipt.Trustee).Select(of => of.Min(receipt => receipt.At)).Order().ToArray();
        return first.Length >= Threshold ? first[Threshold - 1] : null;
    }

    private readonly record struct Time(long From, long To)
    {
        public bool Meets(Call call) => call.Began <= To && call.Ended >= From;
    }
}
