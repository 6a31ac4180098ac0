using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// The public keys of an account, signed by its identity key. An instance exists only after its signature was verified or made.
/// Wire: "salus card 1\n" | identity 32 | receiving 32 | box 32 | version u32 | signature 64.
/// </summary>
public sealed class AccountCard
{
    private static ReadOnlySpan<byte> Magic => "salus card 1\n"u8;

    private AccountCard(byte[] signed, VerifyingKey identity, PublicKey receiving, BoxKey box, uint version)
    {
        (Signed, Identity, Receiving, Box, Version) = (signed, identity, receiving, box, version);
        Account = identity.Account;
    }

    public AccountId Account { get; }

    public VerifyingKey Identity { get; }

    /// <summary>The key to which grants of others are made: the delegatee's.</summary>
    public PublicKey Receiving { get; }

    /// <summary>The key to which notes of grants are sealed.</summary>
    public BoxKey Box { get; }

    /// <summary>Only grows; a client that saw a higher one refuses a lower one.</summary>
    public uint Version { get; }

    /// <summary>The encoding, signature included.</summary>
    public byte[] Signed { get; }

    /// <summary>
    /// Sixty digits in groups of five, five bytes of a hash for each group (as Signal's safety numbers) over the keys: what two people compare, by voice or on paper, before they trust a card.
    /// </summary>
    public string Fingerprint
    {
        get
        {
            using var transcript = new Transcript(Domains.Fingerprint);
            var hash = transcript.Append(Identity.Bytes).Append(Receiving.Bytes).Append(Box.Bytes).ToHash();
            return string.Join(' ', Enumerable.Range(0, 12).Select(group => Group(hash.AsSpan(5 * group, 5))));
        }
    }

    public static AccountCard Create(SigningKey identity, PublicKey receiving, BoxKey box, uint version)
    {
        var payload = new WireWriter().Bytes(Magic).Key(identity.PublicKey).Key(receiving).Key(box).UInt32(version).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignCard, identity, payload), out var card) ? card : throw SignedMessage.Mistake(nameof(AccountCard));
    }

    /// <summary>False when the bytes are no card or the signature is not that of the identity key within.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out AccountCard? card)
    {
        if (TryRead(signed, out card) && SignedMessage.Verify(Domains.SignCard, card.Identity, signed))
            return true;
        card = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out AccountCard? card)
    {
        card = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey identity) || !reader.Key(out PublicKey? receiving) || !reader.Key(out BoxKey box)
            || !reader.UInt32(out var version) || !reader.AtEnd)
            return false;
        card = new AccountCard(signed.ToArray(), identity, receiving!, box, version);
        return true;
    }

    private static string Group(ReadOnlySpan<byte> five)
    {
        ulong value = 0;
        foreach (var octet in five)
            value = (value << 8) | octet;
        return (value % 100000).ToString("d5", CultureInfo.InvariantCulture);
    }
}
