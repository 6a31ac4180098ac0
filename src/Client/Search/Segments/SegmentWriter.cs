using Salus.Client.Profiles;
using Salus.Crypto;
using Salus.Crypto.Sealing;
using Salus.Crypto.Search;
using Salus.Protocol;

namespace Salus.Client.Search.Segments;

/// <summary>
/// Writes a segment whose terms come in order, each with all its postings: from a <see cref="SegmentBuilder"/>, or merged from other segments. Memory: the
/// dictionary's terms and documents, and what <see cref="BlockBuckets"/> takes. Until it has written more than <see cref="DictionaryFormat.MaximumInline"/> the segment is inline.
/// </summary>
/// <remarks>
/// Files are made in the folder under the segment's identifier; after a kill they are of no use. While one batch of blocks is sealed the next is filled.
/// </remarks>
public sealed class SegmentWriter : IAsyncDisposable
{
    private readonly string _folder;
    private readonly SegmentId _id;
    private readonly SegmentKey _key;
    private readonly ChunkedEncryption _encryption;
    private readonly DictionaryWriter _dictionary = new();
    private readonly List<(byte[] Term, int Documents, byte[] Run)> _inline = [];
    private readonly MemoryStream _documents = new();
    private SegmentBlocks? _blocks;
    private uint[] _lengths = [];
    private int _inlineSize;
    private byte[] _run = [];

    /// <summary>Takes a copy of what it needs of <paramref name="key"/>, S of the segment.</summary>
    public SegmentWriter(AccountId owner, SegmentId id, Secret key, string folder)
        : this(owner, id, key, folder, salt: null)
    {
    }

    /// <summary>With a given salt for the dictionary: for vectors.</summary>
    internal SegmentWriter(AccountId owner, SegmentId id, Secret key, string folder, byte[]? salt)
    {
        (_id, _folder) = (id, folder);
        _key = new SegmentKey(key, [.. owner.ToBytes(), .. id.ToBytes()]);
        _encryption = salt is null ? ChunkedEncryption.Create(_key.DictionaryKey, _key.Context) : new(_key.DictionaryKey, salt, _key.Context);
    }

    public int Documents => checked((int)(_documents.Length / IndexedDocument.Size));

    /// <summary>Adds the next document; its number. All documents of a term's postings are added before the term.</summary>
    public uint AddDocument(IndexedDocument document)
    {
        Span<byte> bytes = stackalloc byte[IndexedDocument.Size];
        document.Write(bytes);
        _documents.Write(bytes);
        return (uint)Documents - 1;
    }

    /// <summary>
    /// Adds a term, above the one before in the order of bytes (<see cref="TermText"/>), with all its postings in the order of their documents, at least one.
    /// </summary>
    public ValueTask AddTermAsync(ReadOnlyMemory<byte> term, IReadOnlyList<Posting> postings, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(postings.Count, nameof(postings));
        if (_run.Length < postings.Count * PostingRun.MaximumPosting)
            _run = new byte[postings.Count * PostingRun.MaximumPosting];
        if (_lengths.Length < Documents)
            Array.Resize(ref _lengths, Documents);
        var at = 0;
        for (var i = 0; i < postings.Count; i++)
        {
            var posting = postings[i];
            if ((i > 0 && posting.Document <= postings[i - 1].Document) || posting.Document >= Documents || posting.Frequency == 0)
                throw new ArgumentException("Postings are of documents that were added, in their order, with a frequency.", nameof(postings));
            at += PostingRun.Write(i == 0 ? posting.Document : posting.Document - postings[i - 1].Document, posting.Frequency, posting.Length, _run.AsSpan(at));
            _lengths[posting.Document] = posting.Length;
        }
        return AddRunAsync(term, postings.Count, _run.AsMemory(0, at), cancellation);
    }

    /// <summary>Seals what is left and completes the files. The total length of the documents is that of their postings.</summary>
    public Task<BuiltSegment> FinishAsync(CancellationToken cancellation = default) => FinishAsync(_lengths.Sum(length => (long)length), cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_blocks is not null)
            await _blocks.DisposeAsync();
        await _documents.DisposeAsync();
        _encryption.Dispose();
        _key.Dispose();
    }

    /// <summary>As <see cref="AddTermAsync"/>, with postings that are encoded already (<see cref="PostingRun"/>).</summary>
    internal async ValueTask AddRunAsync(ReadOnlyMemory<byte> term, int documents, ReadOnlyMemory<byte> run, CancellationToken cancellation)
    {
        if (_blocks is null && _inlineSize + run.Length + _documents.Length > DictionaryFormat.MaximumInline)
            await LeaveInlineAsync(cancellation);
        if (_blocks is not null)
        {
            var blocks = await _blocks.AddAsync(term, run, cancellation);
            _dictionary.Add(term.Span, documents, blocks);
        }
        else
        {
            _inline.Add((term.ToArray(), documents, run.ToArray()));
            _inlineSize += run.Length;
        }
    }

    internal async Task<BuiltSegment> FinishAsync(long totalLength, CancellationToken cancellation)
    {
        var count = Documents;
        if (_blocks is null && _inlineSize + _documents.Length > DictionaryFormat.MaximumInline)
            await LeaveInlineAsync(cancellation);
        string? blocksPath = null;
        if (_blocks is not null)
        {
            blocksPath = Path.Combine(_folder, _id + ".blocks");
            await _blocks.FinishAsync(blocksPath, cancellation);
        }
        foreach (var (term, documents, run) in _inline)
            _dictionary.AddInline(term, documents, run);
        _dictionary.AddDocuments(_documents.GetBuffer().AsSpan(0, (int)_documents.Length));
        var path = Path.Combine(_folder, _id + ".dictionary");
        await using var file = new FileStream(path, DurableFile.Private(FileMode.Create, FileAccess.Write));
        var (length, hash) = await _dictionary.SealAsync(_encryption, _blocks is null ? DictionaryFormat.Inline : (byte)0, count, totalLength, file, cancellation);
        return new BuiltSegment(_id, length, hash, _blocks?.Count ?? 0, path, blocksPath);
    }

    private async ValueTask LeaveInlineAsync(CancellationToken cancellation)
    {
        _blocks = new SegmentBlocks(_key, Path.Combine(_folder, _id + ".parts"));
        foreach (var (term, documents, run) in _inline)
        {
            var blocks = await _blocks.AddAsync(term, run, cancellation);
            _dictionary.Add(term, documents, blocks);
        }
        _inline.Clear();
    }
}
