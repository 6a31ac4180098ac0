using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Sealing;
using Salus.Crypto.Search;
using Salus.Protocol;

namespace Salus.Client.Search.Segments;

/// <summary>
/// A segment whose dictionary is open: says which blocks to ask the cloud for, reads postings from them, and knows the documents. Nothing that the cloud or the
/// source did wrong gets past it: <see cref="AlarmException"/>, Withheld for a block that is not there and Integrity for the rest. Safe for any number of threads.
/// </summary>
public sealed class OpenSegment : IDisposable
{
    private readonly SegmentKey _key;
    private readonly SegmentDictionary _dictionary;

    private OpenSegment(SegmentId id, SegmentKey key, SegmentDictionary dictionary) => (Id, _key, _dictionary) = (id, key, dictionary);

    public SegmentId Id { get; }

    public int Documents => _dictionary.Documents;

    /// <summary>Sum of the documents' lengths.</summary>
    public long TotalLength => _dictionary.TotalLength;

    public int Terms => _dictionary.Terms;

    /// <summary>Whether all of it is here: then there is nothing to ask the cloud for.</summary>
    public bool IsInline => _dictionary.IsInline;

    /// <param name="info">From a verified update of the owner's index.</param>
    /// <param name="key">S, unwrapped; stays the caller's.</param>
    /// <param name="sealedDictionary">As the cloud gave it, or a cache.</param>
    public static async Task<OpenSegment> OpenAsync(AccountId owner, SegmentInfo info, Secret key, ReadOnlyMemory<byte> sealedDictionary)
    {
        if (sealedDictionary.Length != info.DictionaryLength || !SHA256.HashData(sealedDictionary.Span).AsSpan().SequenceEqual(info.DictionaryHash))
            throw Damaged(info.Id, "has another dictionary than its source signed");
        var segmentKey = new SegmentKey(key, [.. owner.ToBytes(), .. info.Id.ToBytes()]);
        try
        {
            var plaintext = await OpenDictionaryAsync(info.Id, segmentKey, sealedDictionary);
            if (!SegmentDictionary.TryRead(plaintext, info.Blocks, out var dictionary))
                throw Damaged(info.Id, "has a dictionary that is not what the format says");
            return new OpenSegment(info.Id, segmentKey, dictionary);
        }
        catch
        {
            segmentKey.Dispose();
            throw;
        }
    }

    public SegmentTerm? Find(string term) => _dictionary.Find(TermText.ToUtf8(term));

    /// <summary>The first terms that begin so, in order.</summary>
    public IReadOnlyList<SegmentTerm> WithPrefix(string prefix, int maximum) => _dictionary.Range(TermText.ToUtf8(prefix), maximum);

    /// <summary>All terms in the order of their bytes, read as they are taken.</summary>
    public IEnumerable<SegmentTerm> AllTerms()
    {
        for (var group = 0; group < _dictionary.Groups; group++)
            foreach (var term in _dictionary.Group(group))
                yield return term;
    }

    /// <summary>The blocks of a term to ask for, all of them: <see cref="SegmentTerm.PaddedBlocks"/>. None for an inline segment.</summary>
    public BlockAddress[] Addresses(SegmentTerm term)
    {
        using var token = _key.Term(term.Utf8);
        var addresses = new BlockAddress[term.PaddedBlocks];
        for (var block = 0; block < addresses.Length; block++)
            addresses[block] = Address(token, (uint)block);
        return addresses;
    }

    /// <summary>All postings of a term, in the order of the documents.</summary>
    /// <param name="blocks">What the cloud gave for <see cref="Addresses"/>, in that order; empty where it said that there is none.</param>
    public async ValueTask<IReadOnlyList<Posting>> PostingsAsync(SegmentTerm term, IReadOnlyList<ReadOnlyMemory<byte>> blocks)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(blocks.Count, term.PaddedBlocks, nameof(blocks));
        // What the dictionary says is its source's word: the list grows with what is there.
        var postings = new List<Posting>(Math.Min(term.Documents, 1 << 16));
        if (IsInline)
        {
            if (!PostingRun.TryReadRun(_dictionary.Run(term), term.Documents, (uint)Documents, postings))
                throw Damaged(Id, "has postings that are not what the format says");
            return postings;
        }
        using var token = _key.Term(term.Utf8);
        var plaintext = new byte[BlockSize.Plain];
        for (var block = 0; block < blocks.Count; block++)
        {
            await OpenAsync(token, (uint)block, blocks[block], plaintext);
            // A block with postings comes before all empty ones.
            var before = postings.Count;
            if (!PostingRun.TryReadBlock(plaintext, (uint)Documents, postings) || (postings.Count > before) != (block < term.Blocks) || postings.Count > term.Documents)
                throw Damaged(Id, "has postings that are not what the format says");
        }
        return postings.Count == term.Documents ? postings : throw Damaged(Id, "has fewer postings of a term than its dictionary says");
    }

    public IndexedDocument Document(uint number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, (uint)Documents);
        return _dictionary.Document(number);
    }

    /// <summary>All documents in the order of their numbers.</summary>
    public IEnumerable<IndexedDocument> AllDocuments() => Enumerable.Range(0, Documents).Select(number => _dictionary.Document((uint)number));

    public void Dispose() => _key.Dispose();

    private async ValueTask OpenAsync(TermToken token, uint block, ReadOnlyMemory<byte> fetched, Memory<byte> plaintext)
    {
        if (fetched.IsEmpty)
            throw new AlarmException(AlarmKind.Withheld, $"The cloud has not got a block of the segment {Id} that its source uploaded.");
        if (!await token.OpenAsync(block, fetched, plaintext))
            throw Damaged(Id, "has a block that is not what its source uploaded");
    }

    private static BlockAddress Address(TermToken token, uint block)
    {
        Span<byte> address = stackalloc byte[BlockSize.Address];
        token.Address(block, address);
        return Identifier.Read<BlockAddress>(address);
    }

    private static async Task<byte[]> OpenDictionaryAsync(SegmentId id, SegmentKey key, ReadOnlyMemory<byte> message)
    {
        if (!ChunkedEncryption.TryPlaintextLength(message.Length, out var length)
            || !ChunkedEncryption.TryOpen(key.DictionaryKey, message.Span[..ChunkedEncryption.PrefixSize], key.Context, out var encryption))
            throw Damaged(id, "has a dictionary that was not sealed for it");
        using (encryption)
        {
            var plaintext = new byte[length];
            var chunks = message[ChunkedEncryption.PrefixSize..];
            return await encryption.OpenFinalAsync(0, chunks, plaintext) ? plaintext : throw Damaged(id, "has a dictionary that is not authentic");
        }
    }

    private static AlarmException Damaged(SegmentId id, string what) => new(AlarmKind.Integrity, $"The segment {id} of the search index {what}.");
}
