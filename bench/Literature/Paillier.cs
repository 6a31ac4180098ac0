using System.Numerics;
using System.Security.Cryptography;

namespace Salus.Bench.Literature;

/// <summary>
/// Paillier's cryptosystem (EUROCRYPT 1999) with a modulus of 2048 bits and g = n + 1, on .NET's big integers: the usual choice of systems that add up encrypted health data. A baseline
/// and nothing else: it is not constant time.
/// </summary>
internal sealed class Paillier
{
    private readonly BigInteger _n;
    private readonly BigInteger _square;
    private readonly BigInteger _lambda;
    private readonly BigInteger _mu;

    public Paillier()
    {
        using var rsa = RSA.Create(2048);
        var primes = rsa.ExportParameters(includePrivateParameters: true);
        BigInteger p = Number(primes.P!), q = Number(primes.Q!);
        (_n, _square, _lambda) = (p * q, p * q * p * q, (p - 1) * (q - 1));
        // 1/λ mod n; by Euler, as n and (p-1)(q-1) have no common factor.
        _mu = BigInteger.ModPow(_lambda, (p - 1) * (q - 1) - 1, _n);
    }

    public BigInteger Encrypt(BigInteger value)
    {
        var random = Number(RandomNumberGenerator.GetBytes(256)) % (_n - 1) + 1;
        return (1 + value * _n) * BigInteger.ModPow(random, _n, _square) % _square;
    }

    public BigInteger Add(BigInteger a, BigInteger b) => a * b % _square;

    public BigInteger Decrypt(BigInteger ciphertext) => (BigInteger.ModPow(ciphertext, _lambda, _square) - 1) / _n * _mu % _n;

    private static BigInteger Number(byte[] bigEndian) => new(bigEndian, isUnsigned: true, isBigEndian: true);
}
