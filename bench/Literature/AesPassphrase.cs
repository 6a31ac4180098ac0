using System.Security.Cryptography;

namespace Salus.Bench.Literature;

/// <summary>PBEWithHmacSHA256AndAES_128: PBES2 (RFC 8018 section 6.2), PBKDF2 and AES-128-CBC.</summary>
internal sealed class AesPassphrase : Cipher
{
    private const int Iterations = 1000;
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(8);
    private readonly byte[] _iv = RandomNumberGenerator.GetBytes(16);

    public override string Name => "aes-128-pbe";

    public override int Room(int plaintext) => plaintext + 16;

    public override int Encrypt(byte[] plaintext, byte[] ciphertext)
    {
        using var aes = Key();
        return aes.EncryptCbc(plaintext, _iv, ciphertext);
    }

    public override int Decrypt(byte[] ciphertext, int length, byte[] plaintext)
    {
        using var aes = Key();
        return aes.DecryptCbc(ciphertext.AsSpan(0, length), _iv, plaintext);
    }

    private Aes Key()
    {
        var aes = Aes.Create();
#pragma warning disable CA5387 // As few iterations as in the papers: the time of the passphrase is not what is compared.
        aes.Key = Rfc2898DeriveBytes.Pbkdf2("correct horse battery staple", _salt, Iterations, HashAlgorithmName.SHA256, 16);
#pragma warning restore CA5387
        return aes;
    }
}
