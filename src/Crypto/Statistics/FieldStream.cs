using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Statistics;

/// <summary>
/// Elements of <see cref="Field61"/> from a seed of 32 bytes: the words of 8 bytes, little-endian, of ChaCha20's key stream, of each the lower 61 bits. The nonce is four
/// zero bytes and the number of the stream, 8 bytes little-endian. A word whose bits are all ones is no element and is passed over, so elements are uniform; what is
/// then missing at the end comes from the first block not yet used.
/// </summary>
/// <remarks>Passing over a word shows its place, which says nothing of the elements that stay.</remarks>
public static class FieldStream
{
    public const int SeedSize = ChaCha20.KeySize;

    public static void Fill(ReadOnlySpan<byte> seed, ulong stream, Span<ulong> elements)
    {
        Span<byte> nonce = stackalloc byte[ChaCha20.NonceSize];
        nonce.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[sizeof(uint)..], stream);
        for (uint block = 0; !elements.IsEmpty;)
        {
            var bytes = MemoryMarshal.AsBytes(elements);
            ChaCha20.Stream(seed, nonce, block, bytes);
            if (!BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(elements, elements);
            block = checked(block + (uint)((bytes.Length + ChaCha20.BlockSize - 1) / ChaCha20.BlockSize));
            elements = elements[Keep(elements)..];
        }
    }

    /// <summary>Cuts words to 61 bits and moves those that are elements to the front; returns how many they are.</summary>
    internal static int Keep(Span<ulong> words)
    {
        var i = 0;
        var modulus = new Vector<ulong>(Field61.Modulus);
        ref var from = ref MemoryMarshal.GetReference(words);
        for (; i <= words.Length - Vector<ulong>.Count; i += Vector<ulong>.Count)
        {
            var masked = Vector.LoadUnsafe(ref from, (nuint)i) & modulus;
            if (Vector.EqualsAny(masked, modulus))
                break;
            masked.StoreUnsafe(ref from, (nuint)i);
        }
        var kept = i;
        for (; i < words.Length; i++)
        {
            var element = words[i] & Field61.Modulus;
            if (element != Field61.Modulus)
                words[kept++] = element;
        }
        return kept;
    }
}
