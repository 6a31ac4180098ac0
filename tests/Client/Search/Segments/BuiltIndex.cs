using Salus.Client.Search.Segments;
using Salus.Client.Tests.Sealing;
using Salus.Crypto;
using Salus.Crypto.Search;
using Salus.Protocol;

namespace Salus.Client.Tests.Search.Segments;

/// <summary>A document before it is indexed.</summary>
internal sealed record PlainDocument(IndexedDocument Document, IReadOnlyDictionary<string, int> Terms, int Length);

/// <summary>One segment, built from documents, opened again, and what the cloud has of it.</summary>
internal sealed class BuiltIndex : IDisposable
{
    public static readonly AccountId Owner = new(0x0123456789abcdef);

    private BuiltIndex()
    {
    }

    public Secret Key { get; } = Secret.Random(SegmentKey.Size);

    public required SegmentInfo Info { get; init; }

    public required BuiltSegment Files { get; init; }

    public required byte[] Dictionary { get; init; }

    /// <summary>The uploaded octets: address and value of every block.</summary>
    public required byte[] Blocks { get; init; }

    public required OpenSegment Segment { get; init; }

    public IReadOnlyDictionary<BlockAddress, ReadOnlyMemory<byte>> Cloud =>
        field ??= Entries(Blocks).ToDictionary(entry => Identifier.Read<BlockAddress>(entry.Span), entry => entry[BlockSize.Address..]);

    public static IEnumerable<ReadOnlyMemory<byte>> Entries(ReadOnlyMemory<byte> blocks)
    {
        for (var at = 0; at < blocks.Length; at += BlockSize.Entry)
            yield return blocks.Slice(at, BlockSize.Entry);
    }

    public static async Task<BuiltIndex> OfAsync(IEnumerable<PlainDocument> documents)
    {
        var builder = new SegmentBuilder();
        foreach (var document in documents)
            builder.Add(document.Document, document.Terms, document.Length);
        return await OfAsync((id, key, folder) => builder.SealAsync(Owner, id, key, folder));
    }

    public static async Task<BuiltIndex> OfAsync(Func<SegmentId, Secret, string, Task<BuiltSegment>> build)
    {
        using var made = new TemporaryFolder();
        using var key = Secret.Random(SegmentKey.Size);
        var folder = Path.GetDirectoryName(made["x"])!;
        var built = await build(Identifier.Random<SegmentId>(), key, folder);
        Assert.Equal(new[] { built.DictionaryPath, built.BlocksPath }.Where(path => path is not null), Directory.GetFiles(folder).OrderDescending());
        var dictionary = await File.ReadAllBytesAsync(built.DictionaryPath);
        var info = SegmentParts.Info(built);
        var index = new BuiltIndex
        {
            Info = info,
            Files = built,
            Dictionary = dictionary,
            Blocks = built.BlocksPath is null ? [] : await File.ReadAllBytesAsync(built.BlocksPath),
            Segment = await OpenSegment.OpenAsync(Owner, info, key, dictionary),
        };
        key.Bytes.CopyTo(index.Key.Writable);
        return index;
    }

    public IReadOnlyList<ReadOnlyMemory<byte>> Fetch(IEnumerable<BlockAddress> addresses) => [.. addresses.Select(address => Cloud.GetValueOrDefault(address))];

    public async Task<IReadOnlyList<Posting>> PostingsAsync(SegmentTerm term) => await Segment.PostingsAsync(term, Fetch(Segment.Addresses(term)));

    public async Task<IReadOnlyList<Posting>> PostingsAsync(string term) => Segment.Find(term) is { } found ? await PostingsAsync(found) : [];

    public void Dispose()
    {
        Segment.Dispose();
        Key.Dispose();
    }
}
