using System.Buffers;
using System.Security.Cryptography;

namespace Salus.Health.Fhir;

/// <summary>
/// A window of fixed size that moves over a file, with the position and the line for faults. Everything it reads is also hashed, when a hash is
/// given.
/// </summary>
internal sealed class ScanBuffer(SourceBytes source, long start, long end, long line, int size, IncrementalHash? hash, CancellationToken cancel)
{
    private static readonly SearchValues<byte> White = SearchValues.Create(" \t\r\n"u8);

    private readonly byte[] bytes = new byte[size];
    private long bytesAt = start;
    private int at, count;

    public byte[] Bytes => bytes;

    /// <summary>Where the next byte is in <see cref="Bytes"/>.</summary>
    public int At => at;

    public long Position => bytesAt + at;

    /// <summary>Offset of the first byte that is not in the buffer yet.</summary>
    public long End => bytesAt + count;

    public long Line { get; private set; } = line;

    /// <summary>What is in the buffer and not taken; empty before the first <see cref="Peek"/>.</summary>
    public Span<byte> Rest => bytes.AsSpan(at, count - at);

    public void Take(int n) => at += n;

    /// <summary>The next byte, not taken; -1 at the end.</summary>
    public int Peek()
    {
        if (at < count)
            return bytes[at];
        cancel.ThrowIfCancellationRequested();
        bytesAt += count;
        at = count = 0;
        var most = (int)Math.Min(bytes.Length, end - bytesAt);
        if (most <= 0 || (count = source.ReadAt(bytesAt, bytes.AsSpan(0, most))) == 0)
            return -1;
        hash?.AppendData(bytes, 0, count);
        return bytes[0];
    }

    /// <summary>Takes the next byte, which must be there.</summary>
    public int Next()
    {
        var b = Peek();
        if (b < 0)
            throw Truncated();
        at++;
        return b;
    }

    /// <summary>Takes white space; whether there was a line break in it.</summary>
    public bool SkipWhite()
    {
        var breaks = 0L;
        while (Peek() is ' ' or '\t' or '\r' or '\n')
        {
            var n = Rest.IndexOfAnyExcept(White);
            if (n < 0)
                n = count - at;
            breaks += bytes.AsSpan(at, n).Count((byte)'\n');
            at += n;
        }
        Line += breaks;
        return breaks > 0;
    }

    /// <summary>A fault at the next byte.</summary>
    public FhirFormatException Fault(FhirFault fault, string what) => new(fault, what, Line, Position);

    public FhirFormatException Truncated() => Fault(FhirFault.Truncated, "The file ends in the middle of a value");

    public FhirFormatException Unexpected(int b) => b < 0 ? Truncated() : Fault(FhirFault.NotJson, $"Byte 0x{b:X2} is not JSON in this place");

    /// <summary>A fault at the byte that was just taken.</summary>
    public FhirFormatException FaultBefore(int b, string what)
    {
        at--;
        return b is < 0x20 or > 0x7E ? Unexpected(b) : Fault(FhirFault.NotJson, what);
    }
}
