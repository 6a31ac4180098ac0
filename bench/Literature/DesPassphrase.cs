using System.Security.Cryptography;

namespace Salus.Bench.Literature;

/// <summary>
/// PBEWithMD5AndDES: PKCS #5 v1.5 (RFC 8018 section 6.1): MD5 a thousand times over passphrase and salt gives key and IV of DES-CBC. Broken; here for
/// comparison with the papers that use it, and nowhere else.
/// </summary>
internal sealed class DesPassphrase : Cipher
{
    private const int Iterations = 1000;
    private static readonly byte[] Passphrase = "correct horse battery staple"u8.ToArray();
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(8);

    public override string Name => "des-pbe";

    public override int Room(int plaintext) => plaintext + 8;

    public override int Encrypt(byte[] plaintext, byte[] ciphertext)
    {
        using var des = Keyed(out var iv);
        return des.EncryptCbc(plaintext, iv, ciphertext);
    }

    public override int Decrypt(byte[] ciphertext, int length, byte[] plaintext)
    {
        using var des = Keyed(out var iv);
        return des.DecryptCbc(ciphertext.AsSpan(0, length), iv, plaintext);
    }

#pragma warning disable CA5350, CA5351, RS0030 // MD5 and DES are what the compared scheme consists of; nothing of Salus is protected by them.
    private DES Keyed(out byte[] iv)
    {
        byte[] hash = [.. Passphrase, .. _salt];
        for (var i = 0; i < Iterations; i++)
            hash = MD5.HashData(hash);
        var des = DES.Create();
        des.Key = hash[..8];
        iv = hash[8..];
        return des;
    }
#pragma warning restore CA5350, CA5351, RS0030
}
