using System.Text.Json.Serialization;
using Salus.Client;
using Salus.Client.Audit;
using Salus.Client.Log;
using Salus.Client.Repair;

namespace Salus.Browser.Operations;

// What the operations of the log and of audits take and answer, as web/src/core/api.ts says it.

internal sealed record HistoryArguments(bool Verify);

internal sealed record AuditArguments(bool All);

/// <param name="Manifest">As it was signed.</param>
/// <param name="Key">Who signs the pages, 64 hexadecimal digits.</param>
/// <param name="Own">From this machine.</param>
internal sealed record PageArguments(byte[] Manifest, string Key, bool Own);

internal sealed record StandingDocument(string Standing);

internal sealed record AccessedDocument(string Id, string? Name);

internal sealed record AccessEventDocument(DateTimeOffset At, string Account, string Who, string Kind, string Grant, string Partition, string? Purpose, IReadOnlyList<AccessedDocument> Items,
    long Index, IReadOnlyList<string> AnsweredBy, bool BeforeNotice)
{
    public static AccessEventDocument Of(AccessEvent e) => new(e.At, e.Account.ToString(), e.Who, Words.Camel(e.Kind), e.Grant.ToString(), e.Partition,
        e.Purpose is { } purpose ? Words.Camel(purpose) : null, [.. e.Items.Select(item => new AccessedDocument(item.Id, item.Name))], e.Index, e.AnsweredBy, e.IsBeforeNotice);
}

internal sealed record EvidenceDocument(long Size, string Root, IReadOnlyList<string> CosignedBy, DateTimeOffset CosignedAt, int Accesses, int Own)
{
    public static EvidenceDocument? Of(LogEvidence? e) => e is null ? null : new(e.Size, e.Root, e.CosignedBy, e.CosignedAt, e.Accesses, e.Own);
}

internal sealed record FoundAlarm(string Kind, string Message)
{
    public static FoundAlarm Of(AlarmException alarm) => new(alarm.Kind.ToString(), alarm.Message);
}

internal sealed record HistoryDocument(IReadOnlyList<AccessEventDocument> Events, EvidenceDocument? Evidence, IReadOnlyList<FoundAlarm> Alarms, IReadOnlyList<string> Complaints,
    bool Whole);

internal sealed record StoreHealthDocument(string Store, string State, int Fragments, long Asked, long Held, int Missing, int Damaged, int Exchanged, int Unanswered, int Moved, bool OnlySmall,
    bool Selective, double SlowestSeconds)
{
    public static StoreHealthDocument Of(StoreHealth s) => new(s.Store, Words.Camel(s.State), s.Fragments, s.Asked, s.Held, s.Missing, s.Damaged, s.Exchanged, s.Unanswered, s.Moved,
        s.OnlySmall, s.IsSelective, s.Slowest.TotalSeconds);
}

internal sealed record FindingDocument(string Store, string Kind, string What, string? Record, string Detail);

internal sealed record AuditDocument(DateTimeOffset At, bool Whole, int Fragments, long Asked, long Answered, double Probability, IReadOnlyList<StoreHealthDocument> Stores,
    IReadOnlyList<FindingDocument> Findings, IReadOnlyList<string> Skipped)
{
    public static AuditDocument? Of(AuditReport? r) => r is null ? null : new(r.At, r.IsWhole, r.Fragments, r.Asked, r.Answered, r.Probability, [.. r.Stores.Select(StoreHealthDocument.Of)],
        [.. r.Findings.Select(f => new FindingDocument(f.Store, Words.Camel(f.Kind), f.What, f.Record, f.Detail))], r.Skipped);
}

internal sealed record ReportDocument(AuditDocument? Report);

internal sealed record LostDocument(string Record, string Name);

internal sealed record RepairDocument(int Repaired, IReadOnlyList<string> Waiting, IReadOnlyList<LostDocument> Lost, IReadOnlyList<string> Skipped)
{
    public static RepairDocument Of(RepairReport r) => new(r.Repaired.Count, r.Waiting, [.. r.Lost.Select(lost => new LostDocument(lost.Record, lost.Name))], r.Skipped);
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(HistoryArguments))]
[JsonSerializable(typeof(HistoryDocument))]
[JsonSerializable(typeof(AuditArguments))]
[JsonSerializable(typeof(ReportDocument))]
[JsonSerializable(typeof(RepairDocument))]
[JsonSerializable(typeof(PageArguments))]
[JsonSerializable(typeof(StandingDocument))]
internal sealed partial class TrustJson : JsonSerializerContext;
