using System.Text.Unicode;

namespace Salus.Client.Search.Segments;

/// <summary>
/// Reads the entries of a dictionary one after another, from the first or a restart on. A hostile source may have sealed them: false at anything that no honest one
/// writes, and nothing is allocated.
/// </summary>
internal ref struct DictionaryEntries(ReadOnlySpan<byte> bytes, int at, int index, int documents, bool isInline)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly int _first = index;
    private TermBuffer _term;
    private int _termLength;
    private int _at = at;
    private int _index = index;

    [System.Runtime.CompilerServices.InlineArray(TermText.MaximumSize)]
    private struct TermBuffer
    {
        private byte _first;
    }

    /// <summary>Where the next entry begins.</summary>
    public readonly int At => _at;

    /// <summary>Of the entry read last.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<byte> Term => ((ReadOnlySpan<byte>)_term)[.._termLength];

    public int TermDocuments { get; private set; }

    public int Blocks { get; private set; }

    public int RunStart { get; private set; }

    public int RunLength { get; private set; }

    public bool TryNext()
    {
        if (!Varint.TryRead(_bytes, ref _at, out var shared) || !Varint.TryRead(_bytes, ref _at, out var suffix)
            || shared > _termLength || suffix == 0 || suffix > TermText.MaximumSize - shared || suffix > _bytes.Length - _at
            || (_index % DictionaryFormat.Restart == 0 && shared != 0))
            return false;
        Span<byte> term = _term;
        var rest = _bytes.Slice(_at, (int)suffix);
        // Above the term before it, and no shorter a suffix would have done; at a restart the order is all that can be asked.
        if (_index > _first && !(shared == _termLength || rest[0] > term[(int)shared] || (_index % DictionaryFormat.Restart == 0 && term[.._termLength].SequenceCompareTo(rest) < 0)))
            return false;
        rest.CopyTo(term[(int)shared..]);
        _termLength = (int)(shared + suffix);
        _at += rest.Length;
        if (!Utf8.IsValid(Term) || !Varint.TryRead(_bytes, ref _at, out var found) || found == 0 || found > (uint)documents || !Varint.TryRead(_bytes, ref _at, out var size)
            || size == 0)
            return false;
        TermDocuments = (int)found;
        (Blocks, RunStart, RunLength) = isInline ? (0, _at, (int)Math.Min(size, int.MaxValue)) : ((int)Math.Min(size, int.MaxValue), 0, 0);
        if (isInline ? size > _bytes.Length - _at || found > size / PostingRun.MinimumPosting : size > found || found > (long)size * PostingRun.MaximumInBlock)
            return false;
        _at += RunLength;
        _index++;
        return true;
    }

    public readonly SegmentTerm ToTerm() => new(Term.ToArray(), TermDocuments, Blocks, RunStart, RunLength);
}
