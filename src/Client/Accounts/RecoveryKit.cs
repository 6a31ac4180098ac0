using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Salus.Crypto;

namespace Salus.Client.Accounts;

/// <summary>
/// The key of last resort, on paper: 32 random bytes, how many versions of the account there were on the day that it was made (5 bytes), and a checksum, as 64 characters of Crockford's
/// base 32 in 16 groups of four, so that it can be read aloud and typed (upper or lower case; O reads as 0, I and L as 1; dashes and spaces do not matter). It unwraps the account secret
/// without the passphrase, and a cloud that shows the account as it was before that day is caught. Older kits have 14 groups and no number of versions; they go on working.
/// </summary>
public sealed class RecoveryKit : IDisposable
{
    /// <summary>Bytes of the key.</summary>
    public const int KeySize = 32;

    /// <summary>Versions of an account, at most, that a kit can say; of more it says so many.</summary>
    private const ulong MaxCounter = (1UL << (8 * CounterSize)) - 1;

    private const int CounterSize = 5;
    private const int ChecksumSize = 3;
    private const int GroupSize = 4;
    private const int Characters = (KeySize + CounterSize + ChecksumSize) * 8 / 5;
    private const int OldCharacters = (KeySize + ChecksumSize) * 8 / 5;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private RecoveryKit(Secret key, ulong counter) => (Key, Counter) = (key, Math.Min(counter, MaxCounter));

    internal Secret Key { get; }

    /// <summary>How many versions of the account there were when it was made; 0 when it does not say.</summary>
    public ulong Counter { get; }

    internal static RecoveryKit Generate(ulong counter = 0) => new(Secret.Random(KeySize), counter);

    /// <summary>The same key on another day. This one goes on to be its owner's to dispose.</summary>
    internal RecoveryKit At(ulong counter) => new(Secret.CopyOf(Key.Bytes), counter);

    /// <summary>The kit as it is printed. A secret: for the paper and the terminal, for nothing else.</summary>
    public string Reveal()
    {
        var content = KeySize + (Counter == 0 ? 0 : CounterSize);
        Span<byte> bytes = stackalloc byte[KeySize + sizeof(ulong) + ChecksumSize];
        Key.Bytes.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[KeySize..], Counter << (8 * (sizeof(ulong) - CounterSize)));
        bytes = bytes[..(content + ChecksumSize)];
        Checksum(bytes[..content], bytes[content..]);
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
        var bytes = new byte[KeySize + CounterSize + ChecksumSize];
        int bits = 0, held = 0, count = 0, length = 0;
        foreach (var c in typed.Where(c => !char.IsWhiteSpace(c) && c != '-'))
        {
            var value = Alphabet.IndexOf(Canonical(c), StringComparison.Ordinal);
            if (value < 0)
                throw new CannotException($"'{c}' is no character of a recovery kit. It has digits and letters in groups of four.", Reasons.MistypedKit);
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
        if (length != Characters && length != OldCharacters)
            throw new CannotException($"A recovery kit has {Characters} characters, an older one {OldCharacters}; this has {length}.", Reasons.MistypedKit);
        var content = KeySize + (length == Characters ? CounterSize : 0);
        Span<byte> checksum = stackalloc byte[ChecksumSize];
        Checksum(bytes.AsSpan(0, content), checksum);
        if (!checksum.SequenceEqual(bytes.AsSpan(content, ChecksumSize)))
            throw new CannotException("The recovery kit is mistyped somewhere: its checksum does not fit. Compare it group by group.", Reasons.MistypedKit);
        var counter = length == Characters ? BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(KeySize)) >> (8 * (sizeof(ulong) - CounterSize)) : 0;
        var kit = new RecoveryKit(Secret.CopyOf(bytes.AsSpan(0, KeySize)), counter);
        CryptographicOperations.ZeroMemory(bytes);
        return kit;
    }

    public void Dispose() => Key.Dispose();

    public override string ToString() => "[redacted]";

    private static char Canonical(char c) => char.ToUpperInvariant(c) switch { 'O' => '0', 'I' or 'L' => '1', var other => other };

    private static void Checksum(ReadOnlySpan<byte> content, Span<byte> output)
    {
        using var transcript = new Transcript(Domains.RecoveryChecksum);
        transcript.Append(content).ToHash().AsSpan(0, output.Length).CopyTo(output);
    }
}
