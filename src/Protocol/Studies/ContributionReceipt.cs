using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Studies;

/// <summary>
/// A trustee's word that a token of its own was spent on a contribution. Two, of different trustees of the study, make a contribution valid. It carries no time: the same
/// spending has the same receipt, and nothing in it tells one contributor from another.
/// Wire: "salus contribution receipt 1\n" | trustee 32 | study 16 | digest 32 | signature 64.
/// </summary>
public sealed class ContributionReceipt
{
    /// <summary>Receipts that make a contribution valid.</summary>
    public const int Needed = 2;

    private ContributionReceipt(byte[] signed, VerifyingKey trustee, StudyId study, byte[] digest) => (Signed, Trustee, Study, Digest) = (signed, trustee, study, digest);

    private static ReadOnlySpan<byte> Magic => "salus contribution receipt 1\n"u8;

    public VerifyingKey Trustee { get; }

    public StudyId Study { get; }

    public byte[] Digest { get; }

    public byte[] Signed { get; }

    public static ContributionReceipt Create(SigningKey trustee, StudyId study, ReadOnlySpan<byte> digest)
    {
        var payload = new WireWriter().Bytes(Magic).Key(trustee.PublicKey).Id(study).Fixed(ContributionDigest.Size, digest).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignContributionReceipt, trustee, payload), out var receipt) ? receipt : throw SignedMessage.Mistake(nameof(ContributionReceipt));
    }

    /// <summary>False when the bytes are no receipt or not signed by the trustee named within.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ContributionReceipt? receipt)
    {
        if (TryRead(signed, out receipt) && SignedMessage.Verify(Domains.SignContributionReceipt, receipt.Trustee, signed))
            return true;
        receipt = null;
        return false;
    }

    /// <summary>Whether these are receipts of two different trustees of the study for this very contribution.</summary>
    public static bool Suffice(Study study, ContributionHeader header, IReadOnlyList<byte[]> receipts)
    {
        if (header.Study != study.Id || receipts.Count != Needed)
            return false;
        var trustees = new HashSet<VerifyingKey>();
        foreach (var signed in receipts)
            if (!TryVerify(signed, out var receipt) || receipt.Study != study.Id || !receipt.Digest.AsSpan().SequenceEqual(header.Digest)
                || !study.Terms.Trustees.Contains(receipt.Trustee) || !trustees.Add(receipt.Trustee))
                return false;
        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ContributionReceipt? receipt)
    {
        receipt = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey trustee) || !reader.Id(out StudyId study) || !reader.Bytes(ContributionDigest.Size, out var digest)
            || !reader.AtEnd)
            return false;
        receipt = new ContributionReceipt(signed.ToArray(), trustee, study, digest.ToArray());
        return true;
    }
}
