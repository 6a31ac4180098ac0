using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Studies;

/// <summary>
/// The researcher's word that a study has ended before its time, for good.
/// Wire: "salus study end 1\n" | researcher 32 | study 16 | at u64 | signature 64.
/// </summary>
public sealed class StudyEnd
{
    private StudyEnd(byte[] signed, VerifyingKey researcher, StudyId study, DateTimeOffset at) => (Signed, Researcher, Study, At) = (signed, researcher, study, at);

    private static ReadOnlySpan<byte> Magic => "salus study end 1\n"u8;

    public VerifyingKey Researcher { get; }

    public StudyId Study { get; }

    public DateTimeOffset At { get; }

    public byte[] Signed { get; }

    public static StudyEnd Create(SigningKey researcher, StudyId study, DateTimeOffset at)
    {
        var payload = new WireWriter().Bytes(Magic).Key(researcher.PublicKey).Id(study).Time(at).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignStudyEnd, researcher, payload), out var end) ? end : throw SignedMessage.Mistake(nameof(StudyEnd));
    }

    /// <summary>False when the bytes are no end or not signed by the researcher named within.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out StudyEnd? end)
    {
        if (TryRead(signed, out end) && SignedMessage.Verify(Domains.SignStudyEnd, end.Researcher, signed))
            return true;
        end = null;
        return false;
    }

    /// <summary>Whether it ends this study, and not that of someone else.</summary>
    public bool IsOf(Study study) => Study == study.Id && Researcher.Equals(study.Terms.Researcher.Identity);

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out StudyEnd? end)
    {
        end = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey researcher) || !reader.Id(out StudyId study) || !reader.Time(out var at) || !reader.AtEnd)
            return false;
        end = new StudyEnd(signed.ToArray(), researcher, study, at);
        return true;
    }
}
