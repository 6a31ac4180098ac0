using Salus.Client.Deposits;
using Salus.Client.Profiles;
using Salus.Client.Search.Segments;
using Salus.Client.Uploads;
using Salus.Health.Keywords;
using Salus.Protocol;

namespace Salus.Client.Search.Indexing;

/// <summary>
/// Builds the search index's share of a put or an import for one partition: documents go in record by record, and segments come out as files in a folder of the outbox, sealed
/// to the same key as the records. One builder's memory, whatever goes in: a full one is sealed and the next begun.
/// </summary>
internal sealed class IndexStage(VerifyingKey source, WriteTarget target, string folder, long memory = SegmentBuilder.DefaultMemory)
{
    private readonly List<PlannedSegment> _segments = [];
    private SegmentBuilder _builder = new(memory);

    /// <summary>Adds the documents of a record. A record that is found by nothing else is found by its author, and known as indexed.</summary>
    /// <param name="author">Who wrote the record, when it is not who stages this.</param>
    public async Task AddAsync(RecordId record, IEnumerable<DocumentTerms> documents, CancellationToken cancel, AccountId? author = null)
    {
        var by = TermNames.SourcePrefix + (author ?? source.Account);
        var any = false;
        foreach (var document in documents)
        {
            await AddAsync(record, document, by, cancel);
            any = true;
        }
        if (!any)
            await AddAsync(record, new DocumentTerms(DocumentTerms.Whole, [], 0), by, cancel);
    }

    /// <summary>Seals what is left; the files are on the disk. Each of the results is one signed update.</summary>
    public async Task<IReadOnlyList<PlannedIndex>> FinishAsync(CancellationToken cancel)
    {
        await SealAsync(cancel);
        return [.. _segments.Chunk(Limits.MaxAddedSegments).Select(part => new PlannedIndex(target.Owner.ToString(), target.Partition.ToString(), part))];
    }

    private async Task AddAsync(RecordId record, DocumentTerms document, string by, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        KeyValuePair<string, int>[] terms = [.. document.Terms, new(by, 1)];
        _builder.Add(new IndexedDocument(record, document.Resource == DocumentTerms.Whole ? IndexedDocument.WholeRecord : (uint)document.Resource), terms, document.Length);
        if (_builder.IsFull)
            await SealAsync(cancel);
    }

    private async Task SealAsync(CancellationToken cancel)
    {
        if (_builder.IsEmpty)
            return;
        DurableFile.CreateFolder(folder);
        using var segment = await NewSegment.CreateAsync(target.Owner, target.Partition, target.Head.Epoch, target.Head.Key);
        var built = await _builder.SealAsync(target.Owner, segment.Id, segment.Key, folder, cancel);
        foreach (var path in new[] { built.DictionaryPath, built.BlocksPath }.OfType<string>())
            DurableFile.Flush(path);
        _segments.Add(PlannedSegment.Of(segment.Info(source, built)));
        _builder = new SegmentBuilder(memory);
    }
}
