using System.Security.Cryptography;

namespace Salus.Crypto.Statistics.Sharing;

/// <summary>
/// A vector of secret values split into three vectors that add up to it, x = x0 + x1 + x2, each uniform and any two of them together too. x0 and x1 are streams of seeds,
/// so that little is sent; x2 is written out. Made on the device of whoever owns the values.
/// </summary>
/// <remarks>
/// Source: replicated secret sharing (Ito, Saito, Nishizeki 1987; Araki, Furukawa, Lindell, Nof, Ohara, CCS 2016), seeds as there. Party i is sent a parcel with vectors
/// i and i+1, in this order: a seeded vector is its seed of 32 bytes, the other one a blind of 32 bytes and 8 bytes for each element. A seed is used for stream 0 of
/// <see cref="FieldStream"/> and nothing else.
/// </remarks>
public sealed class SplitVector : IDisposable
{
    /// <summary>The vector that has no seed.</summary>
    internal const int Explicit = 2;

    internal const int BlindSize = 32;

    private readonly Secret _seeds;
    private readonly Secret _blind;
    private readonly ulong[] _third;

    private SplitVector(Secret seeds, Secret blind, ReadOnlySpan<ulong> elements)
    {
        (_seeds, _blind, _third) = (seeds, blind, elements.ToArray());
        var mask = new ulong[elements.Length];
        for (var vector = 0; vector < Explicit; vector++)
        {
            FieldStream.Fill(Seed(vector), 0, mask);
            FieldVector.Subtract(_third, mask, _third);
        }
        Array.Clear(mask);
    }

    public int Count => _third.Length;

    /// <summary>Splits integers; throws for one beyond <see cref="Field61.MaxMagnitude"/>.</summary>
    public static SplitVector Split(ReadOnlySpan<long> values)
    {
        var elements = new ulong[values.Length];
        FieldVector.FromSigned(values, elements);
        var split = SplitElements(elements);
        Array.Clear(elements);
        return split;
    }

    public static SplitVector SplitElements(ReadOnlySpan<ulong> elements) => From(Secret.Random(2 * FieldStream.SeedSize), Secret.Random(BlindSize), elements);

    /// <summary>With given seeds, for vectors.</summary>
    internal static SplitVector From(Secret seeds, Secret blind, ReadOnlySpan<ulong> elements) => new(seeds, blind, elements);

    /// <summary>Bytes of a party's parcel, 0 &lt;= party &lt; 3.</summary>
    public static int ParcelSize(int party, int count)
    {
        Parties.Check(party);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return VectorSize(party, count) + VectorSize(Parties.Next(party), count);
    }

    /// <summary>Writes what a party is to hold: for its eyes only.</summary>
    public void WriteParcel(int party, Span<byte> parcel)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(parcel.Length, ParcelSize(party, Count), nameof(parcel));
        var own = VectorSize(party, Count);
        WriteVector(party, parcel[..own]);
        WriteVector(Parties.Next(party), parcel[own..]);
    }

    public byte[] Parcel(int party)
    {
        var parcel = new byte[ParcelSize(party, Count)];
        WriteParcel(party, parcel);
        return parcel;
    }

    /// <summary>Commitments to the three vectors, which show nothing of them: a party's answer can be held against these.</summary>
    public ShareCommitments Commit()
    {
        var bytes = new byte[ShareCommitments.Size];
        for (var vector = 0; vector < Parties.Count; vector++)
        {
            var written = new byte[VectorSize(vector, Count)];
            WriteVector(vector, written);
            ShareCommitments.Commit(vector, Count, written, bytes.AsSpan(vector * ShareCommitments.HashSize, ShareCommitments.HashSize));
            CryptographicOperations.ZeroMemory(written);
        }
        return ShareCommitments.From(bytes);
    }

    public void Dispose()
    {
        _seeds.Dispose();
        _blind.Dispose();
        Array.Clear(_third);
    }

    public override string ToString() => "[redacted]";

    internal static int VectorSize(int vector, int count) => vector == Explicit ? checked(BlindSize + Field61.Size * count) : FieldStream.SeedSize;

    private ReadOnlySpan<byte> Seed(int vector) => _seeds.Bytes.Slice(vector * FieldStream.SeedSize, FieldStream.SeedSize);

    private void WriteVector(int vector, Span<byte> bytes)
    {
        if (vector != Explicit)
        {
            Seed(vector).CopyTo(bytes);
            return;
        }
        _blind.Bytes.CopyTo(bytes);
        FieldVector.Write(_third, bytes[BlindSize..]);
    }
}
