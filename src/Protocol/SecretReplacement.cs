using System.Security.Cryptography;
using System.Text;
using Salus.Protocol.Http;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// What the identity key signs (under Domains.SignAccountKeys) when a wrapped account secret is replaced. It names what it replaces, so that an old replacement, kept by somebody
/// with a stolen session, cannot bring an old passphrase back. The first passphrase of an account replaces nothing: no bytes. That cannot come back, for no passphrase is taken away.
/// </summary>
public static class SecretReplacement
{
    /// <summary>account 16 | kind (variable) | salt (variable) | memory KiB u32 | passes u32 | ciphertext (variable) | SHA-256 of the ciphertext replaced.</summary>
    public static byte[] Payload(AccountId account, WrappedSecret secret, ReadOnlySpan<byte> replaced) => new WireWriter().Id(account).Variable(Encoding.UTF8.GetBytes(secret.Kind))
        .Variable(secret.Salt).UInt32(unchecked((uint)secret.MemoryKiB)).UInt32(unchecked((uint)secret.Passes)).Variable(secret.Ciphertext)
        .Bytes(SHA256.HashData(replaced)).ToArray();
}
