using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>Who stands behind an account.</summary>
public enum AccountKind : byte
{
    Person = 1,

    /// <summary>A hospital, a laboratory, a pharmacy: its card carries the name that it goes by.</summary>
    Organisation = 2,
}

/// <summary>
/// The public keys of an account and, of an organisation, its name, signed by the identity key. An instance exists only after its signature was verified or made.
/// Wire: "salus card 2\n" | identity 32 | receiving 32 | box 32 | kind u8 | name (variable) | version u32 | signature 64.
/// The name is what the account says of itself; that it is true, people find out by comparing the fingerprint, which covers it.
/// </summary>
public sealed class AccountCard
{
    private static ReadOnlySpan<byte> Magic => "salus card 2\n"u8;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private AccountCard(byte[] signed, VerifyingKey identity, PublicKey receiving, BoxKey box, AccountKind kind, string name, uint version)
    {
        (Signed, Identity, Receiving, Box, Kind, Name, Version) = (signed, identity, receiving, box, kind, name, version);
        Account = identity.Account;
    }

    public AccountId Account { get; }

    public VerifyingKey Identity { get; }

    /// <summary>The key to which grants of others are made: the delegatee's.</summary>
    public PublicKey Receiving { get; }

    /// <summary>The key to which notes of grants are sealed.</summary>
    public BoxKey Box { get; }

    public AccountKind Kind { get; }

    /// <summary>An organisation's name (<see cref="IsName"/>); empty for a person.</summary>
    public string Name { get; }

    /// <summary>The name when this is an organisation, else null.</summary>
    public string? Organisation => Kind == AccountKind.Organisation ? Name : null;

    /// <summary>Only grows; a client that saw a higher one refuses a lower one.</summary>
    public uint Version { get; }

    /// <summary>The encoding, signature included.</summary>
    public byte[] Signed { get; }

    /// <summary>
    /// Sixty digits in groups of five, five bytes of a hash for each group (as Signal's safety numbers) over the keys, the kind and the name: what two people compare, by voice
    /// or on paper, before they trust a card.
    /// </summary>
    public string Fingerprint
    {
        get
        {
            var hash = Hash(Domains.Fingerprint);
            return string.Join(' ', Enumerable.Range(0, 12).Select(group => Group(hash.AsSpan(5 * group, 5))));
        }
    }

    /// <summary>32 bytes: what the log has of a card, the same in all versions of it that have the same keys, kind and name.</summary>
    public byte[] LoggedDigest => Hash(Domains.CardEntry)[..Sha256.Size];

    /// <summary>A person's card.</summary>
    public static AccountCard Create(SigningKey identity, PublicKey receiving, BoxKey box, uint version) => Create(identity, receiving, box, AccountKind.Person, "", version);

    /// <summary>The card of an organisation; the name is one by <see cref="IsName"/>.</summary>
    public static AccountCard CreateOrganisation(SigningKey identity, PublicKey receiving, BoxKey box, string name, uint version) =>
        Create(identity, receiving, box, AccountKind.Organisation, name, version);

    /// <summary>
    /// Whether a text can be an organisation's name: 1 to 80 bytes of UTF-8, visible characters and single blanks between them, so that two names which look the same by
    /// blanks, direction marks or control characters are not both possible.
    /// </summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length <= Limits.MaxName && VisibleName.IsVisible(name) && Encoding.UTF8.GetByteCount(name) <= Limits.MaxName;
    }

    /// <summary>False when the bytes are no card or the signature is not that of the identity key within.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out AccountCard? card)
    {
        if (TryRead(signed, out card) && SignedMessage.Verify(Domains.SignCard, card.Identity, signed))
            return true;
        card = null;
        return false;
    }

    private byte[] Hash(string label)
    {
        using var transcript = new Transcript(label);
        return transcript.Append(Identity.Bytes).Append(Receiving.Bytes).Append(Box.Bytes).Append([(byte)Kind]).Append(Utf8.GetBytes(Name)).ToHash();
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out AccountCard? card)
    {
        card = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey identity) || !reader.Key(out PublicKey? receiving) || !reader.Key(out BoxKey box)
            || !reader.Byte(out var kind) || !reader.Variable(Limits.MaxName, out var nameBytes) || !TryName((AccountKind)kind, nameBytes, out var name)
            || !reader.UInt32(out var version) || !reader.AtEnd)
            return false;
        card = new AccountCard(signed.ToArray(), identity, receiving!, box, (AccountKind)kind, name, version);
        return true;
    }

    private static AccountCard Create(SigningKey identity, PublicKey receiving, BoxKey box, AccountKind kind, string name, uint version)
    {
        var payload = new WireWriter().Bytes(Magic).Key(identity.PublicKey).Key(receiving).Key(box).Byte((byte)kind).Variable(Encoding.UTF8.GetBytes(name)).UInt32(version)
            .ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignCard, identity, payload), out var card) ? card : throw SignedMessage.Mistake(nameof(AccountCard));
    }

    private static bool TryName(AccountKind kind, ReadOnlySpan<byte> bytes, out string name)
    {
        name = "";
        if (kind == AccountKind.Person)
            return bytes.IsEmpty;
        if (kind != AccountKind.Organisation || !System.Text.Unicode.Utf8.IsValid(bytes))
            return false;
        name = Utf8.GetString(bytes);
        return IsName(name);
    }

    private static string Group(ReadOnlySpan<byte> five)
    {
        ulong value = 0;
        foreach (var octet in five)
            value = (value << 8) | octet;
        return (value % 100000).ToString("d5", CultureInfo.InvariantCulture);
    }
}
