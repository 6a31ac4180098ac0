using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Protocol.Studies;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Statistics;

/// <summary>
/// A measure over the rows that pass every filter. There is one encoding of a question, so equal questions are equal bytes: operands whose order means nothing are in
/// ascending order, and so are filters, one for each attribute and variable.
/// Wire: measure u8 | operands (count u8, u8 each) | filters (count u8; kind u8, index u8, members u128 each).
/// </summary>
public sealed class Question : IEquatable<Question>
{
    public const int MaxFilters = 8;

    /// <summary>Variables that explain another, at most.</summary>
    public const int MaxPredictors = 8;

    /// <summary>Bytes of a question, at most.</summary>
    public const int MaxSize = 3 + MaxPredictors + 1 + MaxFilters * (2 + MemberBytes);

    private const int MemberBytes = 16;

    private readonly byte[] _bytes;

    private Question(byte[] bytes, Measure measure, byte[] operands, Filter[] filters) => (_bytes, Measure, Operands, Filters) = (bytes, measure, operands, filters);

    public Measure Measure { get; }

    /// <summary>Of variables or attributes, as the measure says, in the order of the study.</summary>
    public IReadOnlyList<byte> Operands { get; }

    public IReadOnlyList<Filter> Filters { get; }

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Puts the parts into their order. Throws for parts of which there is no question.</summary>
    public static Question Create(Measure measure, IEnumerable<byte> operands, IEnumerable<Filter> filters)
    {
        var given = operands.ToArray();
        byte[] ordered = measure switch
        {
            Measure.Joint or Measure.Table => [.. given.Order()],
            Measure.Gram => [.. given.Take(1), .. given.Skip(1).Order()],
            _ => given,
        };
        var merged = filters.GroupBy(filter => (filter.Kind, filter.Index)).OrderBy(group => group.Key)
            .Select(group => new Filter(group.Key.Kind, group.Key.Index, group.Aggregate(UInt128.MaxValue, (members, filter) => members & filter.Members))).ToArray();
        var writer = new WireWriter().Byte((byte)measure).Byte((byte)ordered.Length).Bytes(ordered).Byte((byte)merged.Length);
        Span<byte> members = stackalloc byte[MemberBytes];
        foreach (var filter in merged)
        {
            BinaryPrimitives.WriteUInt128BigEndian(members, filter.Members);
            writer.Byte((byte)filter.Kind).Byte(filter.Index).Bytes(members);
        }
        return TryRead(writer.ToArray(), out var question) ? question : throw new ArgumentException("These are no parts of a question.", nameof(operands));
    }

    /// <summary>False for anything but the one encoding. Whether the study has what is asked for, <see cref="Fits"/> says.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Question? question)
    {
        question = null;
        var reader = new WireReader(bytes);
        if (!reader.Byte(out var measure) || !reader.Byte(out var count) || !reader.Bytes(count, out var operands) || !AreOperands((Measure)measure, operands)
            || !reader.Byte(out var filterCount) || filterCount > MaxFilters)
            return false;
        var filters = new Filter[filterCount];
        for (var i = 0; i < filters.Length; i++)
        {
            if (!reader.Byte(out var kind) || kind is not ((byte)FilterKind.Attribute or (byte)FilterKind.Variable) || !reader.Byte(out var index)
                || !reader.Bytes(MemberBytes, out var members))
                return false;
            filters[i] = new Filter((FilterKind)kind, index, BinaryPrimitives.ReadUInt128BigEndian(members));
            if (filters[i].Members == 0 || (i > 0 && (filters[i - 1].Kind, filters[i - 1].Index).CompareTo((filters[i].Kind, filters[i].Index)) >= 0))
                return false;
        }
        if (!reader.AtEnd)
            return false;
        question = new Question(bytes.ToArray(), (Measure)measure, operands.ToArray(), filters);
        return true;
    }

    /// <summary>Whether the study declares all that is asked for, and every filter leaves something out.</summary>
    public bool Fits(StudyTerms terms) => Operands.All(operand => operand < (OfAttributes ? terms.Attributes.Count : terms.Variables.Count))
        && (Measure != Measure.Buckets || terms.Variables[Operands[0]].Bounds.Count > 0) && Filters.All(filter => Fits(filter, terms)) && Bounds.Hold(this, terms);

    /// <summary>The name of the question at a price: equal for equal questions, and what an answer is kept by.</summary>
    public byte[] Name(StudyId study, long rhoMicros)
    {
        using var transcript = new Transcript(Domains.StatisticsQuestion);
        return transcript.Append(study.ToBytes()).Append(_bytes).Append((ulong)rhoMicros).ToHash()[..StatisticsQuery.NameSize];
    }

    public bool Equals([NotNullWhen(true)] Question? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as Question);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    private bool OfAttributes => Measure is Measure.Categories or Measure.Table;

    private static bool Fits(Filter filter, StudyTerms terms)
    {
        if (filter.Kind == FilterKind.Attribute)
            return filter.Index < terms.Attributes.Count && filter.Members < All(terms.Attributes[filter.Index].Categories.Count + 1);
        // All buckets of a variable: whoever has the variable.
        return filter.Index < terms.Variables.Count && terms.Variables[filter.Index].Bounds.Count is var bounds and > 0 && filter.Members <= All(bounds + 1);
    }

    private static UInt128 All(int count) => (UInt128.One << count) - 1;

    private static bool AreOperands(Measure measure, ReadOnlySpan<byte> operands) => measure switch
    {
        Measure.Count => operands.IsEmpty,
        Measure.Total or Measure.Spread or Measure.Buckets or Measure.Categories => operands.Length == 1,
        Measure.Joint or Measure.Table => operands.Length == 2 && operands[0] < operands[1],
        Measure.Gram => operands.Length is > 1 and <= MaxPredictors + 1 && !operands[1..].Contains(operands[0]) && AreAscending(operands[1..]),
        _ => false,
    };

    private static bool AreAscending(ReadOnlySpan<byte> values)
    {
        for (var i = 1; i < values.Length; i++)
            if (values[i - 1] >= values[i])
                return false;
        return true;
    }
}
