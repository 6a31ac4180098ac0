using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Salus.Client.Search.Segments;

/// <summary>The plaintext of a dictionary, checked from end to end: what it says of blocks and documents agrees with the signed number of blocks.</summary>
internal sealed class SegmentDictionary
{
    private readonly byte[] _bytes;
    private readonly int[] _restarts;
    private readonly int _documentsAt;

    private SegmentDictionary(byte[] bytes, int documents, long totalLength, int terms, bool isInline, int[] restarts, int documentsAt) =>
        (_bytes, Documents, TotalLength, Terms, IsInline, _restarts, _documentsAt) = (bytes, documents, totalLength, terms, isInline, restarts, documentsAt);

    public int Documents { get; }

    public long TotalLength { get; }

    public int Terms { get; }

    public bool IsInline { get; }

    /// <summary>False for bytes that no honest source writes. <paramref name="blocks"/>: of the segment, as its source signed.</summary>
    public static bool TryRead(byte[] bytes, int blocks, [NotNullWhen(true)] out SegmentDictionary? dictionary)
    {
        dictionary = null;
        var span = bytes.AsSpan();
        if (bytes.Length < DictionaryFormat.HeaderSize || !span.StartsWith(DictionaryFormat.Magic))
            return false;
        var header = span[DictionaryFormat.Magic.Length..];
        var flags = header[0];
        var documents = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        var totalLength = BinaryPrimitives.ReadUInt64BigEndian(header[5..]);
        var terms = BinaryPrimitives.ReadUInt32BigEndian(header[13..]);
        var isInline = flags == DictionaryFormat.Inline;
        if (flags > DictionaryFormat.Inline || documents > int.MaxValue || totalLength > documents * (ulong)uint.MaxValue
            || terms > (bytes.Length - DictionaryFormat.HeaderSize) / DictionaryFormat.MinimumEntry || (isInline && blocks != 0))
            return false;

        var restarts = new int[((int)terms + DictionaryFormat.Restart - 1) / DictionaryFormat.Restart];
        var entries = new DictionaryEntries(span, DictionaryFormat.HeaderSize, 0, (int)documents, isInline);
        long padded = 0, runs = 0;
        for (var i = 0; i < terms; i++)
        {
            if (i % DictionaryFormat.Restart == 0)
                restarts[i / DictionaryFormat.Restart] = entries.At;
            if (!entries.TryNext() || entries.Blocks > blocks)
                return false;
            padded += entries.Blocks == 0 ? 0 : DictionaryFormat.Padded(entries.Blocks);
            runs += entries.RunLength;
        }
        var table = documents * (long)IndexedDocument.Size;
        if (bytes.Length - entries.At != table || (isInline ? runs + table > DictionaryFormat.MaximumInline : padded != blocks))
            return false;
        dictionary = new SegmentDictionary(bytes, (int)documents, (long)totalLength, (int)terms, isInline, restarts, entries.At);
        return true;
    }

    public SegmentTerm? Find(ReadOnlySpan<byte> term)
    {
        var (entries, left) = From(term);
        for (; left > 0; left--)
        {
            _ = entries.TryNext();
            var order = entries.Term.SequenceCompareTo(term);
            if (order >= 0)
                return order == 0 ? entries.ToTerm() : null;
        }
        return null;
    }

    /// <summary>Terms from <paramref name="from"/> on, in order, as long as they begin with <paramref name="prefix"/>.</summary>
    public List<SegmentTerm> Range(ReadOnlySpan<byte> prefix, int maximum)
    {
        var found = new List<SegmentTerm>();
        var (entries, left) = From(prefix);
        for (; left > 0 && found.Count < maximum; left--)
        {
            _ = entries.TryNext();
            if (entries.Term.StartsWith(prefix))
                found.Add(entries.ToTerm());
            else if (entries.Term.SequenceCompareTo(prefix) > 0)
                break;
        }
        return found;
    }

    /// <summary>The terms from a restart on, 64 of them or what is left.</summary>
    public List<SegmentTerm> Group(int restart)
    {
        var found = new List<SegmentTerm>(DictionaryFormat.Restart);
        var entries = At(restart);
        for (var left = Math.Min(DictionaryFormat.Restart, Terms - (restart * DictionaryFormat.Restart)); left > 0; left--)
        {
            _ = entries.TryNext();
            found.Add(entries.ToTerm());
        }
        return found;
    }

    public int Groups => _restarts.Length;

    public ReadOnlySpan<byte> Run(SegmentTerm term) => _bytes.AsSpan(term.RunStart, term.RunLength);

    public IndexedDocument Document(uint number) =>
        IndexedDocument.Read(_bytes.AsSpan(_documentsAt).Slice(checked((int)number) * IndexedDocument.Size, IndexedDocument.Size));

    /// <summary>The entries from the last restart whose term is not above <paramref name="term"/>, and how many are left.</summary>
    private EntriesFrom From(ReadOnlySpan<byte> term)
    {
        int low = 0, high = _restarts.Length;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            var entries = At(middle);
            _ = entries.TryNext();
            if (entries.Term.SequenceCompareTo(term) <= 0)
                low = middle;
            else
                high = middle;
        }
        return new EntriesFrom(At(low), Terms - (low * DictionaryFormat.Restart));
    }

    private DictionaryEntries At(int restart) =>
        new(_bytes, restart < _restarts.Length ? _restarts[restart] : _documentsAt, restart * DictionaryFormat.Restart, Documents, IsInline);

    private readonly ref struct EntriesFrom(DictionaryEntries entries, int left)
    {
        private readonly DictionaryEntries _entries = entries;

        public void Deconstruct(out DictionaryEntries entries, out int left1)
        {
            entries = _entries;
            left1 = left;
        }
    }
}
