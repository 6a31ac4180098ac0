using System.Security.Cryptography;

namespace Salus.Crypto.Merkle;

/// <summary>
/// The SHA-256 tree of RFC 9162, section 2.1: leaf = H(0x00 | data), node = H(0x01 | left | right), a tree of n leaves splits at the largest
/// power of two below n. Hashes are 32 bytes; lists of hashes lie one after another. Nothing here is secret.
/// </summary>
public static class MerkleTree
{
    public const int HashSize = 32;

    /// <summary>Most hashes of an inclusion proof: a tree has less than 2^62 leaves.</summary>
    public const int MaxProofHashes = 62;

    /// <summary>Hash of one leaf. Many leaves: <see cref="LeafHasher"/>.</summary>
    public static void LeafHash(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        using var hasher = new LeafHasher();
        hasher.Leaf(data, hash);
    }

    /// <summary>Root over leaf hashes; of none: the hash of nothing.</summary>
    public static void Root(ReadOnlySpan<byte> leafHashes, Span<byte> root)
    {
        using var hasher = new TreeHasher();
        hasher.Append(leafHashes);
        hasher.Root(root);
    }

    /// <summary>Inclusion proof (RFC 9162, section 2.1.3.1) of leaf <paramref name="index"/>: sibling hashes, from the leaf up.</summary>
    public static byte[] Prove(ReadOnlySpan<byte> leafHashes, long index)
    {
        var count = Count(leafHashes);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        var siblings = new List<byte[]>();
        while (count > 1)
        {
            var left = LargestPowerBelow(count);
            var leftHashes = leafHashes[..checked((int)(left * HashSize))];
            var rightHashes = leafHashes[leftHashes.Length..];
            var sibling = new byte[HashSize];
            Root(index < left ? rightHashes : leftHashes, sibling);
            siblings.Add(sibling);
            leafHashes = index < left ? leftHashes : rightHashes;
            index = index < left ? index : index - left;
            count = Count(leafHashes);
        }
        siblings.Reverse();
        return [.. siblings.SelectMany(hash => hash)];
    }

    /// <summary>Checks an inclusion proof (RFC 9162, section 2.1.3.2). Index, count and proof may be hostile.</summary>
    public static bool VerifyInclusion(ReadOnlySpan<byte> leafHash, long index, long count, ReadOnlySpan<byte> proof, ReadOnlySpan<byte> root)
    {
        if (leafHash.Length != HashSize || root.Length != HashSize || proof.Length % HashSize != 0 || proof.Length > MaxProofHashes * HashSize)
            return false;
        if (index < 0 || index >= count)
            return false;

        Span<byte> hash = stackalloc byte[HashSize];
        leafHash.CopyTo(hash);
        using var hasher = new LeafHasher();
        var (node, last) = (index, count - 1);
        for (; !proof.IsEmpty; proof = proof[HashSize..])
        {
            if (last == 0)
                return false;
            var sibling = proof[..HashSize];
            if ((node & 1) != 0 || node == last)
            {
                hasher.Node(sibling, hash, hash);
                // A rightmost node without sibling rises unchanged until it is a right child.
                while ((node & 1) == 0 && node != 0)
                    (node, last) = (node >> 1, last >> 1);
            }
            else
                hasher.Node(hash, sibling, hash);
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && CryptographicOperations.FixedTimeEquals(hash, root);
    }

    /// <summary>
    /// Checks a consistency proof (RFC 9162, section 2.1.4.2) from a tree of <paramref name="oldSize"/> leaves to one of <paramref name="newSize"/>. All may be hostile. The proof is
    /// empty for equal sizes, whose roots must be equal, and for an empty old tree, whose root is the hash of nothing.
    /// </summary>
    public static bool VerifyConsistency(long oldSize, ReadOnlySpan<byte> oldRoot, long newSize, ReadOnlySpan<byte> newRoot, ReadOnlySpan<byte> proof)
    {
        if (oldRoot.Length != HashSize || newRoot.Length != HashSize || proof.Length % HashSize != 0 || proof.Length > (MaxProofHashes + 1) * HashSize)
            return false;
        if (oldSize < 0 || oldSize > newSize)
            return false;
        if (oldSize == 0 || oldSize == newSize)
            return proof.IsEmpty && (oldSize == newSize ? oldRoot.SequenceEqual(newRoot) : oldRoot.SequenceEqual(SHA256.HashData([])));

        var (node, last) = (oldSize - 1, newSize - 1);
        for (; (node & 1) != 0; node >>= 1)
            last >>= 1;
        Span<byte> old = stackalloc byte[HashSize], grown = stackalloc byte[HashSize];
        if (node == 0)
            oldRoot.CopyTo(old); // the old tree is complete: the proof begins with its root, which goes without saying
        else if (proof.IsEmpty)
            return false;
        else
        {
            proof[..HashSize].CopyTo(old);
            proof = proof[HashSize..];
        }
        old.CopyTo(grown);
        using var hasher = new LeafHasher();
        for (; !proof.IsEmpty; proof = proof[HashSize..])
        {
            if (last == 0)
                return false;
            var sibling = proof[..HashSize];
            if ((node & 1) != 0 || node == last)
            {
                hasher.Node(sibling, old, old);
                hasher.Node(sibling, grown, grown);
                while ((node & 1) == 0 && node != 0)
                    (node, last) = (node >> 1, last >> 1);
            }
            else
                hasher.Node(grown, sibling, grown);
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && old.SequenceEqual(oldRoot) && grown.SequenceEqual(newRoot);
    }

    private static long Count(ReadOnlySpan<byte> hashes) => hashes.Length % HashSize == 0
        ? hashes.Length / HashSize
        : throw new ArgumentException($"{hashes.Length} bytes are no list of hashes.", nameof(hashes));

    private static long LargestPowerBelow(long count) => (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)count) >> 1;
}
