using System.Buffers;
using System.Buffers.Text;

namespace Salus.Health.Fhir;

/// <summary>A document or image that stood in a resource as base64: a record of its own, in the resource's partition, decoded.</summary>
public sealed class FhirAttachment
{
    private const int Group = 16 * 1024;

    private readonly SourceBytes source;
    private readonly FoundAttachment found;

    internal FhirAttachment(SourceBytes source, FoundAttachment found, string partition)
    {
        this.source = source;
        this.found = found;
        Id = AttachmentId.Random();
        Partition = partition;
    }

    /// <summary>The id under which the slice refers to it.</summary>
    public AttachmentId Id { get; }

    public string Partition { get; }

    /// <summary>As the resource says, or null; the bytes may be something else.</summary>
    public string? MediaType => found.MediaType;

    public string? Title => found.Title;

    /// <summary>Bytes, decoded.</summary>
    public long Length => found.Length;

    internal FoundAttachment Found => found;

    /// <summary>A seekable stream over the decoded bytes; it reads from the imported file.</summary>
    public Stream OpenRead() => new PositionStream(Length, ReadAt);

    private int ReadAt(long position, Span<byte> into)
    {
        if (position >= Length || into.IsEmpty)
            return 0;
        var text = ArrayPool<byte>.Shared.Rent(Group / 3 * 4);
        var bytes = ArrayPool<byte>.Shared.Rent(Group);
        try
        {
            var group = position / 3;
            var textLength = (int)Math.Min(Group / 3 * 4, found.Base64Length - group * 4);
            source.ReadExactlyAt(found.Base64Start + group * 4, text.AsSpan(0, textLength));
            if (Base64.DecodeFromUtf8(text.AsSpan(0, textLength), bytes, out _, out var decoded) != OperationStatus.Done)
                throw new InvalidDataException("The imported file changed while it was read.");
            var piece = bytes.AsSpan((int)(position - group * 3), decoded - (int)(position - group * 3));
            var n = Math.Min(piece.Length, into.Length);
            piece[..n].CopyTo(into);
            return n;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text, clearArray: true);
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }

    /// <summary>
    /// Whether the text is exactly what encoding its bytes gives again: standard alphabet, whole groups, padding at the end only, unused bits zero.
    /// Anything else stays in the resource, for its bytes could not be restored. Sets the decoded length.
    /// </summary>
    internal static bool IsCanonical(SourceBytes source, FoundAttachment found)
    {
        var length = found.Base64Length;
        if (length == 0 || length % 4 != 0)
            return false;
        var text = ArrayPool<byte>.Shared.Rent(Group / 3 * 4);
        var bytes = ArrayPool<byte>.Shared.Rent(Group);
        var again = ArrayPool<byte>.Shared.Rent(Group / 3 * 4);
        try
        {
            long total = 0;
            for (long at = 0; at < length;)
            {
                var n = (int)Math.Min(Group / 3 * 4, length - at);
                source.ReadExactlyAt(found.Base64Start + at, text.AsSpan(0, n));
                at += n;
                if (Base64.DecodeFromUtf8(text.AsSpan(0, n), bytes, out var read, out var decoded) != OperationStatus.Done || read != n
                    || (at < length && decoded != n / 4 * 3)
                    || Base64.EncodeToUtf8(bytes.AsSpan(0, decoded), again, out _, out var written) != OperationStatus.Done
                    || !again.AsSpan(0, written).SequenceEqual(text.AsSpan(0, n)))
                    return false;
                total += decoded;
            }
            found.Length = total;
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text, clearArray: true);
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
            ArrayPool<byte>.Shared.Return(again, clearArray: true);
        }
    }
}
