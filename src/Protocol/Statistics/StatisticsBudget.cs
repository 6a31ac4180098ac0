using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Statistics;

/// <summary>
/// A trustee's word on what is left of a study's privacy budget, in millionths of rho.
/// Wire: "salus statistics budget 1\n" | trustee 32 | study 16 | at u64 | budget u64 | spent u64 | signature 64.
/// </summary>
public sealed class StatisticsBudget
{
    private StatisticsBudget(byte[] signed, VerifyingKey trustee, StudyId study, DateTimeOffset at, long micros, long spentMicros) =>
        (Signed, Trustee, Study, At, Micros, SpentMicros) = (signed, trustee, study, at, micros, spentMicros);

    private static ReadOnlySpan<byte> Magic => "salus statistics budget 1\n"u8;

    public VerifyingKey Trustee { get; }

    public StudyId Study { get; }

    public DateTimeOffset At { get; }

    public long Micros { get; }

    public long SpentMicros { get; }

    public byte[] Signed { get; }

    public static StatisticsBudget Create(SigningKey trustee, StudyId study, DateTimeOffset at, long micros, long spentMicros)
    {
        var payload = new WireWriter().Bytes(Magic).Key(trustee.PublicKey).Id(study).Time(at).UInt64((ulong)micros).UInt64((ulong)spentMicros).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignStatisticsBudget, trustee, payload), out var budget) ? budget : throw SignedMessage.Mistake(nameof(StatisticsBudget));
    }

    public static bool TryVerify(ReadOnlySpan<byte> signed, VerifyingKey trustee, StudyId study, [NotNullWhen(true)] out StatisticsBudget? budget)
    {
        if (TryRead(signed, out budget) && budget.Trustee.Equals(trustee) && budget.Study == study && SignedMessage.Verify(Domains.SignStatisticsBudget, trustee, signed))
            return true;
        budget = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out StatisticsBudget? budget)
    {
        budget = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey trustee) || !reader.Id(out StudyId study) || !reader.Time(out var at) || !reader.UInt64(out var micros)
            || micros > (ulong)Limits.MaxStudyValue || !reader.UInt64(out var spent) || spent > micros || !reader.AtEnd)
            return false;
        budget = new StatisticsBudget(signed.ToArray(), trustee, study, at, (long)micros, (long)spent);
        return true;
    }
}
