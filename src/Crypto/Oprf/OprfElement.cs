using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Oprf;

/// <summary>
/// An element of ristretto255 as the OPRF sends it, 32 bytes: a blinded input, a public share, a group key. Canonical and not the identity
/// (RFC 9497 section 2.1, DeserializeElement).
/// </summary>
public sealed class OprfElement : IEquatable<OprfElement>
{
    public const int Size = Ristretto255.PointSize;

    private readonly byte[] _bytes;

    private OprfElement(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>False for a wrong length, an encoding that is not canonical, and the identity.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out OprfElement? element)
    {
        element = Ristretto255.IsPoint(bytes) ? new OprfElement(bytes) : null;
        return element is not null;
    }

    public bool Equals([NotNullWhen(true)] OprfElement? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => Equals(obj as OprfElement);

    public override int GetHashCode() => Unsafe.ReadUnaligned<int>(ref _bytes[0]);

    public override string ToString() => Convert.ToHexStringLower(_bytes);
}
