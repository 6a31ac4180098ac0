using System.Diagnostics.CodeAnalysis;

namespace Salus.Protocol.Log;

/// <summary>Base 64 (RFC 4648, section 4) in its one canonical form: no blanks, no missing padding, no bits behind the end.</summary>
internal static class StrictBase64
{
    public static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var buffer = new byte[text.Length / 4 * 3];
        if (text.Length % 4 != 0 || !Convert.TryFromBase64String(text, buffer, out var length))
            return false;
        if (!string.Equals(Convert.ToBase64String(buffer, 0, length), text, StringComparison.Ordinal))
            return false;
        bytes = buffer[..length];
        return true;
    }
}
