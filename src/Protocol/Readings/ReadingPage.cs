using System.Diagnostics.CodeAnalysis;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Readings;

/// <summary>A batch as a trustee hands it out.</summary>
/// <param name="Times">Null for a batch beside the span or a deleted one.</param>
/// <param name="Parcel">What the trustee holds of the shares, not verified yet; null where the times are.</param>
/// <param name="Deletion">The owner's order by which times and shares are gone; null where there is none.</param>
public sealed record PagedBatch(ReadingBatch Batch, ReadingTimes? Times, byte[]? Parcel, ReadingDeletion? Deletion);

/// <summary>
/// The content of an answer to a request for a span: by feed and sequence number the batches that meet it, and of each feed the batch behind the span too, or its newest one
/// when none meets the span and none is behind, without times and shares: by these the reader sees that nothing is left out.
/// Encoding: deletion of the whole series (variable, empty when there is none) | more u8 | u32 count, batches of (kind u8 | signed (variable)
/// | kind 1: times (variable) | parcel (variable) | kind 2: deletion (variable)); kind 0 has nothing more.
/// </summary>
public sealed record ReadingPage(ReadingDeletion? Deletion, bool HasMore, IReadOnlyList<PagedBatch> Batches)
{
    /// <summary>Where the next page of a span begins.</summary>
    public ReadingSpan NextOf(ReadingSpan span) => span with { Feed = Batches[^1].Batch.Feed, Sequence = Batches[^1].Batch.Sequence + 1 };

    public byte[] Encode()
    {
        var writer = new WireWriter().Variable(Deletion?.Signed ?? []).Byte(HasMore ? (byte)1 : (byte)0).UInt32((uint)Batches.Count);
        foreach (var (batch, times, parcel, deletion) in Batches)
            if (times is not null && parcel is not null)
                writer.Byte(1).Variable(batch.Signed).Variable(times.Bytes).Variable(parcel);
            else if (deletion is not null)
                writer.Byte(2).Variable(batch.Signed).Variable(deletion.Signed);
            else
                writer.Byte(0).Variable(batch.Signed);
        return writer.ToArray();
    }

    /// <summary>False unless every batch is one of the owner's series, with the times that were signed, or deleted by the owner's order.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> content, AccountId owner, SeriesId series, [NotNullWhen(true)] out ReadingPage? page)
    {
        page = null;
        var reader = new WireReader(content);
        if (!reader.Variable(content.Length, out var whole) || !reader.Byte(out var more) || more > 1 || !reader.UInt32(out var count)
            || count > Limits.MaxReadingPage)
            return false;
        ReadingDeletion? end = null;
        if (whole.Length > 0 && (!ReadingDeletion.TryVerify(whole, out end) || !end.IsWhole || end.Series != series || end.Owner.Account != owner))
            return false;
        var batches = new List<PagedBatch>();
        for (var i = 0; i < count; i++)
        {
            if (!TryReadBatch(ref reader, content.Length, out var batch) || batch.Batch.Owner.Account != owner || batch.Batch.Series != series)
                return false;
            batches.Add(batch);
        }
        if (!reader.AtEnd || (more == 1 && count == 0))
            return false;
        page = new ReadingPage(end, more == 1, batches);
        return true;
    }

    private static bool TryReadBatch(ref WireReader reader, int limit, [NotNullWhen(true)] out PagedBatch? read)
    {
        read = null;
        if (!reader.Byte(out var kind) || !reader.Variable(limit, out var signed) || !ReadingBatch.TryVerify(signed, out var batch))
            return false;
        switch (kind)
        {
            case 0:
                read = new PagedBatch(batch, null, null, null);
                return true;
            case 1 when reader.Variable(limit, out var timeBytes) && ReadingTimes.TryParse(timeBytes, out var times) && batch.Covers(times) && reader.Variable(limit, out var parcel):
                read = new PagedBatch(batch, times, parcel.ToArray(), null);
                return true;
            case 2 when reader.Variable(limit, out var order) && ReadingDeletion.TryVerify(order, out var deletion) && deletion.Deletes(batch):
                read = new PagedBatch(batch, null, null, deletion);
                return true;
            default:
                return false;
        }
    }
}
