using Salus.Client.Keys;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Accounts;

/// <summary>A new wrapping of the account secret, signed by the identity key: a session alone cannot replace it.</summary>
internal static class AccountKeyChange
{
    public static ReplaceSecret Sign(Keyring keys, WrappedSecret wrapped, IEnumerable<WrappedSecret> current)
    {
        var replaced = current.FirstOrDefault(secret => secret.Kind == wrapped.Kind)
            ?? throw new AlarmException(AlarmKind.Withheld, "The cloud does not show what it keeps of the account secret: nothing was replaced.");
        var signature = new byte[SigningKey.SignatureSize];
        keys.Identity.Sign(Domains.SignAccountKeys, SecretReplacement.Payload(keys.Card.Account, wrapped, replaced.Ciphertext), signature);
        return new ReplaceSecret(wrapped, signature);
    }
}
