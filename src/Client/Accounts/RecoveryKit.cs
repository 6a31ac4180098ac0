using System.Security.Cryptography;
using System.Text;
using Salus.Crypto;

namespace Salus.Client.Accounts;

/// <summary>
/// The key of last resort, on paper: 32 random bytes and a checksum as 56 characters of Crockford's base 32 in 14 groups of four, so that it can be read aloud and typed
/// (upper or lower case; O reads as 0, I and L as 1; dashes and spaces do not matter). It unwraps the account secret without the passphrase.
/// </summary>
public sealed class RecoveryKit : IDisposable
{
    /// <summary>Bytes of the key.</summary>
    public const int KeySize = 32;

    private const int ChecksumSize = 3;
    private const int GroupSize = 4;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private RecoveryKit(Secret key) => Key = key;

    internal Secret Key { get; }

    internal static RecoveryKit Generate() => new(Secret.Random(KeySize));

    /// <summary>The kit as it is printed. A secret: for the paper and the terminal, for nothing else.</summary>
    public string Reveal()
    {
        Span<byte> bytes = stackalloc byte[KeySize + ChecksumSize];
        Key.Bytes.CopyTo(bytes);
        Checksum(Key.Bytes, bytes[KeySize..]);
        var text = new StringBuilder();
        int bits = 0, held = 0;
        foreach (var octet in bytes)
        {
            held = (held << 8) | octet;
            for (bits += 8; bits >= 5; bits -= 5)
                text.Append(Alphabet[(held >> (bits - 5)) & 31]);
            held &= (1 << bits) - 1;
        }
        for (var at = GroupSize; at < text.Length; at += GroupSize + 1)
            text.Insert(at, '-');
        CryptographicOperations.ZeroMemory(bytes);
        return text.ToString();
    }

    /// <summary>Reads a kit as a person types it. Says what is wrong: a character that is none of a kit's, the length, or a mistyped one somewhere.</summary>
    public static RecoveryKit Parse(string typed)
    {
        var bytes = new byte[KeySize + ChecksumSize];
        int bits = 0, held = 0, count = 0, length = 0;
        foreach (var c in typed.Where(c => !char.IsWhiteSpace(c) && c != '-'))
        {
            var value = Alphabet.IndexOf(Canonical(c), StringComparison.Ordinal);
            if (value < 0)
                throw new CannotException($"'{c}' is no character of a recovery kit. It has digits and letters, 14 groups of four.", Reasons.MistypedKit);
            length++;
            held = (held << 5) | value;
            bits += 5;
            if (bits < 8)
                continue;
            bits -= 8;
            if (count < bytes.Length)
                bytes[count] = (byte)(held >> bits);
            count++;
            held &= (1 << bits) - 1;
        }
        if (length != bytes.Length * 8 / 5)
            throw new CannotException($"A recovery kit has 56 characters; this has {length}.", Reasons.MistypedKit);
        Span<byte> checksum = stackalloc byte[ChecksumSize];
        Checksum(bytes.AsSpan(0, KeySize), checksum);
        if (!checksum.SequenceEqual(bytes.AsSpan(KeySize)))
            throw new CannotException("The recovery kit is mistyped somewhere: its checksum does not fit. Compare it group by group.", Reasons.MistypedKit);
        var kit = new RecoveryKit(Secret.CopyOf(bytes.AsSpan(0, KeySize)));
        CryptographicOperations.ZeroMemory(bytes);
        return kit;
    }

    public void Dispose() => Key.Dispose();

    public override string ToString() => "[redacted]";

    private static char Canonical(char c) => char.ToUpperInvariant(c) switch { 'O' => '0', 'I' or 'L' => '1', var other => other };

    private static void Checksum(ReadOnlySpan<byte> key, Span<byte> output)
    {
        using var transcript = new Transcript(Domains.RecoveryChecksum);
        transcript.Append(key).ToHash().AsSpan(0, output.Length).CopyTo(output);
    }
}
