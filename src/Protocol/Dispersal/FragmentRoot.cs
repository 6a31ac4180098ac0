using Salus.Crypto.Merkle;

namespace Salus.Protocol.Dispersal;

/// <summary>The root of a fragment's tree, from the leaf hashes that are kept with it.</summary>
public static class FragmentRoot
{
    private const int HashesAtOnce = 2048;

    /// <param name="layout">The fragment's.</param>
    /// <param name="read">Fills the buffer from an offset in the fragment; false when its bytes end before.</param>
    /// <returns>32 bytes; null when the fragment ends before its leaf hashes do.</returns>
    public static async Task<byte[]?> ReadAsync(FragmentLayout layout, Func<long, Memory<byte>, ValueTask<bool>> read)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(read);
        using var tree = new TreeHasher();
        var buffer = new byte[Math.Min(HashesAtOnce * MerkleTree.HashSize, layout.LeafHashesLength)];
        for (var done = 0L; done < layout.LeafHashesLength;)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, layout.LeafHashesLength - done));
            if (!await read(layout.LeafHashesOffset + done, part))
                return null;
            tree.Append(part.Span);
            done += part.Length;
        }
        var root = new byte[MerkleTree.HashSize];
        tree.Root(root);
        return root;
    }
}
