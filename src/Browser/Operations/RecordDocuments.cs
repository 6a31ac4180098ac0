using System.Text.Json.Serialization;
using Salus.Client.Records;
using Salus.Client.Uploads;

namespace Salus.Browser.Operations;

// What the operations of records take and answer, as web/src/core/api.ts says it.

internal sealed record ListArguments(string? Partition = null);

internal sealed record RecordArguments(string Record, string? SequenceKey = null);

internal sealed record ReadArguments(string Record, string? Resource = null, string? SequenceKey = null);

internal sealed record HoldingsArguments(string Record, string? SequenceKey = null, int? Limit = null);

internal sealed record ExportArguments(string? Import = null);

internal sealed record TextArguments(string Text);

/// <param name="File">Where the worker has the file.</param>
internal sealed record PutArguments(
    string File, string? Partition = null, IReadOnlyList<string>? Keywords = null, bool? Findable = null, string? For = null, string? SequenceKey = null, int? RestoreFrom = null);

internal sealed record RecordDocument(
    string Record, string Partition, string Name, string MediaType, long Bytes, string Owner, string Account, string Source, DateTimeOffset SealedAt, string Kind, int Resources,
    string? Import, bool NeedsSequenceKey, uint Version, int Fragments, int RestoreFrom, IReadOnlyList<string> Keywords)
{
    /// <summary>Of a record that is shown alone; null in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ResourceDocument>? ResourceEntries { get; init; }

    public static RecordDocument Of(RecordSummary s) => new(s.Record.ToString(), s.Partition, s.Name, s.MediaType, s.Bytes, s.Owner, s.Account.ToString(), s.Source, s.SealedAt, s.Kind,
        s.Resources, s.Import, s.NeedsSequenceKey, s.Version, s.Fragments, s.RestoreFrom, s.Keywords);
}

internal sealed record ResourceDocument(string Type, string? Id, string? Title, string? Date, long Offset, long Bytes)
{
    public static ResourceDocument Of(ResourceLine line) => new(line.Type, line.Id, line.Summary.Length > 0 ? line.Summary : null, line.Date, line.Offset, line.Bytes);
}

internal sealed record RecordsDocument(IReadOnlyList<RecordDocument> Records, IReadOnlyCollection<string> Complaints);

internal sealed record ComplaintsDocument(IReadOnlyList<string> Complaints);

internal sealed record StoredDocument(string Record, string Partition, long Bytes, int Fragments, IReadOnlyList<string> Missing, bool Searchable, string? Waiting)
{
    public static StoredDocument Of(StoredRecord s) => new(s.Record.ToString(), s.Partition, s.Bytes, s.Fragments, s.Missing, s.IsSearchable, s.Waiting);
}

internal sealed record ImportedRecordDocument(string Record, string Partition, int Resources, long Bytes, string Name, IReadOnlyList<string> PersonalFacts)
{
    public static ImportedRecordDocument Of(ImportedRecord r) => new(r.Record.ToString(), r.Partition, r.Resources, r.Bytes, r.Name, r.PersonalFacts);
}

internal sealed record ImportDocument(string Import, IReadOnlyList<ImportedRecordDocument> Records, IReadOnlyList<string> Missing, bool Searchable, string? Waiting);

internal sealed record ExportDocument(string Sha256, bool Exact, IReadOnlyList<string> Partitions, IReadOnlyList<string> Complaints);

internal sealed record DeletedDocument(string Record, IReadOnlyList<string> Unreached);

internal sealed record ResumedDocument(IReadOnlyList<StoredDocument> Records, IReadOnlyList<string> Failures);

internal sealed record HoldingDocument(string Party, string Role, string What, long Total, byte[] Bytes, string? Failure)
{
    public static HoldingDocument Of(Holding h) => new(h.Party, Words.Camel(h.Role), h.What, h.Total, h.Bytes, h.Failure);
}

internal sealed record HoldingsDocument(IReadOnlyList<HoldingDocument> Holdings);

internal sealed record HoldingReport(HoldingDocument Holding);

internal sealed record SequenceKeyDocument(string Fault, string? Character, int Length, int Fragments, int RestoreFrom, IReadOnlyList<StoreShare> Stores);

/// <summary>One of them: how far it is, where the fragments go, or which has landed.</summary>
internal sealed record UploadReport(ProgressDocument? Progress = null, Placement? Placement = null, LandedDocument? Landed = null);

internal sealed record ProgressDocument(string What, string? Party, long Done, long Total);

internal sealed record LandedDocument(int Index, string? Store);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(ListArguments))]
[JsonSerializable(typeof(RecordArguments))]
[JsonSerializable(typeof(ReadArguments))]
[JsonSerializable(typeof(HoldingsArguments))]
[JsonSerializable(typeof(ExportArguments))]
[JsonSerializable(typeof(TextArguments))]
[JsonSerializable(typeof(PutArguments))]
[JsonSerializable(typeof(RecordDocument))]
[JsonSerializable(typeof(RecordsDocument))]
[JsonSerializable(typeof(ComplaintsDocument))]
[JsonSerializable(typeof(StoredDocument))]
[JsonSerializable(typeof(ImportDocument))]
[JsonSerializable(typeof(ExportDocument))]
[JsonSerializable(typeof(DeletedDocument))]
[JsonSerializable(typeof(ResumedDocument))]
[JsonSerializable(typeof(HoldingsDocument))]
[JsonSerializable(typeof(HoldingReport))]
[JsonSerializable(typeof(SequenceKeyDocument))]
[JsonSerializable(typeof(ProgressDocument))]
internal sealed partial class RecordJson : JsonSerializerContext;

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UploadReport))]
internal sealed partial class UploadJson : JsonSerializerContext;
