using System.Text.Json.Serialization;
using Salus.Client.Readings;

namespace Salus.Browser.Operations;

// What the operations of readings take and answer, as web/src/core/api.ts and readings.ts say it.

internal sealed record SeriesArguments(string Series);

internal sealed record ReadingsArguments(string Series, string Owner, DateTimeOffset? From = null, DateTimeOffset? To = null);

internal sealed record AddReadingsArguments(string File, string Name, string? Code = null, string? Unit = null, int? Decimals = null);

internal sealed record SeriesDocument(string Series, string Name, string? Code, string Unit, int Decimals, string Partition, string Owner, string Account)
{
    public static SeriesDocument Of(SeriesInfo s) => new(s.Id.ToString(), s.Name, s.Code, s.Unit, s.Decimals, s.Partition, s.OwnerName, s.Owner.ToString());
}

internal sealed record SeriesListDocument(IReadOnlyList<SeriesDocument> Series, bool Waiting, IReadOnlyList<string> Complaints);

internal sealed record ReadingsDocument(IReadOnlyList<long> Times, IReadOnlyList<decimal> Values, IReadOnlyList<string> Complaints, int Alarms);

internal sealed record AddedSeriesDocument(string Series, string Name, long Added, long Known)
{
    public static AddedSeriesDocument Of(AddedReadings a) => new(a.Series.Id.ToString(), a.Series.Name, a.Added, a.Known);
}

internal sealed record AddedDocument(IReadOnlyList<AddedSeriesDocument> Series, bool Stored, IReadOnlyList<string> Missing);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(SeriesArguments))]
[JsonSerializable(typeof(ReadingsArguments))]
[JsonSerializable(typeof(AddReadingsArguments))]
[JsonSerializable(typeof(SeriesListDocument))]
[JsonSerializable(typeof(ReadingsDocument))]
[JsonSerializable(typeof(AddedDocument))]
[JsonSerializable(typeof(MissingDocument))]
internal sealed partial class ReadingJson : JsonSerializerContext;
