using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Statistics;

/// <summary>
/// A trustee's answer to a question. Two that <see cref="Agrees"/> are believed: one dishonest trustee makes none up. Sums already carry their noise. No sums: too few rows
/// took part, and how many is not said.
/// Wire: "salus statistics answer 1\n" | trustee 32 | study 16 | name of the question 32 | computed at u64 | sums (count u32, i64 each) | budget u64 | spent u64
/// | signature 64. The time is that of the query which was computed; the same question again has the same answer.
/// </summary>
public sealed class StatisticsAnswer
{
    /// <summary>Sums of one answer, at most: the table of two attributes.</summary>
    public const int MaxSums = 64 * 64;

    private StatisticsAnswer(byte[] signed, VerifyingKey trustee, StudyId study, byte[] name, DateTimeOffset at, long[] sums, long budgetMicros, long spentMicros)
    {
        (Signed, Trustee, Study, Name, At, Sums) = (signed, trustee, study, name, at, sums);
        (BudgetMicros, SpentMicros) = (budgetMicros, spentMicros);
    }

    private static ReadOnlySpan<byte> Magic => "salus statistics answer 1\n"u8;

    public VerifyingKey Trustee { get; }

    public StudyId Study { get; }

    public byte[] Name { get; }

    public DateTimeOffset At { get; }

    public IReadOnlyList<long> Sums { get; }

    public long BudgetMicros { get; }

    /// <summary>Of the budget, when this was computed.</summary>
    public long SpentMicros { get; }

    public byte[] Signed { get; }

    public bool IsRefusal => Sums.Count == 0;

    public static StatisticsAnswer Create(
        SigningKey trustee, StudyId study, ReadOnlySpan<byte> name, DateTimeOffset at, IReadOnlyList<long> sums, long budgetMicros, long spentMicros)
    {
        var writer = new WireWriter().Bytes(Magic).Key(trustee.PublicKey).Id(study).Fixed(StatisticsQuery.NameSize, name).Time(at).UInt32((uint)sums.Count);
        foreach (var sum in sums)
            writer.UInt64(unchecked((ulong)sum));
        var payload = writer.UInt64((ulong)budgetMicros).UInt64((ulong)spentMicros).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignStatisticsAnswer, trustee, payload), out var answer) ? answer : throw SignedMessage.Mistake(nameof(StatisticsAnswer));
    }

    /// <summary>False unless it is <paramref name="trustee"/>'s answer to the question of that name.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, VerifyingKey trustee, ReadOnlySpan<byte> name, [NotNullWhen(true)] out StatisticsAnswer? answer)
    {
        if (TryRead(signed, out answer) && answer.Trustee.Equals(trustee) && answer.Name.AsSpan().SequenceEqual(name)
            && SignedMessage.Verify(Domains.SignStatisticsAnswer, trustee, signed))
            return true;
        answer = null;
        return false;
    }

    /// <summary>Whether another trustee says the same.</summary>
    public bool Agrees(StatisticsAnswer other) => !other.Trustee.Equals(Trustee) && other.Study == Study && other.At == At && other.Sums.SequenceEqual(Sums)
        && other.Name.AsSpan().SequenceEqual(Name) && other.BudgetMicros == BudgetMicros && other.SpentMicros == SpentMicros;

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out StatisticsAnswer? answer)
    {
        answer = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey trustee) || !reader.Id(out StudyId study) || !reader.Bytes(StatisticsQuery.NameSize, out var name)
            || !reader.Time(out var at) || !reader.UInt32(out var count) || count > MaxSums)
            return false;
        var sums = new List<long>();
        for (var i = 0; i < count; i++)
        {
            if (!reader.UInt64(out var sum))
                return false;
            sums.Add(unchecked((long)sum));
        }
        if (!reader.UInt64(out var budget) || budget > (ulong)Limits.MaxStudyValue || !reader.UInt64(out var spent) || spent > budget || !reader.AtEnd)
            return false;
        answer = new StatisticsAnswer(signed.ToArray(), trustee, study, name.ToArray(), at, [.. sums], (long)budget, (long)spent);
        return true;
    }
}
