using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Crypto.Primitives;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Log;

/// <summary>What the log says at one place of a tag.</summary>
/// <param name="Version">Of a card or a page its version, of an account's state 0.</param>
/// <param name="Index">The entry's place in the log.</param>
/// <param name="Digest">32 bytes.</param>
public sealed record TaggedDigest(ulong Version, long Index, byte[] Digest);

/// <summary>
/// A trustee's word which entries of the log have a tag, as far as it has followed the log: by it a cloud that shows something older, or something else, is caught.
/// Wire: "salus witnessed 1\n" | trustee 32 | kind u8 | tag 32 | nonce 32 | at u64 | size u64 | root 32 | total u32 | u32 count, entries of (version u64 | index u64 | digest 32)
/// | directory (u32 length, 32 or 0) | signature 64. What was logged again counts once, at its first place. Entries with the highest versions come first, of one version the newest first; when
/// there are more than <see cref="Limits.MaxTagged"/>, the rest is left out.
/// </summary>
public sealed class WitnessedTag
{
    public const int NonceSize = 32;

    private WitnessedTag(byte[] signed, VerifyingKey trustee, byte kind, byte[] tag, byte[] nonce, DateTimeOffset at, long size, byte[] root, uint total,
        IReadOnlyList<TaggedDigest> entries, byte[] directory)
    {
        (Signed, Trustee, Kind, Tag, Nonce) = (signed, trustee, kind, tag, nonce);
        (At, Size, Root, Total, Entries, Directory) = (at, size, root, total, entries, directory);
    }

    private static ReadOnlySpan<byte> Magic => "salus witnessed 1\n"u8;

    public VerifyingKey Trustee { get; }

    /// <summary>A kind of entry that has a tag.</summary>
    public byte Kind { get; }

    public byte[] Tag { get; }

    /// <summary>That of the question.</summary>
    public byte[] Nonce { get; }

    public DateTimeOffset At { get; }

    /// <summary>How far the trustee has followed the log.</summary>
    public long Size { get; }

    /// <summary>The root of the log's tree at that size.</summary>
    public byte[] Root { get; }

    /// <summary>All different entries of the tag, also those left out.</summary>
    public uint Total { get; }

    public IReadOnlyList<TaggedDigest> Entries { get; }

    /// <summary>
    /// Of cards the key under which tags of addresses are made (<see cref="CardTag"/>), as this trustee was told by its operator; else empty. Who was given another one asks for other tags than
    /// everybody.
    /// </summary>
    public byte[] Directory { get; }

    public byte[] Signed { get; }

    public static WitnessedTag Create(SigningKey trustee, byte kind, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> nonce, DateTimeOffset at, long size, ReadOnlySpan<byte> root,
        uint total, IReadOnlyList<TaggedDigest> entries, ReadOnlySpan<byte> directory)
    {
        var writer = new WireWriter().Bytes(Magic).Key(trustee.PublicKey).Byte(kind).Fixed(Sha256.Size, tag).Fixed(NonceSize, nonce).Time(at).UInt64((ulong)size)
            .Fixed(Sha256.Size, root).UInt32(total).UInt32((uint)entries.Count);
        foreach (var entry in entries)
            writer.UInt64(entry.Version).UInt64((ulong)entry.Index).Fixed(Sha256.Size, entry.Digest);
        writer.Variable(directory);
        return TryRead(SignedMessage.Sign(Domains.SignWitnessed, trustee, writer.ToArray()), out var word) ? word : throw SignedMessage.Mistake(nameof(WitnessedTag));
    }

    /// <summary>False unless it is that trustee's word. The reader checks that kind, tag and nonce are those that were asked for.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, VerifyingKey trustee, [NotNullWhen(true)] out WitnessedTag? word)
    {
        if (TryRead(signed, out word) && word.Trustee.Equals(trustee) && SignedMessage.Verify(Domains.SignWitnessed, trustee, signed))
            return true;
        word = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out WitnessedTag? word)
    {
        word = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey trustee) || !reader.Byte(out var kind) || !reader.Bytes(Sha256.Size, out var tag)
            || !reader.Bytes(NonceSize, out var nonce) || !reader.Time(out var at) || !reader.UInt64(out var size) || size > long.MaxValue
            || !reader.Bytes(Sha256.Size, out var root) || !reader.UInt32(out var total) || !reader.UInt32(out var count) || count > Limits.MaxTagged
            || count != Math.Min(total, Limits.MaxTagged))
            return false;
        var entries = new TaggedDigest[count];
        for (var i = 0; i < entries.Length; i++)
        {
            if (!reader.UInt64(out var version) || !reader.UInt64(out var index) || index >= size || !reader.Bytes(Sha256.Size, out var digest)
                || (i > 0 && (version, (long)index).CompareTo((entries[i - 1].Version, entries[i - 1].Index)) >= 0))
                return false;
            for (var other = i - 1; other >= 0 && entries[other].Version == version; other--)
                if (digest.SequenceEqual(entries[other].Digest))
                    return false;
            entries[i] = new TaggedDigest(version, (long)index, digest.ToArray());
        }
        if (!reader.Variable(OprfElement.Size, out var directory) || (directory.Length > 0 && (directory.Length != OprfElement.Size || kind != (byte)LogKind.Card)) || !reader.AtEnd)
            return false;
        word = new WitnessedTag(signed.ToArray(), trustee, kind, tag.ToArray(), nonce.ToArray(), at, (long)size, root.ToArray(), total, entries, directory.ToArray());
        return true;
    }
}
