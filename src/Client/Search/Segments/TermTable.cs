using System.Buffers.Binary;
using System.Text;

namespace Salus.Client.Search.Segments;

/// <summary>The terms of a segment being built and where their postings are. No object for each: arrays that grow.</summary>
internal sealed class TermTable
{
    /// <summary>Bytes of memory for each term besides its text: entry, and slots that are at most half full.</summary>
    public const int Overhead = 32 + (2 * sizeof(ulong));

    private const int MaximumChars = TermText.MaximumSize;

    private ulong[] _slots = new ulong[1 << 10];
    private Term[] _terms = new Term[1 << 9];
    private byte[] _text = new byte[1 << 13];
    private int _textLength;

    internal struct Term
    {
        public int Text;
        public short TextLength;
        public short Level;
        public uint Hash;
        public int First;
        public int At;
        public int End;
        public uint LastDocument;
        public int Documents;
    }

    public int Count { get; private set; }

    public long Memory => _textLength + ((long)Count * Overhead);

    public Span<Term> Terms => _terms.AsSpan(0, Count);

    public ReadOnlyMemory<byte> Text(in Term term) => _text.AsMemory(term.Text, term.TextLength);

    /// <summary>The place of a term, which is added when it is new. The hash is keyed at random, so nobody can choose terms that collide.</summary>
    public ref Term Get(string term)
    {
        if (term.Length is 0 or > MaximumChars)
            throw Wrong();
        if (Ascii.IsValid(term))
            return ref Get(term, default);

        // Another reading of the same bytes (of a surrogate alone, for one) is the same term.
        Span<byte> utf8 = stackalloc byte[3 * MaximumChars];
        Span<char> text = stackalloc char[3 * MaximumChars];
        utf8 = utf8[..Encoding.UTF8.GetBytes(term, utf8)];
        if (utf8.Length > TermText.MaximumSize)
            throw Wrong();
        return ref Get(text[..Encoding.UTF8.GetChars(utf8, text)], utf8);
    }

    /// <summary>The terms in the order of their UTF-8 bytes.</summary>
    public int[] Sorted()
    {
        var keys = new ulong[Count];
        var order = new int[Count];
        Span<byte> head = stackalloc byte[sizeof(ulong)];
        for (var i = 0; i < Count; i++)
        {
            var text = Text(_terms[i]).Span;
            head.Clear();
            text[..Math.Min(head.Length, text.Length)].CopyTo(head);
            (keys[i], order[i]) = (BinaryPrimitives.ReadUInt64BigEndian(head), i);
        }
        Array.Sort(keys, order);
        for (int from = 0, to; from < Count; from = to)
        {
            for (to = from + 1; to < Count && keys[to] == keys[from];)
                to++;
            if (to - from > 1)
                order.AsSpan(from, to - from).Sort((left, right) => Text(_terms[left]).Span.SequenceCompareTo(Text(_terms[right]).Span));
        }
        return order;
    }

    private ref Term Get(scoped ReadOnlySpan<char> term, scoped ReadOnlySpan<byte> utf8)
    {
        var hash = unchecked((uint)string.GetHashCode(term));
        var mask = _slots.Length - 1;
        for (var slot = (int)(hash & (uint)mask); ; slot = (slot + 1) & mask)
        {
            var content = _slots[slot];
            if (content == 0)
                return ref Add(term, utf8, hash);
            if ((uint)(content >> 32) != hash)
                continue;
            ref var found = ref _terms[(int)(content & uint.MaxValue) - 1];
            var text = _text.AsSpan(found.Text, found.TextLength);
            if (utf8.IsEmpty ? Ascii.Equals(text, term) : text.SequenceEqual(utf8))
                return ref found;
        }
    }

    private ref Term Add(scoped ReadOnlySpan<char> term, scoped ReadOnlySpan<byte> utf8, uint hash)
    {
        if (2 * (Count + 1) > _slots.Length)
            Grow();
        var length = utf8.IsEmpty ? term.Length : utf8.Length;
        if (_text.Length - _textLength < length)
            Array.Resize(ref _text, 2 * _text.Length);
        var text = _text.AsSpan(_textLength, length);
        if (utf8.IsEmpty)
            Ascii.FromUtf16(term, text, out _);
        else
            utf8.CopyTo(text);
        if (Count == _terms.Length)
            Array.Resize(ref _terms, 2 * _terms.Length);
        _terms[Count] = new Term { Text = _textLength, TextLength = (short)length, Hash = hash };
        _textLength += length;
        Occupy(hash, Count);
        return ref _terms[Count++];
    }

    private void Grow()
    {
        _slots = new ulong[2 * _slots.Length];
        for (var i = 0; i < Count; i++)
            Occupy(_terms[i].Hash, i);
    }

    private void Occupy(uint hash, int index)
    {
        var mask = _slots.Length - 1;
        var slot = (int)(hash & (uint)mask);
        while (_slots[slot] != 0)
            slot = (slot + 1) & mask;
        _slots[slot] = ((ulong)hash << 32) | ((uint)index + 1);
    }

    private static ArgumentException Wrong() => new($"A term has 1 to {TermText.MaximumSize} bytes.");
}
