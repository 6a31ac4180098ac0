using System.Buffers.Binary;
using System.Diagnostics;
using Salus.Client.Search.Segments;
using Salus.Protocol;
using static Salus.Client.Tests.Search.Segments.HostileSegment;

namespace Salus.Client.Tests.Search.Segments;

/// <summary>Whatever the cloud makes of a dictionary, and whatever a source seals as one, the reader refuses it or can live with it.</summary>
public class HostileDictionaryTests
{
    public static TheoryData<bool> Kinds => [false, true];

    [Fact]
    public async Task TheCloudCanChangeNothing()
    {
        using var index = await SmallAsync();
        var bytes = index.Dictionary;
        for (var length = 0; length < bytes.Length; length++)
            await RefusedAsync(index, bytes[..length]);
        await RefusedAsync(index, [.. bytes, 0]);
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            await RefusedAsync(index, bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        using var unharmed = await OpenSegment.OpenAsync(BuiltIndex.Owner, index.Info, index.Key, bytes);
        Assert.Equal(index.Segment.Terms, unharmed.Terms);
    }

    [Fact]
    public async Task ADictionaryOfAnotherOwnerSegmentOrKeyIsRefused()
    {
        using var index = await SmallAsync();
        using var other = Crypto.Secret.Random(32);
        await AlarmAsync(() => OpenSegment.OpenAsync(new AccountId(1), index.Info, index.Key, index.Dictionary));
        await AlarmAsync(() => OpenSegment.OpenAsync(BuiltIndex.Owner, index.Info with { Id = new SegmentId(1) }, index.Key, index.Dictionary));
        await AlarmAsync(() => OpenSegment.OpenAsync(BuiltIndex.Owner, index.Info, other, index.Dictionary));
        await AlarmAsync(() => OpenSegment.OpenAsync(BuiltIndex.Owner, index.Info with { Blocks = 1 }, index.Key, index.Dictionary));
    }

    public static TheoryData<string> Names => [.. Malformed.Keys];

    private static Dictionary<string, (byte[] Plaintext, int Blocks)> Malformed { get; } = new()
    {
        ["no header"] = ([], 0),
        ["another magic"] = (Changed(Good, 0, 's' ^ 1), 2),
        ["flags 2"] = ([.. Header(9, 0, flags: 2), .. Table(9)], 0),
        ["more documents than 2^31"] = ([.. Header(0x80000000, 0), .. Table(0)], 0),
        ["a length of more than the documents can have"] = ([.. Header(1, 0, totalLength: (1UL << 32) + 1), .. Table(1)], 0),
        ["4 billion terms"] = ([.. Header(9, uint.MaxValue), .. Table(9)], 0),
        ["as many terms as bytes"] = ([.. Header(9, 11), .. Entry(0, "a", 1, 1), .. Entry(0, "b", 1, 1), .. Table(9)], 2),
        ["fewer terms than are there"] = ([.. Header(9, 1), .. Entry(0, "a", 1, 1), .. Entry(0, "b", 1, 1), .. Table(9)], 2),
        ["a byte behind the last"] = ([.. Good, 0], 2),
        ["not sorted"] = ([.. Header(9, 2), .. Entry(0, "b", 1, 1), .. Entry(0, "a", 1, 1), .. Table(9)], 2),
        ["one term twice"] = ([.. Header(9, 2), .. Entry(0, "a", 1, 1), .. Entry(0, "a", 1, 1), .. Table(9)], 2),
        ["less shared than could be"] = ([.. Header(9, 2), .. Entry(0, "ab", 1, 1), .. Entry(0, "ac", 1, 1), .. Table(9)], 2),
        ["more shared than there is"] = ([.. Header(9, 2), .. Entry(0, "a", 1, 1), .. Entry(2, "b", 1, 1), .. Table(9)], 2),
        ["the first shares"] = ([.. Header(9, 1), .. Entry(1, "a", 1, 1), .. Table(9)], 1),
        ["an empty term"] = ([.. Header(9, 1), .. Entry(0, "", 1, 1), 0, .. Table(9)], 1),
        ["the term before it again"] = ([.. Header(9, 2), .. Entry(0, "a", 1, 1), .. Entry(1, "", 1, 1), 0, .. Table(9)], 2),
        ["a term of 129 bytes"] = ([.. Header(9, 1), 0, 0x81, 1, .. new byte[129].Select(_ => (byte)'a'), 1, 1, .. Table(9)], 1),
        ["a term of 129 bytes by sharing"] = ([.. Header(9, 2), 0, 100, .. new byte[100].Select(_ => (byte)'a'), 1, 1, 100, 29, .. new byte[29].Select(_ => (byte)'b'), 1, 1, .. Table(9)], 2),
        ["a suffix beyond the end"] = ([.. Header(9, 1), 0, 100, (byte)'a', 1, 1, .. Table(9)], 1),
        ["not UTF-8"] = ([.. Header(9, 1), 0, 1, 0xff, 1, 1, .. Table(9)], 1),
        ["cut within a character"] = ([.. Header(9, 2), .. Entry(0, "é", 1, 1), 1, 1, 0xc0, 1, 1, .. Table(9)], 2),
        ["a number not in its shortest form"] = ([.. Header(9, 1), 0x80, 0, 1, (byte)'a', 1, 1, .. Table(9)], 1),
        ["a number of 33 bits"] = ([.. Header(9, 1), 0, 1, (byte)'a', 0xff, 0xff, 0xff, 0xff, 0x1f, 1, .. Table(9)], 1),
        ["a number of six bytes"] = ([.. Header(9, 1), 0, 1, (byte)'a', 0x80, 0x80, 0x80, 0x80, 0x80, 1, 1, .. Table(9)], 1),
        ["in no document"] = ([.. Header(9, 1), .. Entry(0, "a", 0, 1), .. Table(9)], 1),
        ["in more documents than there are"] = ([.. Header(9, 1), .. Entry(0, "a", 10, 1), .. Table(9)], 1),
        ["in no block"] = ([.. Header(9, 1), .. Entry(0, "a", 1, 0), .. Table(9)], 0),
        ["more blocks than documents"] = ([.. Header(9, 1), .. Entry(0, "a", 1, 2), .. Table(9)], 2),
        ["more documents than the blocks can have"] = ([.. Header(100, 1), .. Entry(0, "a", 80, 1), .. Table(100)], 1),
        ["more blocks than were signed"] = (Good, 1),
        ["fewer blocks than were signed"] = (Good, 3),
        ["fewer blocks than were signed, by their padding"] = ([.. Header(9, 1), .. Entry(0, "a", 9, 3), .. Table(9)], 3),
        ["four billion blocks of a term"] = ([.. Header(int.MaxValue, 1), 0, 1, (byte)'a', 0xff, 0xff, 0xff, 0xff, 7, 0xff, 0xff, 0xff, 0xff, 7], 16_777_216),
        ["fewer documents than the header says"] = ([.. Header(13, 1), .. Entry(0, "a", 1, 1), .. Table(12)], 1),
        ["more documents than the header says"] = ([.. Header(13, 1), .. Entry(0, "a", 1, 1), .. Table(14)], 1),
        ["blocks of an inline one"] = ([.. Header(0, 0, flags: 1)], 1),
        ["inline: fewer documents than the header says"] = (InlineGood[..^20], 0),
        ["inline: more documents than the header says"] = ([.. InlineGood, .. new byte[20]], 0),
        ["inline: part of a document"] = ([.. InlineGood, 0], 0),
        ["inline: more postings than bytes"] = ([.. Header(2, 1, flags: 1), .. Entry(0, "a", 2, 3, 0, 1, 1), .. Table(2)], 0),
        ["inline: postings beyond the end"] = ([.. Header(0, 1, flags: 1), .. Entry(0, "a", 1, 100)], 0),
        ["inline: four billion bytes of postings"] = ([.. Header(1, 1, flags: 1), 0, 1, (byte)'a', 1, 0xff, 0xff, 0xff, 0xff, 15, .. new byte[20]], 0),
        ["inline: a hundred million documents"] = (Header(100_000_000, 0, flags: 1), 0),
        ["inline: larger than a segment is inline"] = ([.. Header(13_108, 0, flags: 1), .. Table(13_108)], 0),
    };

    private static byte[] Good => [.. Header(9, 2), .. Entry(0, "a", 1, 1), .. Entry(0, "b", 9, 1), .. Table(9)];

    private static byte[] InlineGood => [.. Header(2, 1, flags: 1), .. Entry(0, "a", 2, 6, 0, 1, 1, 1, 1, 1), .. Table(2)];

    [Theory, MemberData(nameof(Names))]
    public async Task WhatNoHonestSourceSealsIsRefused(string name)
    {
        var (plaintext, blocks) = Malformed[name];
        await AlarmAsync(() => OpenAsync(plaintext, blocks));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(SegmentDictionary.TryRead(plaintext, blocks, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
    }

    [Fact]
    public async Task WhatAnHonestSourceSealsIsTaken()
    {
        (await OpenAsync(Good, 2)).Dispose();
        (await OpenAsync(InlineGood, 0)).Dispose();
        (await OpenAsync(Header(0, 0), 0)).Dispose();
        (await OpenAsync([.. Header(13_107, 0, flags: 1), .. Table(13_107)], 0)).Dispose();
        (await OpenAsync([.. Header(9, 1), .. Entry(0, "a", 9, 3), .. Table(9)], 4)).Dispose();
    }

    [Fact]
    public void ARestartSharesNothingAndTheOthersWhatTheyCan()
    {
        foreach (var (at, shared, taken) in new[] { (63, 4, true), (63, 0, false), (64, 0, true), (64, 4, false), (65, 4, true), (65, 3, false), (128, 0, true), (128, 3, false) })
        {
            var entries = Enumerable.Range(0, 130).SelectMany(i =>
            {
                var (text, last) = ($"w{i:d4}", $"w{i - 1:d4}");
                var same = i % 64 == 0 ? 0 : text.Zip(last).TakeWhile(pair => pair.First == pair.Second).Count();
                var used = i == at ? Math.Min(shared, text.Zip(last).TakeWhile(pair => pair.First == pair.Second).Count()) : same;
                return Entry((byte)used, text[used..], 1, 1);
            }).ToArray();
            Assert.Equal(taken, SegmentDictionary.TryRead([.. Header(9, 130), .. entries, .. Table(9)], 130, out _));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task EveryTruncationAndBitFlipOfThePlaintextIsRefusedOrAnotherDictionary(bool inBlocks)
    {
        var (plaintext, blocks) = await PlaintextAsync(inBlocks);
        Assert.True(SegmentDictionary.TryRead([.. plaintext], blocks, out _));
        for (var length = 0; length < plaintext.Length; length++)
            Assert.False(SegmentDictionary.TryRead(plaintext[..length], blocks, out _), $"{length} of {plaintext.Length} bytes");
        var taken = 0;
        for (var bit = 0; bit < 8 * plaintext.Length; bit++)
        {
            var altered = (byte[])plaintext.Clone();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            taken += Survives(altered, blocks) ? 1 : 0;
        }
        Assert.InRange(taken, 1, 8 * plaintext.Length);
    }

    [Fact]
    public async Task RandomAlterationsNeitherCrashNorHang()
    {
        foreach (var inBlocks in Kinds)
        {
            var (plaintext, blocks) = await PlaintextAsync(inBlocks);
            var numbers = new Numbers(11);
            var watch = Stopwatch.StartNew();
            for (var round = 0; round < 20_000; round++)
            {
                var altered = (byte[])plaintext.Clone();
                for (var i = numbers.Below(6); i >= 0; i--)
                    altered[DictionaryFormat.HeaderSize - 4 + numbers.Below(altered.Length - DictionaryFormat.HeaderSize + 4)] = (byte)numbers.Below(256);
                Survives(altered, blocks);
            }
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
        }
    }

    /// <summary>Whether it is taken; then all that can be asked of it is answered, and it is the one encoding of what it says.</summary>
    private static bool Survives(byte[] plaintext, int blocks)
    {
        if (!SegmentDictionary.TryRead(plaintext, blocks, out var dictionary))
            return false;
        var written = new DictionaryWriter();
        var count = 0;
        for (var group = 0; group < dictionary.Groups; group++)
            foreach (var term in dictionary.Group(group))
            {
                Assert.Equal(term.Utf8, dictionary.Find(term.Utf8)!.Utf8);
                Assert.InRange(term.Documents, 1, dictionary.Documents);
                if (dictionary.IsInline)
                {
                    written.AddInline(term.Utf8, term.Documents, dictionary.Run(term));
                    var postings = new List<Posting>();
                    if (PostingRun.TryReadRun(dictionary.Run(term), term.Documents, (uint)dictionary.Documents, postings))
                        Assert.All(postings, posting => Assert.True(posting.Document < dictionary.Documents));
                }
                else
                    written.Add(term.Utf8, term.Documents, term.Blocks);
                count++;
            }
        Assert.Equal(dictionary.Terms, count);
        Assert.Equal(count, dictionary.Range([], int.MaxValue).Count);
        if (dictionary.Documents > 0)
            _ = dictionary.Document((uint)dictionary.Documents - 1);
        var entries = written.Entries;
        Assert.Equal(entries.ToArray(), plaintext.AsSpan(DictionaryFormat.HeaderSize, entries.Length).ToArray());
        return true;
    }

    private static Task<BuiltIndex> SmallAsync() => BuiltIndex.OfAsync(SegmentParts.Zipf(9, 12, 150, 4));

    /// <summary>A small dictionary, as it is built, or as a large segment has it: a block for each term.</summary>
    private static async Task<(byte[] Plaintext, int Blocks)> PlaintextAsync(bool inBlocks)
    {
        using var index = await SmallAsync();
        using var key = new Crypto.Search.SegmentKey(index.Key, [.. BuiltIndex.Owner.ToBytes(), .. index.Info.Id.ToBytes()]);
        Assert.True(Crypto.Sealing.ChunkedEncryption.TryOpen(key.DictionaryKey, index.Dictionary.AsSpan(0, 56), key.Context, out var encryption));
        Assert.True(Crypto.Sealing.ChunkedEncryption.TryPlaintextLength(index.Dictionary.Length, out var length));
        var plaintext = new byte[length];
        using (encryption)
            Assert.True(await encryption.OpenFinalAsync(0, index.Dictionary.AsMemory(56), plaintext));
        Assert.Equal(index.Segment.Terms, (int)BinaryPrimitives.ReadUInt32BigEndian(plaintext.AsSpan(26)));
        if (!inBlocks)
            return (plaintext, 0);
        var written = new DictionaryWriter();
        foreach (var term in index.Segment.AllTerms())
            written.Add(term.Utf8, term.Documents, 1);
        written.AddDocuments(plaintext.AsSpan(plaintext.Length - (9 * IndexedDocument.Size)));
        return ([.. Header(9, (uint)written.Terms), .. written.Entries], written.Terms);
    }

    private static byte[] Changed(byte[] bytes, int at, int value)
    {
        bytes[at] = (byte)value;
        return bytes;
    }

    /// <summary>Refused by the hash that the source signed; and by the encryption, should the source have signed it.</summary>
    private static async Task RefusedAsync(BuiltIndex index, byte[] altered)
    {
        await AlarmAsync(() => OpenSegment.OpenAsync(BuiltIndex.Owner, index.Info, index.Key, altered));
        var signed = index.Info with { DictionaryLength = altered.Length, DictionaryHash = System.Security.Cryptography.SHA256.HashData(altered) };
        await AlarmAsync(() => OpenSegment.OpenAsync(BuiltIndex.Owner, signed, index.Key, altered));
    }

    private static async Task AlarmAsync(Func<Task> act) => Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(act)).Kind);
}
