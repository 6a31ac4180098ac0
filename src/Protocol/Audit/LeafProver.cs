using Salus.Crypto.Merkle;
using Salus.Protocol.Dispersal;

namespace Salus.Protocol.Audit;

/// <summary>
/// Makes the proofs of some leaves from the leaf hashes of a fragment in one pass over them, window by window: what is kept is one node for each window (8 MiB of fragment)
/// and the proofs, whatever the size.
/// </summary>
public sealed class LeafProver
{
    /// <summary>Leaves of a window: a complete subtree.</summary>
    public const int WindowLeaves = 2048;

    private readonly IReadOnlyList<long> _leaves;
    private readonly List<byte[]> _within = [];
    private readonly List<byte> _nodes = [];
    private long _done;

    /// <param name="leaves">Ascending, each in the fragment.</param>
    public LeafProver(IReadOnlyList<long> leaves) => _leaves = leaves;

    /// <summary>Takes the hashes of the next window: <see cref="WindowLeaves"/> of them, fewer at the end.</summary>
    public void Append(ReadOnlySpan<byte> leafHashes)
    {
        var window = new MerkleLevels(leafHashes);
        _nodes.AddRange(window.Root);
        var end = _done + leafHashes.Length / MerkleTree.HashSize;
        for (; _within.Count < _leaves.Count && _leaves[_within.Count] < end;)
            _within.Add(window.Prove((int)(_leaves[_within.Count] - _done)));
        _done = end;
    }

    /// <summary>The root, and the proofs in the order of the leaves.</summary>
    public (byte[] Root, IReadOnlyList<byte[]> Proofs) Finish()
    {
        if (_within.Count != _leaves.Count)
            throw new InvalidOperationException("A leaf is beyond the hashes.");
        var upper = new MerkleLevels(_nodes.ToArray());
        return (upper.Root.ToArray(), [.. _leaves.Select((leaf, i) => (byte[])[.. _within[i], .. upper.Prove((int)(leaf / WindowLeaves))])]);
    }
}
