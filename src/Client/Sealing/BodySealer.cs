using Salus.Crypto.Dispersal;
using Salus.Crypto.Merkle;
using Salus.Crypto.Sealing;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Sealing;

/// <summary>Encrypts a body and disperses it over n fragment files in one pass, with a few MiB of memory whatever its size.</summary>
/// <remarks>
/// The body that is dispersed is the chunks of C2SP chunked encryption without their prefix. Two workers take batches of stripes in turn: encrypt, parity,
/// leaf hashes, write. A chunk that spans two batches is encrypted once, by the batch in which it begins, and its rest handed on: reading it twice could put
/// two plaintexts under one nonce, should the source change in between. Headers are written last, so a sealing that was cut short left nothing that parses.
/// </remarks>
public static class BodySealer
{
    /// <summary>Sizes of what sealing so many bytes will give, known beforehand.</summary>
    public static FragmentLayout LayoutFor(long plaintextLength, int k, int n) =>
        new(ChunkedEncryption.CiphertextLength(plaintextLength) - ChunkedEncryption.PrefixSize, k, n);

    /// <summary>Creates a file to seal a fragment into: unbuffered, its space reserved, which is faster and finds a full disk at once.</summary>
    public static FileStream CreateFragment(string path, FragmentLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            PreallocationSize = layout.FileLength,
        });
    }

    /// <summary>Seals <paramref name="source"/> from its position to its end.</summary>
    /// <param name="source">Seekable; read by two workers at once when it is a file.</param>
    /// <param name="keys">Keys of this version of the record; a content key serves one sealing only.</param>
    /// <param name="context">Context of the body encryption, to be given again for opening.</param>
    /// <param name="k">So many fragments restore, 1 &lt;= k &lt;= n.</param>
    /// <param name="fragments">n empty seekable streams in the order of the sequence key, left open. Flushing them to disk is the caller's.</param>
    /// <param name="progress">Plaintext bytes done so far.</param>
    /// <param name="cancellation">What was written until then is of no use.</param>
    /// <exception cref="SourceChangedException">The length changed meanwhile.</exception>
    public static async Task<SealedBody> SealAsync(
        Stream source, FragmentKeys keys, ReadOnlyMemory<byte> context, int k, IReadOnlyList<Stream> fragments,
        IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        using var encryption = ChunkedEncryption.Create(keys.BodyKey, context.Span);
        return await SealAsync(source, keys, encryption, k, fragments, progress, cancellation);
    }

    /// <summary>
    /// Seals a content to what it is sealed to whenever and wherever: the salt comes from its keys, which are this content's alone. Every chunk is held against
    /// <paramref name="print"/> before it is encrypted: another plaintext under these keys would be one too many.
    /// </summary>
    /// <inheritdoc cref="SealAsync(Stream, FragmentKeys, ReadOnlyMemory{byte}, int, IReadOnlyList{Stream}, IProgress{long}, CancellationToken)"/>
    public static async Task<SealedBody> SealSharedAsync(
        Stream source, ContentPrint print, FragmentKeys keys, ReadOnlyMemory<byte> context, int k, IReadOnlyList<Stream> fragments,
        IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(print);
        ArgumentNullException.ThrowIfNull(keys);
        using var encryption = new ChunkedEncryption(keys.BodyKey, keys.BodySalt(), context.Span);
        return await SealAsync(source, keys, encryption, k, fragments, progress, cancellation, print);
    }

    /// <summary>Under a given salt: for vectors.</summary>
    internal static async Task<SealedBody> SealAsync(
        Stream source, FragmentKeys keys, ChunkedEncryption encryption, int k, IReadOnlyList<Stream> fragments,
        IProgress<long>? progress, CancellationToken cancellation, ContentPrint? print = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(fragments);
        ArgumentOutOfRangeException.ThrowIfNotEqual(fragments.Count, keys.Count, nameof(fragments));
        foreach (var fragment in fragments)
            if (fragment.Length != 0)
                throw new ArgumentException("A fragment is sealed into an empty stream.", nameof(fragments));

        using var job = new SealJob(source, keys, encryption, k, fragments, progress, print);
        await job.RunAsync(cancellation);
        return new SealedBody(job.Layout, job.PlaintextLength, encryption.Prefix.ToArray(), await FinishAsync(job, keys, cancellation));
    }

    private static async Task<byte[][]> FinishAsync(SealJob job, FragmentKeys keys, CancellationToken cancellation)
    {
        var layout = job.Layout;
        var roots = new byte[layout.Fragments][];
        for (var i = 0; i < layout.Fragments; i++)
        {
            var nextLabel = new byte[FragmentLayout.LabelSize];
            keys.NextLabel(i, nextLabel);
            var nextLabelHash = new byte[MerkleTree.HashSize];
            MerkleTree.LeafHash(nextLabel, nextLabelHash);
            job.Trees[i].Append(nextLabelHash);
            job.Trees[i].Root(roots[i] = new byte[MerkleTree.HashSize]);

            var fragment = job.Fragments[i];
            await fragment.WriteAsync(layout.NextLabelOffset - MerkleTree.HashSize, [nextLabelHash, nextLabel], cancellation);
            await fragment.WriteAsync(layout.LeafHashesOffset, job.HeaderHashes[i], cancellation);
            await fragment.WriteAsync(0, job.Headers[i], cancellation);
        }
        return roots;
    }
}
