using System.Security.Cryptography;
using System.Text.Json;

namespace Salus.Health.Fhir;

/// <summary>
/// Writes a bundle of some slices of an import. The envelope is not known (it is shared among all slices), so a new one is written: the imported
/// bundle's type where its rules still hold, else collection; tagged SUBSETTED.
/// </summary>
internal sealed class PartialExport(
    List<SliceSource> slices, Func<AttachmentId, Stream?> openAttachment, HashingStream output, List<AttachmentId> missing)
{
    private readonly HashSet<string> written = [];
    private long resources, marks;
    private readonly SortedSet<string> withheld = new(StringComparer.Ordinal);

    public ExportReport Write()
    {
        var fits = TryWrite();
        return new ExportReport(
            fits ? ExportOutcome.Partial : ExportOutcome.Damaged, output.Finish(), null, resources, [.. slices.Select(s => s.Index.Partition)], marks,
            [.. withheld], missing);
    }

    private bool TryWrite()
    {
        // 1. Read every slice for the names its resources go by, and the places of its references.
        var readers = new List<FhirReader>();
        foreach (var slice in slices)
        {
            var reader = new FhirReader(new SourceBytes(slice.Body), int.MaxValue);
            if (!reader.TryReadBody(slice.Index.Entries))
                return false;
            readers.Add(reader);
        }
        var present = Present(readers);
        // 2. Write them; a document must begin with its Composition, a message with its header.
        var order = Enumerable.Range(0, slices.Count).OrderBy(i => IsOpening(slices[i].Index) ? 0 : 1).ToList();
        WriteHead(slices[order[0]].Index);
        foreach (var i in order)
            if (!TryWriteSlice(slices[i], MarksOf(slices[i].Index, readers[i], present)))
                return false;
        output.Write("\n]}\n"u8);
        return true;
    }

    /// <summary>The target keys that some present resource goes by.</summary>
    private static HashSet<(ulong, ulong)> Present(List<FhirReader> readers)
    {
        var present = new HashSet<(ulong, ulong)>();
        foreach (var reader in readers)
            foreach (var unit in reader.Units)
            {
                if (unit.FullUrl >= 0)
                    present.Add(reader.Targets.KeyOf(unit.FullUrl));
                if (unit.TypeAndId >= 0)
                    present.Add(reader.Targets.KeyOf(unit.TypeAndId));
            }
        return present;
    }

    private List<FoundReference> MarksOf(SliceIndex index, FhirReader reader, HashSet<(ulong, ulong)> present)
    {
        var links = index.Links.ToHashSet();
        var found = reader.References.Where(r => links.Contains(r.ValueStart) && !present.Contains(reader.Targets.KeyOf(r.Target))).ToList();
        foreach (var reference in found)
            if (reader.Targets.TypeOf(reference.Target) is { } type && !PartitionTable.IsDirectory(type) && !PartitionTable.IsFollower(type))
                withheld.Add(PartitionTable.Default.PartitionOf(type));
        return found;
    }

    private bool TryWriteSlice(SliceSource slice, List<FoundReference> references)
    {
        var writer = new SliceWriter(slice, openAttachment, output, missing) { Marks = references };
        while (!writer.IsAtEnd)
        {
            var entry = writer.Next;
            // A directory entry that several slices have a copy of is written once.
            if (entry.IsShared && slices.Count > 1 && !written.Add(Digest(slice.Body, entry)))
            {
                writer.Skip();
                continue;
            }
            output.Write(resources++ == 0 ? "\n"u8 : ",\n"u8);
            if (entry.IsBare)
                output.Write("{\"resource\":"u8);
            var marksBefore = writer.Marked;
            if (!writer.TryWrite())
                return false;
            marks += writer.Marked - marksBefore;
            if (entry.IsBare)
                output.Write("}"u8);
        }
        return true;
    }

    private static string Digest(Stream body, ResourceEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[4096];
        body.Position = entry.Offset;
        for (var rest = entry.Length; rest > 0;)
        {
            var n = body.Read(buffer, 0, (int)Math.Min(buffer.Length, rest));
            if (n <= 0)
                break;
            hash.AppendData(buffer, 0, n);
            rest -= n;
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private void WriteHead(SliceIndex first)
    {
        output.Write("{\"resourceType\":\"Bundle\",\"meta\":{\"tag\":[{\"system\":"u8);
        output.Write("\"http://terminology.hl7.org/CodeSystem/v3-ObservationValue\",\"code\":\"SUBSETTED\"}]},\"type\":\""u8);
        output.Write(JsonEncodedText.Encode(TypeOf(first)).EncodedUtf8Bytes);
        output.Write("\",\"entry\":["u8);
    }

    private static string TypeOf(SliceIndex first)
    {
        var type = first.BundleType;
        if (first.Form != FhirForm.Bundle || type is null)
            return "collection";
        return type is "transaction" or "batch" or "searchset" or "history" or "transaction-response" or "batch-response"
            || (type is "document" or "message" && IsOpening(first)) ? type : "collection";
    }

    private static bool IsOpening(SliceIndex index) => index.Entries is [{ Type: "Composition" or "MessageHeader" }, ..];
}
