using System.Collections.Concurrent;
using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Client.Search.Segments;
using Salus.Health.Fhir;
using Salus.Health.Keywords;
using Salus.Protocol;

namespace Salus.Client.Search;

/// <summary>Looks into the documents that were found: a resource by its range alone, a whole record when it is not too large. Safe for several readings at once.</summary>
internal sealed class HitReader(Account account, Snippets snippets)
{
    /// <summary>Bytes of a resource or record that is looked into, at most.</summary>
    public const long MaxBytes = 16 * 1024 * 1024;

    private const long MaxIndexBytes = 256 * 1024 * 1024;

    private const string OwnerHeld = "sealed under a sequence key that its owner holds: not looked into";

    private readonly RecordReader _reader = new(account);
    private readonly ConcurrentDictionary<RecordId, Lazy<Task<SliceIndex>>> _indexes = [];

    /// <summary>Null when the document does not hold a phrase of the query.</summary>
    public async Task<SearchHit?> ReadAsync(RankedDocument ranked, OpenedRecord record, CancellationToken cancel)
    {
        var summary = record.Summary;
        var hit = new SearchHit(record.Id, summary.Partition, ranked.Score, summary.Name, summary.Source, summary.Owner, summary.Account, summary.SealedAt, null, null, null);
        if (record.Metadata.SequenceKey is null)
            return hit with { Note = OwnerHeld + Unchecked };
        try
        {
            return ranked.Document.Resource == IndexedDocument.WholeRecord
                ? await ReadWholeAsync(hit, record, cancel)
                : await ReadResourceAsync(hit, record, ranked.Document.Resource, cancel);
        }
        catch (AlarmException alarm)
        {
            return hit with { Note = $"not looked into: {alarm.Message}{Unchecked}" };
        }
    }

    private string Unchecked => snippets.HasPhrases ? "; whether the phrase stands in it is not known" : "";

    private async Task<SearchHit?> ReadWholeAsync(SearchHit hit, OpenedRecord record, CancellationToken cancel)
    {
        if (record.Metadata.ContentLength > MaxBytes)
            return hit with { Note = $"too large to be looked into{Unchecked}" };
        using var content = await BytesAsync(record, 0, record.Metadata.ContentLength, cancel);
        return With(hit, [.. KeywordExtractor.Texts(content, record.Metadata.MediaType), record.Metadata.Name, .. record.Metadata.Keywords]);
    }

    private async Task<SearchHit?> ReadResourceAsync(SearchHit hit, OpenedRecord record, uint resource, CancellationToken cancel)
    {
        var entries = record.Metadata.Kind == RecordMetadata.SliceKind ? (await IndexAsync(record, cancel)).Entries : [];
        if (resource >= entries.Count)
            throw new AlarmException(AlarmKind.Integrity, $"The search index names a resource that the record {record.Id} has not.");
        var entry = entries[(int)resource];
        hit = hit with { Resource = entry.Id is null ? entry.Type : $"{entry.Type}/{entry.Id}", Title = entry.Summary.Length > 0 ? entry.Summary : null, Date = entry.Date };
        if (entry.ResourceLength > MaxBytes)
            return hit with { Note = $"too large to be looked into{Unchecked}" };
        using var content = await BytesAsync(record, entry.ResourceOffset, entry.ResourceLength, cancel);
        return With(hit, [.. FhirKeywords.Texts(content), entry.Summary, .. record.Metadata.Keywords]);
    }

    private SearchHit? With(SearchHit hit, IReadOnlyList<string> texts) => snippets.HoldPhrases(texts) ? hit with { Snippet = snippets.Of(texts) } : null;

    /// <summary>Read once, however many of the record's resources were found.</summary>
    private Task<SliceIndex> IndexAsync(OpenedRecord record, CancellationToken cancel) =>
        _indexes.GetOrAdd(record.Id, _ => new Lazy<Task<SliceIndex>>(() => ReadIndexAsync(record, cancel))).Value;

    private async Task<SliceIndex> ReadIndexAsync(OpenedRecord record, CancellationToken cancel)
    {
        if (record.Metadata.TailLength > MaxIndexBytes)
            throw new AlarmException(AlarmKind.Integrity, $"The record {record.Id} names an index of an impossible size.");
        using var tail = await BytesAsync(record, record.Metadata.ContentLength, record.Metadata.TailLength, cancel);
        return SliceIndex.TryParse(tail.GetBuffer().AsSpan(0, (int)tail.Length), out var index)
            ? index
            : throw new AlarmException(AlarmKind.Integrity, $"The index of the record {record.Id} is damaged.");
    }

    private async Task<MemoryStream> BytesAsync(OpenedRecord record, long offset, long length, CancellationToken cancel)
    {
        var bytes = new MemoryStream();
        await _reader.ReadAsync(record, () => throw new InvalidOperationException("The record carries its sequence key."), offset, length, bytes, null, cancel);
        bytes.Position = 0;
        return bytes;
    }
}
