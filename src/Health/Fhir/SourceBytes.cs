namespace Salus.Health.Fhir;

/// <summary>
/// The imported file, read by position. Slices are ranges of it, so it stays open and unchanged until they are sealed. One lock, because several
/// slices may be read at the same time from one stream.
/// </summary>
internal sealed class SourceBytes
{
    private readonly Stream stream;
    private readonly Lock gate = new();

    public SourceBytes(Stream stream)
    {
        if (!stream.CanSeek || !stream.CanRead)
            throw new ArgumentException("An import reads by position: the stream must be readable and seekable.", nameof(stream));
        this.stream = stream;
        Length = stream.Length;
    }

    public long Length { get; }

    /// <summary>Fills what it can; 0 at the end, as the length was when the import began.</summary>
    public int ReadAt(long offset, Span<byte> into)
    {
        if (offset >= Length || into.IsEmpty)
            return 0;
        if (into.Length > Length - offset)
            into = into[..(int)(Length - offset)];
        lock (gate)
        {
            stream.Position = offset;
            return stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        }
    }

    public void ReadExactlyAt(long offset, Span<byte> into)
    {
        if (ReadAt(offset, into) != into.Length)
            throw new EndOfStreamException("The imported file became shorter while it was read.");
    }
}
