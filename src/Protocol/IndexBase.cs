using System.Diagnostics.CodeAnalysis;
using Salus.Crypto.Primitives;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>How far a source's chain of index updates has come.</summary>
/// <param name="Sequence">From 1.</param>
/// <param name="Hash">SHA-256 of that signed update.</param>
public sealed record IndexHead(long Sequence, byte[] Hash)
{
    internal void Write(WireWriter writer) => writer.UInt64((ulong)Sequence).Fixed(Sha256.Size, Hash);

    internal static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out IndexHead? head)
    {
        head = null;
        if (!reader.UInt64(out var sequence) || sequence is 0 or > long.MaxValue || !reader.Bytes(Sha256.Size, out var hash))
            return false;
        head = new IndexHead((long)sequence, hash.ToArray());
        return true;
    }
}

/// <summary>Up to which of its updates a source's segments are accounted for in a base.</summary>
public sealed record IndexWatermark(VerifyingKey Source, IndexHead Head);

/// <summary>
/// The owner's word that an index begins anew with this update: of what was before it there are only <paramref name="Kept"/> and what each source appended
/// after its watermark. The owner's own chain needs no watermark: the base is in it. A source without a watermark had appended nothing.
/// Encoding: u32 count, watermarks of (source 32 | sequence u64 | hash 32) | u32 count, segments kept.
/// </summary>
public sealed record IndexBase(IReadOnlyList<IndexWatermark> Watermarks, IReadOnlyList<SegmentInfo> Kept)
{
    internal void Write(WireWriter writer)
    {
        writer.UInt32((uint)Watermarks.Count);
        foreach (var watermark in Watermarks)
            watermark.Head.Write(writer.Key(watermark.Source));
        writer.UInt32((uint)Kept.Count);
        foreach (var segment in Kept)
            segment.Write(writer);
    }

    /// <summary>False also when the signer or a source comes twice among the watermarks, or a segment twice with those in <paramref name="seen"/>.</summary>
    internal static bool TryRead(ref WireReader reader, VerifyingKey signer, HashSet<SegmentId> seen, [NotNullWhen(true)] out IndexBase? read)
    {
        read = null;
        if (!reader.UInt32(out var watermarkCount) || watermarkCount > Limits.MaxIndexWatermarks)
            return false;
        var watermarks = new List<IndexWatermark>();
        var sources = new HashSet<VerifyingKey> { signer };
        for (var i = 0; i < watermarkCount; i++)
        {
            if (!reader.Key(out VerifyingKey source) || !sources.Add(source) || !IndexHead.TryRead(ref reader, out var head))
                return false;
            watermarks.Add(new IndexWatermark(source, head));
        }
        if (!reader.UInt32(out var keptCount) || keptCount > Limits.MaxKeptSegments)
            return false;
        var kept = new List<SegmentInfo>();
        for (var i = 0; i < keptCount; i++)
        {
            if (!SegmentInfo.TryRead(ref reader, out var segment) || !seen.Add(segment.Id))
                return false;
            kept.Add(segment);
        }
        read = new IndexBase(watermarks, kept);
        return true;
    }
}
