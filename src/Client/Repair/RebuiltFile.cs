using Salus.Crypto.Merkle;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Repair;

/// <summary>A fragment's file as it grows: header, units, leaf hashes, next label; and its tree.</summary>
internal sealed class RebuiltFile : IDisposable
{
    private const int HashesAtOnce = 64 * 1024;

    private readonly FragmentLayout _layout;
    private readonly FragmentTreeHasher _tree;
    private readonly List<byte> _hashes = [];
    private long _units = FragmentLayout.HeaderSize;
    private long _hashesAt;
    private bool _begun;

    public RebuiltFile(FragmentLayout layout, RebuiltFragment fragment)
    {
        (_layout, Fragment, _hashesAt) = (layout, fragment, layout.LeafHashesOffset);
        _tree = new FragmentTreeHasher(hash => _hashes.AddRange(hash));
    }

    public RebuiltFragment Fragment { get; }

    /// <summary>The unit of the next stripe.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> unit, CancellationToken cancellation)
    {
        if (!_begun)
        {
            var header = new byte[FragmentHeader.Size];
            new FragmentHeader(_layout, Fragment.Label).Write(header);
            await WriteAsync(0, header, cancellation);
            _tree.Append(header);
            _begun = true;
        }
        await WriteAsync(_units, unit, cancellation);
        _units += unit.Length;
        _tree.Append(unit.Span);
        if (_hashes.Count >= HashesAtOnce)
            await FlushAsync(cancellation);
    }

    /// <summary>Writes what stands behind the units; returns the root.</summary>
    public async Task<byte[]> FinishAsync(CancellationToken cancellation)
    {
        _tree.EndLeaf();
        _tree.Append(Fragment.NextLabel);
        var root = new byte[MerkleTree.HashSize];
        _tree.Root(root);
        await FlushAsync(cancellation);
        await WriteAsync(_layout.NextLabelOffset, Fragment.NextLabel, cancellation);
        await Fragment.Output.FlushAsync(cancellation);
        return root;
    }

    public void Dispose() => _tree.Dispose();

    private async Task FlushAsync(CancellationToken cancellation)
    {
        await WriteAsync(_hashesAt, _hashes.ToArray(), cancellation);
        _hashesAt += _hashes.Count;
        _hashes.Clear();
    }

    private async Task WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        Fragment.Output.Position = offset;
        await Fragment.Output.WriteAsync(bytes, cancellation);
    }
}
