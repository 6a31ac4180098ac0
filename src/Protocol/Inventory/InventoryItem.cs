using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Salus.Protocol.Http;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Inventory;

/// <summary>What an entry of an account's inventory is about.</summary>
public enum ItemKind : byte
{
    /// <summary>A record; its number is the record's, its digest that of the signed header or of the signed deletion.</summary>
    Record = 1,

    /// <summary>A grant; the digest of the signed grant or of the revocation that ended it.</summary>
    Grant = 2,

    /// <summary>A deposit grant, in the same way.</summary>
    Deposit = 3,

    /// <summary>A partition: the version is its newest epoch, the digest that of the epoch's header.</summary>
    Partition = 4,

    /// <summary>A way into the account: the account secret wrapped under a passphrase, a kit or a passkey. Several of one number while one takes the place of another.</summary>
    Wrapping = 5,

    /// <summary>Somewhere that the account was unlocked: a session.</summary>
    Device = 6,
}

/// <summary>Whether what an item names is there.</summary>
public enum ItemState : byte
{
    Live = 1,

    /// <summary>Deleted, revoked, replaced or logged out, for good.</summary>
    Ended = 2,
}

/// <summary>A number that means something together with an <see cref="ItemKind"/> only.</summary>
public readonly record struct ItemId(UInt128 Value) : IIdentifier<ItemId>
{
    public static ItemId From(UInt128 value) => new(value);

    /// <summary>The same number as that of a record, a grant or a partition.</summary>
    public static ItemId Of<T>(T id) where T : struct, IIdentifier<T> => new(id.Value);

    /// <summary>Of the ways into an account of one kind: the first bytes of the SHA-256 of its name.</summary>
    public static ItemId OfWrapping(string kind) => Identifier.Read<ItemId>(SHA256.HashData(Encoding.UTF8.GetBytes(kind)).AsSpan(0, Identifier.Size));

    public override string ToString() => Identifier.ToHex(Value);
}

/// <summary>
/// One line of an inventory. Wire: kind u8 | number 16 | digest 32 | state u8 | version u32.
/// </summary>
/// <param name="Digest">SHA-256, 32 bytes: of what <see cref="ItemKind"/> says.</param>
public sealed record InventoryItem(ItemKind Kind, ItemId Id, byte[] Digest, ItemState State, uint Version)
{
    public const int DigestSize = 32;

    /// <summary>Bytes of an item.</summary>
    public const int Size = 1 + Identifier.Size + DigestSize + 1 + 4;

    /// <summary>A way into an account. Its digest is over kind (variable) | salt (variable) | memory KiB u32 | passes u32 | ciphertext (variable).</summary>
    public static InventoryItem Of(WrappedSecret wrapped)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        var bytes = new WireWriter().Variable(Encoding.UTF8.GetBytes(wrapped.Kind)).Variable(wrapped.Salt).UInt32(unchecked((uint)wrapped.MemoryKiB))
            .UInt32(unchecked((uint)wrapped.Passes)).Variable(wrapped.Ciphertext).ToArray();
        return new InventoryItem(ItemKind.Wrapping, ItemId.OfWrapping(wrapped.Kind), SHA256.HashData(bytes), ItemState.Live, 1);
    }

    public bool IsLive => State == ItemState.Live;

    /// <summary>The order of items in a page: by kind, number and digest, as their first bytes.</summary>
    public int CompareTo(InventoryItem other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Kind != other.Kind ? Kind.CompareTo(other.Kind) : Id != other.Id ? Id.Value.CompareTo(other.Id.Value) : Digest.AsSpan().SequenceCompareTo(other.Digest);
    }

    /// <summary>Which of 2^<paramref name="bits"/> pages the item belongs to: the first bits of a hash of its kind and number, so that all of one number are in one page.</summary>
    public int PageOf(int bits)
    {
        Span<byte> hash = stackalloc byte[DigestSize];
        SHA256.HashData([(byte)Kind, .. Id.ToBytes()], hash);
        return ((hash[0] << 8) | hash[1]) >> (16 - bits);
    }

    public bool Equals(InventoryItem? other) => other is not null && CompareTo(other) == 0 && State == other.State && Version == other.Version;

    public override int GetHashCode() => HashCode.Combine(Kind, Id, State, Version);

    internal void Write(WireWriter writer) => writer.Byte((byte)Kind).Id(Id).Fixed(DigestSize, Digest).Byte((byte)State).UInt32(Version);

    internal static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out InventoryItem? item)
    {
        item = null;
        if (!reader.Byte(out var kind) || kind is < (byte)ItemKind.Record or > (byte)ItemKind.Device || !reader.Id(out ItemId id) || !reader.Bytes(DigestSize, out var digest)
            || !reader.Byte(out var state) || state is not ((byte)ItemState.Live or (byte)ItemState.Ended) || !reader.UInt32(out var version))
            return false;
        item = new InventoryItem((ItemKind)kind, id, digest.ToArray(), (ItemState)state, version);
        return true;
    }
}
