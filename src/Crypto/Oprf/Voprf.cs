using System.Buffers.Binary;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Oprf;

/// <summary>The algorithms of the verifiable oblivious pseudorandom function, one input at a time.</summary>
/// <remarks>
/// Source: RFC 9497, suite ristretto255-SHA512 (section 4.1) in mode 1 (VOPRF, section 3.3.2); hashing to the group by RFC 9380, expand_message_xmd. The
/// names are the RFC's, and so are the bytes: these strings are not of Domains.cs, for the RFC fixes them.
/// Secret: the input, the blind, the key, the unblinded element. All work on scalars and elements is constant time.
/// </remarks>
internal static class Voprf
{
    public const int ElementSize = Ristretto255.PointSize;
    public const int ScalarSize = Ristretto255.ScalarSize;
    public const int ProofSize = 2 * ScalarSize;
    public const int OutputSize = SHA512.HashSizeInBytes;

    /// <summary>Bytes of an input, at most: its length is hashed in two bytes.</summary>
    public const int MaxInput = ushort.MaxValue;

    private const int Sha512Block = 128;

    /// <summary>"OPRFV1-" | mode 1 | "-" | suite.</summary>
    private static ReadOnlySpan<byte> Context => "OPRFV1-\u0001-ristretto255-SHA512"u8;

    /// <summary>The element that an input stands for. An input that hashes to the identity cannot be found.</summary>
    public static void HashToGroup(ReadOnlySpan<byte> input, Span<byte> element)
    {
        Span<byte> uniform = stackalloc byte[Ristretto255.WideSize];
        using var wiped = new Wiped(uniform);
        Expand(input, "HashToGroup-"u8, uniform);
        Ristretto255.FromHash(uniform, element);
    }

    /// <summary>DeriveKeyPair (section 3.2.1): the scalar of a seed of 32 bytes and a public string.</summary>
    public static void DeriveKey(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> info, Span<byte> scalar)
    {
        var input = new byte[seed.Length + sizeof(ushort) + info.Length + 1];
        using var wiped = new Wiped(input);
        seed.CopyTo(input);
        BinaryPrimitives.WriteUInt16BigEndian(input.AsSpan(seed.Length), (ushort)info.Length);
        info.CopyTo(input.AsSpan(seed.Length + sizeof(ushort)));
        do
        {
            HashToScalar(input, "DeriveKeyPair"u8, scalar);
            input[^1] = checked((byte)(input[^1] + 1));
        }
        while (!Ristretto255.IsScalar(scalar));
    }

    /// <summary>Blind (section 3.3.1) with a chosen scalar: blind · HashToGroup(input).</summary>
    public static void Blind(ReadOnlySpan<byte> input, ReadOnlySpan<byte> blind, Span<byte> blinded)
    {
        Span<byte> element = stackalloc byte[ElementSize];
        using var wiped = new Wiped(element);
        HashToGroup(input, element);
        if (!Ristretto255.TryMultiply(blind, element, blinded))
            throw new CryptographicException("The input or its blind is degenerate.");
    }

    /// <summary>GenerateProof (section 2.2.1) for one pair: that evaluated = key · blinded for the key of publicKey = key · G. Proof: c 32 | s 32.</summary>
    public static void Prove(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> blinded, ReadOnlySpan<byte> evaluated, ReadOnlySpan<byte> random, Span<byte> proof)
    {
        Span<byte> points = stackalloc byte[4 * ElementSize];
        Span<byte> m = points[..ElementSize], z = points[ElementSize..(2 * ElementSize)],
            t2 = points[(2 * ElementSize)..(3 * ElementSize)], t3 = points[(3 * ElementSize)..];
        Span<byte> c = proof[..ScalarSize], s = proof[ScalarSize..];
        var made = Composites(publicKey, blinded, evaluated, m, z)
            & Ristretto255.TryMultiplyBase(random, t2)
            & Ristretto255.TryMultiply(random, m, t3);
        if (!made)
            throw new CryptographicException("The random scalar is degenerate.");
        Challenge(publicKey, m, z, t2, t3, c);
        Ristretto255.Multiply(c, key, s);
        Ristretto255.Subtract(random, s, s);
    }

    /// <summary>VerifyProof (section 2.2.2) for one pair.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> blinded, ReadOnlySpan<byte> evaluated, ReadOnlySpan<byte> proof)
    {
        Span<byte> points = stackalloc byte[4 * ElementSize];
        Span<byte> m = points[..ElementSize], z = points[ElementSize..(2 * ElementSize)],
            t2 = points[(2 * ElementSize)..(3 * ElementSize)], t3 = points[(3 * ElementSize)..];
        Span<byte> other = stackalloc byte[ElementSize];
        ReadOnlySpan<byte> c = proof[..ScalarSize], s = proof[ScalarSize..ProofSize];
        // A commitment that is the identity is refused as well: an honest proof meets one with chance 2^-252.
        if (!Composites(publicKey, blinded, evaluated, m, z)
            || !Ristretto255.TryMultiplyBase(s, t2)
            || !Ristretto255.TryMultiply(c, publicKey, other)
            || !Ristretto255.TryAdd(t2, other, t2)
            || !Ristretto255.TryMultiply(s, m, t3)
            || !Ristretto255.TryMultiply(c, z, other)
            || !Ristretto255.TryAdd(t3, other, t3))
            return false;
        Challenge(publicKey, m, z, t2, t3, other);
        return CryptographicOperations.FixedTimeEquals(other, c);
    }

    /// <summary>Finalize (section 3.3.2) once the proof holds: the output for an input, 64 bytes.</summary>
    public static void Finalize(ReadOnlySpan<byte> input, ReadOnlySpan<byte> blind, ReadOnlySpan<byte> evaluated, Span<byte> output)
    {
        Span<byte> work = stackalloc byte[2 * ElementSize];
        using var wiped = new Wiped(work);
        Span<byte> inverse = work[..ScalarSize], unblinded = work[ScalarSize..];
        if (!Ristretto255.TryInvert(blind, inverse) || !Ristretto255.TryMultiply(inverse, evaluated, unblinded))
            throw new CryptographicException("The blind is zero.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        Append(hash, input);
        Append(hash, unblinded);
        hash.AppendData("Finalize"u8);
        hash.GetHashAndReset(output);
    }

    /// <summary>ComputeComposites (section 2.2.2) for one pair: M = d · blinded, Z = d · evaluated.</summary>
    private static bool Composites(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> blinded, ReadOnlySpan<byte> evaluated, Span<byte> m, Span<byte> z)
    {
        Span<byte> seed = stackalloc byte[OutputSize];
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512))
        {
            Append(hash, publicKey);
            Append(hash, [.. "Seed-"u8, .. Context]);
            hash.GetHashAndReset(seed);
        }
        Span<byte> scalar = stackalloc byte[ScalarSize];
        byte[] input = [.. Prefixed(seed), 0, 0, .. Prefixed(blinded), .. Prefixed(evaluated), .. "Composite"u8];
        HashToScalar(input, "HashToScalar-"u8, scalar);
        return Ristretto255.TryMultiply(scalar, blinded, m) & Ristretto255.TryMultiply(scalar, evaluated, z);
    }

    private static void Challenge(
        ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> m, ReadOnlySpan<byte> z, ReadOnlySpan<byte> t2, ReadOnlySpan<byte> t3, Span<byte> challenge)
    {
        byte[] input = [.. Prefixed(publicKey), .. Prefixed(m), .. Prefixed(z), .. Prefixed(t2), .. Prefixed(t3), .. "Challenge"u8];
        HashToScalar(input, "HashToScalar-"u8, challenge);
    }

    private static void HashToScalar(ReadOnlySpan<byte> message, ReadOnlySpan<byte> purpose, Span<byte> scalar)
    {
        Span<byte> uniform = stackalloc byte[Ristretto255.WideSize];
        using var wiped = new Wiped(uniform);
        Expand(message, purpose, uniform);
        Ristretto255.Reduce(uniform, scalar);
    }

    /// <summary>expand_message_xmd (RFC 9380 section 5.3.1) with SHA-512 to 64 bytes, which is one block of output; DST = purpose | context.</summary>
    private static void Expand(ReadOnlySpan<byte> message, ReadOnlySpan<byte> purpose, Span<byte> uniform64)
    {
        Span<byte> tag = stackalloc byte[purpose.Length + Context.Length + 1];
        purpose.CopyTo(tag);
        Context.CopyTo(tag[purpose.Length..]);
        tag[^1] = (byte)(tag.Length - 1);
        Span<byte> pad = stackalloc byte[Sha512Block];
        pad.Clear();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        hash.AppendData(pad);
        hash.AppendData(message);
        hash.AppendData([0, 64, 0]);
        hash.AppendData(tag);
        Span<byte> first = stackalloc byte[OutputSize];
        using var wiped = new Wiped(first);
        hash.GetHashAndReset(first);
        hash.AppendData(first);
        hash.AppendData([1]);
        hash.AppendData(tag);
        hash.GetHashAndReset(uniform64);
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)part.Length));
        hash.AppendData(length);
        hash.AppendData(part);
    }

    private static byte[] Prefixed(ReadOnlySpan<byte> part) => [(byte)(part.Length >> 8), (byte)part.Length, .. part];
}
