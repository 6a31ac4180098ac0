using System.Security.Cryptography;
using Salus.Client.Keys;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Sealing;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Accounts;

/// <summary>
/// The account secret under the passphrase (Argon2id, RFC 9106) and under the recovery kit. The cloud keeps both wrappings and can open neither; parameters
/// below the client's floor are refused, and what comes out must be the secret that makes the account's very card.
/// </summary>
internal static class SecretWrapping
{
    public const string Passphrase = "passphrase";
    public const string Recovery = "recovery";

    public static async Task<WrappedSecret> UnderPassphraseAsync(Keyring keys, Secret passphrase)
    {
        var salt = RandomNumberGenerator.GetBytes(Argon2id.SaltSize);
        var cost = Argon2Parameters.Floor;
        using var key = Stretch(passphrase, salt, cost);
        var sealedSecret = await SealedBlob.SealAsync(key, Domains.WrapPassphrase, keys.AccountSecret, Binding(keys.Card.Account));
        return new WrappedSecret(Passphrase, salt, (int)cost.MemoryKiB, (int)cost.Passes, sealedSecret);
    }

    public static async Task<WrappedSecret> UnderKitAsync(Keyring keys, RecoveryKit kit) =>
        new(Recovery, [], 0, 0, await SealedBlob.SealAsync(kit.Key, Domains.WrapRecovery, keys.AccountSecret, Binding(keys.Card.Account)));

    public static async Task<Keyring> OpenWithPassphraseAsync(IReadOnlyList<WrappedSecret> secrets, AccountCard card, Secret passphrase)
    {
        var wrapped = Find(secrets, Passphrase);
        if (wrapped.MemoryKiB <= 0 || wrapped.Passes <= 0 || wrapped.Salt is not { Length: Argon2id.SaltSize }
            || !new Argon2Parameters((uint)wrapped.MemoryKiB, (uint)wrapped.Passes).IsAcceptable)
            throw new AlarmException(AlarmKind.Downgrade, "The cloud asks for a passphrase hash other than Salus accepts. The passphrase was not used.");
        using var key = Stretch(passphrase, wrapped.Salt, new Argon2Parameters((uint)wrapped.MemoryKiB, (uint)wrapped.Passes));
        return await OpenAsync(key, Domains.WrapPassphrase, wrapped, card)
            ?? throw new CannotException("The passphrase is wrong, or the wrapped account secret is damaged. Nothing was changed; the recovery kit opens the account without it.",
                Reasons.WrongPassphrase);
    }

    public static async Task<Keyring> OpenWithKitAsync(IReadOnlyList<WrappedSecret> secrets, AccountCard card, RecoveryKit kit) =>
        await OpenAsync(kit.Key, Domains.WrapRecovery, Find(secrets, Recovery), card)
            ?? throw new CannotException("This recovery kit does not open this account: it is another account's, or a newer kit has replaced it.", Reasons.WrongKit);

    private static async Task<Keyring?> OpenAsync(Secret key, string label, WrappedSecret wrapped, AccountCard card)
    {
        using var opened = await SealedBlob.OpenSecretAsync(key, label, wrapped.Ciphertext ?? [], Binding(card.Account));
        if (opened is not { Length: Keyring.SecretSize })
            return null;
        var keys = new Keyring(Secret.CopyOf(opened.Bytes), card.Organisation);
        if (keys.Card.Signed.AsSpan().SequenceEqual(card.Signed))
            return keys;
        keys.Dispose();
        throw new AlarmException(AlarmKind.KeyChanged, "The account secret that the cloud keeps belongs to another account. It was not used.");
    }

    private static WrappedSecret Find(IReadOnlyList<WrappedSecret> secrets, string kind) => secrets.FirstOrDefault(secret => secret.Kind == kind)
        ?? throw new AlarmException(AlarmKind.Withheld, $"The cloud does not hand out the account secret under the {kind}.");

    private static Secret Stretch(Secret passphrase, byte[] salt, Argon2Parameters cost)
    {
        var key = new Secret(Aead.KeySize);
        Argon2id.Derive(passphrase.Bytes, salt, cost, key.Writable);
        return key;
    }

    private static byte[] Binding(AccountId account) => account.ToBytes();
}
