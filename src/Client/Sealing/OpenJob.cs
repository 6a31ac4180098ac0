using System.Collections.Concurrent;
using Salus.Crypto.Sealing;

namespace Salus.Client.Sealing;

/// <summary>One opening of the plaintext [Offset, Offset + Length): what its workers share, and how batches are dealt out.</summary>
internal sealed class OpenJob : IDisposable
{
    private static readonly int Workers = Concurrency.Workers;

    private readonly ConcurrentBag<OpenWorker> _idle = [];
    private readonly Stream _output;
    private readonly PositionalStream? _file;
    private readonly long _outputStart;
    private readonly IProgress<long>? _progress;
    private long _done;

    public OpenJob(BodyOpener body, long offset, long length, Stream output, IProgress<long>? progress)
    {
        (Body, Offset, Length, _output, _progress) = (body, offset, length, output, progress);
        var layout = body.Layout;
        // The whole has its end authenticated too, even when that is an empty chunk.
        IsWhole = length == body.PlaintextLength;
        BodyFrom = offset / ChunkedEncryption.ChunkSize * ChunkedEncryption.SealedChunkSize;
        var endChunk = (offset + length + ChunkedEncryption.ChunkSize - 1) / ChunkedEncryption.ChunkSize;
        BodyTo = IsWhole ? layout.BodyLength : Math.Min(layout.BodyLength, endChunk * ChunkedEncryption.SealedChunkSize);
        FirstStripe = BodyFrom / layout.StripeLength;
        EndStripe = (BodyTo - 1) / layout.StripeLength + 1;
        StripesPerBatch = (int)Math.Min(Math.Max(1, 16 / layout.DataUnits), EndStripe - FirstStripe); // about 1 MiB

        if (output is FileStream { CanSeek: true })
        {
            _file = new PositionalStream(output);
            _outputStart = output.Position;
        }
    }

    public BodyOpener Body { get; }

    public long Offset { get; }

    public long Length { get; }

    public bool IsWhole { get; }

    /// <summary>First byte of the body that is needed: where a chunk begins.</summary>
    public long BodyFrom { get; }

    /// <summary>End of what is needed: where a chunk ends.</summary>
    public long BodyTo { get; }

    public long FirstStripe { get; }

    public long EndStripe { get; }

    public int StripesPerBatch { get; }

    /// <summary>The beginning of a chunk that ends in the next batch.</summary>
    public Relay<ChunkPart> Carries { get; } = new();

    /// <summary>Whose turn it is to write to an output that is no file.</summary>
    public Relay<long> OutputTurns { get; } = new();

    public async Task RunAsync(CancellationToken cancellation)
    {
        var batches = (EndStripe - FirstStripe + StripesPerBatch - 1) / StripesPerBatch;
        Carries.Give(0, default);
        OutputTurns.Give(0, 0);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellation };
        await Parallel.ForAsync(0L, batches, options, async (batch, token) =>
        {
            var worker = _idle.TryTake(out var idle) ? idle : new OpenWorker(this);
            try
            {
                await worker.OpenAsync(batch, token);
            }
            finally
            {
                _idle.Add(worker);
            }
        });
        if (_file is not null)
            _output.Position = _outputStart + Length;
    }

    /// <summary>Waits until the batches before are written, where that matters.</summary>
    public async ValueTask BeginOutputAsync(long batch, CancellationToken cancellation)
    {
        if (_file is null)
            await OutputTurns.TakeAsync(batch, cancellation);
    }

    /// <summary>Writes authentic plaintext that lies at <paramref name="offset"/> of the whole; cuts off what was not asked for.</summary>
    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> plaintext, CancellationToken cancellation)
    {
        var skipped = (int)Math.Max(0, Math.Min(plaintext.Length, Offset - offset));
        var end = (int)Math.Max(skipped, Math.Min(plaintext.Length, Offset + Length - offset));
        var part = plaintext[skipped..end];
        if (part.IsEmpty)
            return;
        await (_file is not null
            ? _file.WriteAsync(_outputStart + offset + skipped - Offset, part, cancellation)
            : _output.WriteAsync(part, cancellation));
        _progress?.Report(Interlocked.Add(ref _done, part.Length));
    }

    public void EndOutput(long batch)
    {
        if (_file is null)
            OutputTurns.Give(batch + 1, 0);
    }

    public void Dispose()
    {
        foreach (var worker in _idle)
            worker.Dispose();
        _file?.Dispose();
    }
}
