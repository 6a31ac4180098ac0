using System.Text;
using Salus.Crypto;
using Salus.Crypto.Oprf;

namespace Salus.Protocol;

/// <summary>
/// The tag of a mail address in the log: the first 32 bytes of what the cloud's directory key makes of it (RFC 9497, VOPRF). One address has one tag, which the cloud proves with each answer; and
/// nobody can try addresses on the tags in the log without asking the cloud for each.
/// </summary>
public static class CardTag
{
    public const int Size = 32;

    /// <summary>What the function is evaluated for.</summary>
    /// <param name="mail">Trimmed and in lower case.</param>
    public static byte[] Input(string mail) => [.. "salus card tag 1\n"u8, .. Encoding.UTF8.GetBytes(mail)];

    public static byte[] Of(Secret output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.Bytes[..Size].ToArray();
    }

    /// <summary>The tag from the cloud's answer; null when the answer is not that key's to what was blinded.</summary>
    public static byte[]? Finish(BlindedInput blinded, OprfElement key, ReadOnlySpan<byte> evaluation)
    {
        ArgumentNullException.ThrowIfNull(blinded);
        if (!Evaluation.TryParse(evaluation, out var parsed) || !blinded.TryFinish(key, parsed, out var output))
            return null;
        using (output)
            return Of(output);
    }
}
