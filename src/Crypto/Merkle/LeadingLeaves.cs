using System.Numerics;
using System.Security.Cryptography;

namespace Salus.Crypto.Merkle;

/// <summary>
/// The first leaves of a <see cref="MerkleTree"/>: 2^h, the largest power of two below their number. They are the complete left half under the root (RFC 9162, section 2.1), at one depth,
/// so whoever knows h and the root can check them without being told how many leaves there are. Of a tree of two leaves or more.
/// </summary>
public static class LeadingLeaves
{
    /// <summary>2^h, of a tree of <paramref name="leaves"/> &gt;= 2: half of them at least.</summary>
    public static long Of(long leaves)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leaves, 2);
        return 1L << BitOperations.Log2((ulong)(leaves - 1));
    }

    public static bool IsPossible(long leading) => leading > 0 && BitOperations.IsPow2(leading) && leading <= 1L << (MerkleTree.MaxProofHashes - 1);

    /// <summary>Checks the ordinary inclusion proof of one of them. Everything may be hostile but <paramref name="leading"/> and the root.</summary>
    public static bool Verify(ReadOnlySpan<byte> leafHash, long index, long leading, ReadOnlySpan<byte> proof, ReadOnlySpan<byte> root)
    {
        if (leafHash.Length != MerkleTree.HashSize || root.Length != MerkleTree.HashSize || !IsPossible(leading) || index < 0 || index >= leading)
            return false;
        // The way to the top of the left half, and then the right one's hash: no other leaf is at that depth on the left.
        if (proof.Length != (BitOperations.Log2((ulong)leading) + 1) * MerkleTree.HashSize)
            return false;
        Span<byte> hash = stackalloc byte[MerkleTree.HashSize];
        leafHash.CopyTo(hash);
        using var hasher = new LeafHasher();
        for (; !proof.IsEmpty; proof = proof[MerkleTree.HashSize..], index >>= 1)
            if ((index & 1) != 0)
                hasher.Node(proof[..MerkleTree.HashSize], hash, hash);
            else
                hasher.Node(hash, proof[..MerkleTree.HashSize], hash);
        return CryptographicOperations.FixedTimeEquals(hash, root);
    }
}
