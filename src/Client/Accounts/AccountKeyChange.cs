using Salus.Client.Keys;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Accounts;

/// <summary>A new wrapping of the account secret, signed by the identity key: a session alone cannot replace it.</summary>
internal static class AccountKeyChange
{
    public static ReplaceSecret Sign(Keyring keys, WrappedSecret wrapped)
    {
        var signature = new byte[SigningKey.SignatureSize];
        keys.Identity.Sign(Domains.SignAccountKeys, SecretReplacement.Payload(keys.Card.Account, wrapped), signature);
        return new ReplaceSecret(wrapped, signature);
    }
}
