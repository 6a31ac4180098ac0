using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Readings;

/// <summary>
/// A trustee's signed word that all items of an upload have taken effect and are durable.
/// Wire: "salus reading receipt 1\n" | trustee 32 | upload hash 32 | at u64 | signature 64.
/// </summary>
public sealed class ReadingReceipt
{
    private static ReadOnlySpan<byte> Magic => "salus reading receipt 1\n"u8;

    private ReadingReceipt(byte[] signed, VerifyingKey trustee, byte[] upload, DateTimeOffset at) => (Signed, Trustee, UploadHash, At) = (signed, trustee, upload, at);

    public VerifyingKey Trustee { get; }

    public byte[] UploadHash { get; }

    public DateTimeOffset At { get; }

    public byte[] Signed { get; }

    public static ReadingReceipt Create(SigningKey trustee, ReadingUpload upload, DateTimeOffset at)
    {
        var payload = new WireWriter().Bytes(Magic).Key(trustee.PublicKey).Bytes(upload.Hash).Time(at).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignReadingReceipt, trustee, payload), out var receipt) ? receipt : throw SignedMessage.Mistake(nameof(ReadingReceipt));
    }

    /// <summary>False unless it is the receipt of the upload's trustee for this very upload.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, ReadingUpload upload, [NotNullWhen(true)] out ReadingReceipt? receipt)
    {
        if (TryRead(signed, out receipt) && receipt.Trustee.Equals(upload.Trustee) && receipt.UploadHash.AsSpan().SequenceEqual(upload.Hash)
            && SignedMessage.Verify(Domains.SignReadingReceipt, upload.Trustee, signed))
            return true;
        receipt = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ReadingReceipt? receipt)
    {
        receipt = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey trustee) || !reader.Bytes(ReadingBatch.HashSize, out var hash) || !reader.Time(out var at) || !reader.AtEnd)
            return false;
        receipt = new ReadingReceipt(signed.ToArray(), trustee, hash.ToArray(), at);
        return true;
    }
}
