using System.Buffers;
using System.Buffers.Text;

namespace Salus.Health.Fhir;

/// <summary>Writes entries of one slice in order, with edits: attachments put back, references marked as withheld.</summary>
internal sealed class SliceWriter(SliceSource slice, Func<AttachmentId, Stream?> openAttachment, Stream output, List<AttachmentId> missing)
{
    private const int Group = 12 * 1024;

    private int nextEntry, nextAttachment, nextMark;

    public SliceIndex Index => slice.Index;

    public bool IsAtEnd => nextEntry == Index.Entries.Count;

    /// <summary>References marked so far.</summary>
    public long Marked { get; private set; }

    public ResourceEntry Next => Index.Entries[nextEntry];

    /// <summary>References to mark, by rising position.</summary>
    public IReadOnlyList<FoundReference> Marks { get; init; } = [];

    /// <summary>Passes over the next entry: it is written from another slice.</summary>
    public void Skip()
    {
        var end = Next.Offset + Next.Length;
        while (nextAttachment < Index.Attachments.Count && Index.Attachments[nextAttachment].Offset < end)
            nextAttachment++;
        while (nextMark < Marks.Count && Marks[nextMark].ValueStart < end)
            nextMark++;
        nextEntry++;
    }

    /// <summary>Writes the next entry; false when the slice does not hold what its index says.</summary>
    public bool TryWrite()
    {
        var entry = Next;
        var (at, end) = (entry.Offset, entry.Offset + entry.Length);
        while (true)
        {
            var attachment = nextAttachment < Index.Attachments.Count ? Index.Attachments[nextAttachment] : null;
            attachment = attachment?.Offset < end ? attachment : null;
            FoundReference? mark = nextMark < Marks.Count && Marks[nextMark].ValueStart < end ? Marks[nextMark] : null;
            if (attachment is null && mark is null)
                break;
            if (mark is { } reference && (attachment is null || reference.NameStart < attachment.Offset))
            {
                nextMark++;
                Marked++;
                if (reference.NameStart < at || !TryCopy(at, reference.NameStart) || !TryMark(reference))
                    return false;
                at = reference.ValueEnd;
            }
            else
            {
                nextAttachment++;
                var stub = attachment!.Stub;
                if (attachment.Offset < at || attachment.Offset + stub.Length > end
                    || !TryCopy(at, attachment.Offset) || !TryRestore(attachment, stub))
                    return false;
                at = attachment.Offset + stub.Length;
            }
        }
        nextEntry++;
        return TryCopy(at, end);
    }

    private bool TryCopy(long from, long to)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            slice.Body.Position = from;
            while (from < to)
            {
                var n = slice.Body.Read(buffer, 0, (int)Math.Min(buffer.Length, to - from));
                if (n <= 0)
                    return false;
                output.Write(buffer, 0, n);
                from += n;
            }
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>
    /// <c>"reference": "Patient/1"</c> becomes a reference whose value is masked, in FHIR's own words. The literal stays beside it: with many
    /// patients in a file, a reader must still see which resources belong together.
    /// </summary>
    private bool TryMark(FoundReference reference)
    {
        if (reference.Traits.HasFlag(ReferenceTraits.HasShadow))
        {
            // "_reference" is there already and cannot stand twice.
            if (!TryCopy(reference.NameStart, reference.ValueStart))
                return false;
            output.Write("\"urn:salus:withheld\""u8);
        }
        else
        {
            output.Write(reference.Traits.HasFlag(ReferenceTraits.IsUrl) ? "\"_url\""u8 : "\"_reference\""u8);
            output.Write(":{\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/data-absent-reason\",\"valueCode\":\"masked\"},"u8);
            output.Write("{\"url\":\"urn:salus:withheld\",\"valueString\":"u8);
            if (!TryCopy(reference.ValueStart, reference.ValueEnd))
                return false;
            output.Write("}]}"u8);
        }
        if ((reference.Traits & (ReferenceTraits.HasDisplay | ReferenceTraits.IsUrl)) == 0)
            output.Write(",\"display\":\"withheld\""u8);
        return true;
    }

    private bool TryRestore(SliceAttachment attachment, byte[] stub)
    {
        var found = new byte[stub.Length];
        slice.Body.Position = attachment.Offset;
        if (slice.Body.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) != found.Length || !found.AsSpan().SequenceEqual(stub))
            return false;
        using var content = openAttachment(attachment.Id);
        if (content is null)
        {
            missing.Add(attachment.Id);
            output.Write(stub);
            return true;
        }
        output.Write("\"data\""u8);
        output.Write(attachment.Between.Span);
        output.Write("\""u8);
        var complete = TryEncode(content, attachment.Length);
        output.Write("\""u8);
        return complete;
    }

    private bool TryEncode(Stream content, long length)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Group);
        var text = ArrayPool<byte>.Shared.Rent(Group / 3 * 4);
        try
        {
            while (length > 0)
            {
                var n = (int)Math.Min(Group, length);
                if (content.ReadAtLeast(bytes.AsSpan(0, n), n, throwOnEndOfStream: false) != n)
                    return false;
                Base64.EncodeToUtf8(bytes.AsSpan(0, n), text, out _, out var written);
                output.Write(text, 0, written);
                length -= n;
            }
            return content.Read(bytes, 0, 1) == 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
            ArrayPool<byte>.Shared.Return(text, clearArray: true);
        }
    }
}
