using System.Text;
using Salus.Client.Profiles;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>
/// A head of the log on its way to somebody else: the checkpoint with the log's own signature and nothing else. Whoever has another log for it holds the cloud's word for both.
/// </summary>
internal static class LogHead
{
    /// <summary>The signature of the log is what counts: a sender who writes down something else has only himself to accuse.</summary>
    public static byte[] Compact(SignedCheckpoint checkpoint, LogKeys keys) => SignedNote.TryParse(checkpoint.Note, out var note)
        ? SignedNote.Of(note.Text, [.. note.Signatures.Where(signature => signature.IsBy(keys.Log))]).ToBytes()
        : throw new ArgumentException("A checkpoint that was verified is a note.", nameof(checkpoint));

    public static SeenLogHead Seen(SignedCheckpoint checkpoint, LogKeys keys) => new(checkpoint.Size, checkpoint.Root.ToArray(), Compact(checkpoint, keys));

    /// <summary>How it is remembered that a head fits.</summary>
    public static string Name(SignedCheckpoint checkpoint) => new StringBuilder().Append(checkpoint.Size).Append('/').Append(Convert.ToHexStringLower(checkpoint.Root)).ToString();
}
