using System.Security.Cryptography;
using Salus.Client.Search.Segments;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Tests.Search.Segments;

/// <summary>What an update says of a segment beside what matters here, and documents by chance from a number.</summary>
internal static class SegmentParts
{
    private static readonly Capsule AnyCapsule = MakeCapsule();
    private static readonly WrappedKey AnyKey = WrappedKey.TryParse(new byte[WrappedKey.Size], out var wrapped) ? wrapped : throw new InvalidOperationException();
    private static readonly VerifyingKey Source = MakeSource();

    public static SegmentInfo Info(BuiltSegment built) => Info(built.Id, built.DictionaryLength, built.DictionaryHash, built.Blocks);

    public static SegmentInfo Info(SegmentId id, long length, byte[] hash, int blocks) => new(id, Source, EpochNumber.First, AnyCapsule, AnyKey, length, hash, blocks);

    /// <summary>Documents whose terms follow Zipf's law over a vocabulary.</summary>
    public static List<PlainDocument> Zipf(int documents, int termsEach, int vocabulary, int seed)
    {
        var cumulative = new double[vocabulary];
        for (var i = 0; i < vocabulary; i++)
            cumulative[i] = (i == 0 ? 0 : cumulative[i - 1]) + (1.0 / (i + 1));
        var numbers = new Numbers(seed);
        var made = new List<PlainDocument>();
        for (var i = 0; i < documents; i++)
        {
            var terms = new Dictionary<string, int>();
            for (var j = 0; j < termsEach; j++)
            {
                var at = Array.BinarySearch(cumulative, numbers.NextDouble() * cumulative[^1]);
                var term = $"w:{(at < 0 ? ~at : at):x}";
                terms[term] = terms.GetValueOrDefault(term) + 1;
            }
            made.Add(new PlainDocument(Document(i), terms, termsEach));
        }
        return made;
    }

    public static IndexedDocument Document(int number) => new(new RecordId((UInt128)number * 0x9e3779b97f4a7c15), number % 3 == 0 ? IndexedDocument.WholeRecord : (uint)number);

    private static Capsule MakeCapsule()
    {
        using var delegating = DelegatingKey.FromSeed(SHA512.HashData("segment tests"u8));
        var capsule = Capsule.Encapsulate(delegating.PublicKey, "any"u8, out var key);
        key.Dispose();
        return capsule;
    }

    private static VerifyingKey MakeSource()
    {
        using var key = new SigningKey(SHA256.HashData("source"u8));
        return key.PublicKey;
    }
}

/// <summary>A sequence that a seed repeats on every machine (SplitMix64).</summary>
internal sealed class Numbers(int seed)
{
    private ulong _state = (ulong)seed;

    public ulong Next()
    {
        unchecked
        {
            var z = _state += 0x9e3779b97f4a7c15;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            return z ^ (z >> 31);
        }
    }

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));
}
