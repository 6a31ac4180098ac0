using System.Security.Cryptography;
using System.Text;
using Salus.Protocol.Http;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// What the identity key signs when a passkey comes to an account or leaves it: a stolen session adds none and takes none away. An addition names the authenticator's whole answer,
/// and with it a challenge that is good once; a removal names the wrapping that goes. So neither, kept by somebody, does anything a second time.
/// </summary>
public static class PasskeyChange
{
    /// <summary>Under Domains.SignPasskeyAddition: account 16 | kind (variable) | ciphertext (variable) | name (variable) | SHA-256 of the credential.</summary>
    public static byte[] Addition(AccountId account, WrappedSecret secret, string name, string credential) => new WireWriter().Id(account).Variable(Utf8(secret.Kind))
        .Variable(secret.Ciphertext).Variable(Utf8(name)).Bytes(SHA256.HashData(Utf8(credential))).ToArray();

    /// <summary>Under Domains.SignPasskeyRemoval: account 16 | kind (variable) | SHA-256 of the ciphertext that goes.</summary>
    public static byte[] Removal(AccountId account, string kind, ReadOnlySpan<byte> ciphertext) => new WireWriter().Id(account).Variable(Utf8(kind))
        .Bytes(SHA256.HashData(ciphertext)).ToArray();

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
