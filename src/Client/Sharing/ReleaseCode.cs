using System.Diagnostics.CodeAnalysis;
using Salus.Client.Keys;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol;

namespace Salus.Client.Sharing;

/// <summary>
/// The code that releases a locked grant: ten characters of Crockford's base 32, which the cloud mails to the delegatee. Its owner derives it, and so needs to keep nothing.
/// </summary>
internal sealed class ReleaseCode : IDisposable
{
    public const int Length = 10;

    /// <summary>How long after the beginning of a locked grant its code is taken.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private readonly Secret _text;

    private ReleaseCode(Secret text) => _text = text;

    /// <summary>The code of an own locked grant.</summary>
    public static ReleaseCode Of(Keyring keys, GrantId grant)
    {
        using var random = keys.ReleaseCode(grant, Length);
        var text = new Secret(Length);
        for (var i = 0; i < Length; i++)
            text.Writable[i] = (byte)Alphabet[random.Bytes[i] % Alphabet.Length];
        return new ReleaseCode(text);
    }

    /// <summary>Reads a code as people type it: either case, O for 0, I and L for 1, blanks and hyphens anywhere. False for what cannot be one.</summary>
    public static bool TryParse(string? typed, [NotNullWhen(true)] out ReleaseCode? code)
    {
        code = null;
        var normal = (typed ?? "").ToUpperInvariant().Replace('O', '0').Replace('I', '1').Replace('L', '1')
            .Where(c => c is not ('-' or ' ')).ToArray();
        if (normal.Length != Length || normal.Any(c => !Alphabet.Contains(c, StringComparison.Ordinal)))
            return false;
        var text = new Secret(Length);
        for (var i = 0; i < Length; i++)
            text.Writable[i] = (byte)normal[i];
        code = new ReleaseCode(text);
        return true;
    }

    /// <summary>As it goes into the letter.</summary>
    public string Reveal() => System.Text.Encoding.ASCII.GetString(_text.Bytes);

    /// <summary>The trustees' secrets of one grant: a tenth of a second, and 64 MiB, so that fifty bits are more than they look.</summary>
    public Secrets Stretch(GrantId grant)
    {
        var stretched = new Secret(ReleaseLock.SecretSize);
        Argon2id.Derive(_text.Bytes, grant.ToBytes(), Argon2Parameters.Floor, stretched.Writable);
        return new Secrets(stretched);
    }

    public void Dispose() => _text.Dispose();

    public override string ToString() => "[redacted]";

    /// <summary>What a code gives for each trustee: a secret that is of no use at another.</summary>
    public sealed class Secrets(Secret stretched) : IDisposable
    {
        public Secret At(VerifyingKey trustee)
        {
            var secret = new Secret(ReleaseLock.SecretSize);
            using var transcript = new Transcript(Domains.ReleaseSecret);
            transcript.Append(stretched.Bytes).Append(trustee.Bytes).ToHash(secret.Writable);
            return secret;
        }

        public void Dispose() => stretched.Dispose();

        public override string ToString() => "[redacted]";
    }
}
