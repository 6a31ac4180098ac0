using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// The cloud's permission to put one fragment into one store: how large and until when, never which fragment. A store takes a ticket for one address only.
/// Wire: "salus ticket 1\n" | cloud 32 | store 32 | id 16 | bytes u64 | until u64 | signature 64.
/// </summary>
public sealed class UploadTicket
{
    private static ReadOnlySpan<byte> Magic => "salus ticket 1\n"u8;

    private UploadTicket(byte[] signed, VerifyingKey cloud, VerifyingKey store, UInt128 id, long bytes, DateTimeOffset until) =>
        (Signed, Cloud, Store, Id, Bytes, Until) = (signed, cloud, store, id, bytes, until);

    public VerifyingKey Cloud { get; }

    public VerifyingKey Store { get; }

    public UInt128 Id { get; }

    /// <summary>The size of the fragment, exactly.</summary>
    public long Bytes { get; }

    public DateTimeOffset Until { get; }

    public byte[] Signed { get; }

    public static UploadTicket Create(SigningKey cloud, VerifyingKey store, UInt128 id, long bytes, DateTimeOffset until)
    {
        var payload = new WireWriter().Bytes(Magic).Key(cloud.PublicKey).Key(store).Id(RecordId.From(id)).UInt64((ulong)bytes).Time(until).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignTicket, cloud, payload), out var ticket) ? ticket : throw SignedMessage.Mistake(nameof(UploadTicket));
    }

    /// <summary>False unless it is <paramref name="cloud"/>'s ticket. The store checks its own name, the date and that the ticket is unused.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, VerifyingKey cloud, [NotNullWhen(true)] out UploadTicket? ticket)
    {
        if (TryRead(signed, out ticket) && ticket.Cloud.Equals(cloud) && SignedMessage.Verify(Domains.SignTicket, cloud, signed))
            return true;
        ticket = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out UploadTicket? ticket)
    {
        ticket = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey signer) || !reader.Key(out VerifyingKey store)
            || !reader.Id(out RecordId id) || !reader.UInt64(out var bytes) || bytes > long.MaxValue || !reader.Time(out var until) || !reader.AtEnd)
            return false;
        ticket = new UploadTicket(signed.ToArray(), signer, store, id.Value, (long)bytes, until);
        return true;
    }
}

/// <summary>
/// A store's signed word that a fragment is durable: written, flushed to the disk and renamed into place.
/// Wire: "salus stored 1\n" | store 32 | address 32 | bytes u64 | SHA-256 of the fragment 32 | at u64 | signature 64.
/// </summary>
public sealed class StoreReceipt
{
    /// <summary>Bytes of a fragment's address.</summary>
    public const int AddressSize = 32;

    private static ReadOnlySpan<byte> Magic => "salus stored 1\n"u8;

    private StoreReceipt(byte[] signed, VerifyingKey store, byte[] address, long bytes, byte[] hash, DateTimeOffset at) =>
        (Signed, Store, Address, Bytes, Hash, At) = (signed, store, address, bytes, hash, at);

    public VerifyingKey Store { get; }

    public byte[] Address { get; }

    public long Bytes { get; }

    /// <summary>SHA-256 of the whole fragment file.</summary>
    public byte[] Hash { get; }

    public DateTimeOffset At { get; }

    public byte[] Signed { get; }

    public static StoreReceipt Create(SigningKey store, ReadOnlySpan<byte> address, long bytes, ReadOnlySpan<byte> hash, DateTimeOffset at)
    {
        var payload = new WireWriter().Bytes(Magic).Key(store.PublicKey).Fixed(AddressSize, address).UInt64((ulong)bytes).Fixed(Sha256.Size, hash).Time(at).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignStored, store, payload), out var receipt) ? receipt : throw SignedMessage.Mistake(nameof(StoreReceipt));
    }

    /// <summary>False unless it is <paramref name="store"/>'s receipt.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, VerifyingKey store, [NotNullWhen(true)] out StoreReceipt? receipt)
    {
        if (TryRead(signed, out receipt) && receipt.Store.Equals(store) && SignedMessage.Verify(Domains.SignStored, store, signed))
            return true;
        receipt = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out StoreReceipt? receipt)
    {
        receipt = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey signer) || !reader.Bytes(AddressSize, out var address)
            || !reader.UInt64(out var bytes) || bytes > long.MaxValue || !reader.Bytes(Sha256.Size, out var hash) || !reader.Time(out var at) || !reader.AtEnd)
            return false;
        receipt = new StoreReceipt(signed.ToArray(), signer, address.ToArray(), (long)bytes, hash.ToArray(), at);
        return true;
    }
}
