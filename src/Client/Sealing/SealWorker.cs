using System.Security.Cryptography;
using Salus.Crypto.Merkle;
using Salus.Crypto.Sealing;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Sealing;

/// <summary>Seals one batch of stripes at a time in buffers of its own.</summary>
internal sealed class SealWorker : IDisposable
{
    // Plaintext is read and encrypted in pieces that stay in the second-level cache.
    private const int ChunksPerPiece = 8;

    private readonly SealJob _job;
    private readonly LeafHasher _hasher = new();
    private readonly byte[] _plaintext = GC.AllocateUninitializedArray<byte>(ChunksPerPiece * ChunkedEncryption.ChunkSize, pinned: true);
    private readonly byte[] _data;   // the batch's stripes, stripe after stripe, and room for the last chunk to hang over
    private readonly byte[] _parity; // the same for the parity units
    private readonly byte[] _hashes; // the batch's leaf hashes, fragment after fragment
    private readonly ReadOnlyMemory<byte>[] _parts;

    public SealWorker(SealJob job)
    {
        _job = job;
        var stripes = (int)Math.Min(job.StripesPerBatch, job.Layout.Stripes);
        var unit = job.Layout.Stripes == 1 ? job.Layout.LastUnitSize : FragmentLayout.UnitSize;
        _data = GC.AllocateUninitializedArray<byte>(stripes * unit * job.Code.DataUnits + ChunkedEncryption.SealedChunkSize, pinned: true);
        _parity = GC.AllocateUninitializedArray<byte>(stripes * unit * job.Code.ParityUnits, pinned: true);
        _hashes = new byte[stripes * FragmentLayout.LeavesPerUnit * MerkleTree.HashSize * job.Code.Units];
        _parts = new ReadOnlyMemory<byte>[stripes];
    }

    public async Task SealAsync(long batch, CancellationToken cancellation)
    {
        var layout = _job.Layout;
        var first = batch * _job.StripesPerBatch;
        var stripes = (int)Math.Min(_job.StripesPerBatch, layout.Stripes - first);

        // 1. Ciphertext: the rest of the chunk from the batch before, then the chunks that begin here.
        var from = first * layout.StripeLength;
        var length = (int)(Math.Min(layout.BodyLength, from + (long)stripes * layout.StripeLength) - from);
        var firstChunk = CeilingOfChunks(from);
        var own = (int)(firstChunk * ChunkedEncryption.SealedChunkSize - from);
        var end = await EncryptAsync(firstChunk, CeilingOfChunks(from + length), own, cancellation);
        if (from + length < layout.BodyLength)
            _job.Carries.Give(batch + 1, new ChunkPart(_data.AsSpan(length, end - length)));
        var carry = await _job.Carries.TakeAsync(batch, cancellation);
        carry.MoveTo(_data);

        // 2. Parity, over a last stripe that is padded with zeros.
        EncodeStripes(first, stripes, length);

        // 3. Leaf hashes of each fragment's units, and out they go while they are in the cache.
        var hashes = HashesOf(first, stripes);
        for (var i = 0; i < layout.Fragments; i++)
        {
            var target = hashes * i;
            for (var s = 0; s < stripes; s++)
            {
                var unit = Unit(first + s, s, i);
                _parts[s] = unit;
                var size = (int)FragmentTreeSize(unit.Length);
                FragmentTreeHasher.HashLeaves(_hasher, unit.Span, _hashes.AsSpan(target, size));
                target += size;
            }
            await _job.Fragments[i].WriteAsync(FragmentLayout.UnitOffset(first), new ArraySegment<ReadOnlyMemory<byte>>(_parts, 0, stripes), cancellation);
            await _job.Fragments[i].WriteAsync(
                layout.LeafHashesOffset + FragmentLayout.FirstLeaf(first) * MerkleTree.HashSize, _hashes.AsMemory(hashes * i, hashes), cancellation);
        }

        // 4. The trees take leaf hashes in order only.
        await _job.TreeTurns.TakeAsync(batch, cancellation);
        for (var i = 0; i < layout.Fragments; i++)
            _job.Trees[i].Append(_hashes.AsSpan(hashes * i, hashes));
        _job.TreeTurns.Give(batch + 1, batch + 1);
    }

    public void Dispose()
    {
        _hasher.Dispose();
        CryptographicOperations.ZeroMemory(_plaintext);
    }

    /// <summary>Encrypts chunks [chunk, endChunk) to <paramref name="at"/> in the batch; returns where they end.</summary>
    private async ValueTask<int> EncryptAsync(long chunk, long endChunk, int at, CancellationToken cancellation)
    {
        var chunks = ChunkedEncryption.ChunkCount(_job.PlaintextLength);
        while (chunk < endChunk)
        {
            var next = Math.Min(endChunk, chunk + ChunksPerPiece);
            var offset = chunk * ChunkedEncryption.ChunkSize;
            var plaintext = _plaintext.AsMemory(0, (int)(Math.Min(_job.PlaintextLength, next * ChunkedEncryption.ChunkSize) - offset));
            await _job.ReadPlaintextAsync(offset, plaintext, cancellation);
            var output = _data.AsMemory(at, plaintext.Length + (int)(next - chunk) * ChunkedEncryption.TagSize);
            await (next == chunks
                ? _job.Encryption.SealFinalAsync((ulong)chunk, plaintext, output)
                : _job.Encryption.SealAsync((ulong)chunk, plaintext, output));
            at += output.Length;
            chunk = next;
        }
        return at;
    }

    private void EncodeStripes(long first, int stripes, int length)
    {
        var (k, parity) = (_job.Code.DataUnits, _job.Code.ParityUnits);
        for (var s = 0; s < stripes; s++)
        {
            var unit = _job.Layout.UnitSizeOf(first + s);
            var data = _data.AsSpan(s * _job.Layout.StripeLength, k * unit);
            if (first + s == _job.Layout.Stripes - 1)
                data[(length - s * _job.Layout.StripeLength)..].Clear();
            _job.Code.Encode(data, _parity.AsSpan(s * parity * FragmentLayout.UnitSize, parity * unit), unit);
        }
    }

    private Memory<byte> Unit(long stripe, int s, int i)
    {
        var (k, parity) = (_job.Code.DataUnits, _job.Code.ParityUnits);
        var unit = _job.Layout.UnitSizeOf(stripe);
        return i < k
            ? _data.AsMemory(s * _job.Layout.StripeLength + i * unit, unit)
            : _parity.AsMemory(s * parity * FragmentLayout.UnitSize + (i - k) * unit, unit);
    }

    /// <summary>Bytes of the batch's leaf hashes of one fragment.</summary>
    private int HashesOf(long first, int stripes) =>
        (int)FragmentTreeSize((stripes - 1) * FragmentLayout.UnitSize + _job.Layout.UnitSizeOf(first + stripes - 1));

    private static long FragmentTreeSize(long length) => FragmentTreeHasher.Leaves(length) * MerkleTree.HashSize;

    private static long CeilingOfChunks(long offset) => (offset + ChunkedEncryption.SealedChunkSize - 1) / ChunkedEncryption.SealedChunkSize;
}
