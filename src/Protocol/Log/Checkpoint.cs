using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Salus.Crypto.Merkle;

namespace Salus.Protocol.Log;

/// <summary>
/// The head of a log at a size (c2sp.org/tlog-checkpoint): three lines, the origin, the size in decimal, the root in base64. Extension lines are refused.
/// </summary>
public sealed class Checkpoint
{
    private const long MaxSize = 1L << MerkleTree.MaxProofHashes;

    private readonly byte[] _root;

    public Checkpoint(string origin, long size, ReadOnlySpan<byte> root)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(root.Length, MerkleTree.HashSize, nameof(root));
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        (Origin, Size, _root) = (origin, size, root.ToArray());
    }

    public string Origin { get; }

    /// <summary>Entries, 0 to 2^62.</summary>
    public long Size { get; }

    /// <summary>32 bytes.</summary>
    public ReadOnlySpan<byte> Root => _root;

    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(_root)}\n");

    public static bool TryParse(string text, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        checkpoint = null;
        if (text.Split('\n') is not [var origin, var size, var encoded, ""] || origin.Length == 0
            || !long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > MaxSize
            || !StrictBase64.TryDecode(encoded, out var root) || root.Length != MerkleTree.HashSize)
            return false;
        var found = new Checkpoint(origin, count, root);
        if (found.Text != text)
            return false;
        checkpoint = found;
        return true;
    }

    /// <summary>The log's own signature. It signs no two roots of one size.</summary>
    public NoteSignature Sign(NoteSigner log) => log.Key.Algorithm == NoteAlgorithm.Ed25519 && log.Key.Name == Origin
        ? new(log.Key.Name, log.Key.KeyId, log.Sign(Encoding.UTF8.GetBytes(Text)))
        : throw new ArgumentException("A log signs its own checkpoints.", nameof(log));
}
