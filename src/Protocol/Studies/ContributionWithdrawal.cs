using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Studies;

/// <summary>
/// The withdrawal of a contribution, for good. Copy and row are deleted; the withdrawal stays as the tombstone that the custodian sees. It carries no time and no reason.
/// Wire: "salus withdrawal 1\n" | withdrawal key 32 | study 16 | signature 64.
/// </summary>
public sealed class ContributionWithdrawal
{
    /// <summary>Bytes of a signed one.</summary>
    public const int Size = 19 + 32 + Identifier.Size + 64;

    private ContributionWithdrawal(byte[] signed, VerifyingKey withdrawal, StudyId study) => (Signed, Id, Withdrawal, Study) = (signed, withdrawal.Contribution(), withdrawal, study);

    private static ReadOnlySpan<byte> Magic => "salus withdrawal 1\n"u8;

    public ContributionId Id { get; }

    public VerifyingKey Withdrawal { get; }

    public StudyId Study { get; }

    public byte[] Signed { get; }

    public static ContributionWithdrawal Create(SigningKey withdrawal, StudyId study)
    {
        var payload = new WireWriter().Bytes(Magic).Key(withdrawal.PublicKey).Id(study).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignWithdrawal, withdrawal, payload), out var made) ? made : throw SignedMessage.Mistake(nameof(ContributionWithdrawal));
    }

    /// <summary>False when the bytes are no withdrawal or not signed by the key within.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ContributionWithdrawal? withdrawal)
    {
        if (TryRead(signed, out withdrawal) && SignedMessage.Verify(Domains.SignWithdrawal, withdrawal.Withdrawal, signed))
            return true;
        withdrawal = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ContributionWithdrawal? withdrawal)
    {
        withdrawal = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey key) || !reader.Id(out StudyId study) || !reader.AtEnd)
            return false;
        withdrawal = new ContributionWithdrawal(signed.ToArray(), key, study);
        return true;
    }
}
