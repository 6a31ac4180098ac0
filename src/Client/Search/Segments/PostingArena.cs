using System.Buffers.Binary;

namespace Salus.Client.Search.Segments;

/// <summary>
/// Byte buffers of many terms that grow a posting at a time: slices of a few large arrays, each slice twice as long as the one before it in its chain, the
/// last four bytes of a full slice saying where the next one is. (The layout of Lucene's ByteBlockPool.)
/// </summary>
internal sealed class PostingArena
{
    private const int SlabBits = 20;
    private const int SlabSize = 1 << SlabBits;
    private const int SlabMask = SlabSize - 1;
    private const int PointerSize = sizeof(int);

    private static ReadOnlySpan<short> SliceSizes => [12, 24, 48, 96, 192, 384, 768, 1536, 3072, 8192];

    private readonly List<byte[]> _slabs = [];
    private int _free = SlabSize;

    public long Memory => ((long)_slabs.Count * SlabSize) - (SlabSize - _free);

    /// <summary>Appends the posting of a document above the last one of the term, or its first.</summary>
    public void Append(ref TermTable.Term term, uint document, uint frequency, uint length)
    {
        if (term.Documents == 0)
            Begin(ref term);
        var delta = document - term.LastDocument;
        if (term.End - term.At >= PostingRun.MaximumPosting)
        {
            var at = term.At & SlabMask;
            term.At += PostingRun.Write(delta, frequency, length, _slabs[term.At >> SlabBits].AsSpan(at));
        }
        else
        {
            Span<byte> posting = stackalloc byte[PostingRun.MaximumPosting];
            Append(ref term, posting[..PostingRun.Write(delta, frequency, length, posting)]);
        }
        term.LastDocument = document;
        term.Documents++;
    }

    /// <summary>The whole run of a term, copied into <paramref name="buffer"/>, which grows when it must.</summary>
    public ReadOnlyMemory<byte> Gather(in TermTable.Term term, ref byte[] buffer)
    {
        var length = 0;
        var at = term.First;
        for (short level = 0; ; level = Next(level))
        {
            var isLast = level == term.Level && at <= term.At && term.At <= at + SliceSizes[level] - PointerSize;
            var size = isLast ? term.At - at : SliceSizes[level] - PointerSize;
            if (buffer.Length - length < size)
                Array.Resize(ref buffer, Math.Max(2 * buffer.Length, length + size));
            _slabs[at >> SlabBits].AsSpan(at & SlabMask, size).CopyTo(buffer.AsSpan(length));
            length += size;
            if (isLast)
                return buffer.AsMemory(0, length);
            at = BinaryPrimitives.ReadInt32LittleEndian(_slabs[at >> SlabBits].AsSpan((at & SlabMask) + size));
        }
    }

    private void Begin(ref TermTable.Term term)
    {
        term.First = term.At = Slice(0);
        term.End = term.At + SliceSizes[0] - PointerSize;
    }

    private void Append(ref TermTable.Term term, ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var fits = Math.Min(bytes.Length, term.End - term.At);
            bytes[..fits].CopyTo(_slabs[term.At >> SlabBits].AsSpan(term.At & SlabMask));
            term.At += fits;
            bytes = bytes[fits..];
            if (bytes.IsEmpty)
                return;
            term.Level = Next(term.Level);
            var next = Slice(term.Level);
            BinaryPrimitives.WriteInt32LittleEndian(_slabs[term.End >> SlabBits].AsSpan(term.End & SlabMask), next);
            (term.At, term.End) = (next, next + SliceSizes[term.Level] - PointerSize);
        }
    }

    private static short Next(short level) => (short)Math.Min(level + 1, SliceSizes.Length - 1);

    /// <summary>Where a new slice begins: slab and place in it in one number. What is left of a slab that is too short for it is lost.</summary>
    private int Slice(short level)
    {
        var size = SliceSizes[level];
        if (_free + size > SlabSize)
        {
            _slabs.Add(new byte[SlabSize]);
            _free = 0;
        }
        var at = ((_slabs.Count - 1) << SlabBits) | _free;
        _free += size;
        return at;
    }
}
