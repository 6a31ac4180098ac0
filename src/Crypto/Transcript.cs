using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Salus.Crypto.Primitives;

namespace Salus.Crypto;

/// <summary>
/// H(label; x, y…): SHA-512 over the label and each part, every one of them behind its length (8 bytes, big-endian),
/// so that no two different lists of parts hash the same bytes. One hash for each transcript.
/// </summary>
public sealed class Transcript : IDisposable
{
    public const int HashSize = 64;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
    private bool _finished;

    /// <summary><paramref name="label"/> is one of <see cref="Domains"/>.</summary>
    public Transcript(string label)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        Append(Encoding.UTF8.GetBytes(label));
    }

    public Transcript Append(ReadOnlySpan<byte> part)
    {
        if (_finished)
            throw new InvalidOperationException("The transcript has been hashed.");
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(length, (ulong)part.Length);
        _hash.AppendData(length);
        _hash.AppendData(part);
        return this;
    }

    /// <summary>Appends a part of four bytes, big-endian.</summary>
    public Transcript Append(uint value)
    {
        Span<byte> part = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(part, value);
        return Append(part);
    }

    /// <summary>Appends a part of eight bytes, big-endian.</summary>
    public Transcript Append(ulong value)
    {
        Span<byte> part = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(part, value);
        return Append(part);
    }

    /// <summary>All 64 bytes of the hash. Ends the transcript.</summary>
    public byte[] ToHash()
    {
        var hash = new byte[HashSize];
        ToHash(hash);
        return hash;
    }

    /// <summary>The first bytes of the hash, as many as asked for: 16 at least, 64 at most. Ends the transcript.</summary>
    public void ToHash(Span<byte> upTo64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(upTo64.Length, 16, nameof(upTo64));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(upTo64.Length, HashSize, nameof(upTo64));
        if (_finished)
            throw new InvalidOperationException("The transcript has been hashed.");
        _finished = true;
        Span<byte> hash = stackalloc byte[HashSize];
        _hash.GetHashAndReset(hash);
        hash[..upTo64.Length].CopyTo(upTo64);
        CryptographicOperations.ZeroMemory(hash);
    }

    /// <summary>The hash as a scalar of ristretto255: 64 bytes modulo the group order. Ends the transcript.</summary>
    internal void ToScalar(Span<byte> scalar)
    {
        Span<byte> wide = stackalloc byte[HashSize];
        using var wiped = new Wiped(wide);
        ToHash(wide);
        Ristretto255.Reduce(wide, scalar);
    }

    public void Dispose() => _hash.Dispose();
}
