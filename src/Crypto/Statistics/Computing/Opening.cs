using System.Diagnostics.CodeAnalysis;
using Salus.Crypto.Statistics.Sharing;

namespace Salus.Crypto.Statistics.Computing;

/// <summary>
/// A party's two shares of a result, on the way to whoever asked for it: x_i and then x_(i+1), 8 bytes an element. The recipient holds them against those of one or
/// both others: <see cref="Reconstruction"/>.
/// </summary>
public static class Opening
{
    internal const int HashSize = 32;

    /// <summary>Bytes of a party's shares of so many elements.</summary>
    public static int Size(int count) => checked(2 * Field61.Size * count);

    /// <summary>False for another length than that of so many elements, and for an element that is not below p.</summary>
    public static bool TryParse(int party, int count, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SharePair? shares)
    {
        shares = null;
        ulong[] own = new ulong[count], next = new ulong[count];
        if (bytes.Length != Size(count) || !FieldVector.TryRead(bytes[..(bytes.Length / 2)], own) || !FieldVector.TryRead(bytes[(bytes.Length / 2)..], next))
            return false;
        shares = SharePair.OfResult(party, own, next);
        return true;
    }

    internal static byte[] Write(SecretVector vector) => [.. PartyLink.Bytes(vector.Own.Span), .. PartyLink.Bytes(vector.Next.Span)];

    internal static byte[] Hash(ReadOnlySpan<byte> share)
    {
        var hash = new byte[HashSize];
        using var transcript = new Transcript(Domains.ComputationOpening);
        transcript.Append(share).ToHash(hash);
        return hash;
    }
}
