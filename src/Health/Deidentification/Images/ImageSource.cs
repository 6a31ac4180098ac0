namespace Salus.Health.Deidentification.Images;

/// <summary>The bytes of a picture in their order, buffered; its end where more is due is a fault.</summary>
internal sealed class ImageSource(Stream stream)
{
    private const int MaxParts = 1_000_000;

    private readonly long start = stream.Position;
    private readonly byte[] buffer = new byte[64 * 1024];
    private int at, filled;
    private int parts;

    public long Position { get; private set; }

    public void Rewind()
    {
        stream.Position = start;
        (at, filled, Position, parts) = (0, 0, 0, 0);
    }

    /// <summary>Counts a part; there is an end to how many a picture has.</summary>
    public void NextPart()
    {
        if (++parts > MaxParts)
            throw new ImageFormatException(ImageFault.TooManyParts, Position);
    }

    public int? TryByte()
    {
        if (at == filled)
            (at, filled) = (0, stream.Read(buffer));
        if (filled == 0)
            return null;
        Position++;
        return buffer[at++];
    }

    public byte Byte() => (byte)(TryByte() ?? throw new ImageFormatException(ImageFault.Truncated, Position));

    public void Fill(Span<byte> into)
    {
        while (into.Length > 0)
        {
            var part = Next(into.Length);
            part.CopyTo(into);
            into = into[part.Length..];
        }
    }

    /// <summary>Bytes of a part that is known to be small, whatever it claims: no more than <paramref name="most"/> are taken, the rest is passed over.</summary>
    public byte[] Take(long count, int most)
    {
        using var taken = new MemoryStream();
        for (var left = Math.Min(count, most); left > 0;)
        {
            var part = Next(left);
            taken.Write(part);
            left -= part.Length;
        }
        Skip(Math.Max(0, count - most));
        return taken.ToArray();
    }

    public void Skip(long count)
    {
        while (count > 0)
            count -= Next(count).Length;
    }

    /// <summary>Some of the next bytes, at least one, no more than asked for.</summary>
    public ReadOnlySpan<byte> Next(long most)
    {
        if (at == filled)
            (at, filled) = (0, stream.Read(buffer));
        if (filled == 0)
            throw new ImageFormatException(ImageFault.Truncated, Position);
        var part = buffer.AsSpan(at, (int)Math.Min(most, filled - at));
        at += part.Length;
        Position += part.Length;
        return part;
    }

    public void Copy(long count, Stream output)
    {
        while (count > 0)
        {
            var part = Next(count);
            output.Write(part);
            count -= part.Length;
        }
    }
}
