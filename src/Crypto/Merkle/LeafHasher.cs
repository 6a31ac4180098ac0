using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Merkle;

/// <summary>Hashes leaves and nodes of a <see cref="MerkleTree"/> one after another. For one thread at a time.</summary>
public sealed class LeafHasher : IDisposable
{
    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;

    private readonly IncrementalHash? _sha;

    public LeafHasher()
        : this(isPortable: OperatingSystem.IsBrowser() || !OpenSslSha256.IsSupported)
    {
    }

    /// <summary>By .NET's class alone, in tests.</summary>
    internal LeafHasher(bool isPortable) => _sha = OperatingSystem.IsBrowser() || isPortable ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;

    /// <summary>H(0x00 | <paramref name="data"/>), 32 bytes.</summary>
    public void Leaf(ReadOnlySpan<byte> data, Span<byte> hash) => Hash(LeafPrefix, data, hash);

    /// <summary>The hashes of leaves that stand behind one another, each of <paramref name="size"/> bytes but the last one: 32 bytes for each.</summary>
    public void Leaves(ReadOnlySpan<byte> data, int size, Span<byte> hashes)
    {
        if (OperatingSystem.IsBrowser() && data.Length >= BrowserSha256.Worthwhile)
        {
            BrowserSha256.Leaves(data, size, hashes);
            return;
        }
        for (; !data.IsEmpty; data = data[Math.Min(size, data.Length)..], hashes = hashes[MerkleTree.HashSize..])
            Leaf(data[..Math.Min(size, data.Length)], hashes[..MerkleTree.HashSize]);
    }

    /// <summary>H(0x01 | <paramref name="left"/> | <paramref name="right"/>), 32 bytes each; the result may be one of them.</summary>
    public void Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> hash)
    {
        Span<byte> both = stackalloc byte[2 * MerkleTree.HashSize];
        left.CopyTo(both);
        right.CopyTo(both[MerkleTree.HashSize..]);
        Hash(NodePrefix, both, hash);
    }

    public void Dispose() => _sha?.Dispose();

    private void Hash(byte prefix, ReadOnlySpan<byte> data, Span<byte> hash)
    {
        if (OperatingSystem.IsBrowser() || _sha is not null)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, MerkleTree.HashSize, nameof(hash));
            _sha!.AppendData([prefix]);
            _sha.AppendData(data);
            _sha.GetHashAndReset(hash);
        }
        else
            OpenSslSha256.Hash(prefix, data, hash);
    }
}
