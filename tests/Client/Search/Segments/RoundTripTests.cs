using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Salus.Client.Search.Segments;
using Salus.Crypto.Search;
using Salus.Protocol;

namespace Salus.Client.Tests.Search.Segments;

/// <summary>A segment says what a plain inverted index of the same documents says.</summary>
public class RoundTripTests
{
    private static readonly string[] Pieces = ["w:", "c:loinc|", "d:2020-", "a", "ab", "abc", "é", "ß", "漢", "𝒳", "z", "0", "~", "\u007f", "\uffff", "\ud800"];

    [Fact]
    public void RandomCorporaComeBack() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => SameAsPlainAsync(Corpus(seed)).GetAwaiter().GetResult()));

    [Theory, InlineData(0), InlineData(1), InlineData(11), InlineData(12), InlineData(13), InlineData(3000)]
    public async Task CorporaOfEverySizeComeBack(int documents) => await SameAsPlainAsync(SegmentParts.Zipf(documents, 20, 500, documents));

    [Fact]
    public async Task ACorpusInBlocksComesBack()
    {
        var documents = SegmentParts.Zipf(20_000, 25, 30_000, 7);
        using var index = await BuiltIndex.OfAsync(documents);
        Assert.False(index.Segment.IsInline);
        Assert.True(index.Info.Blocks > 20_000);
        await SameAsPlainAsync(documents, index);
    }

    [Fact]
    public async Task ManyBlocksGoThroughTheFileOfParts()
    {
        // More than 256 full buffers of 240 blocks: every part goes to the file at least once.
        var documents = Enumerable.Range(0, 40).Select(i => new PlainDocument(SegmentParts.Document(i),
            Enumerable.Range(0, 4000).ToDictionary(j => $"w:{(i % 20 * 4000) + j:x}", _ => 1), 4000)).ToList();
        using var index = await BuiltIndex.OfAsync(documents);
        Assert.True(index.Info.Blocks > 75_000);
        var entries = BuiltIndex.Entries(index.Blocks).Select(entry => Identifier.Read<BlockAddress>(entry.Span).Value).ToArray();
        Assert.Equal(index.Info.Blocks, entries.Distinct().Count());
        Assert.Equal(entries.Order(), entries);
        foreach (var number in (int[])[0, 1, 17, 3999])
            Assert.Equal([(uint)3, 23], (await index.PostingsAsync($"w:{(3 * 4000) + number:x}")).Select(posting => posting.Document));
    }

    [Fact]
    public async Task ASegmentIsInlineUpToItsBound()
    {
        // 300 documents of 20 bytes, and 3 bytes for each posting: 284 terms are 261,600 bytes, 285 are 262,500.
        foreach (var (terms, inline) in new[] { (1, true), (284, true), (285, false), (300, false) })
        {
            var documents = Enumerable.Range(0, 300).Select(i => new PlainDocument(SegmentParts.Document(i),
                Enumerable.Range(0, terms).ToDictionary(j => $"w:{j:x4}", _ => 1), 100)).ToList();
            using var index = await BuiltIndex.OfAsync(documents);
            Assert.Equal(inline, (300 * 20) + (terms * 300 * 3) <= 256 * 1024);
            Assert.Equal(inline, index.Segment.IsInline);
            Assert.Equal(inline, index.Files.BlocksPath is null);
            Assert.Equal(inline, index.Info.Blocks == 0);
            Assert.Equal(300, (await index.PostingsAsync("w:0000")).Count);
        }
    }

    [Fact]
    public async Task TermsOfOneBlockMoreThanAPowerOfTwoArePadded()
    {
        // 79 postings of three bytes fill a block when their documents are below 128 apart.
        foreach (var (documents, real, padded) in new[] { (1, 1, 1), (79, 1, 1), (80, 2, 2), (156, 2, 2), (240, 4, 4), (320, 5, 8), (700, 9, 16) })
        {
            var corpus = Enumerable.Range(0, documents).Select(i => new PlainDocument(SegmentParts.Document(i), new Dictionary<string, int> { ["w:all"] = 1 }, 5))
                .Concat(Filler(documents)).ToList();
            using var index = await BuiltIndex.OfAsync(corpus);
            var term = index.Segment.Find("w:all")!;
            Assert.Equal((documents, real, padded), (term.Documents, term.Blocks, term.PaddedBlocks));
            Assert.Equal(padded, index.Segment.Addresses(term).Distinct().Count());
            Assert.Equal(documents, (await index.PostingsAsync(term)).Count);
            Assert.Equal(index.Info.Blocks, index.Segment.AllTerms().Sum(other => other.PaddedBlocks));
            Assert.All(index.Segment.AllTerms(), other => Assert.True(BitOperations.IsPow2(other.PaddedBlocks)));
        }

        // What makes the segment too large to be inline.
        static IEnumerable<PlainDocument> Filler(int from) => Enumerable.Range(0, 14_000).Select(i => new PlainDocument(SegmentParts.Document(from + i), new Dictionary<string, int>(), 0));
    }

    [Fact]
    public async Task TermsAreFoundByPrefixInOrder()
    {
        var terms = Enumerable.Range(0, 1000).Select(i => $"w:{i}").Append("w:").Append("v").Append("x:9").ToArray();
        using var index = await BuiltIndex.OfAsync([new PlainDocument(SegmentParts.Document(1), terms.ToDictionary(term => term, _ => 1), 1)]);
        foreach (var prefix in (string[])["", "w", "w:", "w:1", "w:99", "w:999", "w:9990", "u", "v", "x", "x:9", "y"])
        {
            var expected = terms.Where(term => term.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
            Assert.Equal(expected, index.Segment.WithPrefix(prefix, int.MaxValue).Select(term => term.Text));
            Assert.Equal(expected.Take(7), index.Segment.WithPrefix(prefix, 7).Select(term => term.Text));
            Assert.Empty(index.Segment.WithPrefix(prefix, 0));
        }
        Assert.All(terms, term => Assert.Equal(term, index.Segment.Find(term)?.Text));
        Assert.All(["w:1000", "a", "", "w", "z"], term => Assert.Null(index.Segment.Find(term)));
    }

    [Fact]
    public async Task AMergedSegmentIsTheOneBuiltAtOnce()
    {
        var documents = SegmentParts.Zipf(9000, 25, 5000, 3);
        using var whole = await BuiltIndex.OfAsync(documents);
        using var first = await BuiltIndex.OfAsync(documents.Take(2000));
        using var second = await BuiltIndex.OfAsync(documents.Skip(2000));
        using var merged = await BuiltIndex.OfAsync(async (id, key, folder) =>
        {
            await using var writer = new SegmentWriter(BuiltIndex.Owner, id, key, folder);
            for (var number = 0; number < documents.Count; number++)
                Assert.Equal((uint)number, writer.AddDocument(documents[number].Document));
            foreach (var text in first.Segment.AllTerms().Concat(second.Segment.AllTerms()).Select(term => term.Text).Distinct().OrderBy(TermText.ToUtf8, ByBytes))
            {
                var postings = (await first.PostingsAsync(text)).Concat((await second.PostingsAsync(text)).Select(posting => posting with { Document = posting.Document + 2000 }));
                await writer.AddTermAsync(TermText.ToUtf8(text), [.. postings]);
            }
            return await writer.FinishAsync();
        });
        Assert.Equal((whole.Segment.Documents, whole.Segment.TotalLength, whole.Segment.Terms, whole.Info.Blocks, whole.Info.DictionaryLength),
            (merged.Segment.Documents, merged.Segment.TotalLength, merged.Segment.Terms, merged.Info.Blocks, merged.Info.DictionaryLength));
        await SameAsPlainAsync(documents, merged);
    }

    [Fact]
    public async Task ABuilderIsFullWhenItsMemoryIsUsed()
    {
        const int Memory = 4 * 1024 * 1024;
        var builder = new SegmentBuilder(Memory);
        var documents = SegmentParts.Zipf(4000, 200, 50_000, 5);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var added = 0;
        while (!builder.IsFull)
        {
            Assert.True(builder.Memory < Memory);
            var document = documents[added++ % documents.Count];
            builder.Add(document.Document, document.Terms, document.Length);
        }
        Assert.InRange(builder.Memory, Memory, Memory + (64 * 1024));
        // Arrays double as they grow: four times what is in them, with all that they were before, and the enumerators of the documents' terms.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, Memory / 2, 4 * Memory);
        Assert.True(added > 1000);
        using var index = await BuiltIndex.OfAsync((id, key, folder) => builder.SealAsync(BuiltIndex.Owner, id, key, folder));
        Assert.Equal(added, index.Segment.Documents);
    }

    [Fact]
    public async Task BuildingAllocatesNothingForAPosting()
    {
        var documents = SegmentParts.Zipf(2000, 200, 1000, 5).Select(document => (document.Document, Terms: document.Terms.ToArray())).ToArray();
        var builder = new SegmentBuilder();
        void Add(int from, int to)
        {
            for (var i = from; i < to; i++)
                builder.Add(documents[i].Document, documents[i].Terms, 200);
        }

        Add(0, 1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Add(1000, 2000);
        var postings = documents.Skip(1000).Sum(document => document.Terms.Length);
        // A slab of one MiB now and then, and the list of documents doubling.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (8 * postings) + (2 * 1024 * 1024));
        using var index = await BuiltIndex.OfAsync((id, key, folder) => builder.SealAsync(BuiltIndex.Owner, id, key, folder));
        Assert.Equal(2000, index.Segment.Documents);
    }

    [Fact]
    public void MistakesOfTheCallerThrow()
    {
        var builder = new SegmentBuilder();
        foreach (var (term, frequency, length) in new[] { ("", 1, 1), (new string('a', 129), 1, 1), (new string('é', 65), 1, 1), ("w:a", 0, 1), ("w:a", -1, 1), ("w:a", 1, -1) })
            Assert.ThrowsAny<ArgumentException>(() => builder.Add(SegmentParts.Document(1), [new(term, frequency)], length));
    }

    [Fact]
    public async Task TermsOutOfOrderAreNotWritten()
    {
        using var folder = new Sealing.TemporaryFolder();
        using var key = Crypto.Secret.Random(SegmentKey.Size);
        await using var writer = new SegmentWriter(BuiltIndex.Owner, new SegmentId(1), key, Path.GetDirectoryName(folder["x"])!);
        writer.AddDocument(SegmentParts.Document(0));
        writer.AddDocument(SegmentParts.Document(1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await writer.AddTermAsync("w:a"u8.ToArray(), []));
        foreach (var wrong in (Posting[][])[[new(1, 1, 1), new(0, 1, 1)], [new(1, 1, 1), new(1, 1, 1)], [new(2, 1, 1)], [new(0, 0, 1)]])
            await Assert.ThrowsAsync<ArgumentException>(async () => await writer.AddTermAsync("w:a"u8.ToArray(), wrong));
        await writer.AddTermAsync("w:b"u8.ToArray(), [new(0, 1, 1)]);
        await writer.AddTermAsync("w:a"u8.ToArray(), [new(0, 1, 1)]);
        await Assert.ThrowsAsync<ArgumentException>(() => writer.FinishAsync());
    }

    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right));

    private static async Task SameAsPlainAsync(IReadOnlyList<PlainDocument> documents)
    {
        using var index = await BuiltIndex.OfAsync(documents);
        await SameAsPlainAsync(documents, index);
    }

    private static async Task SameAsPlainAsync(IReadOnlyList<PlainDocument> documents, BuiltIndex index)
    {
        var plain = new SortedDictionary<byte[], List<Posting>>(ByBytes);
        for (var number = 0; number < documents.Count; number++)
            foreach (var (term, frequency) in documents[number].Terms)
            {
                if (!plain.TryGetValue(TermText.ToUtf8(term), out var postings))
                    plain[TermText.ToUtf8(term)] = postings = [];
                if (postings.Count == 0 || postings[^1].Document != number)
                    postings.Add(new Posting((uint)number, (uint)frequency, (uint)documents[number].Length));
            }
        Assert.Equal((documents.Count, documents.Sum(document => (long)document.Length)), (index.Segment.Documents, index.Segment.TotalLength));
        Assert.Equal(plain.Keys, index.Segment.AllTerms().Select(term => term.Utf8));
        foreach (var term in index.Segment.AllTerms())
        {
            Assert.Equal(plain[term.Utf8], await index.PostingsAsync(term));
            Assert.Equal(plain[term.Utf8].Count, term.Documents);
            Assert.Equal(term.Text, index.Segment.Find(term.Text)!.Text);
        }
        for (var number = 0; number < documents.Count; number += 1 + (documents.Count / 100))
            Assert.Equal(documents[number].Document, index.Segment.Document((uint)number));
    }

    /// <summary>Few or many documents; terms of pieces, so that they share beginnings and go beyond ASCII; numbers of every size.</summary>
    private static List<PlainDocument> Corpus(int seed)
    {
        var numbers = new Numbers(seed);
        var vocabulary = Enumerable.Range(0, 1 + numbers.Below(300))
            .Select(_ => string.Concat(Enumerable.Range(0, 1 + numbers.Below(5)).Select(_ => Pieces[numbers.Below(Pieces.Length)]))).ToArray();
        var most = 1 + numbers.Below(60);
        return [.. Enumerable.Range(0, numbers.Below(numbers.Below(4) == 0 ? 3000 : 50)).Select(i => new PlainDocument(SegmentParts.Document(i),
            Enumerable.Range(0, numbers.Below(most)).Select(_ => vocabulary[numbers.Below(vocabulary.Length)]).Distinct()
                .ToDictionary(term => term, _ => 1 + (int)(numbers.Next() >> (33 + numbers.Below(31)))),
            (int)(numbers.Next() >> (33 + numbers.Below(31)))))];
    }
}
