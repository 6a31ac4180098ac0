using System.Text;
using System.Text.Unicode;

namespace Salus.Bench.Fuzz;

/// <summary>What a reader made of an input.</summary>
/// <param name="Accepted">Whether the bytes were taken.</param>
/// <param name="Written">What was read, written again: must be the input, byte for byte. Null where a format has several spellings of one value.</param>
/// <param name="Detail">Tells one way of being accepted from another: counts, kinds.</param>
internal readonly record struct Verdict(bool Accepted, byte[]? Written = null, string Detail = "")
{
    public static Verdict Refused => default;

    public static Verdict Taken(string detail = "") => new(true, null, detail);

    public static Verdict Canonical(ReadOnlySpan<byte> written, string detail = "") => new(true, written.ToArray(), detail);

    public static Verdict When(bool accepted, string detail = "") => accepted ? Taken(detail) : Refused;
}

/// <summary>What inputs look like, which decides how they are altered.</summary>
internal enum Shape
{
    Bytes,
    Text,
}

/// <summary>A reader of bytes that somebody hostile may have written, and what it may do with them.</summary>
/// <param name="Name">AREA/READER.</param>
/// <param name="Seeds">Inputs that it accepts.</param>
/// <param name="Read">Reads an input. Nothing but the exceptions that are documented may come out.</param>
internal sealed record Target(string Name, Func<IReadOnlyList<byte[]>> Seeds, Func<byte[], Verdict> Read)
{
    public Shape Shape { get; init; } = Shape.Bytes;

    /// <summary>Whether an exception is one that the reader is documented to throw.</summary>
    public Func<Exception, bool> Documented { get; init; } = static _ => false;

    /// <summary>Makes an altered input whole again where it would be refused before anything is read: a signature, a checksum. Null where nothing guards it.</summary>
    public Func<byte[], byte[]>? Mend { get; init; }

    /// <summary>Bytes of an input, at most.</summary>
    public int Longest { get; init; } = 32 * 1024;

    /// <summary>Bytes that may be allocated for nothing, and for each byte of the input.</summary>
    public (long Fixed, long PerByte) Allowance { get; init; } = (512 * 1024, 64);

    /// <summary>A reader of text with one spelling for each value: what was read written again, or null for what it refuses. Bytes that are no UTF-8 never come to it.</summary>
    public static Target OfText(string name, Func<string, string?> again, params string[] seeds) => new(name, () => [.. seeds.Select(text => Encoding.UTF8.GetBytes(text))],
        bytes => Utf8.IsValid(bytes) && again(Encoding.UTF8.GetString(bytes)) is { } written ? Verdict.Canonical(Encoding.UTF8.GetBytes(written)) : Verdict.Refused) { Shape = Shape.Text };

    public string Area => Name[..Name.IndexOf('/', StringComparison.Ordinal)];

    public long MayAllocate(int length) => Allowance.Fixed + Allowance.PerByte * length;
}
