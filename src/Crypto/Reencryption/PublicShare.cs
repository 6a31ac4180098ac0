using System.Diagnostics.CodeAnalysis;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Reencryption;

/// <summary>
/// What everybody may know of one trustee's share of a delegation: id 32 | X 32 | U1 32. U1 = rk·U commits to the secret part, X is common to the
/// shares of
/// one delegation. The owner's signature over these bytes is what makes a share, and the cfrags checked against it, worth anything.
/// </summary>
public sealed class PublicShare
{
    public const int Size = 96;
    public const int IdSize = 32;

    private const int Part = 32;
    private readonly byte[] _bytes;

    private PublicShare(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Random; two shares of one delegation never have the same.</summary>
    public ReadOnlySpan<byte> Id => _bytes.AsSpan(0, IdSize);

    internal ReadOnlySpan<byte> X => _bytes.AsSpan(Part, Part);
    internal ReadOnlySpan<byte> U1 => _bytes.AsSpan(2 * Part, Part);

    /// <summary>False for a wrong length and for points that are not canonical or the identity.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PublicShare? share)
    {
        share = null;
        if (bytes.Length != Size || !Ristretto255.IsPoint(bytes[Part..(2 * Part)]) || !Ristretto255.IsPoint(bytes[(2 * Part)..]))
            return false;
        share = new PublicShare(bytes);
        return true;
    }

    internal static PublicShare Of(ReadOnlySpan<byte> id, ReadOnlySpan<byte> x, ReadOnlySpan<byte> u1)
    {
        Span<byte> bytes = stackalloc byte[Size];
        id.CopyTo(bytes);
        x.CopyTo(bytes[Part..]);
        u1.CopyTo(bytes[(2 * Part)..]);
        return new PublicShare(bytes);
    }
}
