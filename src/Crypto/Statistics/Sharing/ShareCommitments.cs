using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Salus.Crypto.Statistics.Sharing;

/// <summary>
/// Commitments to the three vectors of a sharing, 32 bytes each: H(label; vector, count, vector as in the parcels). Who holds two vectors could test guesses of the values
/// against a plain hash of the third one; what is hashed holds a seed or a blind that such a party does not know.
/// </summary>
public sealed class ShareCommitments : IEquatable<ShareCommitments>
{
    public const int HashSize = 32;
    public const int Size = Parties.Count * HashSize;

    private readonly byte[] _bytes;

    private ShareCommitments(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>False for another length than <see cref="Size"/>; any bytes of it may be commitments.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ShareCommitments? commitments)
    {
        commitments = bytes.Length == Size ? new ShareCommitments(bytes.ToArray()) : null;
        return commitments is not null;
    }

    public bool Equals([NotNullWhen(true)] ShareCommitments? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as ShareCommitments);

    public override int GetHashCode() => BitConverter.ToInt32(_bytes);

    internal static ShareCommitments From(byte[] bytes) => new(bytes);

    internal static void Commit(int vector, int count, ReadOnlySpan<byte> written, Span<byte> hash)
    {
        using var transcript = new Transcript(Domains.ShareCommitment);
        transcript.Append((uint)vector).Append((uint)count).Append(written).ToHash(hash);
    }

    internal bool Fits(int vector, ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(_bytes.AsSpan(vector * HashSize, HashSize), hash);
}
