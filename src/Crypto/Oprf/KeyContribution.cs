using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Oprf;

/// <summary>
/// What one holder adds to a key that nobody deals: commitments to a random line f(x) = a0 + a1·x, A0 = a0·G 32 | A1 = a1·G 32. The key is the sum of the
/// three a0, a holder's share the sum of the three f(i).
/// </summary>
/// <remarks>
/// Source: P. Feldman, "A practical scheme for non-interactive verifiable secret sharing" (1987), and T. Pedersen, "A threshold cryptosystem without a trusted
/// party" (1991), with t = 2 and n = 3, and all three contributing. Whoever hands the other two valid shares of a line knows the line, so nobody can contribute the
/// negative of another's commitment; the caller has to bind each share to who made it, or one could be handed on as another's.
/// Who contributes last can still choose among keys that it draws (Gennaro and others, 2007): that gives it some bits of
/// influence on a public key and no knowledge of the secret one, which is all that the function needs.
/// </remarks>
public sealed class KeyContribution
{
    public const int Size = ThresholdKey.Threshold * OprfElement.Size;

    private readonly byte[] _bytes;

    private KeyContribution(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>False for a wrong length and for points that are not canonical or the identity.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out KeyContribution? contribution)
    {
        contribution = null;
        if (bytes.Length != Size || !Ristretto255.IsPoint(bytes[..OprfElement.Size]) || !Ristretto255.IsPoint(bytes[OprfElement.Size..]))
            return false;
        contribution = new KeyContribution(bytes);
        return true;
    }

    /// <summary>A fresh line: its commitments, and its value for each of the three holders, which the caller seals to them and disposes of.</summary>
    public static KeyContribution Make(out Secret[] shares)
    {
        using var a0 = new Secret(Voprf.ScalarSize);
        using var a1 = new Secret(Voprf.ScalarSize);
        Span<byte> bytes = stackalloc byte[Size];
        do
        {
            Ristretto255.Random(a0.Writable);
            Ristretto255.Random(a1.Writable);
            shares = [.. Enumerable.Range(0, ThresholdKey.Holders).Select(index => Value(a0, a1, index))];
        }
        while (shares.Any(share => !Ristretto255.IsScalar(share.Bytes)));   // a share of zero would show where the line crosses
        if (!Ristretto255.TryMultiplyBase(a0.Bytes, bytes[..OprfElement.Size]) || !Ristretto255.TryMultiplyBase(a1.Bytes, bytes[OprfElement.Size..]))
            throw new CryptographicException("The random scalars are degenerate.");
        return new KeyContribution(bytes);
    }

    /// <summary>Whether this is the line's value for that holder: share · G = A0 + point · A1.</summary>
    public bool Fits(int index, ReadOnlySpan<byte> share)
    {
        Span<byte> left = stackalloc byte[OprfElement.Size];
        Span<byte> right = stackalloc byte[OprfElement.Size];
        return Ristretto255.IsScalar(share) && Ristretto255.TryMultiplyBase(share, left) && TryCommitment(index, right)
            && CryptographicOperations.FixedTimeEquals(left, right);
    }

    /// <summary>The public key of three contributions. False when they add up to an identity, which three honest ones do not.</summary>
    public static bool TryAdd(IReadOnlyList<KeyContribution> three, [NotNullWhen(true)] out ThresholdKey? key)
    {
        key = null;
        ArgumentNullException.ThrowIfNull(three);
        ArgumentOutOfRangeException.ThrowIfNotEqual(three.Count, ThresholdKey.Holders, nameof(three));
        Span<byte> line = stackalloc byte[Size];
        Span<byte> bytes = stackalloc byte[ThresholdKey.Size];
        three[0].Bytes.CopyTo(line);
        foreach (var contribution in three.Skip(1))
            if (!Ristretto255.TryAdd(line[..OprfElement.Size], contribution._bytes.AsSpan(0, OprfElement.Size), line[..OprfElement.Size])
                || !Ristretto255.TryAdd(line[OprfElement.Size..], contribution._bytes.AsSpan(OprfElement.Size), line[OprfElement.Size..]))
                return false;
        if (!TryParse(line, out var sum))
            return false;
        line[..OprfElement.Size].CopyTo(bytes);
        for (var index = 0; index < ThresholdKey.Holders; index++)
            if (!sum.TryCommitment(index, bytes.Slice((1 + index) * OprfElement.Size, OprfElement.Size)))
                return false;
        return ThresholdKey.TryParse(bytes, out key);
    }

    /// <summary>A holder's share of the key: the sum of the values that the three have given it. False when it is not that of the public share.</summary>
    public static bool TryShare(ThresholdKey key, int index, IReadOnlyList<Secret> values, [NotNullWhen(true)] out ThresholdShare? share)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var sum = Secret.CopyOf(values[0].Bytes);
        foreach (var value in values.Skip(1))
            Ristretto255.Add(sum.Bytes, value.Bytes, sum.Writable);
        return ThresholdShare.TryParse(key, index, sum.Bytes, out share);
    }

    private static Secret Value(Secret a0, Secret a1, int index)
    {
        var value = new Secret(Voprf.ScalarSize);
        Span<byte> point = stackalloc byte[Voprf.ScalarSize];
        ThresholdKey.Point(index, point);
        Ristretto255.Multiply(a1.Bytes, point, value.Writable);
        Ristretto255.Add(a0.Bytes, value.Bytes, value.Writable);
        return value;
    }

    /// <summary>A0 + point · A1.</summary>
    private bool TryCommitment(int index, Span<byte> commitment)
    {
        Span<byte> point = stackalloc byte[Voprf.ScalarSize];
        ThresholdKey.Point(index, point);
        return Ristretto255.TryMultiply(point, _bytes.AsSpan(OprfElement.Size), commitment)
            && Ristretto255.TryAdd(_bytes.AsSpan(0, OprfElement.Size), commitment, commitment)
            && Ristretto255.IsPoint(commitment);
    }
}
