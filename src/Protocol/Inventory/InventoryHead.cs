using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Inventory;

/// <summary>
/// The state of an account, signed by its identity: how many times it has changed, the state before it, and the hashes of its pages. The cloud keeps the newest, the log has the hash of
/// each, and a client that knows a counter believes nothing below it.
/// Wire: "salus inventory 1\n" | owner 32 | counter u64 | previous 32 | opening 32 | at u64 | bits u8 | 2^bits page hashes of 32 | signature 64.
/// </summary>
public sealed class InventoryHead
{
    public const int HashSize = 32;

    /// <summary>At most 2^12 pages.</summary>
    public const int MaxBits = 12;

    /// <summary>Bytes of a signed head, at most.</summary>
    public const int MaxSize = 256 + (HashSize << MaxBits);

    private static ReadOnlySpan<byte> Magic => "salus inventory 1\n"u8;

    private InventoryHead(byte[] signed, VerifyingKey owner, ulong counter, byte[] previous, byte[] opening, DateTimeOffset at, int bits, IReadOnlyList<byte[]> pages) =>
        (Signed, Owner, Counter, Previous, Opening, At, Bits, Pages, Hash) = (signed, owner, counter, previous, opening, at, bits, pages, SHA256.HashData(signed));

    public VerifyingKey Owner { get; }

    /// <summary>1 for the first, and one more with every change.</summary>
    public ulong Counter { get; }

    /// <summary>SHA-256 of the signed head before this one; zeros for the first.</summary>
    public byte[] Previous { get; }

    /// <summary>What the tag of this state in the log is a hash of (<see cref="Log.LogEntry.StateTag"/>): the cloud learns it with the state, and nobody else.</summary>
    public byte[] Opening { get; }

    public DateTimeOffset At { get; }

    /// <summary>There are 2^bits pages.</summary>
    public int Bits { get; }

    /// <summary>SHA-256 of each page; zeros for one without items.</summary>
    public IReadOnlyList<byte[]> Pages { get; }

    public byte[] Signed { get; }

    /// <summary>SHA-256 of the signed head: what the log has.</summary>
    public byte[] Hash { get; }

    public static InventoryHead Create(SigningKey owner, InventoryHead? previous, ReadOnlySpan<byte> opening, DateTimeOffset at, int bits, IReadOnlyList<byte[]> pages)
    {
        if (previous is not null && !previous.Owner.Equals(owner.PublicKey))
            throw new ArgumentException("A state follows one of the same account.", nameof(previous));
        var writer = new WireWriter().Bytes(Magic).Key(owner.PublicKey).UInt64(checked((previous?.Counter ?? 0) + 1)).Bytes(previous?.Hash ?? new byte[HashSize])
            .Fixed(HashSize, opening).Time(at).Byte((byte)bits);
        foreach (var page in pages)
            writer.Fixed(HashSize, page);
        return TryRead(SignedMessage.Sign(Domains.SignInventory, owner, writer.ToArray()), out var head) ? head : throw SignedMessage.Mistake(nameof(InventoryHead));
    }

    /// <summary>False when the bytes are no head or not signed by the owner named within. The caller checks that this is the owner it means.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out InventoryHead? head)
    {
        if (TryRead(signed, out head) && SignedMessage.Verify(Domains.SignInventory, head.Owner, signed))
            return true;
        head = null;
        return false;
    }

    /// <summary>Whether this is the state right after another of the same account, or the first when there is none.</summary>
    public bool Follows(InventoryHead? previous) => previous is null
        ? Counter == 1
        : Owner.Equals(previous.Owner) && Counter - 1 == previous.Counter && Previous.AsSpan().SequenceEqual(previous.Hash);

    /// <summary>Whether a page without items has this hash.</summary>
    public static bool IsEmpty(ReadOnlySpan<byte> hash) => hash.IndexOfAnyExcept((byte)0) < 0;

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out InventoryHead? head)
    {
        head = null;
        if (signed.Length > MaxSize || !SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey owner) || !reader.UInt64(out var counter) || counter == 0 || !reader.Bytes(HashSize, out var previous)
            || IsEmpty(previous) != (counter == 1) || !reader.Bytes(HashSize, out var opening) || !reader.Time(out var at) || !reader.Byte(out var bits) || bits > MaxBits
            || reader.Rest != HashSize << bits)
            return false;
        var pages = new byte[1 << bits][];
        for (var i = 0; i < pages.Length; i++)
        {
            if (!reader.Bytes(HashSize, out var hash))
                return false;
            pages[i] = hash.ToArray();
        }
        head = new InventoryHead(signed.ToArray(), owner, counter, previous.ToArray(), opening.ToArray(), at, bits, pages);
        return true;
    }
}
