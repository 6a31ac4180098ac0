using Salus.Client.Sealing;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Tests.Sealing;

public sealed class RangeTests
{
    [Theory]
    [InlineData(3, 5, 0)]
    [InlineData(3, 5, 0b00001)]
    [InlineData(3, 5, 0b00110)]
    [InlineData(3, 5, 0b11000)]
    [InlineData(1, 8, 0b00000111)]
    [InlineData(8, 8, 0)]
    [InlineData(4, 8, 0b01011001)]
    public async Task RangesEqualSlices(int k, int n, int lost)
    {
        const int Length = 2_345_678;
        using var body = await Sealed.OfAsync(Length, k, n);
        using var opener = body.Opener(body.Sources(fragments =>
        {
            for (var i = 0; i < n; i++)
                if ((lost >> i & 1) != 0)
                    fragments[i] = null!;
        }));
        var random = new Random(k * 100 + n);
        var ranges = new List<(int From, int To)> { (0, 0), (0, 1), (Length - 1, Length), (Length, Length), (16383, 16385), (16384, 32768), (0, Length), (1, Length), (0, Length - 1) };
        for (var round = 0; round < 150; round++)
        {
            var from = random.Next(Length);
            ranges.Add((from, Math.Min(Length, from + (int)Math.Pow(2, random.NextDouble() * 21))));
        }
        foreach (var (from, to) in ranges)
            await OpensAsync(body, opener, from, to);
    }

    [Theory, InlineData(0b001), InlineData(0b011), InlineData(0b101)]
    public async Task RangesOverBadLeavesEqualSlices(int damaged)
    {
        const int Length = 1_500_000;
        using var body = await Sealed.OfAsync(Length, 3, 5);
        var random = new Random(damaged);
        using var opener = body.Opener(body.Sources(fragments =>
        {
            for (var i = 0; i < 3; i++)
                if ((damaged >> i & 1) != 0)
                    for (var stripe = 0; stripe < 8; stripe++)
                        fragments[i][FragmentLayout.UnitOffset(stripe) + random.Next(40_000)] ^= 1;
        }));
        for (var round = 0; round < 200; round++)
        {
            var from = random.Next(Length);
            await OpensAsync(body, opener, from, Math.Min(Length, from + random.Next(1, 200_000)));
        }
    }

    [Fact]
    public async Task ARangeReadsOnlyWhatItNeeds()
    {
        using var body = await Sealed.OfAsync(5_000_000, 3, 5);
        var sources = body.Fragments.Select((bytes, i) => new CountingFragment(new MemoryFragment($"{i}", bytes))).ToArray();
        using var opener = body.Opener(sources);
        await OpensAsync(body, opener, 1_000_000, 1_000_100);
        // One fragment holds it: its header, leaf hashes and next label once, and the five leaves over which a chunk lies at most.
        Assert.Single(sources, source => source.Bytes > 0);
        var fixedPart = 4096 + body.Body.Layout.LeafHashesLength + 32;
        Assert.InRange(sources.Sum(source => source.Bytes), fixedPart, fixedPart + 5 * 4096);

        await OpensAsync(body, opener, 1_000_050, 1_000_100);
        Assert.InRange(sources.Sum(source => source.Bytes), fixedPart, fixedPart + 10 * 4096);
    }

    [Fact]
    public async Task AnEmptyRangeOfAnEmptyBodyIsAuthenticatedToo()
    {
        using var body = await Sealed.OfAsync(0, 3, 5);
        using var good = body.Opener(body.Sources());
        Assert.Equal(0, (await good.OpenRangeAsync(0, 0, new MemoryStream())).Length);
        using var bad = body.Opener(new FragmentSource?[5]);
        await Assert.ThrowsAsync<BodyUnavailableException>(() => bad.OpenRangeAsync(0, 0, new MemoryStream()));
    }

    [Fact]
    public async Task RangesOutsideThePlaintextAreRefused()
    {
        using var body = await Sealed.OfAsync(1000, 3, 5);
        using var opener = body.Opener(body.Sources());
        foreach (var (offset, length) in new[] { (-1L, 1L), (0, -1), (0, 1001), (1001, 0), (1000, 1), (long.MaxValue, 1), (1, long.MaxValue) })
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => opener.OpenRangeAsync(offset, length, new MemoryStream()));
    }

    private static async Task OpensAsync(Sealed body, BodyOpener opener, int from, int to)
    {
        var output = new MemoryStream();
        var report = await opener.OpenRangeAsync(from, to - from, output);
        Assert.Equal(to - from, report.Length);
        Assert.True(body.Plaintext.AsSpan(from, to - from).SequenceEqual(output.ToArray()), $"Other bytes came out of [{from}, {to}).");
    }

    private sealed class CountingFragment(FragmentSource source) : FragmentSource
    {
        private long _bytes;

        public long Bytes => _bytes;

        public override string Name => source.Name;

        public override async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
        {
            var read = await source.ReadAsync(offset, buffer, cancellation);
            Interlocked.Add(ref _bytes, read);
            return read;
        }
    }
}
