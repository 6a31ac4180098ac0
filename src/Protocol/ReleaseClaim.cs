using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// The delegatee's claim on the locked keys of a grant at one trustee, with that trustee's secret.
/// Wire: "salus claim 1\n" | claimant 32 | trustee 32 | owner 16 | grant 16 | secret 32 | at u64 | nonce 32 | signature 64.
/// </summary>
public sealed class ReleaseClaim
{
    private ReleaseClaim(byte[] signed, VerifyingKey claimant, VerifyingKey trustee, AccountId owner, GrantId grant, byte[] secret, DateTimeOffset at, byte[] nonce)
    {
        (Signed, Claimant, Trustee, Owner) = (signed, claimant, trustee, owner);
        (Grant, Secret, At, Nonce) = (grant, secret, at, nonce);
    }

    private static ReadOnlySpan<byte> Magic => "salus claim 1\n"u8;

    public VerifyingKey Claimant { get; }

    public VerifyingKey Trustee { get; }

    public AccountId Owner { get; }

    public GrantId Grant { get; }

    /// <summary>Right or wrong; what opens the lock at this trustee, and nothing anywhere else.</summary>
    public byte[] Secret { get; }

    public DateTimeOffset At { get; }

    /// <summary>Random; a trustee takes a nonce once.</summary>
    public byte[] Nonce { get; }

    public byte[] Signed { get; }

    public static ReleaseClaim Create(SigningKey claimant, VerifyingKey trustee, AccountId owner, GrantId grant, ReadOnlySpan<byte> secret, DateTimeOffset at)
    {
        var payload = new WireWriter().Bytes(Magic).Key(claimant.PublicKey).Key(trustee).Id(owner).Id(grant).Fixed(ReleaseLock.SecretSize, secret).Time(at)
            .Bytes(RandomNumberGenerator.GetBytes(ReencryptionRequest.NonceSize)).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignClaim, claimant, payload), out var claim) ? claim : throw SignedMessage.Mistake(nameof(ReleaseClaim));
    }

    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ReleaseClaim? claim)
    {
        if (TryRead(signed, out claim) && SignedMessage.Verify(Domains.SignClaim, claim.Claimant, signed))
            return true;
        claim = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ReleaseClaim? claim)
    {
        claim = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey claimant) || !reader.Key(out VerifyingKey trustee) || !reader.Id(out AccountId owner)
            || !reader.Id(out GrantId grant) || !reader.Bytes(ReleaseLock.SecretSize, out var secret) || !reader.Time(out var at)
            || !reader.Bytes(ReencryptionRequest.NonceSize, out var nonce) || !reader.AtEnd)
            return false;
        claim = new ReleaseClaim(signed.ToArray(), claimant, trustee, owner, grant, secret.ToArray(), at, nonce.ToArray());
        return true;
    }
}
