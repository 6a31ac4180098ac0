using System.Text;
using Salus.Protocol.Http;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>What the identity key signs (under Domains.SignAccountKeys) when a wrapped account secret is replaced.</summary>
public static class SecretReplacement
{
    /// <summary>account 16 | kind (variable) | salt (variable) | memory KiB u32 | passes u32 | ciphertext (variable).</summary>
    public static byte[] Payload(AccountId account, WrappedSecret secret) => new WireWriter().Id(account).Variable(Encoding.UTF8.GetBytes(secret.Kind))
        .Variable(secret.Salt).UInt32(unchecked((uint)secret.MemoryKiB)).UInt32(unchecked((uint)secret.Passes)).Variable(secret.Ciphertext).ToArray();
}
