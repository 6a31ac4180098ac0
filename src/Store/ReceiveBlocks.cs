using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Salus.Store;

/// <summary>
/// The memory that Kestrel receives into, in blocks of 64 KiB instead of 4 KiB: a store takes in long bodies, and a system call for every 4 KiB is a third of
/// what an upload costs. A connection holds a block only while it has something to read.
/// </summary>
internal sealed class ReceiveBlocks : IMemoryPoolFactory<byte>
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Blocks kept for the next connection, at most (16 MiB); what is beyond is the garbage collector's.</summary>
    private const int Kept = 256;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        private readonly ConcurrentQueue<Block> _free = new();

        public override int MaxBufferSize => BlockSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
            return _free.TryDequeue(out var block) ? block : new Block(this);
        }

        public void Return(Block block)
        {
            if (_free.Count < Kept)
                _free.Enqueue(block);
        }

        protected override void Dispose(bool disposing) => _free.Clear();
    }

    private sealed class Block(Pool pool) : IMemoryOwner<byte>
    {
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

        public Memory<byte> Memory => _bytes;

        public void Dispose() => pool.Return(this);
    }
}
