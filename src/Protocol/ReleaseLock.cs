using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Protocol;

/// <summary>
/// What a re-encryption key may be locked with: it answers nothing until its delegatee has shown the trustee a secret, in time. Each trustee has a secret of its own, so
/// what is shown to one opens nothing at another.
/// </summary>
public sealed class ReleaseLock : IEquatable<ReleaseLock>
{
    /// <summary>Bytes of a trustee's secret.</summary>
    public const int SecretSize = 32;

    /// <summary>Wrong secrets after which a trustee deletes the locked keys.</summary>
    public const int MaxTries = 5;

    private readonly byte[] _verifier;

    public ReleaseLock(ReadOnlySpan<byte> verifier, DateTimeOffset expires)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(verifier.Length, Sha256.Size, nameof(verifier));
        (_verifier, Expires) = (verifier.ToArray(), expires);
    }

    /// <summary>SHA-256 of the trustee's secret, 32 bytes.</summary>
    public ReadOnlySpan<byte> Verifier => _verifier;

    /// <summary>The first instant at which a secret is not taken any more, and the locked keys are deleted. What was released stays.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>The lock that a secret opens.</summary>
    public static ReleaseLock Of(ReadOnlySpan<byte> secret, DateTimeOffset expires) => new(Sha256.Hash(secret), expires);

    public bool IsOpenedBy(ReadOnlySpan<byte> secret) => CryptographicOperations.FixedTimeEquals(Sha256.Hash(secret), _verifier);

    public bool Equals([NotNullWhen(true)] ReleaseLock? other) => other is not null && Expires == other.Expires && Verifier.SequenceEqual(other.Verifier);

    public override bool Equals(object? obj) => Equals(obj as ReleaseLock);

    public override int GetHashCode() => BitConverter.ToInt32(_verifier);

    public override string ToString() => $"{Convert.ToHexStringLower(_verifier)} {Expires:o}";
}
