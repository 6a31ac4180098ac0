using System.Text;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Dispersal;

/// <summary>
/// The address of a fragment at a store other than its own: HMAC-SHA256(address, length-prefixed label | key of the store). Whoever knows the address finds a fragment
/// that was moved by asking the other stores, and none of them learns from the question how to read it at its own store.
/// </summary>
public static class MovedAddress
{
    /// <summary>Bytes of a store's identity key.</summary>
    public const int StoreKeySize = 32;

    /// <param name="address">The fragment's address, 32 bytes.</param>
    /// <param name="storeKey">Identity of the store that it was moved to, 32 bytes.</param>
    public static byte[] Of(ReadOnlySpan<byte> address, ReadOnlySpan<byte> storeKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(address.Length, FragmentKeys.ValueSize, nameof(address));
        ArgumentOutOfRangeException.ThrowIfNotEqual(storeKey.Length, StoreKeySize, nameof(storeKey));
        var label = Encoding.ASCII.GetBytes(Domains.FragmentMoved);
        Span<byte> message = stackalloc byte[sizeof(ulong) + 64 + StoreKeySize];
        message.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(message, (ulong)label.Length);
        label.CopyTo(message[sizeof(ulong)..]);
        storeKey.CopyTo(message[(sizeof(ulong) + label.Length)..]);
        var moved = new byte[Mac.Size];
        Mac.HmacSha256(address, message[..(sizeof(ulong) + label.Length + StoreKeySize)], moved);
        return moved;
    }
}
