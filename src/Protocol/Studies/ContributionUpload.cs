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

    /// <summary>Bytes before the copy, at most.</summary>
    public const int MaxStart = 3 * (sizeof(uint) + MaxPart);

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
        if (bytes.Length > MaxSize || !TryReadStart(bytes, out upload, out var start) || !upload.Header.Fits(bytes[start..]))
        {
            upload = null;
            return false;
        }
        upload = upload with { SealedCopy = bytes[start..].ToArray() };
        return true;
    }

    /// <summary>
    /// Head and receipts from the first bytes of an upload, so that a copy is read only once both hold; <paramref name="start"/> is where it begins. The copy that comes
    /// then is for <see cref="ContributionHeader.Fits"/> to check.
    /// </summary>
    public static bool TryReadStart(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ContributionUpload? upload, out int start)
    {
        (upload, start) = (null, 0);
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
        upload = new ContributionUpload(header, receipts, []);
        start = bytes.Length - reader.Rest;
        return true;
    }
}
