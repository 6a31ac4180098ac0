using System.Numerics;

namespace Salus.Health.Fhir;

/// <summary>
/// Writes an import back. With all slices and attachments the file comes back byte for byte; with fewer, a valid bundle of what is there, in which a
/// reference into a slice that is not there reads as withheld (FHIR's data-absent-reason, "masked").
/// </summary>
public static class FhirExport
{
    /// <param name="slices">Slices of one import, each once, in any order; if they are not, the outcome is that they are damaged.</param>
    /// <param name="openAttachment">Gives an attachment's bytes, or null when they are not to be had.</param>
    /// <param name="output">Receives the file. Whoever shows it must heed the outcome: it is known only at the end.</param>
    public static ExportReport Write(IReadOnlyList<SliceSource> slices, Func<AttachmentId, Stream?> openAttachment, Stream output)
    {
        if (slices.Count == 0)
            throw new ArgumentException("There is nothing to export.", nameof(slices));
        using var hashing = new HashingStream(output);
        // What a slice says of itself, whoever was let write it made up: of another import, or one twice.
        if (slices.DistinctBy(s => s.Index.Import).Count() != 1 || slices.DistinctBy(s => s.Index.Partition).Count() != slices.Count)
            return new ExportReport(ExportOutcome.Damaged, hashing.Finish(), null, 0, [.. slices.Select(s => s.Index.Partition)], 0, [], []);
        // The map numbers slices by the names of their partitions, sorted.
        var sorted = slices.OrderBy(s => s.Index.Partition, StringComparer.Ordinal).ToList();
        var missing = new List<AttachmentId>();
        var map = RestoreMap.Combine([.. sorted.Select(s => s.Index.Share)]);
        return map is not null
            ? WriteWhole(sorted, map, [.. sorted.Select(s => new SliceWriter(s, openAttachment, hashing, missing))], hashing, missing)
            : new PartialExport(sorted, openAttachment, hashing, missing).Write();
    }

    private static ExportReport WriteWhole(
        List<SliceSource> slices, RestoreMap map, SliceWriter[] writers, HashingStream output, List<AttachmentId> missing)
    {
        var resources = 0L;
        var fits = TryWriteWhole(map, writers, output, ref resources);
        var hash = output.Finish();
        var isExact = fits && missing.Count == 0 && hash.AsSpan().SequenceEqual(map.Hash);
        // Everything was there and something else came out: that is damage, not a part.
        var outcome = isExact ? ExportOutcome.Exact : fits && missing.Count > 0 ? ExportOutcome.Partial : ExportOutcome.Damaged;
        return new ExportReport(outcome, hash, map.Hash, resources, [.. slices.Select(s => s.Index.Partition)], 0, [], missing);
    }

    private static bool TryWriteWhole(RestoreMap map, SliceWriter[] writers, HashingStream output, ref long resources)
    {
        output.Write(map.Head);
        foreach (var step in map.Steps)
            for (var i = 0L; i < step.Repeats; i++)
            {
                var first = BitOperations.TrailingZeroCount(step.Slices);
                for (var j = first; j < writers.Length; j++)
                {
                    if ((step.Slices & (1u << j)) == 0)
                        continue;
                    if (writers[j].IsAtEnd)
                        return false;
                    if (j > first)
                        writers[j].Skip();
                    else if (!writers[j].TryWrite())
                        return false;
                }
                output.Write(map.Gaps[step.Gap]);
                // A map from a hostile author must not fill the disk.
                if (output.Length > map.Length)
                    return false;
                resources++;
            }
        return writers.All(w => w.IsAtEnd);
    }
}
