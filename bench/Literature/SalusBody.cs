using System.Text;
using Salus.Crypto;
using Salus.Crypto.Sealing;

namespace Salus.Bench.Literature;

/// <summary>Ours: the body of a record, AES-256-GCM in authenticated chunks with a committed key.</summary>
internal sealed class SalusBody : Cipher, IDisposable
{
    private readonly Secret _key = Secret.Random(ChunkedEncryption.KeySize);
    private readonly byte[] _context = Encoding.UTF8.GetBytes("record of a bench");

    public override string Name => "salus";

    public override int Room(int plaintext) => (int)ChunkedEncryption.CiphertextLength(plaintext);

    public override int Encrypt(byte[] plaintext, byte[] ciphertext)
    {
        using var message = ChunkedEncryption.Create(_key, _context);
        message.Prefix.CopyTo(ciphertext);
        var length = Room(plaintext.Length);
        message.SealFinalAsync(0, plaintext, ciphertext.AsMemory(ChunkedEncryption.PrefixSize, length - ChunkedEncryption.PrefixSize)).AsTask().GetAwaiter().GetResult();
        return length;
    }

    public override int Decrypt(byte[] ciphertext, int length, byte[] plaintext)
    {
        if (!ChunkedEncryption.TryOpen(_key, ciphertext.AsSpan(0, ChunkedEncryption.PrefixSize), _context, out var message)
            || !ChunkedEncryption.TryPlaintextLength(length, out var size))
            throw new InvalidOperationException("What was sealed a moment ago does not open.");
        using (message)
        {
            var chunks = ciphertext.AsMemory(ChunkedEncryption.PrefixSize, length - ChunkedEncryption.PrefixSize);
            if (!message.OpenFinalAsync(0, chunks, plaintext.AsMemory(0, (int)size)).AsTask().GetAwaiter().GetResult())
                throw new InvalidOperationException("What was sealed a moment ago is not authentic.");
        }
        return (int)size;
    }

    public void Dispose() => _key.Dispose();
}
