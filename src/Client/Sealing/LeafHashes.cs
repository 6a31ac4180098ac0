using Salus.Crypto.Merkle;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Sealing;

/// <summary>
/// The leaf hashes at the end of a fragment, in windows of complete subtrees. One pass over them gives the root and the node above each window; later a window
/// is kept, or read again and held against its node. So memory stays small for any fragment, and a source cannot change its mind.
/// </summary>
internal sealed class LeafHashes(FragmentReader fragment, FragmentLayout layout, int kept) : IDisposable
{
    private const int LeavesPerWindow = 2048; // 8 MiB of fragment, 64 KiB of hashes
    private const int WindowSize = LeavesPerWindow * MerkleTree.HashSize;

    private readonly Dictionary<long, byte[]> _windows = [];
    private readonly Queue<long> _oldest = [];
    private readonly SemaphoreSlim _loading = new(1, 1);
    private byte[] _nodes = [];
    private bool _isRebuilt;

    /// <summary>Hash of the header.</summary>
    public byte[] First { get; } = new byte[MerkleTree.HashSize];

    /// <summary>Hash of the masked next label.</summary>
    public byte[] Last { get; } = new byte[MerkleTree.HashSize];

    private long Windows => (layout.Leaves + LeavesPerWindow - 1) / LeavesPerWindow;

    /// <summary>Reads all of them and computes the root; false when they are not all there.</summary>
    public async ValueTask<bool> LoadAsync(Memory<byte> root, CancellationToken cancellation)
    {
        var nodes = new MemoryStream();
        using var tree = new TreeHasher();
        var node = new byte[MerkleTree.HashSize];
        for (var window = 0L; window < Windows; window++)
        {
            var hashes = await LoadAsync(window, cancellation);
            if (hashes is null)
                return false;
            MerkleTree.Root(hashes, node);
            tree.Append(node);
            nodes.Write(node);
            if (window == 0)
                hashes.AsSpan(0, MerkleTree.HashSize).CopyTo(First);
            if (window == Windows - 1)
                hashes.AsSpan(hashes.Length - MerkleTree.HashSize).CopyTo(Last);
            Keep(window, hashes);
        }
        tree.Root(root.Span);
        _nodes = nodes.ToArray();
        return true;
    }

    /// <summary>As <see cref="LoadAsync"/>, but hashes header, units and label instead of believing what stands at the end.</summary>
    public ValueTask<bool> RebuildAsync(Memory<byte> root, CancellationToken cancellation)
    {
        _isRebuilt = true;
        _windows.Clear();
        _oldest.Clear();
        return LoadAsync(root, cancellation);
    }

    /// <summary>Copies the hashes of leaves <paramref name="first"/> and following; false when the source no longer has what it had.</summary>
    public async ValueTask<bool> ReadAsync(long first, Memory<byte> hashes, CancellationToken cancellation)
    {
        await _loading.WaitAsync(cancellation);
        try
        {
            while (!hashes.IsEmpty)
            {
                var window = await WindowAsync(first / LeavesPerWindow, cancellation);
                if (window is null)
                    return false;
                var at = (int)(first % LeavesPerWindow) * MerkleTree.HashSize;
                var part = Math.Min(hashes.Length, window.Length - at);
                window.AsMemory(at, part).CopyTo(hashes);
                hashes = hashes[part..];
                first += part / MerkleTree.HashSize;
            }
            return true;
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    private async ValueTask<byte[]?> WindowAsync(long window, CancellationToken cancellation)
    {
        if (_windows.TryGetValue(window, out var known))
            return known;
        var hashes = await LoadAsync(window, cancellation);
        if (hashes is null)
            return null;
        var node = new byte[MerkleTree.HashSize];
        MerkleTree.Root(hashes, node);
        if (!node.AsSpan().SequenceEqual(_nodes.AsSpan((int)window * MerkleTree.HashSize, MerkleTree.HashSize)))
            return null;
        Keep(window, hashes);
        return hashes;
    }

    /// <summary>A window as the source has it, unchecked; in the place of the one that was kept longest, when there is no room for more.</summary>
    private async ValueTask<byte[]?> LoadAsync(long window, CancellationToken cancellation)
    {
        var place = _windows.Count == kept && _windows.Remove(_oldest.Dequeue(), out var oldest) && oldest.Length == SizeOf(window) ? oldest : new byte[SizeOf(window)];
        return await ReadWindowAsync(window, place, cancellation) ? place : null;
    }

    private async ValueTask<bool> ReadWindowAsync(long window, byte[] hashes, CancellationToken cancellation) => _isRebuilt
        ? await HashWindowAsync(window * LeavesPerWindow, hashes, cancellation)
        : await fragment.ReadAsync(layout.LeafHashesOffset + window * WindowSize, [hashes], cancellation) == hashes.Length;

    private async ValueTask<bool> HashWindowAsync(long leaf, Memory<byte> hashes, CancellationToken cancellation)
    {
        using var hasher = new LeafHasher();
        var piece = new byte[FragmentLayout.UnitSize];
        while (!hashes.IsEmpty)
        {
            // Header and units follow one another; the last leaf is behind the hashes.
            var isLast = leaf == layout.Leaves - 1;
            var offset = isLast ? layout.NextLabelOffset : leaf * FragmentLayout.LeafSize;
            var end = isLast ? layout.FileLength : layout.LeafHashesOffset;
            var wanted = Math.Min(piece.Length, hashes.Length / MerkleTree.HashSize * FragmentLayout.LeafSize);
            var data = piece.AsMemory(0, (int)Math.Min(wanted, end - offset));
            if (await fragment.ReadAsync(offset, [data], cancellation) < data.Length)
                return false;
            var leaves = (int)FragmentTreeHasher.Leaves(data.Length);
            FragmentTreeHasher.HashLeaves(hasher, data.Span, hashes.Span[..(leaves * MerkleTree.HashSize)]);
            hashes = hashes[(leaves * MerkleTree.HashSize)..];
            leaf += leaves;
        }
        return true;
    }

    private void Keep(long window, byte[] hashes)
    {
        _windows[window] = hashes;
        _oldest.Enqueue(window);
    }

    private int SizeOf(long window) => (int)Math.Min(WindowSize, layout.LeafHashesLength - window * WindowSize);
}
