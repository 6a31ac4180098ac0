using System.Buffers.Text;
using System.Security.Cryptography;
using Salus.Client.Deposits;
using Salus.Client.Sharing;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;

namespace Salus.Client.Inventory;

/// <summary>How things of an account stand in its inventory.</summary>
internal static class Items
{
    /// <summary>The version of a way in that was seen at the cloud. Before that it is announced: the change that brings it may not have come to its end.</summary>
    public const uint Confirmed = 2;

    /// <summary>A way in that the cloud has.</summary>
    public static InventoryItem InForce(WrappedSecret wrapped) => InventoryItem.Of(wrapped) with { Version = Confirmed };

    public static InventoryItem Of(SealedRecord record) => Live(ItemKind.Record, ItemId.Of(record.Header.Context.Record), record.Signed, record.Header.Version);

    public static InventoryItem Of(Deletion deletion) => Live(ItemKind.Record, ItemId.Of(deletion.Record), deletion.Signed, deletion.Version) with { State = ItemState.Ended };

    public static InventoryItem Of(Grant grant) => Live(ItemKind.Grant, ItemId.Of(grant.Terms.Id), grant.Signed, grant.Terms.Version);

    /// <summary>As the cloud shows it: ended by its revocation.</summary>
    public static InventoryItem Of(OwnGrant own) => Ended(Of(own.Grant), own.Revocation is not null);

    public static InventoryItem Of(DepositGrant grant) => Live(ItemKind.Deposit, ItemId.Of(grant.Terms.Id), grant.Signed, 1);

    public static InventoryItem Of(Deposit deposit) => Ended(Of(deposit.Grant), deposit.Ended is not null);

    /// <summary>The end of a grant, or of a deposit grant.</summary>
    public static InventoryItem Of(ItemKind kind, Revocation end) => Ended(Live(kind, ItemId.Of(end.Grant), end.Signed, 1));

    /// <summary>A permission to add that nobody ended: its date did. It has no digest, by which it is told from one that was revoked.</summary>
    public static InventoryItem Over(DepositGrant grant) => Ended(Of(grant)) with { Digest = new byte[InventoryItem.DigestSize] };

    public static bool IsOver(InventoryItem item) => item is { Kind: ItemKind.Deposit, IsLive: false } && item.Digest.AsSpan().IndexOfAnyExcept((byte)0) < 0;

    public static InventoryItem Of(EpochHeader header) => new(ItemKind.Partition, ItemId.Of(header.Partition), header.Hash, ItemState.Live, header.Epoch.Value);

    /// <summary>The session of a token, as the cloud numbers it. The version is the hour in which it was listed: by it old ones are dropped.</summary>
    public static InventoryItem? Device(string? token, DateTimeOffset now)
    {
        if (token is null || !Base64Url.IsValid(token))
            return null;
        var hash = SHA256.HashData(Base64Url.DecodeFromChars(token));
        return new InventoryItem(ItemKind.Device, Identifier.Read<ItemId>(hash), hash, ItemState.Live, Hour(now));
    }

    public static uint Hour(DateTimeOffset at) => checked((uint)(at.ToUnixTimeSeconds() / 3600));

    public static InventoryItem Ended(InventoryItem item, bool isEnded = true) => isEnded ? item with { State = ItemState.Ended } : item;

    private static InventoryItem Live(ItemKind kind, ItemId id, byte[] signed, uint version) => new(kind, id, SHA256.HashData(signed), ItemState.Live, version);
}
