using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// One trustee's re-encryption key under its policy, signed by the owner and sealed to that trustee on the way. An instance exists only after the signature and
/// the share itself (rk·U = U1) were verified, or it was made; it holds a secret.
/// Wire, inside the sealed box: "salus kfrag 1\n" | policy | delegating key 32 | trustee 32 | share 96 | rk 32 | signature 64;
/// a locked one: "salus kfrag 2\n" | verifier 32 | expires u64 | and the rest as before.
/// </summary>
public sealed class KFrag : IDisposable
{
    private KFrag(GrantPolicy policy, PublicKey delegatingKey, VerifyingKey trustee, KeyShare share, ReleaseLock? releaseLock) =>
        (Policy, DelegatingKey, Trustee, Share, Lock) = (policy, delegatingKey, trustee, share, releaseLock);

    private static ReadOnlySpan<byte> Magic => "salus kfrag 1\n"u8;

    private static ReadOnlySpan<byte> LockedMagic => "salus kfrag 2\n"u8;

    public GrantPolicy Policy { get; }

    /// <summary>pk[p,e] of the owner.</summary>
    public PublicKey DelegatingKey { get; }

    public VerifyingKey Trustee { get; }

    public KeyShare Share { get; }

    /// <summary>What the delegatee has to show before the key answers; null when nothing.</summary>
    public ReleaseLock? Lock { get; }

    /// <summary>Makes the message to a trustee: signed, then sealed to its box key.</summary>
    public static byte[] Seal(SigningKey owner, GrantPolicy policy, PublicKey delegatingKey, VerifyingKey trustee, BoxKey trusteeBox, KeyShare share,
        ReleaseLock? releaseLock = null)
    {
        if (!owner.PublicKey.Equals(policy.Owner))
            throw new ArgumentException("The policy names another owner.", nameof(policy));
        var writer = releaseLock is null ? new WireWriter().Bytes(Magic) : new WireWriter().Bytes(LockedMagic).Bytes(releaseLock.Verifier).Time(releaseLock.Expires);
        var payload = policy.Write(writer).Key(delegatingKey).Key(trustee).Bytes(share.Public.Bytes).Bytes(share.Rk.Bytes).ToArray();
        var signed = SignedMessage.Sign(Domains.SignKFrag, owner, payload);
        try
        {
            if (!TryRead(trustee, signed, out var kfrag))
                throw SignedMessage.Mistake(nameof(KFrag));
            kfrag.Dispose();
            return trusteeBox.Seal(signed);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(payload);
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(signed);
        }
    }

    /// <summary>Opens and verifies on the trustee. False for any other trustee, a wrong signature, a share that does not fit, or bytes that are no kfrag.</summary>
    public static bool TryOpen(UnboxingKey box, VerifyingKey self, ReadOnlySpan<byte> message, [NotNullWhen(true)] out KFrag? kfrag)
    {
        kfrag = null;
        if (!box.TryOpen(message, out var signed))
            return false;
        try
        {
            if (TryRead(self, signed, out kfrag) && SignedMessage.Verify(Domains.SignKFrag, kfrag.Policy.Owner, signed))
                return true;
            kfrag?.Dispose();
            kfrag = null;
            return false;
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(signed);
        }
    }

    public void Dispose() => Share.Dispose();

    private static bool TryRead(VerifyingKey self, ReadOnlySpan<byte> signed, [NotNullWhen(true)] out KFrag? kfrag)
    {
        kfrag = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!TryReadLock(ref reader, out var releaseLock) || !GrantPolicy.TryRead(ref reader, out var policy) || !reader.Key(out PublicKey? delegatingKey)
            || !reader.Key(out VerifyingKey trustee) || !trustee.Equals(self)
            || !reader.Bytes(PublicShare.Size, out var publicBytes) || !PublicShare.TryParse(publicBytes, out var publicShare)
            || !reader.Bytes(KeyShare.RkSize, out var rk) || !reader.AtEnd
            || !KeyShare.TryParse(publicShare, rk, out var share))
            return false;
        kfrag = new KFrag(policy!, delegatingKey!, trustee, share, releaseLock);
        return true;
    }

    /// <summary>The magic, and the lock that the second one brings.</summary>
    private static bool TryReadLock(ref WireReader reader, out ReleaseLock? releaseLock)
    {
        releaseLock = null;
        if (!reader.Bytes(Magic.Length, out var magic))
            return false;
        if (magic.SequenceEqual(Magic))
            return true;
        if (!magic.SequenceEqual(LockedMagic) || !reader.Bytes(Crypto.Primitives.Sha256.Size, out var verifier) || !reader.Time(out var expires))
            return false;
        releaseLock = new ReleaseLock(verifier, expires);
        return true;
    }
}
