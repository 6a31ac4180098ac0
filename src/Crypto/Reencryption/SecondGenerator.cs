using Salus.Crypto.Primitives;

namespace Salus.Crypto.Reencryption;

/// <summary>U: a generator whose logarithm to the base G nobody knows, for it is hashed from its own label.</summary>
internal static class SecondGenerator
{
    private static readonly byte[] Point = Make();

    public static ReadOnlySpan<byte> Bytes => Point;

    private static byte[] Make()
    {
        using var transcript = new Transcript(Domains.SecondGenerator);
        var point = new byte[Ristretto255.PointSize];
        Ristretto255.FromHash(transcript.ToHash(), point);
        return point;
    }
}
