using System.Globalization;
using BigInteger = System.Numerics.BigInteger;
using System.Security.Cryptography;
using Salus.Crypto.Statistics;
using Salus.Testing;

namespace Salus.Crypto.Tests.Statistics;

public sealed class Field61Tests
{
    private static readonly BigInteger P = Field61.Modulus;

    public static TheoryData<Vector> All => [.. Vectors.Read("field61")];

    [Theory]
    [MemberData(nameof(All))]
    public void EveryOperationGivesWhatTheVectorsSay(Vector vector)
    {
        var a = new ulong[1];
        Assert.Equal(vector.Expect == "ok", FieldVector.TryRead(vector.Bytes("a"), a));
        if (vector.Expect != "ok")
            return;
        ulong x = a[0], y = Read(vector, "b");
        Assert.Equal(Read(vector, "sum"), Field61.Add(x, y));
        Assert.Equal(Read(vector, "difference"), Field61.Subtract(x, y));
        Assert.Equal(Read(vector, "product"), Field61.Multiply(x, y));
        Assert.Equal(Read(vector, "inverse"), Field61.Invert(x));
        var signed = long.Parse(vector["signed"], CultureInfo.InvariantCulture);
        Assert.Equal(signed, Field61.ToSigned(x));
        Assert.Equal(x, Field61.FromSigned(signed));
        var written = new byte[Field61.Size];
        FieldVector.Write(a, written);
        Assert.Equal(vector.Bytes("a"), written);
    }

    [Fact]
    public void VectorsEqualIntegersAtEveryLength()
    {
        var random = new Random(61);
        for (var length = 0; length < 150; length++)
        {
            ulong[] a = Elements(random, length), b = Elements(random, length), result = new ulong[length];
            FieldVector.Add(a, b, result);
            Assert.Equal(a.Zip(b, (x, y) => (x + (BigInteger)y) % P), result.Select(x => (BigInteger)x));
            FieldVector.Subtract(a, b, result);
            Assert.Equal(a.Zip(b, (x, y) => (P + x - y) % P), result.Select(x => (BigInteger)x));
            FieldVector.Multiply(a, b, result);
            Assert.Equal(a.Zip(b, (x, y) => (BigInteger)x * y % P), result.Select(x => (BigInteger)x));
            FieldVector.Scale(b.FirstOrDefault(), a, result);
            Assert.Equal(a.Select(x => (BigInteger)x * b[0] % P), result.Select(x => (BigInteger)x));
            Assert.Equal((ulong)(a.Aggregate(BigInteger.Zero, (sum, x) => sum + x) % P), FieldVector.Sum(a));
            Assert.Equal((ulong)(a.Zip(b, (x, y) => (BigInteger)x * y).Aggregate(BigInteger.Zero, (sum, x) => sum + x) % P), FieldVector.Dot(a, b));
        }
    }

    [Fact]
    public void ScalarsAndLanesGiveTheSame()
    {
        var random = new Random(62);
        foreach (var width in new[] { 0, 1, 7, 8, 9, 16, 31, 100 })
            foreach (var k in new[] { 1, 2, 4, 8, 17 })
            {
                ulong[] factors = Elements(random, k), rows = Elements(random, k * width), lanes = new ulong[width], scalars = new ulong[width];
                FieldVector.Combine(factors, rows, lanes);
                FieldVector.CombinePortably(factors, rows, scalars, 0);
                Assert.Equal(scalars, lanes);
                Assert.Equal(Enumerable.Range(0, width).Select(j => Enumerable.Range(0, k).Aggregate(BigInteger.Zero, (sum, t) => sum + (BigInteger)factors[t] * rows[t * width + j]) % P),
                    lanes.Select(x => (BigInteger)x));
                Assert.Equal(FieldVector.DotPortably(rows, [.. rows.Reverse()]), FieldVector.Dot(rows, [.. rows.Reverse()]));
            }
    }

    [Fact]
    public void TheLargestElementsOverflowNothing()
    {
        var largest = Enumerable.Repeat(Field61.Modulus - 1, 1000).ToArray();
        Assert.Equal(Field61.Modulus - 1000, FieldVector.Sum(largest));
        Assert.Equal(1000UL, FieldVector.Dot(largest, largest));
        Assert.Equal(1000UL, FieldVector.DotPortably(largest, largest));
        var combined = new ulong[100];
        FieldVector.Combine(largest.AsSpan(0, 10), largest, combined);
        Assert.All(combined, element => Assert.Equal(10UL, element));
        Assert.Equal((ulong)((((BigInteger)ulong.MaxValue << 64) + ulong.MaxValue) % P), Field61.Reduce(ulong.MaxValue, ulong.MaxValue));
        Assert.Equal(0UL, Field61.Reduce(0, Field61.Modulus));
    }

    [Fact]
    public void BytesThatAreNotCanonicalAreRefusedWhereverTheyStand()
    {
        for (var at = 0; at < 9; at++)
        {
            var bytes = new byte[9 * Field61.Size];
            bytes.AsSpan(Field61.Size * at, 7).Fill(0xff);
            bytes[Field61.Size * at + 7] = 0x1f;
            var elements = Enumerable.Repeat(7UL, 9).ToArray();
            Assert.False(FieldVector.TryRead(bytes, elements));
            Assert.All(elements, element => Assert.Equal(0UL, element));
            bytes[Field61.Size * at]--;
            Assert.True(FieldVector.TryRead(bytes, elements));
            Assert.Equal(Field61.Modulus - 1, elements[at]);
        }
        Assert.False(FieldVector.TryRead(new byte[71], new ulong[9]));
        Assert.False(FieldVector.TryRead(new byte[73], new ulong[9]));
    }

    [Theory]
    [InlineData(Field61.MaxMagnitude + 1), InlineData(-Field61.MaxMagnitude - 1), InlineData(long.MaxValue), InlineData(long.MinValue)]
    public void IntegersBeyondHalfTheFieldAreRefused(long value) => Assert.Throws<ArgumentOutOfRangeException>(() => Field61.FromSigned(value));

    [Fact]
    public void OperandsOfDifferentLengthsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FieldVector.Add(new ulong[2], new ulong[3], new ulong[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FieldVector.Subtract(new ulong[2], new ulong[2], new ulong[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FieldVector.Dot(new ulong[2], new ulong[3]));
    }

    [Fact]
    public void AWordOfOnesIsPassedOverByStreams()
    {
        foreach (var length in new[] { 1, 3, 4, 8, 17, 40 })
            for (var at = 0; at < length; at++)
            {
                var words = Enumerable.Range(0, length).Select(i => (7UL << Field61.Bits) + (ulong)i).ToArray();
                words[at] = ulong.MaxValue;
                Assert.Equal(length - 1, FieldStream.Keep(words));
                Assert.Equal(Enumerable.Range(0, length).Where(i => i != at).Select(i => (ulong)i), words.Take(length - 1));
            }
    }

    [Fact]
    public void StreamsOfOneSeedDiffer()
    {
        var seed = RandomNumberGenerator.GetBytes(FieldStream.SeedSize);
        ulong[] zero = new ulong[20], one = new ulong[20], again = new ulong[10];
        FieldStream.Fill(seed, 0, zero);
        FieldStream.Fill(seed, 1, one);
        FieldStream.Fill(seed, 1, again);
        Assert.Empty(zero.Intersect(one));
        Assert.Equal(one.Take(10), again);
        Assert.All(one, element => Assert.True(element < Field61.Modulus));
    }

    internal static ulong[] Elements(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(8) switch
    {
        0 => Field61.Modulus - 1 - (ulong)random.Next(3),
        1 => (ulong)random.Next(3),
        _ => (ulong)random.NextInt64((long)Field61.Modulus),
    })];

    private static ulong Read(Vector vector, string key)
    {
        var element = new ulong[1];
        Assert.True(FieldVector.TryRead(vector.Bytes(key), element));
        return element[0];
    }
}
