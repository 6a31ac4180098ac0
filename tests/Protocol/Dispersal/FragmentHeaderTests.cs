using System.Buffers.Binary;
using Salus.Protocol.Dispersal;

namespace Salus.Protocol.Tests.Dispersal;

public sealed class FragmentHeaderTests
{
    private static readonly byte[] Label = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Fact]
    public void WritesTheDocumentedBytes()
    {
        var bytes = Written(new FragmentLayout(100_000_000, 3, 5));
        var expected = "73616c7573667267" + "01" + "01" + "03" + "05" + "00010000" + "0000000005f5e100" + Convert.ToHexString(Label);
        Assert.Equal(expected, Convert.ToHexString(bytes.AsSpan(0, 56)), ignoreCase: true);
        Assert.All(bytes[56..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void ParsesWhatItWrote()
    {
        Assert.True(FragmentHeader.TryParse(Written(new FragmentLayout(123_456, 4, 8)), out var header));
        Assert.Equal((123_456, 4, 8), (header!.Layout.BodyLength, header.Layout.DataUnits, header.Layout.Fragments));
        Assert.Equal(Label, header.Label.ToArray());
    }

    [Fact]
    public void RefusesEveryFlippedBitOutsideTheFields()
    {
        var bytes = Written(new FragmentLayout(123_456, 4, 8));
        for (var at = 0; at < bytes.Length; at++)
        {
            if (at is (>= 10 and < 12) or (>= 16 and < 56))
                continue;
            bytes[at] ^= (byte)(1 << at % 8);
            Assert.False(FragmentHeader.TryParse(bytes, out _));
            bytes[at] ^= (byte)(1 << at % 8);
        }
    }

    [Theory]
    [InlineData(0, 1, 1), InlineData(15, 1, 1), InlineData((1L << 40) + 1, 1, 1), InlineData(long.MaxValue, 1, 1), InlineData(-1, 1, 1), InlineData(long.MinValue, 1, 1)]
    [InlineData(100, 0, 1), InlineData(100, 2, 1), InlineData(100, 1, 65), InlineData(100, 200, 255)]
    public void RefusesNumbersOutsideTheLimits(long bodyLength, int k, int n)
    {
        Assert.False(FragmentLayout.TryCreate(bodyLength, k, n, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FragmentLayout(bodyLength, k, n));
        var bytes = Written(new FragmentLayout(100, 1, 1));
        bytes[10] = (byte)k;
        bytes[11] = (byte)n;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), bodyLength);
        Assert.False(FragmentHeader.TryParse(bytes, out _));
    }

    [Fact]
    public void RefusesEveryOtherLength()
    {
        var bytes = Written(new FragmentLayout(100, 1, 1));
        for (var length = 0; length < bytes.Length; length += length < 100 ? 1 : 97)
            Assert.False(FragmentHeader.TryParse(bytes.AsSpan(0, length), out _));
        Assert.False(FragmentHeader.TryParse([.. bytes, 0], out _));
    }

    [Fact]
    public void LayoutsHoldTheirBody()
    {
        foreach (var (k, n) in new[] { (1, 1), (1, 8), (3, 5), (4, 8), (8, 8), (64, 64) })
            foreach (var around in new long[] { 16, 64, k * 64L, 4096, 65536, k * 65536L, 3 * k * 65536L, 5_000_000, 1L << 40 })
                for (var length = Math.Max(16, around - 2); length <= Math.Min(1L << 40, around + 2); length++)
                {
                    var layout = new FragmentLayout(length, k, n);
                    Assert.Equal(length, (layout.Stripes - 1) * layout.StripeLength + layout.BodyLengthOf(layout.Stripes - 1));
                    Assert.InRange(layout.LastUnitSize, 64, 65536);
                    Assert.Equal(0, layout.LastUnitSize % 64);
                    var last = layout.BodyLengthOf(layout.Stripes - 1);
                    Assert.True(last <= (long)k * layout.LastUnitSize && last > (long)k * (layout.LastUnitSize - 64));
                    Assert.Equal(layout.FileLength, 4096 + layout.UnitsLength + layout.Leaves * 32 + 32);
                    Assert.Equal(layout.Leaves, 2 + (layout.UnitsLength + 4095) / 4096);
                }
    }

    private static byte[] Written(FragmentLayout layout)
    {
        var bytes = new byte[FragmentHeader.Size];
        bytes.AsSpan().Fill(0xFF);
        new FragmentHeader(layout, Label).Write(bytes);
        return bytes;
    }
}
