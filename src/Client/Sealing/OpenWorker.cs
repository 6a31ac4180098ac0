using System.Security.Cryptography;
using Salus.Crypto.Sealing;

namespace Salus.Client.Sealing;

/// <summary>Opens one batch of stripes at a time in buffers of its own.</summary>
internal sealed class OpenWorker : IDisposable
{
    // Plaintext goes out in pieces that stay in the second-level cache.
    private const int ChunksPerPiece = 16;

    private readonly OpenJob _job;
    private readonly StripeReader _stripes;
    private readonly byte[] _plaintext = GC.AllocateUninitializedArray<byte>(ChunksPerPiece * ChunkedEncryption.ChunkSize, pinned: true);

    public OpenWorker(OpenJob job)
    {
        _job = job;
        _stripes = new StripeReader(job, room: ChunkedEncryption.SealedChunkSize);
    }

    public async Task OpenAsync(long batch, CancellationToken cancellation)
    {
        var layout = _job.Body.Layout;
        var first = _job.FirstStripe + batch * _job.StripesPerBatch;
        var stripes = (int)Math.Min(_job.StripesPerBatch, _job.EndStripe - first);

        // 1. Authentic body bytes of the batch.
        await _stripes.ReadAsync(first, stripes, cancellation);
        var start = first * layout.StripeLength;
        var from = Math.Max(_job.BodyFrom, start);
        var to = Math.Min(_job.BodyTo, start + (long)stripes * layout.StripeLength);
        if (_job.IsWhole && to == layout.BodyLength && !_stripes.IsZero(to - start))
            throw _job.Body.Unavailable(OpenFailure.WrongKeyOrDamaged);

        // 2. A chunk belongs to the batch in which it ends; its beginning comes from the batch before, and is put in front.
        var carry = await _job.Carries.TakeAsync(batch, cancellation);
        carry.MoveTo(_stripes.Body(from - carry.Length - start, carry.Length).Span);
        var chunk = (from - carry.Length) / ChunkedEncryption.SealedChunkSize;
        var isEnd = to == layout.BodyLength;
        var endChunk = isEnd ? ChunkedEncryption.ChunkCount(_job.Body.PlaintextLength) : to / ChunkedEncryption.SealedChunkSize;
        if (to < _job.BodyTo)
        {
            var rest = endChunk * ChunkedEncryption.SealedChunkSize;
            _job.Carries.Give(batch + 1, new ChunkPart(_stripes.Body(rest - start, (int)(to - rest)).Span));
        }

        // 3. Decrypt and write, piece by piece.
        await _job.BeginOutputAsync(batch, cancellation);
        while (chunk < endChunk)
        {
            var next = Math.Min(endChunk, chunk + ChunksPerPiece);
            var isFinal = isEnd && next == endChunk;
            var offset = chunk * ChunkedEncryption.SealedChunkSize;
            var length = (int)((isFinal ? to : next * ChunkedEncryption.SealedChunkSize) - offset);
            var ciphertext = _stripes.Body(offset - start, length);
            var plaintext = _plaintext.AsMemory(0, length - (int)(next - chunk) * ChunkedEncryption.TagSize);
            var authentic = await (isFinal
                ? _job.Body.Encryption.OpenFinalAsync((ulong)chunk, ciphertext, plaintext)
                : _job.Body.Encryption.OpenAsync((ulong)chunk, ciphertext, plaintext));
            if (!authentic)
                throw _job.Body.Unavailable(OpenFailure.WrongKeyOrDamaged);
            await _job.WriteAsync(chunk * ChunkedEncryption.ChunkSize, plaintext, cancellation);
            chunk = next;
        }
        _job.EndOutput(batch);
    }

    public void Dispose()
    {
        _stripes.Dispose();
        CryptographicOperations.ZeroMemory(_plaintext);
    }
}
