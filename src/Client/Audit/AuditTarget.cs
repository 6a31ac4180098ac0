using System.Security.Cryptography;
using Salus.Crypto.Merkle;
using Salus.Protocol;
using Salus.Protocol.Audit;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Audit;

/// <summary>A fragment that can be audited: where it should be, and what its leaves are held against.</summary>
/// <param name="store">Key of the store that should have it.</param>
/// <param name="address">Its address there, 32 bytes: a capability.</param>
/// <param name="leaves">Leaves that may be asked for: 0 &lt;= leaf &lt; leaves.</param>
internal abstract class AuditTarget(VerifyingKey store, byte[] address, long leaves)
{
    public VerifyingKey Store => store;

    public byte[] Address => address;

    public long Leaves => leaves;

    /// <summary>How a report names it.</summary>
    public abstract string Name { get; }

    /// <summary>Bytes of its file; null for who does not know.</summary>
    public abstract long? FileBytes { get; }

    /// <summary>Whether a tree with that root is the fragment's.</summary>
    public abstract bool IsSigned(ReadOnlySpan<byte> root);

    /// <summary>Whether a leaf is in the tree with that root.</summary>
    public bool Holds(long index, ProvenLeaf leaf, ReadOnlySpan<byte> root)
    {
        Span<byte> hash = stackalloc byte[MerkleTree.HashSize];
        MerkleTree.LeafHash(leaf.Data, hash);
        return Verify(hash, index, leaf.Proof, root);
    }

    /// <summary>Whether leaf 0 of another tree is nevertheless that of this fragment: then its leaf hashes are rotten. Null for who does not know.</summary>
    public abstract bool? IsHeader(ReadOnlySpan<byte> leaf);

    protected abstract bool Verify(ReadOnlySpan<byte> hash, long index, ReadOnlySpan<byte> proof, ReadOnlySpan<byte> root);
}

/// <summary>A fragment of an own record: its root is held against the commitment that the author signed.</summary>
internal sealed class OwnTarget(RecordId record, int index, VerifyingKey store, byte[] address, FragmentLayout layout, byte[] label, byte[] blind, byte[] commitment)
    : AuditTarget(store, address, layout.Leaves)
{
    public RecordId Record => record;

    public int Index => index;

    public override string Name => $"fragment {index + 1} of {record}";

    public override long? FileBytes => layout.FileLength;

    public override bool IsSigned(ReadOnlySpan<byte> root) => CryptographicOperations.FixedTimeEquals(SealedRecord.Commit(blind, root), commitment);

    public override bool? IsHeader(ReadOnlySpan<byte> leaf)
    {
        var header = new byte[FragmentHeader.Size];
        new FragmentHeader(layout, label).Write(header);
        return leaf.SequenceEqual(header);
    }

    protected override bool Verify(ReadOnlySpan<byte> hash, long index, ReadOnlySpan<byte> proof, ReadOnlySpan<byte> root) =>
        MerkleTree.VerifyInclusion(hash, index, Leaves, proof, root);
}

/// <summary>An entry of a list: root and leading leaves, and nothing about whose it is.</summary>
/// <param name="number">Place in the list, from 1.</param>
internal sealed class ListedTarget(int number, VerifyingKey store, byte[] address, long leading, byte[] root) : AuditTarget(store, address, leading)
{
    public override string Name => $"entry {number} of the list";

    public override long? FileBytes => null;

    public override bool IsSigned(ReadOnlySpan<byte> given) => given.SequenceEqual(root);

    public override bool? IsHeader(ReadOnlySpan<byte> leaf) => null;

    protected override bool Verify(ReadOnlySpan<byte> hash, long index, ReadOnlySpan<byte> proof, ReadOnlySpan<byte> root) =>
        LeadingLeaves.Verify(hash, index, Leaves, proof, root);
}
