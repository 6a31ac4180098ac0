using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Salus.Crypto.Merkle;

namespace Salus.Protocol.Log;

/// <summary>
/// A .tlog-proof (c2sp.org/tlog-proof@v1): an index, an inclusion proof, and the checkpoint to which it leads. Text: "c2sp.org/tlog-proof@v1" | perhaps "extra BASE64" | "index N" | one
/// hash in base64 a line, from the leaf's sibling up | an empty line | the checkpoint's note. An instance exists only after the checkpoint was verified; whether an entry is included,
/// <see cref="Includes(LogEntry)"/> says.
/// </summary>
public sealed class LogProof
{
    private const string Magic = "c2sp.org/tlog-proof@v1";
    private const string ExtraLine = "extra ";
    private const string IndexLine = "index ";

    private readonly byte[] _hashes;

    private LogProof(byte[] bytes, byte[] extra, long index, byte[] hashes, SignedCheckpoint checkpoint) =>
        (Bytes, Extra, Index, _hashes, Checkpoint) = (bytes, extra, index, hashes, checkpoint);

    /// <summary>The text.</summary>
    public byte[] Bytes { get; }

    /// <summary>What nobody has signed.</summary>
    public byte[] Extra { get; }

    public long Index { get; }

    public SignedCheckpoint Checkpoint { get; }

    /// <param name="hashes">The inclusion proof, 32 bytes a hash.</param>
    /// <param name="note">The checkpoint's signed note.</param>
    public static byte[] Encode(long index, ReadOnlySpan<byte> hashes, ReadOnlySpan<byte> note, ReadOnlySpan<byte> extra = default)
    {
        var text = new StringBuilder(Magic).Append('\n');
        if (!extra.IsEmpty)
            text.Append(ExtraLine).Append(Convert.ToBase64String(extra)).Append('\n');
        text.Append(IndexLine).Append(index.ToString(CultureInfo.InvariantCulture)).Append('\n');
        for (; !hashes.IsEmpty; hashes = hashes[MerkleTree.HashSize..])
            text.Append(Convert.ToBase64String(hashes[..MerkleTree.HashSize])).Append('\n');
        return [.. Encoding.ASCII.GetBytes(text.Append('\n').ToString()), .. note];
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, LogKeys keys, [NotNullWhen(true)] out LogProof? proof)
    {
        proof = null;
        if (bytes.Length > Limits.MaxLogProof || bytes.IndexOf("\n\n"u8) is not (> 0 and var end) || !Ascii.IsValid(bytes[..end]))
            return false;
        var lines = new Queue<string>(Encoding.ASCII.GetString(bytes[..end]).Split('\n'));
        if (lines.Dequeue() != Magic)
            return false;
        byte[]? extra = [];
        if (lines.TryPeek(out var line) && line.StartsWith(ExtraLine, StringComparison.Ordinal)
            && (!StrictBase64.TryDecode(lines.Dequeue()[ExtraLine.Length..], out extra) || extra.Length is 0 or > Limits.MaxProofExtra))
            return false;
        if (!lines.TryDequeue(out line) || !line.StartsWith(IndexLine, StringComparison.Ordinal)
            || !long.TryParse(line.AsSpan(IndexLine.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || line != IndexLine + index.ToString(CultureInfo.InvariantCulture) || lines.Count > MerkleTree.MaxProofHashes)
            return false;
        var hashes = new byte[lines.Count * MerkleTree.HashSize];
        for (var at = 0; at < hashes.Length; at += MerkleTree.HashSize)
        {
            if (!StrictBase64.TryDecode(lines.Dequeue(), out var hash) || hash.Length != MerkleTree.HashSize)
                return false;
            hash.CopyTo(hashes, at);
        }
        if (!SignedCheckpoint.TryRead(bytes[(end + 2)..], keys, out var checkpoint))
            return false;
        proof = new LogProof(bytes.ToArray(), extra, index, hashes, checkpoint);
        return true;
    }

    public bool Includes(LogEntry entry) => Includes(entry.LeafHash);

    public bool Includes(ReadOnlySpan<byte> leafHash) => MerkleTree.VerifyInclusion(leafHash, Index, Checkpoint.Size, _hashes, Checkpoint.Root);
}
