using System.Security.Cryptography;
using Salus.Client.Keys;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Sealing;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Accounts;

/// <summary>
/// The account secret under the passphrase (Argon2id, RFC 9106), under the recovery kit and under passkeys. The cloud keeps the wrappings and can open none; parameters
/// below the client's floor are refused, and what comes out must be the secret that makes the account's very card.
/// </summary>
/// <remarks>
/// A passkey's key is the output of its pseudorandom function (WebAuthn Level 3, section 10.1.4): 32 bytes that depend on a random secret of this one credential. So it needs no
/// stretching, and the input may be the same for all. The blob is bound to the account and to the credential: of swapped ones none opens.
/// </remarks>
internal static class SecretWrapping
{
    /// <summary>Bytes of the output of a passkey's pseudorandom function.</summary>
    public const int PrfSize = 32;

    public static async Task<WrappedSecret> UnderPassphraseAsync(Keyring keys, Secret passphrase)
    {
        var salt = RandomNumberGenerator.GetBytes(Argon2id.SaltSize);
        var cost = Argon2Parameters.Floor;
        using var key = Stretch(passphrase, salt, cost);
        var sealedSecret = await SealedBlob.SealAsync(key, Domains.WrapPassphrase, keys.AccountSecret, Binding(keys.Card.Account));
        return new WrappedSecret(SecretKinds.Passphrase, salt, (int)cost.MemoryKiB, (int)cost.Passes, sealedSecret);
    }

    public static async Task<WrappedSecret> UnderKitAsync(Keyring keys, RecoveryKit kit) =>
        new(SecretKinds.Recovery, [], 0, 0, await SealedBlob.SealAsync(kit.Key, Domains.WrapRecovery, keys.AccountSecret, Binding(keys.Card.Account)));

    /// <param name="credentialId">The credential's identifier, base64url.</param>
    /// <param name="prf">32 bytes.</param>
    public static async Task<WrappedSecret> UnderPasskeyAsync(Keyring keys, string credentialId, Secret prf) => new(SecretKinds.Passkey(credentialId), [], 0, 0,
        await SealedBlob.SealAsync(CheckPrf(prf), Domains.WrapPasskey, keys.AccountSecret, Binding(keys.Card.Account, credentialId)));

    public static async Task<Keyring> OpenWithPassphraseAsync(IReadOnlyList<WrappedSecret> secrets, AccountCard card, Secret passphrase)
    {
        var wrapped = Find(secrets, SecretKinds.Passphrase, "the passphrase");
        if (wrapped.MemoryKiB <= 0 || wrapped.Passes <= 0 || wrapped.Salt is not { Length: Argon2id.SaltSize }
            || !new Argon2Parameters((uint)wrapped.MemoryKiB, (uint)wrapped.Passes).IsAcceptable)
            throw new AlarmException(AlarmKind.Downgrade, "The cloud asks for a passphrase hash other than Salus accepts. The passphrase was not used.");
        using var key = Stretch(passphrase, wrapped.Salt, new Argon2Parameters((uint)wrapped.MemoryKiB, (uint)wrapped.Passes));
        return await OpenAsync(key, Domains.WrapPassphrase, wrapped, card, Binding(card.Account))
            ?? throw new CannotException("The passphrase is wrong, or the wrapped account secret is damaged. Nothing was changed; the recovery kit opens the account without it.",
                Reasons.WrongPassphrase);
    }

    public static async Task<Keyring> OpenWithKitAsync(IReadOnlyList<WrappedSecret> secrets, AccountCard card, RecoveryKit kit) =>
        await OpenAsync(kit.Key, Domains.WrapRecovery, Find(secrets, SecretKinds.Recovery, "the recovery kit"), card, Binding(card.Account))
            ?? throw new CannotException("This recovery kit does not open this account: it is another account's, or a newer kit has replaced it.", Reasons.WrongKit);

    public static async Task<Keyring> OpenWithPasskeyAsync(IReadOnlyList<WrappedSecret> secrets, AccountCard card, string credentialId, Secret prf)
    {
        CheckPrf(prf);
        return await OpenAsync(prf, Domains.WrapPasskey, Find(secrets, SecretKinds.Passkey(credentialId), "this passkey"), card, Binding(card.Account, credentialId))
            ?? throw new CannotException(
                "The passkey does not open this account, or the wrapped account secret is damaged. Nothing was changed; the passphrase or the recovery kit opens the account.",
                Reasons.WrongPasskey);
    }

    private static async Task<Keyring?> OpenAsync(Secret key, string label, WrappedSecret wrapped, AccountCard card, byte[] binding)
    {
        using var opened = await SealedBlob.OpenSecretAsync(key, label, wrapped.Ciphertext ?? [], binding);
        if (opened is not { Length: Keyring.SecretSize })
            return null;
        var keys = new Keyring(Secret.CopyOf(opened.Bytes), card.Organisation);
        if (keys.Card.Signed.AsSpan().SequenceEqual(card.Signed))
            return keys;
        keys.Dispose();
        throw new AlarmException(AlarmKind.KeyChanged, "The account secret that the cloud keeps belongs to another account. It was not used.");
    }

    private static WrappedSecret Find(IReadOnlyList<WrappedSecret>? secrets, string kind, string name) => secrets?.FirstOrDefault(secret => secret?.Kind == kind)
        ?? throw new AlarmException(AlarmKind.Withheld, $"The cloud does not hand out the account secret under {name}.");

    private static Secret Stretch(Secret passphrase, byte[] salt, Argon2Parameters cost)
    {
        var key = new Secret(Aead.KeySize);
        Argon2id.Derive(passphrase.Bytes, salt, cost, key.Writable);
        return key;
    }

    private static Secret CheckPrf(Secret prf) => prf.Length == PrfSize
        ? prf
        : throw new CannotException("The passkey gave no key. This browser or authenticator cannot open an account with a passkey; use the passphrase.", Reasons.NoPrf);

    private static byte[] Binding(AccountId account) => account.ToBytes();

    private static byte[] Binding(AccountId account, string credentialId) => SecretKinds.TryReadCredentialId(credentialId, out var id)
        ? [.. account.ToBytes(), .. id]
        : throw new CannotException("That is no passkey's identifier.", Reasons.NoPasskey);
}
