using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// The owner's notice that a grant has ended, at once and for good.
/// Wire: "salus revocation 1\n" | owner 32 | grant 16 | at u64 | signature 64.
/// </summary>
public sealed class Revocation
{
    private static ReadOnlySpan<byte> Magic => "salus revocation 1\n"u8;

    private Revocation(byte[] signed, VerifyingKey owner, GrantId grant, DateTimeOffset at) => (Signed, Owner, Grant, At) = (signed, owner, grant, at);

    public VerifyingKey Owner { get; }

    public GrantId Grant { get; }

    public DateTimeOffset At { get; }

    public byte[] Signed { get; }

    public byte[] Hash => SHA256.HashData(Signed);

    public static Revocation Create(SigningKey owner, GrantId grant, DateTimeOffset at)
    {
        var payload = new WireWriter().Bytes(Magic).Key(owner.PublicKey).Id(grant).Time(at).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignRevocation, owner, payload), out var revocation) ? revocation : throw SignedMessage.Mistake(nameof(Revocation));
    }

    /// <summary>False when the bytes are no revocation or not signed by the owner named within. A server checks that the grant is that owner's.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out Revocation? revocation)
    {
        if (TryRead(signed, out revocation) && SignedMessage.Verify(Domains.SignRevocation, revocation.Owner, signed))
            return true;
        revocation = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out Revocation? revocation)
    {
        revocation = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey owner) || !reader.Id(out GrantId grant) || !reader.Time(out var at) || !reader.AtEnd)
            return false;
        revocation = new Revocation(signed.ToArray(), owner, grant, at);
        return true;
    }
}

/// <summary>
/// A trustee's signed word that it has deleted every key of a revoked grant and will accept none again.
/// Wire: "salus receipt 1\n" | trustee 32 | revocation hash 32 | keys deleted u32 | at u64 | signature 64.
/// </summary>
public sealed class RevocationReceipt
{
    private static ReadOnlySpan<byte> Magic => "salus receipt 1\n"u8;

    private RevocationReceipt(byte[] signed, VerifyingKey trustee, byte[] revocation, uint deleted, DateTimeOffset at) =>
        (Signed, Trustee, RevocationHash, KeysDeleted, At) = (signed, trustee, revocation, deleted, at);

    public VerifyingKey Trustee { get; }

    public byte[] RevocationHash { get; }

    public uint KeysDeleted { get; }

    public DateTimeOffset At { get; }

    public byte[] Signed { get; }

    public static RevocationReceipt Create(SigningKey trustee, Revocation revocation, uint deleted, DateTimeOffset at)
    {
        var payload = new WireWriter().Bytes(Magic).Key(trustee.PublicKey).Bytes(revocation.Hash).UInt32(deleted).Time(at).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignReceipt, trustee, payload), out var receipt) ? receipt : throw SignedMessage.Mistake(nameof(RevocationReceipt));
    }

    /// <summary>False unless it is <paramref name="trustee"/>'s receipt for this very revocation.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, VerifyingKey trustee, Revocation revocation, [NotNullWhen(true)] out RevocationReceipt? receipt)
    {
        if (TryRead(signed, out receipt) && receipt.Trustee.Equals(trustee) && receipt.RevocationHash.AsSpan().SequenceEqual(revocation.Hash)
            && SignedMessage.Verify(Domains.SignReceipt, trustee, signed))
            return true;
        receipt = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out RevocationReceipt? receipt)
    {
        receipt = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey signer) || !reader.Bytes(32, out var hash) || !reader.UInt32(out var deleted)
            || !reader.Time(out var at) || !reader.AtEnd)
            return false;
        receipt = new RevocationReceipt(signed.ToArray(), signer, hash.ToArray(), deleted, at);
        return true;
    }
}
