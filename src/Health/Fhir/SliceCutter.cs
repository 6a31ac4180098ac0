namespace Salus.Health.Fhir;

/// <summary>Cuts the slice of one partition: ranges of the file, with the index that describes them.</summary>
internal sealed class SliceCutter(SourceBytes source, FhirReader file, IReadOnlyList<FhirAttachment> attachments, PatientNeedles needles)
{
    private readonly ImportId import = ImportId.Random();
    private readonly ILookup<Unit, FhirAttachment> attachmentsOf = attachments.ToLookup(a => a.Found.Unit);

    public PartitionSlice Cut(string partition, int number, byte[] share)
    {
        var bit = 1u << number;
        var segments = new Segments();
        var entries = new List<ResourceEntry>();
        var places = new List<SliceAttachment>();
        var links = new List<long>();
        var facts = PersonalFacts.None;
        foreach (var unit in file.Units)
        {
            if ((unit.Slices & bit) == 0)
                continue;
            entries.Add(Add(unit, bit, segments, places, links));
            facts |= unit.Facts;
        }
        if (links.Count > 0)
            facts |= PersonalFacts.LinksToOtherPartitions;
        var body = new PositionStream(segments.Length, (position, into) => segments.ReadAt(source, position, into));
        return new PartitionSlice(source, segments, new SliceIndex
        {
            Import = import,
            Partition = partition,
            Form = file.Form,
            BundleType = file.BundleType,
            Facts = needles.Find(body, facts),
            Entries = entries,
            Attachments = places,
            Links = links,
            Share = share,
        }, needles);
    }

    private ResourceEntry Add(Unit unit, uint bit, Segments segments, List<SliceAttachment> places, List<long> links)
    {
        var offset = segments.Length;
        var at = unit.Start;
        long resourceOffset = -1, resourceEnd = -1;
        var reference = unit.FirstReference;
        foreach (var attachment in attachmentsOf[unit])
        {
            var found = attachment.Found;
            Pass(found.NameStart);
            var between = new byte[found.ValueStart - found.NameStart - FoundAttachment.NameLength];
            source.ReadExactlyAt(found.NameStart + FoundAttachment.NameLength, between);
            places.Add(new SliceAttachment(attachment.Id, attachment.MediaType, attachment.Title, attachment.Length, segments.Length, between));
            segments.AddStub(SliceAttachment.StubOf(attachment.Id));
            at = found.ValueEnd;
        }
        Pass(unit.End);
        return new ResourceEntry(
            unit.Type, unit.Id, unit.Summary.Date, unit.Summary.Code, unit.Summary.Line, offset, segments.Length - offset,
            resourceOffset, resourceEnd - resourceOffset, PartitionTable.IsDirectory(unit.Type));

        // Adds the bytes up to a place, and notes where in the slice the things between have come to stand.
        void Pass(long to)
        {
            var shift = segments.Length - at;
            if (resourceOffset < 0 && unit.ResourceStart < to)
                resourceOffset = Math.Max(unit.ResourceStart, unit.Start) + shift;
            if (resourceEnd < 0 && unit.ResourceEnd <= to)
                resourceEnd = Math.Max(unit.ResourceEnd, unit.Start) + shift;
            for (; reference < unit.FirstReference + unit.ReferenceCount && file.References[reference].ValueStart < to; reference++)
                if (file.Targets.OwnerOf(file.References[reference].Target) is >= 0 and var owner && (file.Units[owner].Slices & bit) == 0)
                    links.Add(file.References[reference].ValueStart + shift);
            segments.AddRange(at, to - at);
            at = to;
        }
    }
}
