using System.Security.Cryptography;

namespace Salus.Bench.Literature;

/// <summary>RSA-2048, block after block of 245 bytes with PKCS #1 v1.5 padding.</summary>
internal sealed class RsaBlocks : Cipher, IDisposable
{
    private const int Block = 256 - 11;
    private readonly RSA _rsa = RSA.Create(2048);

    public override string Name => "rsa-2048";

    public override int Room(int plaintext) => (plaintext + Block - 1) / Block * 256;

    public override int Encrypt(byte[] plaintext, byte[] ciphertext)
    {
        var written = 0;
        for (var at = 0; at < plaintext.Length; at += Block)
            written += _rsa.Encrypt(plaintext.AsSpan(at, Math.Min(Block, plaintext.Length - at)), ciphertext.AsSpan(written), RSAEncryptionPadding.Pkcs1);
        return written;
    }

    public override int Decrypt(byte[] ciphertext, int length, byte[] plaintext)
    {
        var written = 0;
        for (var at = 0; at < length; at += 256)
            written += _rsa.Decrypt(ciphertext.AsSpan(at, 256), plaintext.AsSpan(written), RSAEncryptionPadding.Pkcs1);
        return written;
    }

    public void Dispose() => _rsa.Dispose();
}
