using System.Buffers;

namespace Salus.Client.Sealing;

/// <summary>The part of an encrypted chunk that one batch has and the next needs, in a buffer from the pool: made once, moved once.</summary>
internal readonly struct ChunkPart
{
    private readonly byte[] _rented;

    public ChunkPart(ReadOnlySpan<byte> part)
    {
        _rented = ArrayPool<byte>.Shared.Rent(part.Length);
        part.CopyTo(_rented);
        Length = part.Length;
    }

    public int Length { get; }

    /// <summary>Copies the part and gives the buffer back.</summary>
    public void MoveTo(Span<byte> output)
    {
        if (Length == 0)
            return;
        _rented.AsSpan(0, Length).CopyTo(output);
        ArrayPool<byte>.Shared.Return(_rented);
    }
}
