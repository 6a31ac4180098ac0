namespace Salus.Bench.Literature;

/// <summary>A way to encrypt a file held in memory, as the literature on health records in clouds compares them. One thread, buffers made beforehand.</summary>
internal abstract class Cipher
{
    public abstract string Name { get; }

    /// <summary>Bytes that <see cref="Encrypt"/> writes at most for so many.</summary>
    public abstract int Room(int plaintext);

    /// <summary>Key derivation included. Returns how many bytes were written.</summary>
    public abstract int Encrypt(byte[] plaintext, byte[] ciphertext);

    public abstract int Decrypt(byte[] ciphertext, int length, byte[] plaintext);
}
