using Microsoft.Win32.SafeHandles;
using Salus.Protocol.Audit;
using Salus.Protocol.Dispersal;

namespace Salus.Store;

/// <summary>
/// Answers challenges: reads the leaves asked for and the fragment's leaf hashes (0.78 % of it), never the whole. What the file holds is what is answered; whether it is what
/// was stored, whoever asks finds out. A few at a time, for hashes of a large fragment are long.
/// </summary>
internal sealed class LeafProofs(FragmentFolder folder) : IDisposable
{
    private const int AtOnce = 4;
    private const int HashSize = 32;

    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <summary>Null when there is no such fragment.</summary>
    /// <exception cref="RottenFragmentException">The file has not the length that was stored.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The fragment has fewer leaves.</exception>
    public async Task<byte[]?> AnswerAsync(FragmentAddress address, LeafChallenge challenge, CancellationToken cancel)
    {
        await _turns.WaitAsync(cancel);
        try
        {
            if (folder.TryOpen(address) is not { } opened)
                return null;
            await using var data = opened.Data;
            if (data.Length != opened.Note.Size || !FragmentShape.TryOf(data.Length, out var shape) || shape is null)
                throw new RottenFragmentException();
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(challenge.Leaves[^1], shape.Leaves, nameof(challenge));
            var (root, proofs) = await ProveAsync(data.SafeFileHandle, shape, challenge, cancel);
            var leaves = new ProvenLeaf[proofs.Count];
            for (var i = 0; i < leaves.Length; i++)
            {
                var (offset, length) = shape.Leaf(challenge.Leaves[i]);
                var bytes = new byte[length];
                await FillAsync(data.SafeFileHandle, offset, bytes, cancel);
                leaves[i] = new ProvenLeaf(bytes, proofs[i]);
            }
            return LeafAnswer.Write(root, leaves);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private static async Task<(byte[] Root, IReadOnlyList<byte[]> Proofs)> ProveAsync(SafeFileHandle data, FragmentShape shape, LeafChallenge challenge, CancellationToken cancel)
    {
        var prover = new LeafProver(challenge.Leaves);
        var window = new byte[LeafProver.WindowLeaves * HashSize];
        for (var at = 0L; at < shape.LeafHashesLength; at += window.Length)
        {
            var hashes = window.AsMemory(0, (int)Math.Min(window.Length, shape.LeafHashesLength - at));
            await FillAsync(data, shape.LeafHashesOffset + at, hashes, cancel);
            prover.Append(hashes.Span);
        }
        return prover.Finish();
    }

    private static async Task FillAsync(SafeFileHandle data, long offset, Memory<byte> bytes, CancellationToken cancel)
    {
        while (!bytes.IsEmpty)
        {
            var read = await RandomAccess.ReadAsync(data, bytes, offset, cancel);
            if (read == 0)
                throw new RottenFragmentException();
            (bytes, offset) = (bytes[read..], offset + read);
        }
    }
}

/// <summary>A fragment's file is not as long as what was stored.</summary>
internal sealed class RottenFragmentException() : IOException("The fragment has lost bytes.");
