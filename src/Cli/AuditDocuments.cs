using Salus.Client.Audit;
using Salus.Client.Repair;

namespace Salus.Cli;

// What `audit`, `repair` and `status` print with --json (docs/cli.md).

internal sealed record SeedDocument(string Own, string? Root, long? TreeSize, long Epoch);

internal sealed record StoreHealthDocument(
    string Store, string State, int Fragments, long Asked, long Held, int Missing, int Damaged, int Exchanged, int Unanswered, int Moved, bool OnlySmall, bool Selective, double Probability,
    double SlowestSeconds, double? BytesPerSecond);

internal sealed record FindingDocument(string Store, string Kind, string What, string? Record, int? Fragment, string Detail);

internal sealed record AuditDocument(
    DateTimeOffset At, string State, bool Whole, int Fragments, long Leaves, long Asked, long Answered, double Probability, SeedDocument Seed,
    IReadOnlyList<StoreHealthDocument> Stores, IReadOnlyList<FindingDocument> Findings, IReadOnlyList<string> Skipped)
{
    public static AuditDocument Of(AuditReport report) => new(
        report.At, Name(report.State), report.IsWhole, report.Fragments, report.Leaves, report.Asked, report.Answered, report.Probability,
        new SeedDocument(Convert.ToHexStringLower(report.Seed.Own), report.Seed.Root is { } root ? Convert.ToHexStringLower(root) : null, report.Seed.TreeSize, report.Seed.Epoch),
        [.. report.Stores.Select(store => new StoreHealthDocument(store.Store, Name(store.State), store.Fragments, store.Asked, store.Held, store.Missing, store.Damaged, store.Exchanged,
            store.Unanswered, store.Moved, store.OnlySmall, store.IsSelective, store.Probability,
            Math.Round(store.Slowest.TotalSeconds, 3), store.BytesPerSecond is { } rate ? Math.Round(rate) : null))],
        [.. report.Findings.Select(finding => new FindingDocument(finding.Store, Name(finding.Kind), finding.What, finding.Record, finding.Fragment, finding.Detail))], report.Skipped);

    /// <summary>Camel case, as everything in these documents.</summary>
    internal static string Name<T>(T value) where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}

internal sealed record AuditListDocument(string List, int Fragments, IReadOnlyList<string> LeftOut);

/// <summary>A list that `up` audits, and what its last audit has found; null before the first.</summary>
/// <param name="Made">When the list was written.</param>
/// <param name="Behind">Its account has records that are not in it, as far as is known here.</param>
/// <param name="State">As in the audit, or "due", "failed", or "missing" when stores lack fragments and do nothing worse.</param>
internal sealed record ScheduledAuditDocument(string List, DateTimeOffset Made, bool Behind, string State, AuditDocument? Last, string? Failure);

internal sealed record RepairedDocument(string What, string Fault, string Store, bool Moved);

internal sealed record RepairDocument(
    int Records, int Fragments, bool Whole, IReadOnlyList<RepairedDocument> Repaired, IReadOnlyList<string> Planned, IReadOnlyList<string> Waiting, IReadOnlyList<string> Lost,
    IReadOnlyList<string> Skipped, string? Plan)
{
    public static RepairDocument Of(RepairReport report, string? plan) => new(report.Records, report.Fragments, report.IsWhole,
        [.. report.Repaired.Select(one => new RepairedDocument(one.What, one.Fault, one.Store, one.IsMoved))], report.Planned, report.Waiting,
        [.. report.Lost.Select(lost => $"{lost.Record}: {lost.Why}")], report.Skipped, plan);
}
