using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Hosting;
using Salus.Protocol;

namespace Salus.Cloud.Accounts;

/// <summary>
/// What keeps one-time codes and the addresses of people who have no account yet out of the database: 32 random bytes in `pepper.key`, outside it.
/// All replicas have the same file. Losing it costs the codes that are on their way, nothing else.
/// </summary>
internal sealed class Pepper : IDisposable
{
    public const string FileName = "pepper.key";

    private const int Size = 32;

    private readonly Secret _codes;
    private readonly Secret _tags;
    private readonly Secret _pepper;

    private Pepper(ReadOnlySpan<byte> pepper)
    {
        _codes = Kdf.Derive(pepper, Domains.CloudCode, Size);
        _tags = Kdf.Derive(pepper, Domains.CloudMailTag, Size);
        _pepper = Secret.CopyOf(pepper);
    }

    public static Pepper OpenOrCreate(string folder)
    {
        var path = Path.Combine(folder, FileName);
        DurableFiles.CreatePrivateFolder(folder);
        using (var fresh = Secret.Random(Size))
            DurableFiles.TryCreate(path, fresh.Bytes); // when it is there already, it stays
        var bytes = File.ReadAllBytes(path);
        try
        {
            return bytes.Length == Size
                ? new Pepper(bytes)
                : throw new StartupException(
                    $"{path} is damaged: {bytes.Length} bytes instead of {Size}. Delete it: a new one is made, and codes on their way end.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Eight decimal digits.</summary>
    public static string NewCode() => RandomNumberGenerator.GetInt32(100_000_000).ToString("d8", CultureInfo.InvariantCulture);

    /// <summary>The code as a person may have typed it, with spaces or a dash, as its eight digits.</summary>
    public static bool TryReadCode(string text, [NotNullWhen(true)] out string? code)
    {
        code = text.Length <= 32 ? string.Concat(text.Where(letter => letter is not ' ' and not '-')) : "";
        return code.Length == 8 && code.All(char.IsAsciiDigit);
    }

    /// <summary>What is kept of a code: 32 bytes that say nothing without the pepper and serve this id and purpose only.</summary>
    public byte[] CodeMac(CodePurpose purpose, CodeId id, string code) =>
        HmacSha256(_codes, [(byte)purpose, .. id.ToBytes(), .. Encoding.ASCII.GetBytes(code)]);

    /// <summary>By which the codes sent to one address are counted.</summary>
    public byte[] MailTag(CodePurpose purpose, MailAddress mail) => HmacSha256(_tags, [(byte)purpose, .. Encoding.ASCII.GetBytes(mail.Value)]);

    /// <summary>
    /// Seals the address until the code comes back: AES-256-GCM under a key that the random id makes unique, so that the nonce may be zero.
    /// </summary>
    public async Task<byte[]> SealMailAsync(CodeId id, MailAddress mail)
    {
        var plaintext = Encoding.ASCII.GetBytes(mail.Value.PadRight(MailAddress.MaxLength)); // the length would narrow the address down
        var sealedMail = new byte[plaintext.Length + Aead.TagSize];
        using var key = MailKey(id);
        await Aead.SealAsync(key, new byte[Aead.NonceSize], plaintext, default, sealedMail);
        return sealedMail;
    }

    /// <summary>Null when the row was sealed under another pepper or was altered.</summary>
    public async Task<MailAddress?> OpenMailAsync(CodeId id, byte[] sealedMail)
    {
        if (sealedMail.Length != MailAddress.MaxLength + Aead.TagSize)
            return null;
        var plaintext = new byte[MailAddress.MaxLength];
        using var key = MailKey(id);
        return await Aead.OpenAsync(key, new byte[Aead.NonceSize], sealedMail, default, plaintext) && MailAddress.TryParse(Encoding.ASCII.GetString(plaintext), out var mail)
            ? mail
            : null;
    }

    public void Dispose()
    {
        _codes.Dispose();
        _tags.Dispose();
        _pepper.Dispose();
    }

    public override string ToString() => "[redacted]";

    private Secret MailKey(CodeId id) => Kdf.Derive(_pepper.Bytes, Domains.CloudMailSeal, Aead.KeySize, id.ToBytes());

    private static byte[] HmacSha256(Secret key, ReadOnlySpan<byte> data)
    {
        var mac = new byte[Mac.Size];
        Mac.HmacSha256(key.Bytes, data, mac);
        return mac;
    }
}
