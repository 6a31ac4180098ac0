using Salus.Client.Keys;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Accounts;

/// <summary>What the identity key signs of the wrappings of the account secret: a session alone cannot replace, add or remove one.</summary>
internal static class AccountKeyChange
{
    /// <summary>A new wrapping in the place of what the cloud shows, or a first passphrase when neither the cloud nor this device knows one.</summary>
    /// <param name="known">The wrappings that this device has.</param>
    public static ReplaceSecret Replace(Keyring keys, WrappedSecret wrapped, IEnumerable<WrappedSecret> current, IEnumerable<WrappedSecret> known)
    {
        var replaced = Of(wrapped.Kind, current);
        if (replaced is null && (wrapped.Kind != SecretKinds.Passphrase || Of(wrapped.Kind, known) is not null))
            throw new AlarmException(AlarmKind.Withheld, "The cloud does not show what it keeps of the account secret: nothing was replaced.");
        return new ReplaceSecret(wrapped, Sign(keys, Domains.SignAccountKeys, SecretReplacement.Payload(keys.Card.Account, wrapped, replaced?.Ciphertext ?? [])));
    }

    public static AddPasskey Add(Keyring keys, string challenge, string credential, string name, WrappedSecret wrapped) => new(challenge, credential, name, wrapped,
        Sign(keys, Domains.SignPasskeyAddition, PasskeyChange.Addition(keys.Card.Account, wrapped, name, credential)));

    public static RemovePasskey Remove(Keyring keys, WrappedSecret wrapped) =>
        new(Sign(keys, Domains.SignPasskeyRemoval, PasskeyChange.Removal(keys.Card.Account, wrapped.Kind, wrapped.Ciphertext ?? [])));

    /// <summary>The wrapping of a kind, if there is one.</summary>
    public static WrappedSecret? Of(string kind, IEnumerable<WrappedSecret>? secrets) => secrets?.FirstOrDefault(secret => secret?.Kind == kind);

    private static byte[] Sign(Keyring keys, string label, byte[] payload)
    {
        var signature = new byte[SigningKey.SignatureSize];
        keys.Identity.Sign(label, payload, signature);
        return signature;
    }
}
