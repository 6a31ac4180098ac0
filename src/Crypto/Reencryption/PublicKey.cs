using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Reencryption;

/// <summary>
/// A public key of ristretto255, 32 bytes: of a delegator for one partition and epoch, or of a delegatee. It is a valid point and not the identity.
/// </summary>
public sealed class PublicKey : IEquatable<PublicKey>
{
    public const int Size = Ristretto255.PointSize;

    private readonly byte[] _bytes;

    private PublicKey(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>False for a wrong length, an encoding that is not canonical, and the identity.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PublicKey? publicKey)
    {
        publicKey = Ristretto255.IsPoint(bytes) ? new PublicKey(bytes) : null;
        return publicKey is not null;
    }

    /// <summary>The key of a secret scalar between 1 and L - 1.</summary>
    internal static PublicKey Of(ReadOnlySpan<byte> scalar)
    {
        Span<byte> point = stackalloc byte[Size];
        if (!Ristretto255.IsScalar(scalar) || !Ristretto255.TryMultiplyBase(scalar, point))
            throw new ArgumentException("The scalar is zero or not reduced.", nameof(scalar));
        return new PublicKey(point);
    }

    public bool Equals([NotNullWhen(true)] PublicKey? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    public override int GetHashCode() => Unsafe.ReadUnaligned<int>(ref _bytes[0]);

    public override string ToString() => Convert.ToHexStringLower(_bytes);
}
