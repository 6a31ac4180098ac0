using System.Diagnostics.CodeAnalysis;

namespace Salus.Crypto.Statistics.Sharing;

/// <summary>What party i holds of a vector: x_i and x_(i+1), uniform whatever the values are.</summary>
public sealed class SharePair
{
    private readonly ulong[] _own;
    private readonly ulong[] _next;
    private readonly byte[] _hashes;

    private SharePair(int party, ulong[] own, ulong[] next, byte[] hashes) => (Party, _own, _next, _hashes) = (party, own, next, hashes);

    /// <summary>i, from 0 to 2.</summary>
    public int Party { get; }

    public int Count => _own.Length;

    /// <summary>x_i.</summary>
    public ReadOnlyMemory<ulong> Own => _own;

    /// <summary>x_(i+1).</summary>
    public ReadOnlyMemory<ulong> Next => _next;

    /// <summary>Reads a parcel of <see cref="SplitVector"/>. False for a length that is not that of so many elements, and for an element that is not below p.</summary>
    public static bool TryParse(int party, int count, ReadOnlySpan<byte> parcel, [NotNullWhen(true)] out SharePair? pair)
    {
        pair = null;
        if (parcel.Length != SplitVector.ParcelSize(party, count))
            return false;
        ulong[] own = new ulong[count], next = new ulong[count];
        var hashes = new byte[2 * ShareCommitments.HashSize];
        var size = SplitVector.VectorSize(party, count);
        if (!TryRead(party, parcel[..size], own, hashes.AsSpan(0, ShareCommitments.HashSize))
            || !TryRead(Parties.Next(party), parcel[size..], next, hashes.AsSpan(ShareCommitments.HashSize)))
            return false;
        pair = new SharePair(party, own, next, hashes);
        return true;
    }

    /// <summary>True when both vectors are those that the owner committed to.</summary>
    public bool Fits(ShareCommitments commitments)
    {
        ArgumentNullException.ThrowIfNull(commitments);
        return commitments.Fits(Party, _hashes.AsSpan(0, ShareCommitments.HashSize))
            & commitments.Fits(Parties.Next(Party), _hashes.AsSpan(ShareCommitments.HashSize));
    }

    /// <summary>Shares of a result, to which nobody committed.</summary>
    internal static SharePair OfResult(int party, ulong[] own, ulong[] next)
    {
        Parties.Check(party);
        return new SharePair(party, own, next, new byte[2 * ShareCommitments.HashSize]);
    }

    public override string ToString() => "[redacted]";

    /// <summary>The vector x_j, which is one of the two.</summary>
    internal ReadOnlySpan<ulong> Vector(int j) => j == Party ? _own : _next;

    private static bool TryRead(int vector, ReadOnlySpan<byte> written, Span<ulong> elements, Span<byte> hash)
    {
        ShareCommitments.Commit(vector, elements.Length, written, hash);
        if (vector == SplitVector.Explicit)
            return FieldVector.TryRead(written[SplitVector.BlindSize..], elements);
        FieldStream.Fill(written, 0, elements);
        return true;
    }
}
