using System.Diagnostics.CodeAnalysis;
using Salus.Crypto.Merkle;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Audit;

/// <summary>A leaf as a store has it, and its inclusion proof (RFC 9162), 32 bytes each hash, from the leaf up.</summary>
public sealed record ProvenLeaf(byte[] Data, byte[] Proof);

/// <summary>
/// A store's answer to a <see cref="LeafChallenge"/>: nothing of it is believed before it is held against what the author of the fragment has signed. The root is that of the leaf
/// hashes which the store has: when it is the signed one and a leaf does not fit, that leaf is rotten; when it is another, the hashes are, or the whole is another fragment.
/// Wire: "salus leaves 1\n" | root 32 | count u32 | for each leaf asked for: data (u32 length, 1 to 4096) | hashes u8 | hashes of 32.
/// </summary>
public sealed class LeafAnswer
{
    /// <summary>Bytes of the longest answer to a challenge of so many leaves.</summary>
    public static int MaxSize(int leaves) => 15 + MerkleTree.HashSize + 4 + leaves * (4 + FragmentLayout.LeafSize + 1 + MerkleTree.MaxProofHashes * MerkleTree.HashSize);

    private LeafAnswer(byte[] root, IReadOnlyList<ProvenLeaf> leaves) => (Root, Leaves) = (root, leaves);

    /// <summary>32 bytes.</summary>
    public byte[] Root { get; }

    /// <summary>In the order of the challenge.</summary>
    public IReadOnlyList<ProvenLeaf> Leaves { get; }

    private static ReadOnlySpan<byte> Magic => "salus leaves 1\n"u8;

    public static byte[] Write(ReadOnlySpan<byte> root, IReadOnlyList<ProvenLeaf> leaves)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        var writer = new WireWriter().Bytes(Magic).Fixed(MerkleTree.HashSize, root).UInt32((uint)leaves.Count);
        foreach (var leaf in leaves)
            writer.Variable(leaf.Data).Byte(checked((byte)(leaf.Proof.Length / MerkleTree.HashSize))).Bytes(leaf.Proof);
        return writer.ToArray();
    }

    /// <summary>False unless it is well formed and has as many leaves as were asked for.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int asked, [NotNullWhen(true)] out LeafAnswer? answer)
    {
        answer = null;
        var reader = new WireReader(bytes);
        if (!reader.Magic(Magic) || !reader.Bytes(MerkleTree.HashSize, out var root) || !reader.UInt32(out var count) || count != asked)
            return false;
        var leaves = new List<ProvenLeaf>();
        for (var i = 0; i < asked; i++)
        {
            if (!reader.Variable(FragmentLayout.LeafSize, out var data) || data.IsEmpty || !reader.Byte(out var hashes) || hashes > MerkleTree.MaxProofHashes
                || !reader.Bytes(hashes * MerkleTree.HashSize, out var proof))
                return false;
            leaves.Add(new ProvenLeaf(data.ToArray(), proof.ToArray()));
        }
        if (!reader.AtEnd)
            return false;
        answer = new LeafAnswer(root.ToArray(), leaves);
        return true;
    }
}
