using System.Text;
using Salus.Client.Accounts;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Crypto.Primitives;
using Salus.Health.Deidentification;
using Salus.Protocol;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies;

/// <summary>
/// Everything that a participant is in one study, from one secret: no device has to remember anything, and two studies have nothing in common.
/// <code>
/// P           KDF(account secret, "study" | study, and for an organisation's patient SHA-256 of its identifier)
/// withdrawal  KDF(P, "withdrawal")            Ed25519 seed; the contribution is a hash of the public key
/// pseudonym   KDF(P, "pseudonym")             16 bytes
/// token       KDF(P, "token-nonce" | trustee) and KDF(P, "token-blind" | trustee)
/// rules       KDF(P, "identifiers") and KDF(P, "dates")   HMAC keys of de-identification
/// </code>
/// </summary>
internal sealed class ParticipantKeys : IDisposable
{
    private const int SecretSize = 32;
    private const int PseudonymSize = 16;

    private readonly Secret _secret;
    private readonly MacKey _identifiers;
    private readonly MacKey _dates;

    private ParticipantKeys(Secret secret)
    {
        _secret = secret;
        using var withdrawal = Derive(Domains.StudyWithdrawal, Ed25519.SeedSize);
        Withdrawal = new SigningKey(withdrawal.Bytes);
        Contribution = Withdrawal.PublicKey.Contribution();
        using var pseudonym = Derive(Domains.StudyPseudonym, PseudonymSize);
        Pseudonym = Convert.ToHexStringLower(pseudonym.Bytes);
        using var identifiers = Derive(Domains.StudyIdentifiers, MacKey.KeySize);
        _identifiers = new MacKey(identifiers.Bytes);
        using var dates = Derive(Domains.StudyDates, MacKey.KeySize);
        _dates = new MacKey(dates.Bytes);
    }

    /// <summary>Signs the contribution's head and its withdrawal, and nothing else.</summary>
    public SigningKey Withdrawal { get; }

    public ContributionId Contribution { get; }

    /// <summary>What the custodian and the researcher know the participant by, 32 hexadecimal digits.</summary>
    public string Pseudonym { get; }

    /// <summary>Of the account itself.</summary>
    public static ParticipantKeys Of(Account account, StudyId study) => Of(account.Keys.AccountSecret, study);

    /// <inheritdoc cref="Of(Account, StudyId)"/>
    internal static ParticipantKeys Of(Secret accountSecret, StudyId study) => new(Kdf.Derive(accountSecret.Bytes, Domains.KeyStudy, SecretSize, study.ToBytes()));

    /// <summary>Of a patient of the organisation whose account this is, by the identifier that the organisation has for them.</summary>
    public static ParticipantKeys Of(Account account, StudyId study, string patient) =>
        new(Kdf.Derive(account.Keys.AccountSecret.Bytes, Domains.KeyStudy, SecretSize, [.. study.ToBytes(), .. Sha256.Hash(Encoding.UTF8.GetBytes(patient))]));

    /// <summary>The functions that de-identification works with.</summary>
    public DeidentificationKeys Deidentification() => new(_identifiers.Compute, _dates.Compute);

    /// <summary>What becomes a token at a trustee, 32 bytes.</summary>
    public byte[] TokenNonce(VerifyingKey trustee)
    {
        var nonce = new byte[Redemption.NonceSize];
        Kdf.Derive(_secret.Bytes, Domains.StudyTokenNonce, nonce, trustee.Bytes);
        return nonce;
    }

    /// <summary>The same nonce, blinded: the same at every call.</summary>
    public BlindedInput BlindedNonce(VerifyingKey trustee)
    {
        using var blind = Kdf.Derive(_secret.Bytes, Domains.StudyTokenBlind, OprfKey.SeedSize, trustee.Bytes);
        return BlindedInput.Blind(TokenNonce(trustee), blind.Bytes);
    }

    public void Dispose()
    {
        Withdrawal.Dispose();
        _identifiers.Dispose();
        _dates.Dispose();
        _secret.Dispose();
    }

    public override string ToString() => "[redacted]";

    private Secret Derive(string label, int size) => Kdf.Derive(_secret.Bytes, label, size);
}
