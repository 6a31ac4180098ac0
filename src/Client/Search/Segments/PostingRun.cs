namespace Salus.Client.Search.Segments;

/// <summary>
/// Postings behind one another: varint document (the first in full, then what it is more than the one before), varint frequency, varint document length. A block is
/// count u8 | a run | zeros.
/// </summary>
internal static class PostingRun
{
    /// <summary>Bytes of one posting, at most.</summary>
    public const int MaximumPosting = 3 * Varint.MaximumSize;

    /// <summary>Bytes of one posting, at least.</summary>
    public const int MinimumPosting = 3;

    /// <summary>Postings in a block, at most.</summary>
    public const int MaximumInBlock = (Crypto.Search.BlockSize.Plain - 1) / MinimumPosting;

    public static int Write(uint delta, uint frequency, uint length, Span<byte> output)
    {
        var at = Varint.Write(delta, output);
        at += Varint.Write(frequency, output[at..]);
        return at + Varint.Write(length, output[at..]);
    }

    /// <summary>
    /// Reads a block that a hostile source may have sealed: false for counts, numbers or padding that no honest one writes. Appends to
    /// <paramref name="postings"/>, whose documents it goes on from.
    /// </summary>
    public static bool TryReadBlock(ReadOnlySpan<byte> block, uint documents, List<Posting> postings)
    {
        var count = block[0];
        var at = 1;
        return TryRead(block, ref at, count, documents, isAbsolute: true, postings) && !block[at..].ContainsAnyExcept((byte)0);
    }

    /// <summary>Reads a whole run of <paramref name="count"/> postings in the same way.</summary>
    public static bool TryReadRun(ReadOnlySpan<byte> run, int count, uint documents, List<Posting> postings)
    {
        var at = 0;
        return TryRead(run, ref at, count, documents, isAbsolute: true, postings) && at == run.Length;
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, ref int at, int count, uint documents, bool isAbsolute, List<Posting> postings)
    {
        long last = postings.Count == 0 ? -1 : postings[^1].Document;
        for (var i = 0; i < count; i++)
        {
            if (!Varint.TryRead(bytes, ref at, out var number) || !Varint.TryRead(bytes, ref at, out var frequency) || !Varint.TryRead(bytes, ref at, out var length)
                || frequency == 0)
                return false;
            var document = isAbsolute ? number : last + number;
            isAbsolute = false;
            if (document <= last || document >= documents)
                return false;
            last = document;
            postings.Add(new Posting((uint)document, frequency, length));
        }
        return true;
    }
}
