using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Search;

/// <summary>
/// Seals the blocks of a segment, a batch at a time, as <see cref="TermToken.SealAsync"/> would one by one. For one thread at a time.
/// </summary>
public sealed class BlockSealer(SegmentKey key) : IDisposable
{
    private readonly AeadBatch _messages = new(BlockBatch.Capacity, BlockSize.Plain, SegmentKey.ContextSize + BlockSize.Address);
    private readonly Secret _derived = new(2 * TermToken.Size);
    private readonly MacKey _token = new(new byte[MacKey.KeySize]);

    /// <summary>Writes address 16 | sealed block 256 for each block of the batch, in its order; it is the caller's to bring them into another.</summary>
    public ValueTask SealAsync(BlockBatch batch, Memory<byte> output)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Length, batch.Count * BlockSize.Entry, nameof(output));
        if (batch.Count == 0)
            return ValueTask.CompletedTask;
        _messages.Clear();
        for (var i = 0; i < batch.Runs.Count; i++)
            Add(batch, batch.Runs[i], i + 1 < batch.Runs.Count ? batch.Runs[i + 1].At : batch.Count, output.Span);
        return _messages.SealAsync(batch.Plaintexts, output[BlockSize.Address..], BlockSize.Entry);
    }

    public void Dispose()
    {
        _messages.Dispose();
        _derived.Dispose();
        _token.Dispose();
    }

    private void Add(BlockBatch batch, BlockBatch.Run run, int end, Span<byte> output)
    {
        var token = _derived.Writable[..TermToken.Size];
        var blockKey = _derived.Writable[TermToken.Size..];
        key.Token(batch.Term(run), token);
        _token.Import(token);
        _token.Compute(TermToken.KeyInput, blockKey);

        Span<byte> nonce = stackalloc byte[Aead.NonceSize];
        Span<byte> aad = stackalloc byte[SegmentKey.ContextSize + BlockSize.Address];
        key.Context.CopyTo(aad);
        for (var at = run.At; at < end; at++)
        {
            var block = run.FirstBlock + (uint)(at - run.At);
            var address = aad[SegmentKey.ContextSize..];
            TermToken.Address(_token, block, address);
            address.CopyTo(output.Slice(at * BlockSize.Entry, BlockSize.Address));
            TermToken.Nonce(block, nonce);
            _messages.Add(blockKey, nonce, aad);
        }
    }
}
