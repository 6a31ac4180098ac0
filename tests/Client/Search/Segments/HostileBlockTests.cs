using Salus.Client.Search.Segments;
using Salus.Crypto.Search;
using Salus.Protocol;
using Salus.Testing;
using static Salus.Client.Tests.Search.Segments.HostileSegment;

namespace Salus.Client.Tests.Search.Segments;

/// <summary>Blocks that the cloud withholds or exchanges, and blocks that a source sealed wrongly.</summary>
public class HostileBlockTests
{
    [Fact]
    public async Task ABlockThatTheCloudHasNotGotIsWithheld()
    {
        using var index = await BuiltIndex.OfAsync(SegmentParts.Zipf(8000, 40, 3000, 1));
        var term = index.Segment.Find("w:0")!;
        var blocks = index.Fetch(index.Segment.Addresses(term)).ToArray();
        Assert.True(blocks.Length >= 64);
        for (var missing = 0; missing < blocks.Length; missing++)
            await AlarmAsync(AlarmKind.Withheld, () => index.Segment.PostingsAsync(term, [.. blocks.Select((block, i) => i == missing ? default : block)]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await index.Segment.PostingsAsync(term, blocks[1..]));
    }

    [Fact]
    public async Task BlocksOfAnotherTermPlaceOrSegmentAreRefused()
    {
        using var index = await BuiltIndex.OfAsync(SegmentParts.Zipf(8000, 40, 3000, 1));
        using var twin = await BuiltIndex.OfAsync(SegmentParts.Zipf(8000, 40, 3000, 1));
        var (term, other) = (index.Segment.Find("w:0")!, index.Segment.Find("w:1")!);
        var blocks = index.Fetch(index.Segment.Addresses(term)).ToArray();
        await AlarmAsync(AlarmKind.Integrity, () => index.Segment.PostingsAsync(term, [blocks[1], blocks[0], .. blocks[2..]]));
        await AlarmAsync(AlarmKind.Integrity, () => index.Segment.PostingsAsync(term, [.. index.Fetch(index.Segment.Addresses(other)).Take(1), .. blocks[1..]]));
        await AlarmAsync(AlarmKind.Integrity, () => index.Segment.PostingsAsync(term, twin.Fetch(twin.Segment.Addresses(twin.Segment.Find("w:0")!))));
        await AlarmAsync(AlarmKind.Integrity, () => index.Segment.PostingsAsync(term, [blocks[0][..255], .. blocks[1..]]));
        for (var bit = 0; bit < 8 * BlockSize.Sealed; bit += Sampling.Step)
        {
            var altered = blocks[3].ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            await AlarmAsync(AlarmKind.Integrity, () => index.Segment.PostingsAsync(term, [.. blocks[..3], altered, .. blocks[4..]]));
        }
        Assert.Equal(term.Documents, (await index.Segment.PostingsAsync(term, blocks)).Count);
    }

    public static TheoryData<string> Names => [.. Malformed.Keys];

    /// <summary>Both blocks of a term that the dictionary says is in three of nine documents, two blocks with postings.</summary>
    private static Dictionary<string, (byte[] First, byte[] Second)> Malformed { get; } = new()
    {
        ["count above what is there"] = ([3, 0, 1, 1, 1, 1, 1], [1, 8, 1, 1]),
        ["count 255"] = ([255, 0, 1, 1], [1, 8, 1, 1]),
        ["padding not zero"] = ([2, 0, 1, 1, 1, 1, 1, 0, 0, 1], [1, 8, 1, 1]),
        ["last byte not zero"] = ([2, 0, 1, 1, 1, 1, 1, .. new byte[232], 1], [1, 8, 1, 1]),
        ["a document twice"] = ([2, 0, 1, 1, 0, 1, 1], [1, 8, 1, 1]),
        ["a document of the block before"] = ([2, 0, 1, 1, 1, 1, 1], [1, 1, 1, 1]),
        ["a document that does not exist"] = ([2, 0, 1, 1, 1, 1, 1], [1, 9, 1, 1]),
        ["a step beyond 32 bits"] = ([2, 1, 1, 1, 0xff, 0xff, 0xff, 0xff, 15, 1, 1], [1, 8, 1, 1]),
        ["frequency 0"] = ([2, 0, 0, 1, 1, 1, 1], [1, 8, 1, 1]),
        ["a number not in its shortest form"] = ([2, 0x80, 0, 1, 1, 1, 1, 1], [1, 8, 1, 1]),
        ["a number of 33 bits"] = ([2, 0, 1, 1, 1, 0xff, 0xff, 0xff, 0xff, 0x1f, 1], [1, 8, 1, 1]),
        ["cut in a number"] = ([80, .. Enumerable.Repeat((byte)0x81, 239)], [1, 8, 1, 1]),
        ["an empty block before the last"] = ([0], [3, 0, 1, 1, 1, 1, 1, 1, 1, 1]),
        ["an empty block at the end"] = ([3, 0, 1, 1, 1, 1, 1, 1, 1, 1], [0]),
        ["fewer postings than the dictionary says"] = ([1, 0, 1, 1], [1, 8, 1, 1]),
        ["more postings than the dictionary says"] = ([3, 0, 1, 1, 1, 1, 1, 1, 1, 1], [1, 8, 1, 1]),
    };

    [Theory, MemberData(nameof(Names))]
    public async Task WhatNoHonestSourceSealsIsRefused(string name)
    {
        using var segment = await OpenAsync([.. Header(9, 1), .. Entry(0, "a", 3, 2), .. Table(9)], 2);
        var (first, second) = Malformed[name];
        await AlarmAsync(AlarmKind.Integrity, async () => await segment.PostingsAsync(segment.Find("a")!, [await BlockAsync("a", 0, first), await BlockAsync("a", 1, second)]));
    }

    [Fact]
    public async Task WhatAnHonestSourceSealsIsTaken()
    {
        using var segment = await OpenAsync([.. Header(9, 1), .. Entry(0, "a", 3, 2), .. Table(9)], 2);
        var postings = await segment.PostingsAsync(segment.Find("a")!, [await BlockAsync("a", 0, [2, 0, 1, 4, 1, 2, 5]), await BlockAsync("a", 1, [1, 8, 3, 0])]);
        Assert.Equal([new Posting(0, 1, 4), new(1, 2, 5), new(8, 3, 0)], postings);
    }

    [Fact]
    public async Task ABlockOfPaddingIsEmpty()
    {
        using var segment = await OpenAsync([.. Header(9, 1), .. Entry(0, "a", 3, 3), .. Table(9)], 4);
        ReadOnlyMemory<byte>[] blocks = [await BlockAsync("a", 0, [1, 0, 1, 4]), await BlockAsync("a", 1, [1, 1, 1, 4]), await BlockAsync("a", 2, [1, 2, 1, 4]), await BlockAsync("a", 3, [0])];
        Assert.Equal(3, (await segment.PostingsAsync(segment.Find("a")!, blocks)).Count);
        blocks[3] = await BlockAsync("a", 3, [0, 0, 0, 1]);
        await AlarmAsync(AlarmKind.Integrity, () => segment.PostingsAsync(segment.Find("a")!, blocks));
    }

    [Fact]
    public async Task ADocumentThatDoesNotExistIsNobodys()
    {
        using var segment = await OpenAsync([.. Header(9, 0), .. Table(9)], 0);
        Assert.Equal(default, segment.Document(8).Record);
        Assert.Throws<ArgumentOutOfRangeException>(() => segment.Document(9));
        Assert.Throws<ArgumentOutOfRangeException>(() => segment.Document(uint.MaxValue));
    }

    [Fact]
    public async Task InlinePostingsAreReadAsStrictly()
    {
        foreach (var (run, taken) in new (byte[], bool)[]
        {
            ([0, 1, 1, 1, 1, 1], true), ([0, 1, 1, 0, 1, 1], false), ([0, 1, 1, 2, 1, 1], false), ([0, 0, 1, 1, 1, 1], false), ([2, 1, 1, 0, 1, 1], false),
            ([0, 1, 1, 1, 1, 1, 0], false), ([0, 1, 1, 1, 0x81, 0, 1], false),
        })
        {
            using var segment = await OpenAsync([.. Header(2, 1, flags: 1), .. Entry(0, "a", 2, (byte)run.Length, run), .. Table(2)], 0);
            var term = segment.Find("a")!;
            if (taken)
                Assert.Equal(2, (await segment.PostingsAsync(term, [])).Count);
            else
                await AlarmAsync(AlarmKind.Integrity, () => segment.PostingsAsync(term, []));
        }
    }

    [Fact]
    public void RandomBlocksAreRefusedOrTheOneEncodingOfTheirPostings()
    {
        var numbers = new Numbers(3);
        var taken = 0;
        Span<byte> written = stackalloc byte[BlockSize.Plain + PostingRun.MaximumPosting];
        for (var round = 0; round < 100_000; round += Sampling.Step)
        {
            var block = new byte[BlockSize.Plain];
            var used = numbers.Below(numbers.Below(2) == 0 ? 8 : block.Length);
            for (var i = 0; i < used; i++)
                block[i] = (byte)numbers.Below(numbers.Below(4) == 0 ? 256 : 4);
            var postings = new List<Posting>();
            if (!PostingRun.TryReadBlock(block, 100, postings))
                continue;
            taken++;
            written.Clear();
            written[0] = (byte)postings.Count;
            var at = 1;
            for (var i = 0; i < postings.Count; i++)
                at += PostingRun.Write(i == 0 ? postings[0].Document : postings[i].Document - postings[i - 1].Document, postings[i].Frequency, postings[i].Length, written[at..]);
            Assert.Equal(block, written[..BlockSize.Plain].ToArray());
        }
        Assert.InRange(taken, 1000 / Sampling.Step, 99_000 / Sampling.Step);
    }

    [Fact]
    public async Task APromiseOfManyPostingsAllocatesNothingForThem()
    {
        // A dictionary of 4 MB that says of one term that it is in all of its documents, in as many blocks as can be.
        const int Documents = 200_000;
        const int Blocks = 131_072;
        Span<byte> number = stackalloc byte[5];
        var entry = new List<byte> { 0, 1, (byte)'a' };
        foreach (var value in (uint[])[Documents, Blocks])
            entry.AddRange(number[..Varint.Write(value, number)]);
        using var segment = await OpenAsync([.. Header(Documents, 1), .. entry, .. Table(Documents)], Blocks);
        var term = segment.Find("a")!;
        var blocks = new ReadOnlyMemory<byte>[Blocks];
        var before = GC.GetAllocatedBytesForCurrentThread();
        await AlarmAsync(AlarmKind.Withheld, () => segment.PostingsAsync(term, blocks));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * 1024 * 1024);
    }

    private static async Task AlarmAsync(AlarmKind kind, Func<ValueTask<IReadOnlyList<Posting>>> act) => await AlarmAsync(kind, async () => { await act(); });

    private static async Task AlarmAsync(AlarmKind kind, Func<Task> act) => Assert.Equal(kind, (await Assert.ThrowsAsync<AlarmException>(act)).Kind);
}
