using System.Numerics;

namespace Salus.Client.Search.Segments;

/// <summary>
/// What reader and writer of a dictionary share. Plaintext: magic | flags u8 | documents u32 | total length u64 | terms u32 | entries | the table of documents.
/// An entry: varint shared | varint suffix length | suffix | varint documents of the term | varint blocks with postings in them, or, inline, varint length of
/// its run and the run. Entries are in the order of the terms' bytes; every 64th, from the first on, shares nothing with the one before it.
/// </summary>
internal static class DictionaryFormat
{
    public const byte Inline = 1;

    public const int HeaderSize = 13 + 1 + 4 + 8 + 4;

    /// <summary>At every so many terms a search may begin.</summary>
    public const int Restart = 64;

    /// <summary>Bytes of postings and documents up to which a segment is its dictionary alone.</summary>
    public const int MaximumInline = 256 * 1024;

    /// <summary>Bytes of an entry, at least: one each for shared, length, suffix, documents, and blocks or length.</summary>
    public const int MinimumEntry = 5;

    public static ReadOnlySpan<byte> Magic => "salus dict 1\n"u8;

    /// <summary>Blocks of a term at the cloud: a power of two.</summary>
    public static int Padded(int blocks) => checked((int)BitOperations.RoundUpToPowerOf2((uint)blocks));
}
