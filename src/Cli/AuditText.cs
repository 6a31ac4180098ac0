using Salus.Client.Audit;

namespace Salus.Cli;

/// <summary>An audit in lines for people.</summary>
internal static class AuditText
{
    public static IEnumerable<string> Lines(AuditReport report)
    {
        foreach (var store in report.Stores.Where(store => store.Fragments > 0))
            yield return Invariant($"{store.Store,-10} {Word(store.State),-8} {store.Held} of {store.Asked} challenges proven, {store.Fragments} fragments{Faults(store)}{Pace(store)}{Doubt(store)}");
        yield return Invariant($"Asked for {report.Asked} of {report.Leaves} leaves in {report.Fragments} fragments. {Odds(report)}");
    }

    public static string Line(AuditFinding finding) => $"{finding.Store}: {finding.What} {Words(finding.Kind)} ({finding.Detail})";

    /// <summary>One line for `status`.</summary>
    public static string Summary(AuditDocument report)
    {
        string[] bad = [.. report.Stores.Where(store => store.State != AuditDocument.Name(StoreState.Good)).Select(store => IsOnlyMissing(store)
            ? Invariant($"{store.Store} lacks {store.Missing} of its fragments: lost, or deleted since, as `salus audit --schedule` of their owner finds out") : $"{store.Store} is {store.State}")];
        return Invariant($"{report.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {report.Answered} of {report.Asked} challenges answered{(bad.Length == 0 ? ", all proven" : "; " + string.Join(", ", bad))}");
    }

    /// <summary>Whether a store lacks fragments and nothing else is wrong with it.</summary>
    public static bool IsOnlyMissing(StoreHealthDocument store) => store is { Missing: > 0, Damaged: 0, Exchanged: 0, OnlySmall: false, Selective: false };

    private static string Odds(AuditReport report) => report.IsWhole && report.Answered == report.Asked
        ? "That is all of them: any rot would have been found."
        : Invariant($"It would have found rot in 1 % of them with a probability of {report.Probability * 100:0.##} %.");

    private static string Word(StoreState state) => state switch
    {
        StoreState.Good => "good",
        StoreState.Slow => "slow",
        StoreState.Silent => "silent",
        _ => "FAILING",
    };

    private static string Words(FindingKind kind) => kind switch
    {
        FindingKind.Missing => "is missing",
        FindingKind.Damaged => "is damaged",
        FindingKind.Exchanged => "is another than was stored",
        FindingKind.OnlySmall => "is answered for in small audits only",
        FindingKind.Selective => "is not answered for while others are",
        FindingKind.Refused => "was refused",
        FindingKind.Late => "was not answered for in time",
        FindingKind.Replaced => "was replaced",
        _ => "could not be asked for",
    };

    private static string Faults(StoreHealth store) => string.Concat(
        Part(store.Missing, "missing"), Part(store.Damaged, "damaged"), Part(store.Exchanged, "exchanged"), Part(store.Unanswered, "unanswered"), Part(store.Moved, "for other stores"),
        store.OnlySmall ? ", answers small audits only" : "", store.IsSelective ? ", answers for what it chooses" : "");

    /// <summary>What it left unanswered may be what it has lost.</summary>
    private static string Doubt(StoreHealth store) => store.Unanswered > 0 || store.IsSelective || store.OnlySmall
        ? Invariant($"; rot in 1 % of what it has would have been found with {store.Probability * 100:0.##} %")
        : "";

    private static string Part(int count, string what) => count > 0 ? Invariant($", {count} {what}") : "";

    private static string Pace(StoreHealth store) => store.State is StoreState.Slow or StoreState.Silent
        ? Invariant($"; slowest answer {store.Slowest.TotalSeconds:0.0} s, {Progress.Bytes(store.BytesPerSecond ?? 0)}/s")
        : "";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
