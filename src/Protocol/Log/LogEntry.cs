using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Merkle;
using Salus.Crypto.Primitives;
using Salus.Protocol.Inventory;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Log;

/// <summary>What an entry of the log is about. The numbers are on the wire.</summary>
public enum LogKind : byte
{
    /// <summary>An account's card, under the directory tag of its address.</summary>
    Card = 1,

    /// <summary>The head of an account's inventory, under a tag of this one state.</summary>
    State = 2,

    /// <summary>The manifest of a page.</summary>
    Page = 3,

    Epoch = 16,
    Grant = 17,
    Revocation = 18,

    /// <summary>An answer to a request for access by telephone number.</summary>
    Approval = 19,

    /// <summary>The signed header of a record, which has the roots of its fragments.</summary>
    Roots = 20,

    Deletion = 21,
    Study = 22,

    /// <summary>Someone's access to an owner's data, for the owner's eyes.</summary>
    Access = 32,
}

/// <summary>
/// An entry of the log. Wire: "salus log 1\n" | kind u8, and then
/// of Card, State, Page: tag 32 | number u64 | digest 32 (the newest by tag is what the witnesses answer for; of State the number is 0);
/// of Access: tag 16 | sealed content to the end (<see cref="AccessEntry"/>);
/// of all others: digest 32.
/// A digest is the SHA-256 of a signed message: the signature within keeps whoever does not have the message from telling what it is about. That of a card is <see cref="AccountCard.LoggedDigest"/>.
/// </summary>
public sealed class LogEntry
{
    public const int TagSize = 32;
    public const int AccessTagSize = 16;

    private readonly byte[] _bytes;

    private LogEntry(byte[] bytes, LogKind kind, ReadOnlyMemory<byte> tag, ulong number, ReadOnlyMemory<byte> content) =>
        (_bytes, Kind, Tag, Number, Content) = (bytes, kind, tag, number, content);

    private static ReadOnlySpan<byte> Magic => "salus log 1\n"u8;

    public LogKind Kind { get; }

    /// <summary>32 bytes of Card, State and Page, 16 of Access, none of others.</summary>
    public ReadOnlyMemory<byte> Tag { get; }

    /// <summary>The version of Card and Page, else 0.</summary>
    public ulong Number { get; }

    /// <summary>The digest (32 bytes); of Access, what is sealed.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Whether the witnesses keep the newest of its tag.</summary>
    public bool IsTagged => HasTag(Kind);

    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>32 bytes: how it stands in the log's tree (RFC 9162), and what its proof is asked for by.</summary>
    public byte[] LeafHash
    {
        get
        {
            var hash = new byte[MerkleTree.HashSize];
            MerkleTree.LeafHash(_bytes, hash);
            return hash;
        }
    }

    /// <summary>The entry of a signed message of a kind without a tag.</summary>
    public static LogEntry Of(LogKind kind, ReadOnlySpan<byte> signed) => HasDigest(kind)
        ? Made(new WireWriter().Bytes(Magic).Byte((byte)kind).Bytes(SHA256.HashData(signed)))
        : throw new ArgumentOutOfRangeException(nameof(kind), kind, "Entries of this kind have a tag.");

    /// <summary>The entry of a card under the tag of its address.</summary>
    public static LogEntry Card(ReadOnlySpan<byte> tag, AccountCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return WithDigest(LogKind.Card, tag, card.Version, card.LoggedDigest);
    }

    /// <summary>The entry of a signed message under a tag of 32 bytes.</summary>
    public static LogEntry Tagged(LogKind kind, ReadOnlySpan<byte> tag, ulong number, ReadOnlySpan<byte> signed) => WithDigest(kind, tag, number, SHA256.HashData(signed));

    private static LogEntry WithDigest(LogKind kind, ReadOnlySpan<byte> tag, ulong number, ReadOnlySpan<byte> digest) => HasTag(kind)
        ? Made(new WireWriter().Bytes(Magic).Byte((byte)kind).Fixed(TagSize, tag).UInt64(number).Bytes(digest))
        : throw new ArgumentOutOfRangeException(nameof(kind), kind, "Entries of this kind have no tag.");

    /// <summary>The entry of one state of an account, under a tag of its own and without its counter: readers of the log cannot tell which states are of one account.</summary>
    public static LogEntry State(InventoryHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return Tagged(LogKind.State, StateTag(head.Opening), 0, head.Signed);
    }

    /// <summary>The tag of a state. Who only reads the log cannot put anything else under it: that takes the opening.</summary>
    /// <param name="opening">32 bytes, <see cref="InventoryHead.Opening"/>.</param>
    public static byte[] StateTag(ReadOnlySpan<byte> opening)
    {
        using var transcript = new Transcript(Domains.StateTag);
        return transcript.Append(opening).ToHash()[..TagSize];
    }

    /// <summary>The tag of the pages that a key signs.</summary>
    public static byte[] PageTag(VerifyingKey publisher)
    {
        using var transcript = new Transcript(Domains.PageTag);
        return transcript.Append(publisher.Bytes).ToHash()[..TagSize];
    }

    /// <summary>Whether it is the entry of this signed message, tag and number aside.</summary>
    public bool IsOf(ReadOnlySpan<byte> signed) => Kind != LogKind.Access && Content.Span.SequenceEqual(SHA256.HashData(signed));

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LogEntry? entry)
    {
        entry = null;
        var reader = new WireReader(bytes);
        if (bytes.Length > Limits.MaxLogEntry || !reader.Magic(Magic) || !reader.Byte(out var code) || !Enum.IsDefined((LogKind)code))
            return false;
        var kind = (LogKind)code;
        ulong number = 0;
        var tagSize = kind == LogKind.Access ? AccessTagSize : HasTag(kind) ? TagSize : 0;
        if (!reader.Bytes(tagSize, out _) || (HasTag(kind) && !reader.UInt64(out number)))
            return false;
        var contentSize = kind == LogKind.Access ? reader.Rest : Sha256.Size;
        if (!reader.Bytes(contentSize, out _) || !reader.AtEnd || (kind == LogKind.Access && !AccessEntry.IsContentSize(contentSize)))
            return false;
        var copy = bytes.ToArray();
        entry = new LogEntry(copy, kind, copy.AsMemory(Magic.Length + 1, tagSize), number, copy.AsMemory(copy.Length - contentSize));
        return true;
    }

    /// <summary>What stands in front of an access entry's content.</summary>
    internal static byte[] AccessHead(ReadOnlySpan<byte> tag) => new WireWriter().Bytes(Magic).Byte((byte)LogKind.Access).Fixed(AccessTagSize, tag).ToArray();

    private static LogEntry Made(WireWriter writer) =>
        TryParse(writer.ToArray(), out var entry) ? entry : throw new InvalidOperationException("An entry is read as it was written.");

    private static bool HasTag(LogKind kind) => kind is LogKind.Card or LogKind.State or LogKind.Page;

    private static bool HasDigest(LogKind kind) => Enum.IsDefined(kind) && !HasTag(kind) && kind != LogKind.Access;
}
