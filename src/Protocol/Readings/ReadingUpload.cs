using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Readings;

/// <summary>What an item of an upload is.</summary>
public enum ReadingItemKind : byte
{
    /// <summary>A <see cref="Readings.Series"/>, before its first batch of an epoch.</summary>
    Series = 1,

    /// <summary>A <see cref="ReadingBatch"/>, its times and the trustee's parcel of its shares.</summary>
    Batch = 2,

    /// <summary>A <see cref="ReadingDeletion"/>.</summary>
    Deletion = 3,
}

/// <summary>One item on its way to a trustee. Times and parcel are empty but for a batch.</summary>
/// <param name="Parcel">What the trustee holds of the shares: in clear where it is made, sealed in an upload that was read.</param>
public sealed record ReadingItem(ReadingItemKind Kind, byte[] Signed, byte[] Times, byte[] Parcel);

/// <summary>
/// Items for one trustee, in the order in which they take effect: all or none. Parcels of shares are sealed to the trustee's box key, whatever carries the upload.
/// Wire: "salus reading upload 1\n" | owner 32 | trustee 32 | at u64 | nonce 32 | sealed session key 80 | ticket (variable)
/// | u32 count, items of (kind u8 | signed (variable) | of a batch: times (variable) | sealed parcel (variable)) | signature 64.
/// Sealed parcel: AES-256-GCM(session key, nonce = number of the item as 12 bytes, AAD = SHA-256 of the signed batch). The session key is this upload's own, so no nonce
/// repeats under it; that the shares are the owner's shows by the commitments in the batch.
/// </summary>
public sealed class ReadingUpload
{
    /// <summary>Bytes of a ticket, at most.</summary>
    public const int MaxTicket = 512;

    private const int MaxSigned = 4096;
    private const int MaxTimes = sizeof(ulong) + sizeof(uint) * (Limits.MaxReadings - 1);

    private static readonly int MaxParcel = SplitVector.ParcelSize(1, Limits.MaxReadings) + Aead.TagSize;

    private readonly byte[] _box;

    private ReadingUpload(byte[] signed, VerifyingKey owner, VerifyingKey trustee, DateTimeOffset at, byte[] nonce, byte[] box, byte[] ticket, IReadOnlyList<ReadingItem> items)
    {
        (Signed, Owner, Trustee, At) = (signed, owner, trustee, at);
        (Nonce, _box, Ticket, Items) = (nonce, box, ticket, items);
    }

    private static ReadOnlySpan<byte> Magic => "salus reading upload 1\n"u8;

    public VerifyingKey Owner { get; }

    public VerifyingKey Trustee { get; }

    public DateTimeOffset At { get; }

    /// <summary>Random; a trustee takes a nonce once.</summary>
    public byte[] Nonce { get; }

    /// <summary>The cloud's word that the owner's key is that of an account. Not verified here.</summary>
    public byte[] Ticket { get; }

    /// <summary>As they came: parcels are sealed.</summary>
    public IReadOnlyList<ReadingItem> Items { get; }

    public byte[] Signed { get; }

    public byte[] Hash => SHA256.HashData(Signed);

    /// <param name="items">1 to <see cref="Limits.MaxReadingItems"/>, their parcels in clear.</param>
    public static async ValueTask<ReadingUpload> CreateAsync(SigningKey owner, VerifyingKey trustee, BoxKey box, DateTimeOffset at, byte[] ticket,
        IReadOnlyList<ReadingItem> items)
    {
        using var session = Secret.Random(Aead.KeySize);
        using var key = Aead.Import(session);
        var writer = new WireWriter().Bytes(Magic).Key(owner.PublicKey).Key(trustee).Time(at).Bytes(RandomNumberGenerator.GetBytes(ReencryptionRequest.NonceSize))
            .Bytes(box.Seal(session.Bytes)).Variable(ticket).UInt32((uint)items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            writer.Byte((byte)items[i].Kind).Variable(items[i].Signed);
            if (items[i].Kind != ReadingItemKind.Batch)
                continue;
            var parcel = new byte[items[i].Parcel.Length + Aead.TagSize];
            await key.SealAsync(NonceOf(i), items[i].Parcel, SHA256.HashData(items[i].Signed), parcel);
            writer.Variable(items[i].Times).Variable(parcel);
        }
        return TryRead(SignedMessage.Sign(Domains.SignReadingUpload, owner, writer.ToArray()), out var upload) ? upload : throw SignedMessage.Mistake(nameof(ReadingUpload));
    }

    /// <summary>False when the bytes are no upload or not signed by the owner named within. What the items hold is not looked at.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ReadingUpload? upload)
    {
        if (TryRead(signed, out upload) && SignedMessage.Verify(Domains.SignReadingUpload, upload.Owner, signed))
            return true;
        upload = null;
        return false;
    }

    /// <summary>The items with their parcels opened; null when they were not sealed to this trustee or altered.</summary>
    public async ValueTask<IReadOnlyList<ReadingItem>?> OpenAsync(UnboxingKey trustee)
    {
        if (!trustee.TryOpen(_box, out var opened) || opened.Length != Aead.KeySize)
            return null;
        using var session = Secret.CopyOf(opened);
        CryptographicOperations.ZeroMemory(opened);
        using var key = Aead.Import(session);
        var items = new ReadingItem[Items.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Items[i];
            if (items[i].Kind != ReadingItemKind.Batch)
                continue;
            var parcel = new byte[items[i].Parcel.Length - Aead.TagSize];
            if (!await key.OpenAsync(NonceOf(i), items[i].Parcel, SHA256.HashData(items[i].Signed), parcel))
                return null;
            items[i] = items[i] with { Parcel = parcel };
        }
        return items;
    }

    private static byte[] NonceOf(int item) => new WireWriter().UInt64(0).UInt32((uint)item).ToArray();

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ReadingUpload? upload)
    {
        upload = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey owner) || !reader.Key(out VerifyingKey trustee) || !reader.Time(out var at)
            || !reader.Bytes(ReencryptionRequest.NonceSize, out var nonce) || !reader.Bytes(Aead.KeySize + SealedBox.Overhead, out var box)
            || !reader.Variable(MaxTicket, out var ticket) || !reader.UInt32(out var count) || count is 0 or > Limits.MaxReadingItems)
            return false;
        var items = new List<ReadingItem>();
        for (var i = 0; i < count; i++)
        {
            if (!TryReadItem(ref reader, out var item))
                return false;
            items.Add(item);
        }
        if (!reader.AtEnd)
            return false;
        upload = new ReadingUpload(signed.ToArray(), owner, trustee, at, nonce.ToArray(), box.ToArray(), ticket.ToArray(), items);
        return true;
    }

    private static bool TryReadItem(ref WireReader reader, [NotNullWhen(true)] out ReadingItem? item)
    {
        item = null;
        if (!reader.Byte(out var kind) || !Enum.IsDefined((ReadingItemKind)kind) || !reader.Variable(MaxSigned, out var signed))
            return false;
        ReadOnlySpan<byte> times = [], parcel = [];
        if (kind == (byte)ReadingItemKind.Batch && (!reader.Variable(MaxTimes, out times) || !reader.Variable(MaxParcel, out parcel) || parcel.Length <= Aead.TagSize))
            return false;
        item = new ReadingItem((ReadingItemKind)kind, signed.ToArray(), times.ToArray(), parcel.ToArray());
        return true;
    }
}
