using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Primitives;

namespace Salus.Protocol.Log;

/// <summary>
/// The entry of an <see cref="AccessStatement"/>: sealed to the owner's box key, by a seed of 32 bytes from which a trustee makes the same bytes again. Others learn that an access was
/// logged, and whether it has more than 18 items; not whose, by whom, of what, and not which entries belong to one owner.
/// </summary>
/// <remarks>
/// <code>
/// e = KDF(seed, "access-entry-seed", SHA-256(statement))                  an X25519 key for this statement alone, whatever the seed was used for before
/// E = its public key;  shared = X25519(e, owner)
/// tag 16 | key 32 | commitment 32 = KDF(shared, "access-entry", E | owner)
/// entry   = "salus log 1\n" | 32 | tag | E 32 | commitment 32 | AES-256-GCM(key, nonce 0, padded, AAD = what stands in front of E)
/// padded  = length u32 | statement | zeros, to 512 or 1280 bytes
/// </code>
/// The nonce may be zero because a key serves one statement. The owner finds its entries by the tag: one multiplication for each entry of the log, or the trustees' journals.
/// </remarks>
public static class AccessEntry
{
    public const int SeedSize = SealedBox.SeedSize;

    private const int KeyOffset = LogEntry.AccessTagSize;
    private const int CommitmentOffset = KeyOffset + Aead.KeySize;
    private const int CommitmentSize = 32;
    private const int DerivedSize = CommitmentOffset + CommitmentSize;
    private const int HeadSize = BoxKey.Size + CommitmentSize;
    private const int Overhead = HeadSize + Aead.TagSize;

    private static readonly int[] PaddedSizes = [512, 1280];

    /// <summary>Seals a statement; the same seed, statement and owner give the same entry.</summary>
    public static async ValueTask<LogEntry> SealAsync(AccessStatement statement, BoxKey owner, Secret seed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedSize, nameof(seed));
        using var single = Kdf.Derive(seed.Bytes, Domains.AccessEntrySeed, SeedSize, statement.Hash);
        using var ephemeral = new UnboxingKey(single.Bytes);
        using var derived = new Secret(DerivedSize);
        if (!TryDerive(ephemeral, owner.Bytes, ephemeral.PublicKey.Bytes, owner.Bytes, derived))
            throw new CryptographicException("The owner's key is of small order.");
        var padded = new byte[PaddedSizes.First(size => size >= sizeof(uint) + statement.Signed.Length)];
        BinaryPrimitives.WriteUInt32BigEndian(padded, (uint)statement.Signed.Length);
        statement.Signed.CopyTo(padded, sizeof(uint));

        var head = LogEntry.AccessHead(derived.Bytes[..KeyOffset]);
        var bytes = new byte[head.Length + Overhead + padded.Length];
        head.CopyTo(bytes, 0);
        ephemeral.PublicKey.Bytes.CopyTo(bytes.AsSpan(head.Length));
        derived.Bytes[CommitmentOffset..].CopyTo(bytes.AsSpan(head.Length + BoxKey.Size));
        using var key = Secret.CopyOf(derived.Bytes[KeyOffset..CommitmentOffset]);
        await Aead.SealAsync(key, new byte[Aead.NonceSize], padded, head, bytes.AsMemory(head.Length + HeadSize));
        return LogEntry.TryParse(bytes, out var entry) ? entry : throw new InvalidOperationException("An entry is read as it was written.");
    }

    /// <summary>The statement of an entry; null when it is not sealed to this owner, altered, or not a statement about this owner's data.</summary>
    public static async ValueTask<AccessStatement?> OpenAsync(LogEntry entry, UnboxingKey owner, AccountId account)
    {
        if (entry.Kind != LogKind.Access)
            return null;
        using var derived = new Secret(DerivedSize);
        if (!IsFor(entry, owner, derived))
            return null;
        var padded = new byte[entry.Content.Length - Overhead];
        using var key = Secret.CopyOf(derived.Bytes[KeyOffset..CommitmentOffset]);
        return await Aead.OpenAsync(key, new byte[Aead.NonceSize], entry.Content[HeadSize..], LogEntry.AccessHead(entry.Tag.Span), padded)
            && TryUnpad(padded, out var statement) && statement.Subject.Owner == account
            ? statement
            : null;
    }

    /// <summary>Whether an access entry is sealed to this owner: by its tag and commitment, without opening it.</summary>
    public static bool IsFor(LogEntry entry, UnboxingKey owner)
    {
        using var derived = new Secret(DerivedSize);
        return entry.Kind == LogKind.Access && IsFor(entry, owner, derived);
    }

    internal static bool IsContentSize(int size) => PaddedSizes.Contains(size - Overhead);

    private static bool IsFor(LogEntry entry, UnboxingKey owner, Secret derived)
    {
        var ephemeral = entry.Content.Span[..BoxKey.Size];
        return TryDerive(owner, ephemeral, ephemeral, owner.PublicKey.Bytes, derived)
            && CryptographicOperations.FixedTimeEquals(derived.Bytes[..KeyOffset], entry.Tag.Span)
            && CryptographicOperations.FixedTimeEquals(derived.Bytes[CommitmentOffset..], entry.Content.Span[BoxKey.Size..HeadSize]);
    }

    private static bool TryDerive(UnboxingKey own, ReadOnlySpan<byte> other, ReadOnlySpan<byte> ephemeral, ReadOnlySpan<byte> owner, Secret derived)
    {
        using var shared = new Secret(BoxKey.Size);
        if (!own.TryAgree(other, shared.Writable))
            return false;
        Kdf.Derive(shared.Bytes, Domains.AccessEntry, derived.Writable, [.. ephemeral, .. owner]);
        return true;
    }

    /// <summary>What an entry holds, padded to one of its sizes: length u32 | statement | zeros.</summary>
    internal static bool TryUnpad(ReadOnlySpan<byte> padded, [NotNullWhen(true)] out AccessStatement? statement)
    {
        statement = null;
        if (!PaddedSizes.Contains(padded.Length))
            return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(padded);
        var rest = padded[sizeof(uint)..];
        return length <= (uint)rest.Length
            && rest[(int)length..].IndexOfAnyExcept((byte)0) < 0
            && PaddedSizes.First(size => size >= sizeof(uint) + length) == padded.Length
            && AccessStatement.TryVerify(rest[..(int)length], out statement);
    }
}
