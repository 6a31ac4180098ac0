using System.Diagnostics.CodeAnalysis;

namespace Salus.Health.Fhir;

/// <summary>
/// <c>"SLIX" 1 | import 16 | partition | form | bundle type | facts | types | entries | attachments | links | share</c>; numbers are LEB128. An
/// entry's offset is the sum of the lengths before it, and types are numbered in order of appearance, so there is one encoding of an index only.
/// </summary>
internal static class SliceIndexCodec
{
    private const int MaxText = 256;

    /// <summary>Far above any slice, and sums stay far below the end of the numbers.</summary>
    private const long MaxBody = 1L << 56;

    private static ReadOnlySpan<byte> Magic => "SLIX\u0001"u8;

    public static byte[] Encode(SliceIndex index)
    {
        var w = new ByteWriter().Raw(Magic).Raw(index.Import.Value.ToByteArray(bigEndian: true)).Text(index.Partition)
            .Number((long)index.Form).OptionalText(index.BundleType).Number((ulong)index.Facts);
        var types = index.Entries.Select(e => e.Type).Distinct().ToArray();
        w.Number(types.Length);
        foreach (var type in types)
            w.Text(type);
        var number = types.Select((t, i) => (t, i)).ToDictionary(x => x.t, x => x.i);
        w.Number(index.Entries.Count);
        foreach (var e in index.Entries)
            w.Number(number[e.Type]).Number(e.IsShared ? 1 : 0).Number(e.Length).Number(e.ResourceOffset - e.Offset).Number(e.ResourceLength)
                .OptionalText(e.Id).OptionalText(e.Date).OptionalText(e.Code).Text(e.Summary);
        w.Number(index.Attachments.Count);
        long before = 0;
        foreach (var a in index.Attachments)
        {
            w.Raw(a.Id.Value.ToByteArray(bigEndian: true)).OptionalText(a.MediaType).OptionalText(a.Title)
                .Number(a.Length).Number(a.Offset - before).Bytes(a.Between.Span);
            before = a.Offset;
        }
        w.Number(index.Links.Count);
        before = 0;
        foreach (var link in index.Links)
        {
            w.Number(link - before);
            before = link;
        }
        return w.Bytes(index.Share.Span).ToArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SliceIndex? index)
    {
        index = null;
        var r = new ByteReader(bytes);
        if (!r.Raw(Magic.Length).SequenceEqual(Magic))
            return false;
        var import = r.Raw(ImportId.Size);
        if (r.Failed)
            return false;
        var importId = new ImportId(new Guid(import, bigEndian: true));
        var partition = r.Text(64);
        var form = (FhirForm)r.Number((long)FhirForm.Array);
        var bundleType = r.OptionalText(32);
        var facts = (PersonalFacts)r.Number((long)PersonalFactsText.All);
        if (r.Failed || !PartitionTable.IsName(partition) || form < FhirForm.Bundle || !TryEntries(ref r, out var entries))
            return false;
        var length = entries.Count == 0 ? 0 : entries[^1].Offset + entries[^1].Length;
        if (!TryAttachments(ref r, length, out var attachments) || !TryLinks(ref r, length, out var links))
            return false;
        var share = r.Bytes(int.MaxValue).ToArray();
        if (r.Failed || !r.IsAtEnd)
            return false;
        var found = new SliceIndex
        {
            Import = importId,
            Partition = partition,
            Form = form,
            BundleType = bundleType,
            Facts = facts,
            Entries = entries,
            Attachments = attachments,
            Links = links,
            Share = share,
        };
        // Numbers can be written longer than need be, and types out of order: one encoding only.
        if (!Encode(found).AsSpan().SequenceEqual(bytes))
            return false;
        index = found;
        return true;
    }

    private static bool TryEntries(ref ByteReader r, out List<ResourceEntry> entries)
    {
        entries = [];
        var types = new string[r.Count(1)];
        for (var i = 0; i < types.Length; i++)
            types[i] = r.Text(64);
        var count = r.Count(9);
        if (r.Failed || (types.Length == 0 && count > 0))
            return false;
        long offset = 0;
        for (var i = 0; i < count; i++)
        {
            var type = types[r.Number(types.Length - 1)];
            var isShared = r.Number(1) == 1;
            var length = r.Number(MaxBody - offset);
            var resourceStart = r.Number(length);
            var resourceLength = r.Number(length - resourceStart);
            entries.Add(new ResourceEntry(
                type, r.OptionalText(ResourceEntry.MaxId), r.OptionalText(MaxText), r.OptionalText(MaxText), Summary: r.Text(MaxText),
                offset, length, offset + resourceStart, resourceLength, isShared));
            offset += length;
            if (r.Failed || length == 0)
                return false;
        }
        return true;
    }

    private static bool TryAttachments(ref ByteReader r, long bodyLength, out List<SliceAttachment> attachments)
    {
        attachments = [];
        var count = r.Count(AttachmentId.Size + 5);
        long offset = 0;
        for (var i = 0; i < count; i++)
        {
            var id = r.Raw(AttachmentId.Size);
            if (r.Failed)
                return false;
            var attachmentId = new AttachmentId(new Guid(id, bigEndian: true));
            var (mediaType, title, length) = (r.OptionalText(MaxText), r.OptionalText(MaxText), r.Number(MaxBody));
            offset += r.Number(bodyLength - offset);
            var between = r.Bytes(SliceAttachment.MaxBetween).ToArray();
            if (r.Failed)
                return false;
            attachments.Add(new SliceAttachment(attachmentId, mediaType, title, length, offset, between));
        }
        return !r.Failed;
    }

    private static bool TryLinks(ref ByteReader r, long bodyLength, out long[] links)
    {
        links = new long[r.Count(1)];
        long offset = 0;
        for (var i = 0; i < links.Length && !r.Failed; i++)
            links[i] = offset += r.Number(bodyLength - offset);
        return !r.Failed;
    }
}
