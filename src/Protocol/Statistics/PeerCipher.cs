using System.Buffers.Binary;
using Salus.Crypto;
using Salus.Crypto.Primitives;

namespace Salus.Protocol.Statistics;

/// <summary>
/// One direction between two trustees in one computation: AES-256-GCM under a key of its own, the counter as nonce (each number once, as the key is never used again), and
/// with every piece label, computation, sender, receiver and counter authenticated. A piece elsewhere, in another place or a second time does not open.
/// </summary>
public sealed class PeerCipher : IDisposable
{
    private readonly AeadKey _key;
    private readonly byte[] _associated;

    internal PeerCipher(Secret secret, PeerHello hello)
    {
        using var key = Kdf.Derive(secret.Bytes, Domains.PeerKey, Aead.KeySize, [.. hello.Sender.Bytes, .. hello.Receiver.Bytes, .. hello.Computation]);
        _key = Aead.Import(key);
        using var transcript = new Transcript(Domains.PeerPiece);
        _associated = transcript.Append(hello.Computation).Append(hello.Sender.Bytes).Append(hello.Receiver.Bytes).ToHash();
    }

    /// <summary>Seals a piece into <see cref="Aead.TagSize"/> bytes more.</summary>
    public async ValueTask<byte[]> SealAsync(ulong counter, ReadOnlyMemory<byte> piece)
    {
        var output = new byte[piece.Length + Aead.TagSize];
        await _key.SealAsync(Nonce(counter), piece, Associated(counter), output);
        return output;
    }

    /// <summary>The piece of that number, or null when it is not what the sender sealed.</summary>
    public async ValueTask<byte[]?> OpenAsync(ulong counter, ReadOnlyMemory<byte> sealedPiece)
    {
        if (sealedPiece.Length < Aead.TagSize)
            return null;
        var piece = new byte[sealedPiece.Length - Aead.TagSize];
        return await _key.OpenAsync(Nonce(counter), sealedPiece, Associated(counter), piece) ? piece : null;
    }

    public void Dispose() => _key.Dispose();

    private static byte[] Nonce(ulong counter)
    {
        var nonce = new byte[Aead.NonceSize];
        BinaryPrimitives.WriteUInt64BigEndian(nonce.AsSpan(Aead.NonceSize - sizeof(ulong)), counter);
        return nonce;
    }

    private byte[] Associated(ulong counter)
    {
        var associated = new byte[_associated.Length + sizeof(ulong)];
        _associated.CopyTo(associated, 0);
        BinaryPrimitives.WriteUInt64BigEndian(associated.AsSpan(_associated.Length), counter);
        return associated;
    }
}
