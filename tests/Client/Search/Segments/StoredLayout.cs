using System.Buffers.Binary;
using System.Security.Cryptography;
using Salus.Client.Search.Segments;
using Salus.Client.Tests.Sealing;
using Salus.Crypto;
using Salus.Crypto.Search;
using Salus.Protocol;

namespace Salus.Client.Tests.Search.Segments;

/// <summary>
/// Everything that a server stores of one index, in the order in which it came, and, for the referee alone, which entries are of which term.
/// </summary>
internal sealed record StoredLayout(string Name, IReadOnlyList<(byte[] Address, byte[] Value)> Entries, IReadOnlyDictionary<string, int[]> Truth)
{
    /// <summary>What Salus uploads.</summary>
    public static async Task<StoredLayout> SalusAsync(IReadOnlyList<PlainDocument> documents, byte[] seed)
    {
        var (index, owners) = await BuildAsync(documents, seed);
        using (index)
            return Of("Salus", BuiltIndex.Entries(index.Blocks).Select(entry => (entry[..16].ToArray(), entry[16..].ToArray())).ToList(),
                entry => owners.GetValueOrDefault(Identifier.Read<BlockAddress>(entry.Address)));
    }

    /// <summary>The same blocks, uploaded as they are made: term after term, the commonest first.</summary>
    public static async Task<StoredLayout> OrderedAsync(IReadOnlyList<PlainDocument> documents, byte[] seed)
    {
        var (index, owners) = await BuildAsync(documents, seed);
        using (index)
        {
            var terms = index.Segment.AllTerms().OrderByDescending(term => term.Documents).ThenBy(term => term.Text, StringComparer.Ordinal);
            return Of("in order", [.. terms.SelectMany(index.Segment.Addresses).Select(address => (address.ToBytes(), index.Cloud[address].ToArray()))],
                entry => owners.GetValueOrDefault(Identifier.Read<BlockAddress>(entry.Address)));
        }
    }

    /// <summary>One value for each term, as long as its postings are, in random order.</summary>
    public static StoredLayout Unpadded(IReadOnlyList<PlainDocument> documents, byte[] seed) => Shuffled("unpadded", documents, seed,
        (tag, postings) => [(HMACSHA256.HashData(seed, tag)[..16], Random(seed, tag, 4 * postings))]);

    /// <summary>Blocks of one size in the order of their addresses, which are the term's tag and a number.</summary>
    public static StoredLayout Tagged(IReadOnlyList<PlainDocument> documents, byte[] seed)
    {
        var layout = Shuffled("tagged", documents, seed, (tag, postings) => [.. Enumerable.Range(0, (postings + 1) / 2).Select(block =>
        {
            var address = HMACSHA256.HashData(seed, tag)[..16];
            BinaryPrimitives.WriteInt32BigEndian(address.AsSpan(12), block);
            return (address, Random(seed, [.. tag, .. address], BlockSize.Sealed));
        })]);
        return layout;
    }

    /// <summary>A row for each posting, its term encrypted the same way each time.</summary>
    public static StoredLayout Deterministic(IReadOnlyList<PlainDocument> documents, byte[] seed) => Shuffled("deterministic", documents, seed,
        (tag, postings) => [.. Enumerable.Range(0, postings).Select(row =>
        {
            var name = (byte[])[.. tag, .. BitConverter.GetBytes(row)];
            return (HMACSHA256.HashData(seed, name)[..16], (byte[])[.. HMACSHA256.HashData(seed, tag), .. Random(seed, name, 16)]);
        })]);

    private static StoredLayout Shuffled(string name, IReadOnlyList<PlainDocument> documents, byte[] seed, Func<byte[], int, (byte[] Address, byte[] Value)[]> store)
    {
        var all = Frequencies(documents).SelectMany(pair => store(TermText.ToUtf8(pair.Key), pair.Value).Select(entry => (pair.Key, Entry: entry)))
            .OrderBy(pair => Convert.ToHexString(pair.Entry.Address), StringComparer.Ordinal).ToList();
        var owners = all.ToDictionary(pair => Convert.ToHexString(pair.Entry.Address), pair => pair.Key);
        return Of(name, [.. all.Select(pair => pair.Entry)], entry => owners[Convert.ToHexString(entry.Address)]);
    }

    public static IEnumerable<KeyValuePair<string, int>> Frequencies(IReadOnlyList<PlainDocument> documents) =>
        documents.SelectMany(document => document.Terms.Keys).CountBy(term => term).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal);

    private static StoredLayout Of(string name, IReadOnlyList<(byte[] Address, byte[] Value)> entries, Func<(byte[] Address, byte[] Value), string?> owner) =>
        new(name, entries, entries.Select((entry, i) => (Term: owner(entry), i)).Where(pair => pair.Term is not null)
            .GroupBy(pair => pair.Term!, pair => pair.i).ToDictionary(group => group.Key, group => group.ToArray()));

    private static async Task<(BuiltIndex Index, Dictionary<BlockAddress, string> Owners)> BuildAsync(IReadOnlyList<PlainDocument> documents, byte[] seed)
    {
        var builder = new SegmentBuilder();
        foreach (var document in documents)
            builder.Add(document.Document, document.Terms, document.Length);
        using var secret = Secret.CopyOf(seed);
        var index = await BuiltIndex.OfAsync(async (_, key, folder) =>
        {
            secret.Bytes.CopyTo(key.Writable);
            return await builder.SealAsync(BuiltIndex.Owner, new SegmentId(1), key, folder);
        });
        Assert.False(index.Segment.IsInline);
        return (index, index.Segment.AllTerms().SelectMany(term => index.Segment.Addresses(term).Select(address => (address, term.Text))).ToDictionary());
    }

    private static byte[] Random(byte[] seed, byte[] name, int length)
    {
        var bytes = new byte[length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, bytes.AsSpan(0, Math.Min(length, 8160)), salt: [], [.. name, 0xff]);
        return bytes;
    }
}
