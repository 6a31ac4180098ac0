using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol;

namespace Salus.Client.Sanitised;

/// <summary>
/// The key under which an account signs copies of records: of its own, since the signature of a JWT (RFC 7515, RFC 8037) has no room for the label that separates all other signatures of
/// the identity key. The identity key vouches for it by an <see cref="Attester"/>.
/// </summary>
internal sealed class AttestationKey : IDisposable
{
    private readonly Secret _seed;

    /// <summary>Takes the seed over.</summary>
    public AttestationKey(Secret seed, SigningKey identity, AccountCard card)
    {
        _seed = seed;
        var publicKey = new byte[Ed25519.PublicKeySize];
        Ed25519.PublicKey(seed.Bytes, publicKey);
        Attester = Attester.Create(identity, card, publicKey);
    }

    public Attester Attester { get; }

    public string Issuer => Attester.Issuer;

    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(_seed.Bytes, message, signature);
        return signature;
    }

    public void Dispose() => _seed.Dispose();

    public override string ToString() => "[redacted]";
}

/// <summary>Who signed copies: a card, and the key that its identity key vouches for. An instance exists only after both signatures were verified or made.</summary>
internal sealed class Attester
{
    private readonly byte[] _key;

    private Attester(AccountCard card, byte[] key, byte[] certificate) => (Card, _key, Certificate) = (card, key, certificate);

    public AccountCard Card { get; }

    public ReadOnlySpan<byte> Key => _key;

    /// <summary>The identity key's signature over the key.</summary>
    public byte[] Certificate { get; }

    /// <summary>The "iss" and "kid" of its copies.</summary>
    public string Issuer => $"urn:salus:account:{Card.Account}";

    public static Attester Create(SigningKey identity, AccountCard card, byte[] key)
    {
        var certificate = new byte[SigningKey.SignatureSize];
        identity.Sign(Domains.SignAttestationKey, key, certificate);
        return TryVerify(card.Signed, key, certificate, out var made) ? made : throw new ArgumentException("The card is another identity's.", nameof(card));
    }

    public static bool TryVerify(byte[] card, byte[] key, byte[] certificate, [NotNullWhen(true)] out Attester? attester)
    {
        attester = null;
        if (key.Length != Ed25519.PublicKeySize || !AccountCard.TryVerify(card, out var verified) || !verified.Identity.Verify(Domains.SignAttestationKey, key, certificate))
            return false;
        attester = new Attester(verified, key, certificate);
        return true;
    }

    public bool Signed(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Ed25519.Verify(_key, message, signature);
}
