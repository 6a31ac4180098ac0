using System.Diagnostics.CodeAnalysis;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Studies;

/// <summary>
/// The body of a contribution's upload: head (variable) | two receipts (variable each) | sealed copy to the end. Its length is a class of <see cref="CopySize"/> (or 0) and
/// a number that is the same for all contributions with the same parts.
/// </summary>
public sealed record ContributionUpload(ContributionHeader Header, IReadOnlyList<byte[]> Receipts, byte[] SealedCopy)
{
    private const int MaxPart = 1024;

    /// <summary>Bytes of an upload, at most.</summary>
    public const int MaxSize = Limits.MaxSealedCopy + (8 * MaxPart);

    public byte[] ToBytes()
    {
        var writer = new WireWriter().Variable(Header.Signed);
        foreach (var receipt in Receipts)
            writer.Variable(receipt);
        return [.. writer.ToArray(), .. SealedCopy];
    }

    /// <summary>False unless it is a signed head with the copy that it names and two receipts. That they suffice, <see cref="ContributionReceipt.Suffice"/> says.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ContributionUpload? upload)
    {
        upload = null;
        if (bytes.Length > MaxSize)
            return false;
        var reader = new WireReader(bytes);
        if (!reader.Variable(MaxPart, out var head) || !ContributionHeader.TryVerify(head, out var header))
            return false;
        var receipts = new byte[ContributionReceipt.Needed][];
        for (var i = 0; i < receipts.Length; i++)
        {
            if (!reader.Variable(MaxPart, out var receipt))
                return false;
            receipts[i] = receipt.ToArray();
        }
        if (!reader.Bytes(header.CopySize, out var copy) || !reader.AtEnd || !header.Fits(copy))
            return false;
        upload = new ContributionUpload(header, receipts, copy.ToArray());
        return true;
    }
}
