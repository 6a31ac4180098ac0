using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Salus.Client.Readings;

/// <summary>Where readings come from.</summary>
/// <param name="Name">A file's full path.</param>
/// <param name="Continues">Whether the rows given are those behind all that were given before; else they are the source's from its beginning.</param>
internal sealed record ReadingSource(string Name, bool Continues = false);

/// <summary>A reading as an integer of the series' decimals, at milliseconds since 1970.</summary>
internal readonly record struct SensedRow(long Time, long Value);

/// <summary>Rows of a source that are taken in together, by time.</summary>
/// <param name="Done">How many of them, by time, are in already.</param>
/// <param name="IsUnknown">Whether the source is not known, or not as it is now: some of the rows may be in by another way, of another device or under another name.</param>
internal sealed record SourcePart(Range Range, long Done, KeptSource Before, bool IsUnknown = false)
{
    /// <summary>What is remembered of the source when so many of the rows are in.</summary>
    public KeptSource After(long done) => done == Before.Pending
        ? new KeptSource(Before.Rows + Before.Pending, Before.PendingHash, 0, Before.PendingHash, 0)
        : Before with { Done = done };
}

/// <summary>Tells rows of a source that are in already from those that are new.</summary>
internal static class SourceRows
{
    /// <summary>Those of some rows that are not there, each as often as it is there less.</summary>
    public static SensedRow[] Missing(SensedRow[] rows, IEnumerable<SensedRow> there)
    {
        var counts = new Dictionary<SensedRow, int>();
        foreach (var row in there)
            counts[row] = counts.GetValueOrDefault(row) + 1;
        return [.. rows.Where(row => (counts[row] = counts.GetValueOrDefault(row) - 1) < 0)];
    }

    /// <summary>What is still to be taken in: first what a kill has left in the middle, then what is new. Nothing of it is in, as far as <paramref name="kept"/> knows these rows.</summary>
    public static IEnumerable<SourcePart> Split(ReadingSource source, KeptSource? kept, SensedRow[] rows)
    {
        var start = kept ?? KeptSource.New();
        var isUnknown = kept is null;
        if (source.Continues)
        {
            // One command follows a source at a time and takes everything in at once: nothing is left in the middle.
            if (rows.Length > 0)
                yield return new SourcePart(.., 0, start with { Pending = rows.Length, PendingHash = Chain(start.Hash, rows), Done = 0 });
            yield break;
        }
        var from = 0;
        if (start.Rows <= rows.Length && Chain(new byte[SHA256.HashSizeInBytes], rows.AsSpan(0, (int)start.Rows)).AsSpan().SequenceEqual(start.Hash))
            from = (int)start.Rows;
        else
            (start, isUnknown) = (KeptSource.New(), true);
        if (start.Pending > 0 && start.Pending <= rows.Length - from && Chain(start.Hash, rows.AsSpan(from, (int)start.Pending)).AsSpan().SequenceEqual(start.PendingHash))
        {
            var part = new SourcePart(from..(from + (int)start.Pending), start.Done, start);
            yield return part;
            from += (int)start.Pending;
            start = part.After(start.Pending);
        }
        else
            isUnknown |= start.Done > 0;
        if (from < rows.Length)
            yield return new SourcePart(from.., 0, new KeptSource(start.Rows, start.Hash, rows.Length - from, Chain(start.Hash, rows.AsSpan(from)), 0), isUnknown);
    }

    private static byte[] Chain(byte[] hash, ReadOnlySpan<SensedRow> rows)
    {
        var chained = (byte[])hash.Clone();
        Span<byte> link = stackalloc byte[SHA256.HashSizeInBytes + 2 * sizeof(long)];
        foreach (var row in rows)
        {
            chained.CopyTo(link);
            BinaryPrimitives.WriteInt64BigEndian(link[SHA256.HashSizeInBytes..], row.Time);
            BinaryPrimitives.WriteInt64BigEndian(link[(SHA256.HashSizeInBytes + sizeof(long))..], row.Value);
            SHA256.HashData(link, chained);
        }
        return chained;
    }
}
