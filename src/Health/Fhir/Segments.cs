namespace Salus.Health.Fhir;

/// <summary>The bytes of a slice: ranges of the imported file and, in place of attachments, stubs.</summary>
internal sealed class Segments
{
    private readonly List<(long At, long Source, byte[]? Stub)> parts = [];

    public long Length { get; private set; }

    public void AddRange(long source, long length)
    {
        if (length > 0)
            parts.Add((Length, source, null));
        Length += length;
    }

    public void AddStub(byte[] stub)
    {
        parts.Add((Length, 0, stub));
        Length += stub.Length;
    }

    /// <summary>Reads from <paramref name="position"/>; 0 at the end.</summary>
    public int ReadAt(SourceBytes source, long position, Span<byte> into)
    {
        if (position >= Length || into.IsEmpty)
            return 0;
        var i = parts.BinarySearch((position, 0, null), Comparer<(long At, long Source, byte[]? Stub)>.Create((x, y) => x.At.CompareTo(y.At)));
        if (i < 0)
            i = ~i - 1;
        var done = 0;
        for (; i < parts.Count && done < into.Length; i++)
        {
            var (at, from, stub) = parts[i];
            var end = i + 1 < parts.Count ? parts[i + 1].At : Length;
            var skip = position + done - at;
            var piece = into.Slice(done, (int)Math.Min(into.Length - done, end - at - skip));
            if (stub is null)
                source.ReadExactlyAt(from + skip, piece);
            else
                stub.AsSpan((int)skip, piece.Length).CopyTo(piece);
            done += piece.Length;
        }
        return done;
    }
}
