using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Salus.Protocol.Log;

/// <summary>
/// A witness's word that a checkpoint is the largest it has seen of a log, and consistent with all before it (c2sp.org/tlog-cosignature, cosignature/v1):
/// time u64, in seconds since 1970, and an Ed25519 signature over "cosignature/v1\ntime SECONDS\n" and the checkpoint's text.
/// </summary>
public sealed record Cosignature(NoteKey Witness, DateTimeOffset At)
{
    private const int TimeSize = sizeof(ulong);

    /// <summary>A witness that calls this has recorded the checkpoint durably: it must never cosign a smaller or another tree afterwards.</summary>
    public static NoteSignature Sign(NoteSigner witness, Checkpoint checkpoint, DateTimeOffset at)
    {
        if (witness.Key.Algorithm != NoteAlgorithm.Cosignature)
            throw new ArgumentException("A witness cosigns.", nameof(witness));
        var seconds = at.ToUnixTimeSeconds();
        var bytes = new byte[TimeSize + SigningKey.SignatureSize];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, checked((ulong)seconds));
        witness.Sign(Message(checkpoint.Text, seconds)).CopyTo(bytes, TimeSize);
        return new NoteSignature(witness.Key.Name, witness.Key.KeyId, bytes);
    }

    /// <summary>The time that a signature says it was made at, unverified; null when it has not the form of a cosignature.</summary>
    public static DateTimeOffset? TimeOf(NoteSignature signature) =>
        signature.Bytes.Length == TimeSize + SigningKey.SignatureSize && BinaryPrimitives.ReadUInt64BigEndian(signature.Bytes) is <= Limits.LatestTimeMilliseconds / 1000 and var seconds
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;

    /// <summary>When the witness cosigned the text; null when <paramref name="signature"/> is not its cosignature.</summary>
    public static DateTimeOffset? Verify(NoteKey witness, string text, NoteSignature signature) =>
        signature.IsBy(witness) && witness.Algorithm == NoteAlgorithm.Cosignature && TimeOf(signature) is { } at
            && witness.Verify(Message(text, at.ToUnixTimeSeconds()), signature.Bytes.AsSpan(TimeSize))
            ? at
            : null;

    private static byte[] Message(string text, long seconds) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {seconds}\n{text}"));
}
