using Salus.Crypto.Statistics.Sharing;

namespace Salus.Crypto.Statistics.Computing;

/// <summary>A party's part of a vector in shares: x_i and x_(i+1). What is linear in the values is computed on it without a word to the others.</summary>
public sealed class SecretVector
{
    /// <summary>Takes vectors as they are: they must not change any more.</summary>
    public SecretVector(int party, ReadOnlyMemory<ulong> own, ReadOnlyMemory<ulong> next)
    {
        Parties.Check(party);
        ArgumentOutOfRangeException.ThrowIfNotEqual(next.Length, own.Length, nameof(next));
        (Party, Own, Next) = (party, own, next);
    }

    public SecretVector(SharePair pair)
        : this((pair ?? throw new ArgumentNullException(nameof(pair))).Party, pair.Own, pair.Next)
    {
    }

    public int Party { get; }

    public int Count => Own.Length;

    /// <summary>x_i.</summary>
    public ReadOnlyMemory<ulong> Own { get; }

    /// <summary>x_(i+1).</summary>
    public ReadOnlyMemory<ulong> Next { get; }

    /// <summary>A vector that everyone knows: x_0, the others being zero.</summary>
    public static SecretVector Public(int party, ReadOnlySpan<ulong> elements) => new(party,
        party == 0 ? elements.ToArray() : new ulong[elements.Length], Parties.Next(party) == 0 ? elements.ToArray() : new ulong[elements.Length]);

    /// <summary>An element of each row, in the order of the rows.</summary>
    public static SecretVector Column(IReadOnlyList<SharePair> rows, int index)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            throw new ArgumentException("There are no rows.", nameof(rows));
        ulong[] own = new ulong[rows.Count], next = new ulong[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(rows[i].Party, rows[0].Party, nameof(rows));
            (own[i], next[i]) = (rows[i].Own.Span[index], rows[i].Next.Span[index]);
        }
        return new SecretVector(rows[0].Party, own, next);
    }

    /// <summary>One behind another.</summary>
    public static SecretVector Concat(params IReadOnlyList<SecretVector> vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        var count = vectors.Sum(vector => vector.Count);
        ulong[] own = new ulong[count], next = new ulong[count];
        var at = 0;
        foreach (var vector in vectors)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Party, vectors[0].Party, nameof(vectors));
            vector.Own.CopyTo(own.AsMemory(at));
            vector.Next.CopyTo(next.AsMemory(at));
            at += vector.Count;
        }
        return new SecretVector(vectors[0].Party, own, next);
    }

    public SecretVector Slice(int start, int count) => new(Party, Own.Slice(start, count), Next.Slice(start, count));

    public SecretVector Add(SecretVector other) => With(other, FieldVector.Add);

    public SecretVector Subtract(SecretVector other) => With(other, FieldVector.Subtract);

    /// <summary>All elements times a public one.</summary>
    public SecretVector Scale(ulong factor)
    {
        ulong[] own = new ulong[Count], next = new ulong[Count];
        FieldVector.Scale(factor, Own.Span, own);
        FieldVector.Scale(factor, Next.Span, next);
        return new SecretVector(Party, own, next);
    }

    /// <summary>Each element times a public one of its own; the factors begin anew when they are fewer.</summary>
    public SecretVector Scale(ReadOnlySpan<ulong> factors)
    {
        ulong[] own = new ulong[Count], next = new ulong[Count];
        for (var at = 0; at < Count; at += factors.Length)
        {
            var count = Math.Min(factors.Length, Count - at);
            FieldVector.Multiply(Own.Span.Slice(at, count), factors[..count], own.AsSpan(at, count));
            FieldVector.Multiply(Next.Span.Slice(at, count), factors[..count], next.AsSpan(at, count));
        }
        return new SecretVector(Party, own, next);
    }

    /// <summary>Every element plus a public one.</summary>
    public SecretVector AddPublic(ulong element)
    {
        var constant = new ulong[Count];
        Array.Fill(constant, element);
        return Add(Public(Party, constant));
    }

    /// <summary>The sum of all elements, a vector of one.</summary>
    public SecretVector Sum() => SumBlocks(Count);

    /// <summary>The sums of so many elements each, which stand behind one another.</summary>
    public SecretVector SumBlocks(int length)
    {
        var blocks = Blocks(length);
        ulong[] own = new ulong[blocks], next = new ulong[blocks];
        for (var block = 0; block < blocks; block++)
        {
            own[block] = FieldVector.Sum(Own.Span.Slice(block * length, length));
            next[block] = FieldVector.Sum(Next.Span.Slice(block * length, length));
        }
        return new SecretVector(Party, own, next);
    }

    public override string ToString() => "[redacted]";

    /// <summary>How many blocks there are; those of an empty vector are one.</summary>
    internal int Blocks(int length)
    {
        if (length == 0 && Count == 0)
            return 1;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(Count % length, 0, nameof(length));
        return Count / length;
    }

    private delegate void Operation(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> result);

    private SecretVector With(SecretVector other, Operation operation)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Party, Party, nameof(other));
        ulong[] own = new ulong[Count], next = new ulong[Count];
        operation(Own.Span, other.Own.Span, own);
        operation(Next.Span, other.Next.Span, next);
        return new SecretVector(Party, own, next);
    }
}
