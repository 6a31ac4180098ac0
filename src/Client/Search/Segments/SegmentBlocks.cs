using Salus.Client.Profiles;
using Salus.Crypto.Search;
using Salus.Protocol;

namespace Salus.Client.Search.Segments;

/// <summary>Cuts runs of postings and the table of documents into blocks, seals them, and sorts them by their addresses.</summary>
internal sealed class SegmentBlocks(SegmentKey key, string partsPath) : IAsyncDisposable
{
    private readonly BlockSealer _sealer = new(key);
    private readonly BlockBuckets _buckets = new(partsPath);
    private readonly byte[] _sealed = new byte[BlockBatch.Capacity * BlockSize.Entry];
    private BlockBatch _filling = new();
    private BlockBatch _sealing = new();
    private Task _work = Task.CompletedTask;

    public int Count { get; private set; }

    /// <summary>Blocks with postings in them; there are as many more as make a power of two.</summary>
    public async ValueTask<int> AddAsync(ReadOnlyMemory<byte> term, ReadOnlyMemory<byte> run, CancellationToken cancellation)
    {
        var cutter = new BlockCutter();
        var blocks = 0;
        _filling.Begin(term.Span, 0);
        for (; !cutter.IsDone(run.Length); blocks++)
        {
            if (_filling.IsFull)
            {
                await SealAsync(cancellation);
                _filling.Begin(term.Span, (uint)blocks);
            }
            cutter.Fill(run.Span, _filling.Next());
        }
        for (var empty = blocks; empty < DictionaryFormat.Padded(blocks); empty++)
        {
            if (_filling.IsFull)
            {
                await SealAsync(cancellation);
                _filling.Begin(term.Span, (uint)empty);
            }
            _filling.Next();
        }
        Grow(DictionaryFormat.Padded(blocks));
        return blocks;
    }

    public async Task FinishAsync(string path, CancellationToken cancellation)
    {
        await SealAsync(cancellation);
        await _work;
        await using var file = new FileStream(path, DurableFile.Private(FileMode.Create, FileAccess.Write));
        await _buckets.WriteAsync(file, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _work.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _filling.Dispose();
        _sealing.Dispose();
        _sealer.Dispose();
        _buckets.Dispose();
    }

    private void Grow(int blocks)
    {
        Count += blocks;
        if (Count > Limits.MaxSegmentBlocks)
            throw new InvalidOperationException("The segment would have more blocks than anybody takes.");
    }

    /// <summary>Hands the filled batch on, once the one before it is done.</summary>
    private async ValueTask SealAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await _work;
        (_filling, _sealing) = (_sealing, _filling);
        var batch = _sealing;
        _work = Task.Run(() => SealAsync(batch), CancellationToken.None);
    }

    private async Task SealAsync(BlockBatch batch)
    {
        var output = _sealed.AsMemory(0, batch.Count * BlockSize.Entry);
        await _sealer.SealAsync(batch, output);
        _buckets.Add(output.Span);
        batch.Clear();
    }
}
