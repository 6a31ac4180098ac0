using Salus.Client.Readings;

namespace Salus.Cli;

// What `salus sense` prints with --json (docs/cli.md).

internal sealed record SeriesDocument(string Series, string Name, string? Code, string Unit, int Decimals, string Partition, string Owner)
{
    public static SeriesDocument Of(SeriesInfo series) =>
        new(series.Id.ToString(), series.Name, series.Code, series.Unit, series.Decimals, series.Partition, series.OwnerName);
}

internal sealed record SeriesListDocument(IReadOnlyList<SeriesDocument> Series, IReadOnlyList<string> Complaints);

internal sealed record AddedReadingsDocument(SeriesDocument Series, long Added, long Known);

internal sealed record SensedDocument(IReadOnlyList<AddedReadingsDocument> Series, bool Stored, IReadOnlyDictionary<string, string> Missing)
{
    public static SensedDocument Of(IReadOnlyList<AddedReadings> added) => new([.. added.Select(one => new AddedReadingsDocument(SeriesDocument.Of(one.Series), one.Added, one.Known))],
        added.All(one => one.IsStored), added.Count > 0 ? added[^1].Missing : new Dictionary<string, string>());
}

internal sealed record ReadingDocument(DateTimeOffset Time, decimal Value);

internal sealed record ReadingsDocument(SeriesDocument Series, IReadOnlyList<ReadingDocument> Readings, IReadOnlyList<string> Complaints, IReadOnlyList<string> Alarms);

internal sealed record ReadingsDeletedDocument(SeriesDocument Series, IReadOnlyDictionary<string, string> Missing);
