using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Salus.Health.Fhir;

/// <summary>
/// How the slices of one import become the file again: its envelope (every byte that belongs to no resource) and, for each resource in the file's
/// order, which slices hold it. It tells how many records each partition has, so no slice may hold it readably. It is split into as many shares as
/// there are slices, by exclusive or with random bytes (n of n): one share, or all but one, is uniformly random, and only all of them together are
/// the map.
/// </summary>
internal sealed class RestoreMap
{
    private const int SmallestShare = 512;

    // A step has a bit for each slice.
    private const int MaxShares = 32;

    /// <summary>A resource's slices and the envelope bytes after it, as often as they repeat.</summary>
    internal readonly record struct Step(uint Slices, int Gap, long Repeats);

    public required long Length { get; init; }

    /// <summary>SHA-256 of the file.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The envelope before the first resource.</summary>
    public required byte[] Head { get; init; }

    /// <summary>The different pieces of envelope between and after resources.</summary>
    public required IReadOnlyList<byte[]> Gaps { get; init; }

    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>Reads the envelope between the units of a file whose slices are decided.</summary>
    public static RestoreMap Of(SourceBytes source, FhirReader file, byte[] hash)
    {
        var units = file.Units;
        var gaps = new List<byte[]>();
        var numbers = new Dictionary<string, int>();
        var steps = new List<Step>();
        long envelope = 0;
        var head = Take(0, units.Count == 0 ? source.Length : units[0].Start, 1);
        for (var i = 0; i < units.Count; i++)
        {
            var unit = units[i];
            var gap = Take(unit.End, i + 1 < units.Count ? units[i + 1].Start : source.Length, unit.LastLine);
            if (!numbers.TryGetValue(Encoding.Latin1.GetString(gap), out var number))
            {
                numbers.Add(Encoding.Latin1.GetString(gap), number = gaps.Count);
                gaps.Add(gap);
                envelope += gap.Length;
            }
            if (steps.Count > 0 && steps[^1] is var last && last.Slices == unit.Slices && last.Gap == number)
                steps[^1] = last with { Repeats = last.Repeats + 1 };
            else
                steps.Add(new Step(unit.Slices, number, 1));
        }
        return new RestoreMap { Length = source.Length, Hash = hash, Head = head, Gaps = gaps, Steps = steps };

        byte[] Take(long from, long to, long line)
        {
            if (to - from > FhirLimits.Envelope - envelope)
                throw new FhirFormatException(FhirFault.TooLarge, $"More than {FhirLimits.Envelope} bytes belong to no resource", line, from);
            var piece = new byte[to - from];
            source.ReadExactlyAt(from, piece);
            return piece;
        }
    }

    /// <summary>The shares, one for each slice, all of one length that tells only the magnitude of the import.</summary>
    public byte[][] Split(int shares)
    {
        var body = Encode();
        var padded = new byte[Math.Max(SmallestShare, (int)BitOperations.RoundUpToPowerOf2((uint)body.Length + 32))];
        body.CopyTo(padded, 32);
        SHA256.HashData(padded.AsSpan(32), padded);
        var result = new byte[shares][];
        for (var i = 1; i < shares; i++)
        {
            result[i] = RandomNumberGenerator.GetBytes(padded.Length);
            Xor(padded, result[i]);
        }
        result[0] = padded;
        return result;
    }

    /// <summary>The map, when these are all the shares of it; null when some are missing or from elsewhere.</summary>
    public static RestoreMap? Combine(IReadOnlyList<ReadOnlyMemory<byte>> shares)
    {
        if (shares.Count is 0 or > MaxShares || shares.Any(s => s.Length != shares[0].Length || s.Length < SmallestShare))
            return null;
        var padded = shares[0].ToArray();
        foreach (var share in shares.Skip(1))
            Xor(padded, share.Span);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(padded.AsSpan(32), hash);
        return hash.SequenceEqual(padded.AsSpan(0, 32)) ? Decode(padded.AsSpan(32), shares.Count) : null;
    }

    private static void Xor(Span<byte> into, ReadOnlySpan<byte> with)
    {
        for (var i = 0; i < into.Length; i++)
            into[i] ^= with[i];
    }

    private byte[] Encode()
    {
        var w = new ByteWriter().Raw(Hash).Number(Length).Bytes(Head).Number(Gaps.Count);
        foreach (var gap in Gaps)
            w.Bytes(gap);
        w.Number(Steps.Count);
        foreach (var step in Steps)
            w.Number(step.Slices).Number(step.Gap).Number(step.Repeats);
        return w.ToArray();
    }

    private static RestoreMap? Decode(ReadOnlySpan<byte> bytes, int slices)
    {
        var r = new ByteReader(bytes);
        var hash = r.Raw(32).ToArray();
        var length = r.Number(long.MaxValue);
        var head = r.Bytes(FhirLimits.Envelope).ToArray();
        var gaps = new byte[r.Count(1)][];
        for (var i = 0; i < gaps.Length; i++)
            gaps[i] = r.Bytes(FhirLimits.Envelope).ToArray();
        var steps = new Step[r.Count(3)];
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = new((uint)r.Number((1L << slices) - 1), (int)r.Number(Math.Max(0, gaps.Length - 1)), r.Number(FhirLimits.Resources));
            if (steps[i].Slices == 0)
                return null;
        }
        return r.Failed || (gaps.Length == 0 && steps.Length > 0)
            ? null
            : new() { Length = length, Hash = hash, Head = head, Gaps = gaps, Steps = steps };
    }
}
