using System.Collections.Concurrent;
using Salus.Crypto.Dispersal;
using Salus.Crypto.Merkle;
using Salus.Crypto.Sealing;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Sealing;

/// <summary>One sealing: what its workers share, and how batches are dealt out.</summary>
internal sealed class SealJob : IDisposable
{
    private static readonly int Workers = Concurrency.Workers;

    private readonly ConcurrentBag<SealWorker> _idle = [];
    private readonly IProgress<long>? _progress;
    private readonly ContentPrint? _print;
    private readonly long _sourceStart;
    private long _done;

    public SealJob(Stream source, FragmentKeys keys, ChunkedEncryption encryption, int k, IReadOnlyList<Stream> fragments, IProgress<long>? progress, ContentPrint? print)
    {
        Source = new PositionalStream(source);
        _sourceStart = source.Position;
        PlaintextLength = Source.Length - _sourceStart;
        Layout = BodySealer.LayoutFor(PlaintextLength, k, fragments.Count);
        Code = new ReedSolomon(k, fragments.Count);
        Encryption = encryption;
        Fragments = [.. fragments.Select(stream => new PositionalStream(stream))];
        Trees = [.. fragments.Select(_ => new TreeHasher())];
        Headers = new byte[fragments.Count][];
        HeaderHashes = new byte[fragments.Count][];
        Span<byte> label = stackalloc byte[FragmentLayout.LabelSize];
        for (var i = 0; i < fragments.Count; i++)
        {
            keys.Label(i, label);
            new FragmentHeader(Layout, label).Write(Headers[i] = new byte[FragmentHeader.Size]);
            MerkleTree.LeafHash(Headers[i], HeaderHashes[i] = new byte[MerkleTree.HashSize]);
            Trees[i].Append(HeaderHashes[i]);
        }
        StripesPerBatch = StripesFor(fragments.Count);
        (_progress, _print) = (progress, print);
    }

    public PositionalStream Source { get; }

    public long PlaintextLength { get; }

    public FragmentLayout Layout { get; }

    public ReedSolomon Code { get; }

    public ChunkedEncryption Encryption { get; }

    public PositionalStream[] Fragments { get; }

    /// <summary>Grow batch by batch, in order.</summary>
    public TreeHasher[] Trees { get; }

    public byte[][] Headers { get; }

    public byte[][] HeaderHashes { get; }

    public int StripesPerBatch { get; }

    /// <summary>The rest of a chunk that began in the batch before.</summary>
    public Relay<ChunkPart> Carries { get; } = new();

    /// <summary>Whose turn it is to append to the trees.</summary>
    public Relay<long> TreeTurns { get; } = new();

    public async Task RunAsync(CancellationToken cancellation)
    {
        var batches = (Layout.Stripes + StripesPerBatch - 1) / StripesPerBatch;
        TreeTurns.Give(0, 0);
        Carries.Give(0, default);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellation };
        await Parallel.ForAsync(0L, batches, options, async (batch, token) =>
        {
            var worker = _idle.TryTake(out var idle) ? idle : new SealWorker(this);
            try
            {
                await worker.SealAsync(batch, token);
            }
            finally
            {
                _idle.Add(worker);
            }
        });
        if (Source.Length - _sourceStart != PlaintextLength)
            throw new SourceChangedException();
    }

    /// <summary>Fills the buffer with plaintext from <paramref name="offset"/> on.</summary>
    public async ValueTask ReadPlaintextAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        if (await Source.ReadAsync(_sourceStart + offset, buffer, cancellation) < buffer.Length || _print?.Matches(offset, buffer.Span) == false)
            throw new SourceChangedException();
        _progress?.Report(Interlocked.Add(ref _done, buffer.Length));
    }

    public void Dispose()
    {
        foreach (var worker in _idle)
            worker.Dispose();
        foreach (var tree in Trees)
            tree.Dispose();
        foreach (var fragment in Fragments)
            fragment.Dispose();
        Source.Dispose();
    }

    /// <summary>About 2 MiB of units.</summary>
    private static int StripesFor(int n) => Math.Max(1, 32 / n);
}
