using System.Globalization;
using Salus.Crypto.Dispersal;
using Salus.Testing;

namespace Salus.Crypto.Tests.Dispersal;

public sealed class ReedSolomonTests
{
    public static TheoryData<string> Kernels => [.. Enum.GetNames<GaloisKernel>()];

    [Theory, MemberData(nameof(Kernels))]
    public void EncodesAndRestoresAsTheVectorsSay(string name)
    {
        var kernel = Supported(name);
        foreach (var vector in Vectors.Read("reedsolomon"))
        {
            int k = vector.Int("k"), n = vector.Int("n"), unit = vector.Int("unit");
            byte[] data = vector.Bytes("data"), parity = n > k ? vector.Bytes("parity") : [];
            var code = new ReedSolomon(k, n, kernel);

            var encoded = new byte[(n - k) * unit];
            code.Encode(data, encoded, unit);
            Assert.Equal(parity, encoded);

            int[] present = Indices(vector["present"]), wanted = Indices(vector["wanted"]);
            byte[] all = [.. data, .. parity];
            var restored = new byte[wanted.Length * unit];
            code.Restoring(present, wanted).Apply(Gather(all, present, unit), restored, unit);
            Assert.Equal(Gather(all, wanted, unit), restored);
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void EveryKernelEqualsScalarAtEveryLengthAndGroupOfOutputs(string name)
    {
        var kernel = Supported(name);
        var random = new Random(1);
        for (var parity = 1; parity <= 9; parity++)
            foreach (var unit in new[] { 0, 1, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 200, 4096, 4097, 65536 })
            {
                var k = 1 + (parity * 7 + unit) % 11;
                var data = Random(random, k * unit);
                var expected = new byte[parity * unit];
                var actual = new byte[parity * unit];
                new ReedSolomon(k, k + parity, GaloisKernel.Scalar).Encode(data, expected, unit);
                new ReedSolomon(k, k + parity, kernel).Encode(data, actual, unit);
                Assert.Equal(expected, actual);
            }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void MultipliesEveryPairOfBytes(string name)
    {
        var kernel = Supported(name);
        var all = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        var actual = new byte[256];
        for (var coefficient = 0; coefficient < 256; coefficient++)
        {
            new UnitTransform(1, 1, [(byte)coefficient], kernel).Apply(all, actual, 256);
            Assert.Equal(all.Select(value => ShiftAndAdd((byte)coefficient, value)).ToArray(), actual);
        }
    }

    [Fact]
    public void AnyKOfNRestoreTheRest()
    {
        var random = new Random(2);
        foreach (var (k, n) in new[] { (1, 1), (1, 5), (2, 4), (3, 5), (4, 8), (5, 8), (8, 8), (6, 9) })
        {
            const int Unit = 96;
            var code = new ReedSolomon(k, n);
            var all = Encoded(code, random, Unit);
            foreach (var present in Subsets(n, k))
            {
                random.Shuffle(present);
                var wanted = Enumerable.Range(0, n).ToArray();
                var restored = new byte[n * Unit];
                code.Restoring(present, wanted).Apply(Gather(all, present, Unit), restored, Unit);
                Assert.Equal(all, restored);
            }
        }
    }

    [Fact]
    public void RandomKOfNRestoreInLargeCodes()
    {
        var random = new Random(3);
        for (var round = 0; round < 40; round++)
        {
            var n = random.Next(1, 256);
            var k = random.Next(1, n + 1);
            var unit = random.Next(1, 130);
            var code = new ReedSolomon(k, n);
            var all = Encoded(code, random, unit);
            var order = Enumerable.Range(0, n).ToArray();
            random.Shuffle(order);
            var restored = new byte[n * unit];
            code.Restoring(order.AsSpan(0, k), Enumerable.Range(0, n).ToArray()).Apply(Gather(all, order[..k], unit), restored, unit);
            Assert.Equal(all, restored);
        }
    }

    [Theory, InlineData(0, 1), InlineData(2, 1), InlineData(1, 256), InlineData(-1, 3)]
    public void RefusesImpossibleCodes(int k, int n) => Assert.Throws<ArgumentOutOfRangeException>(() => new ReedSolomon(k, n));

    [Fact]
    public void RefusesWrongShapes()
    {
        var code = new ReedSolomon(3, 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => code.Encode(new byte[29], new byte[20], 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => code.Encode(new byte[30], new byte[21], 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => code.Restoring([0, 1], [2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => code.Restoring([0, 1, 5], [2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => code.Restoring([0, 1, -1], [2]));
        Assert.Throws<ArgumentException>(() => code.Restoring([0, 1, 1], [2]));
        var both = new byte[50];
        Assert.Throws<ArgumentException>(() => code.Encode(both.AsSpan(0, 30), both.AsSpan(29, 20), 10));
    }

    private static GaloisKernel Supported(string name)
    {
        var kernel = Enum.Parse<GaloisKernel>(name);
        Assert.SkipUnless(GaloisKernels.IsSupported(kernel), $"This processor has no {name}.");
        return kernel;
    }

    private static byte[] Encoded(ReedSolomon code, Random random, int unit)
    {
        var data = Random(random, code.DataUnits * unit);
        var parity = new byte[code.ParityUnits * unit];
        code.Encode(data, parity, unit);
        return [.. data, .. parity];
    }

    private static byte[] Random(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Gather(byte[] all, int[] units, int size) => [.. units.SelectMany(unit => all.AsSpan(unit * size, size).ToArray())];

    private static int[] Indices(string list) => [.. list.Split(',').Select(index => int.Parse(index, CultureInfo.InvariantCulture))];

    private static IEnumerable<int[]> Subsets(int n, int k) =>
        Enumerable.Range(0, 1 << n).Where(bits => int.PopCount(bits) == k)
            .Select(bits => Enumerable.Range(0, n).Where(i => (bits >> i & 1) != 0).ToArray());

    private static byte ShiftAndAdd(byte a, byte b)
    {
        var product = 0;
        for (int shifted = a, rest = b; rest != 0; rest >>= 1, shifted = (shifted << 1) ^ ((shifted & 0x80) != 0 ? 0x11D : 0))
            if ((rest & 1) != 0)
                product ^= shifted;
        return (byte)product;
    }
}
