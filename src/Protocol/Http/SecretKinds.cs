using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Salus.Protocol.Http;

/// <summary>Under what an account secret is wrapped.</summary>
public static class SecretKinds
{
    public const string Passphrase = "passphrase";

    public const string Recovery = "recovery";

    private const string PasskeyPrefix = "passkey:";

    /// <summary>"passkey:" and the credential's identifier in base64url, as WebAuthn's own JSON writes it.</summary>
    public static string Passkey(string credentialId) => PasskeyPrefix + credentialId;

    /// <summary>Whether a secret is under a passkey, and which one: 1 to 1023 bytes, in the one way of writing them.</summary>
    public static bool TryReadPasskey(string kind, [NotNullWhen(true)] out string? credentialId)
    {
        ArgumentNullException.ThrowIfNull(kind);
        credentialId = kind.StartsWith(PasskeyPrefix, StringComparison.Ordinal) && TryReadCredentialId(kind[PasskeyPrefix.Length..], out _) ? kind[PasskeyPrefix.Length..] : null;
        return credentialId is not null;
    }

    /// <summary>The bytes of a credential's identifier.</summary>
    public static bool TryReadCredentialId(string text, [NotNullWhen(true)] out byte[]? credentialId)
    {
        ArgumentNullException.ThrowIfNull(text);
        credentialId = null;
        Span<byte> bytes = stackalloc byte[Limits.MaxCredentialId];
        if (text.Length == 0 || text.Length > Base64Url.GetEncodedLength(Limits.MaxCredentialId)
            || Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done || Base64Url.EncodeToString(bytes[..length]) != text)
            return false;
        credentialId = bytes[..length].ToArray();
        return true;
    }
}
