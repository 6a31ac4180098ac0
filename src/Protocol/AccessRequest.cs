using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// A request for access by telephone number, signed by who asks: who that is, as whom, why, and for what. It travels sealed under a key that only whoever knows the
/// number can make; the directory tag ties it to that number.
/// Wire: "salus request 2\n" | card (variable) | role u8 | at u64 | directory tag 32 | reason (variable) | u32 count, keywords (variable each) | head (variable)
/// | signature 64. The head is that of the log as the asker has seen it, a checkpoint's note; or empty.
/// </summary>
public sealed class AccessRequest
{
    /// <summary>Bytes of the reason, at most.</summary>
    public const int MaxReason = 2000;

    /// <summary>Keywords of one request, at most; there is one at least.</summary>
    public const int MaxKeywords = 8;

    /// <summary>Bytes of a keyword, at most.</summary>
    public const int MaxKeyword = 256;

    private const int MaxCard = 1024;
    private const int MaxHead = 1024;

    private AccessRequest(byte[] signed, AccountCard asker, GrantRole role, DateTimeOffset at, byte[] directoryTag, string reason, IReadOnlyList<string> keywords,
        byte[] head)
    {
        (Signed, Asker, Role, At) = (signed, asker, role, at);
        (DirectoryTag, Reason, Keywords, Head) = (directoryTag, reason, keywords, head);
    }

    private static ReadOnlySpan<byte> Magic => "salus request 2\n"u8;

    public AccountCard Asker { get; }

    public GrantRole Role { get; }

    public DateTimeOffset At { get; }

    public byte[] DirectoryTag { get; }

    public string Reason { get; }

    public IReadOnlyList<string> Keywords { get; }

    /// <summary>The newest head of the log that the asker has seen, not verified; empty when there was none.</summary>
    public byte[] Head { get; }

    public byte[] Signed { get; }

    /// <summary><paramref name="card"/> is that of <paramref name="asker"/>.</summary>
    public static AccessRequest Create(SigningKey asker, AccountCard card, GrantRole role, DateTimeOffset at, ReadOnlySpan<byte> directoryTag, string reason,
        IReadOnlyList<string> keywords, ReadOnlySpan<byte> head = default)
    {
        var writer = new WireWriter().Bytes(Magic).Variable(card.Signed).Byte((byte)role).Time(at).Fixed(Sha256.Size, directoryTag)
            .Variable(Encoding.UTF8.GetBytes(reason)).UInt32((uint)keywords.Count);
        foreach (var keyword in keywords)
            writer.Variable(Encoding.UTF8.GetBytes(keyword));
        return TryRead(SignedMessage.Sign(Domains.SignRequest, asker, writer.Variable(head).ToArray()), out var request) && request.Asker.Identity.Equals(asker.PublicKey)
            ? request : throw SignedMessage.Mistake(nameof(AccessRequest));
    }

    /// <summary>False when the bytes are no request or not signed by the identity of the card within.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out AccessRequest? request)
    {
        if (TryRead(signed, out request) && SignedMessage.Verify(Domains.SignRequest, request.Asker.Identity, signed))
            return true;
        request = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out AccessRequest? request)
    {
        request = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Variable(MaxCard, out var cardBytes) || !AccountCard.TryVerify(cardBytes, out var card)
            || !reader.Byte(out var role) || !Enum.IsDefined((GrantRole)role) || !reader.Time(out var at) || !reader.Bytes(Sha256.Size, out var tag)
            || !TryReadText(ref reader, MaxReason, out var reason) || !reader.UInt32(out var count) || count is 0 or > MaxKeywords)
            return false;
        var keywords = new string[count];
        for (var i = 0; i < keywords.Length; i++)
            if (!TryReadText(ref reader, MaxKeyword, out keywords[i]!) || keywords[i].Length == 0)
                return false;
        if (!reader.Variable(MaxHead, out var head) || !reader.AtEnd)
            return false;
        request = new AccessRequest(signed.ToArray(), card, (GrantRole)role, at, tag.ToArray(), reason!, keywords, head.ToArray());
        return true;
    }

    private static bool TryReadText(ref WireReader reader, int limit, out string? text)
    {
        text = null;
        if (!reader.Variable(limit, out var bytes) || !Utf8.IsValid(bytes))
            return false;
        text = Encoding.UTF8.GetString(bytes);
        return true;
    }
}
