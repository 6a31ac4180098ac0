using System.Numerics;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Tests.Primitives;

public class Ristretto255Tests
{
    private static readonly BigInteger L = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", null);

    private static BigInteger Number(ReadOnlySpan<byte> scalar) => new(scalar, isUnsigned: true);

    private static byte[] Bytes(BigInteger value)
    {
        var bytes = new byte[32];
        value.ToByteArray(isUnsigned: true).CopyTo(bytes, 0);
        return bytes;
    }

    private static byte[] RandomScalar()
    {
        var scalar = new byte[32];
        Ristretto255.Random(scalar);
        return scalar;
    }

    [Fact]
    public void ScalarsAreTheNumbersFromOneToTheOrderLessOne()
    {
        Assert.True(Ristretto255.IsScalar(Bytes(1)));
        Assert.True(Ristretto255.IsScalar(Bytes(L - 1)));
        Assert.False(Ristretto255.IsScalar(Bytes(0)));
        Assert.False(Ristretto255.IsScalar(Bytes(L)));
        Assert.False(Ristretto255.IsScalar(Bytes(L + 1)));
        Assert.False(Ristretto255.IsScalar(Bytes(BigInteger.Pow(2, 255))));
        Assert.False(Ristretto255.IsScalar(Bytes(BigInteger.Pow(2, 256) - 1)));
        Assert.False(Ristretto255.IsScalar(new byte[31]));
        Assert.False(Ristretto255.IsScalar(new byte[33]));
    }

    [Fact]
    public void AnyBytesAreAScalarWhenTheirNumberIsOne() =>
        Prop.ForAll<byte[]>(seed =>
        {
            var candidate = SHA256.HashData(seed);
            if (seed.Length % 2 == 0)
                candidate[31] &= 0x1f;   // near the order
            var number = Number(candidate);
            return Ristretto255.IsScalar(candidate) == (number > 0 && number < L);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ScalarArithmeticIsThatOfNumbersModuloTheOrder()
    {
        for (var i = 0; i < 200; i++)
        {
            byte[] left = RandomScalar(), right = RandomScalar(), result = new byte[32];
            Ristretto255.Add(left, right, result);
            Assert.Equal((Number(left) + Number(right)) % L, Number(result));
            Ristretto255.Subtract(left, right, result);
            Assert.Equal((Number(left) - Number(right) + L) % L, Number(result));
            Ristretto255.Multiply(left, right, result);
            Assert.Equal(Number(left) * Number(right) % L, Number(result));
            Assert.True(Ristretto255.TryInvert(left, result));
            Assert.Equal(BigInteger.One, Number(left) * Number(result) % L);
            Ristretto255.Reduce([.. left, .. right], result);
            Assert.Equal((Number(left) + (Number(right) << 256)) % L, Number(result));
        }
        Assert.False(Ristretto255.TryInvert(new byte[32], new byte[32]));
    }

    [Fact]
    public void ResultsMayOverwriteOperands()
    {
        byte[] left = RandomScalar(), right = RandomScalar(), expected = new byte[32], inPlace;
        Ristretto255.Multiply(left, right, expected);
        inPlace = (byte[])left.Clone();
        Ristretto255.Multiply(inPlace, right, inPlace);
        Assert.Equal(expected, inPlace);
        Assert.True(Ristretto255.TryInvert(left, expected));
        inPlace = (byte[])left.Clone();
        Assert.True(Ristretto255.TryInvert(inPlace, inPlace));
        Assert.Equal(expected, inPlace);
        Assert.True(Ristretto255.TryMultiplyBase(left, expected));
        inPlace = (byte[])expected.Clone();
        Assert.True(Ristretto255.TryAdd(expected, expected, expected));
        Assert.True(Ristretto255.TrySubtract(expected, inPlace, expected));
        Assert.Equal(inPlace, expected);
    }

    [Fact]
    public void AProductThatIsTheIdentityIsReported()
    {
        byte[] point = new byte[32], result = new byte[32];
        Assert.True(Ristretto255.TryMultiplyBase(RandomScalar(), point));
        Assert.False(Ristretto255.TryMultiply(new byte[32], point, result));
        Assert.False(Ristretto255.TryMultiply(Bytes(L), point, result));
        Assert.False(Ristretto255.TryMultiply(RandomScalar(), new byte[32], result));
        Assert.False(Ristretto255.TryMultiplyBase(new byte[32], result));
        Assert.False(Ristretto255.TryMultiply(RandomScalar(), Bytes(1), result), "not an encoding");
    }

    [Fact]
    public void WrongLengthsThrowBeforeTheLibrarySeesThem()
    {
        Assert.Throws<ArgumentException>(() => Ristretto255.TryMultiply(new byte[31], new byte[32], new byte[32]));
        Assert.Throws<ArgumentException>(() => Ristretto255.TryAdd(new byte[32], new byte[32], new byte[31]));
        Assert.Throws<ArgumentException>(() => Ristretto255.Add(new byte[32], new byte[33], new byte[32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ristretto255.Reduce(new byte[32], new byte[32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ristretto255.FromHash(new byte[32], new byte[32]));
    }
}
