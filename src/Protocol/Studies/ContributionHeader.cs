using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Studies;

/// <summary>
/// The head of a contribution, signed by its withdrawal key, which is used for nothing else and known to nobody but whoever can withdraw it.
/// Wire: "salus contribution 1\n" | withdrawal key 32 | study 16 | copy's size u32 | copy's SHA-256 (0 or 32, variable) | row's commitment (0 or 32, variable) | signature 64.
/// At least one of both is there.
/// </summary>
public sealed class ContributionHeader
{
    private ContributionHeader(byte[] signed, VerifyingKey withdrawal, StudyId study, int copySize, byte[] copyHash, byte[] row)
    {
        (Signed, Withdrawal, Study) = (signed, withdrawal, study);
        (CopySize, CopyHash, Row) = (copySize, copyHash, row);
        Id = withdrawal.Contribution();
        Digest = ContributionDigest.Of(study, Id, copyHash, row);
    }

    private static ReadOnlySpan<byte> Magic => "salus contribution 1\n"u8;

    public ContributionId Id { get; }

    public VerifyingKey Withdrawal { get; }

    public StudyId Study { get; }

    /// <summary>A class of <see cref="Studies.CopySize"/>, or 0 when there is no copy.</summary>
    public int CopySize { get; }

    /// <summary>SHA-256 of the sealed copy, or empty.</summary>
    public byte[] CopyHash { get; }

    /// <summary>Commitment to the row of shares, or empty.</summary>
    public byte[] Row { get; }

    /// <summary>What the tokens pay for.</summary>
    public byte[] Digest { get; }

    public byte[] Signed { get; }

    /// <summary><paramref name="row"/> has 32 bytes, or none for no row; an empty copy is no copy.</summary>
    public static ContributionHeader Create(SigningKey withdrawal, StudyId study, ReadOnlySpan<byte> sealedCopy, ReadOnlySpan<byte> row)
    {
        var payload = new WireWriter().Bytes(Magic).Key(withdrawal.PublicKey).Id(study).UInt32((uint)sealedCopy.Length)
            .Variable(sealedCopy.IsEmpty ? [] : Sha256.Hash(sealedCopy)).Variable(row).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignContribution, withdrawal, payload), out var header) ? header : throw SignedMessage.Mistake(nameof(ContributionHeader));
    }

    /// <summary>False when the bytes are no head or not signed by the withdrawal key within.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ContributionHeader? header)
    {
        if (TryRead(signed, out header) && SignedMessage.Verify(Domains.SignContribution, header.Withdrawal, signed))
            return true;
        header = null;
        return false;
    }

    /// <summary>Whether this is the copy that the head names.</summary>
    public bool Fits(ReadOnlySpan<byte> sealedCopy) => sealedCopy.Length == CopySize && (CopySize == 0 || Sha256.Hash(sealedCopy).AsSpan().SequenceEqual(CopyHash));

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ContributionHeader? header)
    {
        header = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey withdrawal) || !reader.Id(out StudyId study) || !reader.UInt32(out var size)
            || !(size == 0 || Studies.CopySize.IsClass(size)) || !reader.Variable(Sha256.Size, out var hash) || hash.Length != (size == 0 ? 0 : Sha256.Size)
            || !reader.Variable(Sha256.Size, out var row) || row.Length is not (0 or Sha256.Size) || (size == 0 && row.IsEmpty) || !reader.AtEnd)
            return false;
        header = new ContributionHeader(signed.ToArray(), withdrawal, study, (int)size, hash.ToArray(), row.ToArray());
        return true;
    }
}
