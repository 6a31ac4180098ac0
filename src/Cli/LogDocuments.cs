using Salus.Client.Log;

namespace Salus.Cli;

// What `log` prints with --json (docs/cli.md).

internal sealed record AccessedItemDocument(string Item, string? Name);

internal sealed record AccessDocument(DateTimeOffset At, string Account, string Who, string Kind, string Grant, string Partition, string? Purpose, IReadOnlyList<AccessedItemDocument> Items,
    long Index, IReadOnlyList<string> AnsweredBy, bool BeforeNotice, string Sentence);

internal sealed record LogEvidenceDocument(long Size, string Root, IReadOnlyList<string> CosignedBy, DateTimeOffset CosignedAt, int Accesses, int Own);

internal sealed record LogAlarmDocument(string Kind, string Message);

internal sealed record LogDocument(IReadOnlyList<AccessDocument> Accesses, LogEvidenceDocument? Proven, IReadOnlyList<LogAlarmDocument> Alarms, IReadOnlyList<string> Complaints)
{
    public static LogDocument Of(AccessReport report) => new(
        [.. report.Events.Select(access => new AccessDocument(access.At, access.Account.ToString(), access.Who, access.Kind.ToString().ToLowerInvariant(), access.Grant.ToString(),
            access.Partition, access.Purpose?.ToString().ToLowerInvariant(), [.. access.Items.Select(item => new AccessedItemDocument(item.Id, item.Name))], access.Index,
            access.AnsweredBy, access.IsBeforeNotice, access.Sentence))],
        report.Evidence is { } proven ? new LogEvidenceDocument(proven.Size, proven.Root, proven.CosignedBy, proven.CosignedAt, proven.Accesses, proven.Own) : null,
        [.. report.Alarms.Select(alarm => new LogAlarmDocument(alarm.Kind.ToString(), alarm.Message))], report.Complaints);
}
