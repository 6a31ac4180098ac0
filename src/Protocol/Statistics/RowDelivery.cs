using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol.Studies;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Statistics;

/// <summary>
/// A contribution's row on its way to one trustee, sealed to the trustee's box key and sent without a session: two of the three vectors of shares, commitments to all three,
/// and the receipts of two tokens that paid for the contribution. The head's row commitment covers the study as the participant has read it, so a trustee that was shown
/// another study under the same identifier takes no row.
/// Wire, sealed: "salus row 1\n" | head (variable) | 2 receipts (variable) | commitments 96 | parcel (variable).
/// </summary>
public sealed class RowDelivery
{
    /// <summary>Bytes of a parcel, at most: 16,384 elements.</summary>
    public const int MaxParcel = 32 + 32 + 8 * MaxElements;

    /// <summary>Elements of a row, at most.</summary>
    public const int MaxElements = 16 * 1024;

    /// <summary>Bytes of a sealed delivery, at most.</summary>
    public const int MaxSize = MaxParcel + 4096;

    private const int MaxMessage = 1024;

    private RowDelivery(ContributionHeader header, IReadOnlyList<byte[]> receipts, ShareCommitments commitments, byte[] parcel) =>
        (Header, Receipts, Commitments, Parcel) = (header, receipts, commitments, parcel);

    private static ReadOnlySpan<byte> Magic => "salus row 1\n"u8;

    public ContributionHeader Header { get; }

    /// <summary>Not verified here: <see cref="ContributionReceipt.Suffice"/>.</summary>
    public IReadOnlyList<byte[]> Receipts { get; }

    public ShareCommitments Commitments { get; }

    /// <summary>See <see cref="SharePair.TryParse"/>; secret.</summary>
    public byte[] Parcel { get; }

    /// <summary>What a contribution's head says of its row, 32 bytes.</summary>
    public static byte[] Commit(Study study, ShareCommitments commitments)
    {
        using var transcript = new Transcript(Domains.StatisticsRow);
        return transcript.Append(study.Hash).Append(commitments.Bytes).ToHash()[..32];
    }

    public static byte[] Seal(BoxKey trustee, ContributionHeader header, IReadOnlyList<byte[]> receipts, ShareCommitments commitments, ReadOnlySpan<byte> parcel)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(receipts.Count, ContributionReceipt.Needed, nameof(receipts));
        var plain = new WireWriter().Bytes(Magic).Variable(header.Signed).Variable(receipts[0]).Variable(receipts[1]).Bytes(commitments.Bytes).Variable(parcel).ToArray();
        try
        {
            return trustee.Seal(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>False unless sealed to the trustee, with a head that its contributor has signed. Whether it fits a study, <see cref="Fits"/> says.</summary>
    public static bool TryUnseal(UnboxingKey trustee, ReadOnlySpan<byte> sealedRow, [NotNullWhen(true)] out RowDelivery? delivery)
    {
        delivery = null;
        if (sealedRow.Length > MaxSize || !trustee.TryOpen(sealedRow, out var plain))
            return false;
        try
        {
            var reader = new WireReader(plain);
            if (!reader.Magic(Magic) || !reader.Variable(MaxMessage, out var head) || !ContributionHeader.TryVerify(head, out var header)
                || !reader.Variable(MaxMessage, out var first) || !reader.Variable(MaxMessage, out var second)
                || !reader.Bytes(ShareCommitments.Size, out var bytes) || !ShareCommitments.TryParse(bytes, out var commitments)
                || !reader.Variable(MaxParcel, out var parcel) || !reader.AtEnd)
                return false;
            delivery = new RowDelivery(header, [first.ToArray(), second.ToArray()], commitments, parcel.ToArray());
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Whether the head commits to these shares and this study, and the receipts pay for it.</summary>
    public bool Fits(Study study) => Header.Study == study.Id && CryptographicOperations.FixedTimeEquals(Header.Row, Commit(study, Commitments))
        && ContributionReceipt.Suffice(study, Header, Receipts);
}
