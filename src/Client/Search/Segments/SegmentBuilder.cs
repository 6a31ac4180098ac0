using System.Runtime.InteropServices;
using Salus.Crypto;
using Salus.Protocol;

namespace Salus.Client.Search.Segments;

/// <summary>
/// Inverts documents into a segment, in bounded memory: when it <see cref="IsFull"/>, the caller seals it and starts another. For one thread at a time.
/// </summary>
/// <param name="memory">Bytes of postings, terms and documents from which on it is full.</param>
public sealed class SegmentBuilder(long memory = SegmentBuilder.DefaultMemory)
{
    public const long DefaultMemory = 128 * 1024 * 1024;

    private readonly TermTable _terms = new();
    private readonly PostingArena _postings = new();
    private readonly List<IndexedDocument> _documents = [];
    private long _totalLength;

    public int Documents => _documents.Count;

    public bool IsEmpty => _documents.Count == 0;

    public int Terms => _terms.Count;

    /// <summary>Full after the document with which the memory was used up; that one's terms are over the bound.</summary>
    public bool IsFull => Memory >= memory;

    internal long Memory => _postings.Memory + _terms.Memory + ((long)_documents.Count * IndexedDocument.Size);

    /// <summary>Adds a document.</summary>
    /// <param name="terms">Its terms and how often each occurs; a term that comes again counts as it came first.</param>
    /// <param name="length">Its length for ranking.</param>
    public void Add(IndexedDocument document, IEnumerable<KeyValuePair<string, int>> terms, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var number = (uint)_documents.Count;
        _documents.Add(document);
        _totalLength += length;
        switch (terms)
        {
            case KeyValuePair<string, int>[] array:
                Add(number, array, (uint)length);
                break;
            case List<KeyValuePair<string, int>> list:
                Add(number, CollectionsMarshal.AsSpan(list), (uint)length);
                break;
            default:
                foreach (var term in terms)
                    Add(number, [term], (uint)length);
                break;
        }
    }

    /// <summary>Writes the segment's files into <paramref name="folder"/>. The builder stays as it is.</summary>
    /// <param name="key">S of the segment. It serves once: what is built again, after a kill, is built as another segment, or two contents would be under one nonce.</param>
    public async Task<BuiltSegment> SealAsync(AccountId owner, SegmentId id, Secret key, string folder, CancellationToken cancellation = default)
    {
        await using var writer = new SegmentWriter(owner, id, key, folder);
        return await WriteAsync(writer, cancellation);
    }

    internal async Task<BuiltSegment> WriteAsync(SegmentWriter writer, CancellationToken cancellation)
    {
        foreach (var document in _documents)
            writer.AddDocument(document);
        var buffer = new byte[1 << 12];
        foreach (var index in _terms.Sorted())
            await writer.AddRunAsync(_terms.Text(_terms.Terms[index]), _terms.Terms[index].Documents, _postings.Gather(_terms.Terms[index], ref buffer), cancellation);
        return await writer.FinishAsync(_totalLength, cancellation);
    }

    private void Add(uint document, ReadOnlySpan<KeyValuePair<string, int>> terms, uint length)
    {
        foreach (var (text, frequency) in terms)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frequency, nameof(terms));
            ref var term = ref _terms.Get(text);
            if (term.Documents == 0 || term.LastDocument != document)
                _postings.Append(ref term, document, (uint)frequency, length);
        }
    }
}
