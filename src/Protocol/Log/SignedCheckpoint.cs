using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Salus.Protocol.Log;

/// <summary>A checkpoint that its log has signed, and those of the known witnesses' cosignatures that it carries. An instance exists only after all of them were verified.</summary>
public sealed class SignedCheckpoint
{
    private SignedCheckpoint(byte[] note, Checkpoint checkpoint, IReadOnlyList<Cosignature> cosignatures) =>
        (Note, Checkpoint, Cosignatures) = (note, checkpoint, cosignatures);

    /// <summary>The signed note.</summary>
    public byte[] Note { get; }

    public Checkpoint Checkpoint { get; }

    public long Size => Checkpoint.Size;

    public ReadOnlySpan<byte> Root => Checkpoint.Root;

    /// <summary>One of each witness, at most.</summary>
    public IReadOnlyList<Cosignature> Cosignatures { get; }

    /// <summary>
    /// False when the bytes are no checkpoint of this log, when it has not signed it, when a signature of a known key is false, or when there are two of one key. Signatures of unknown keys are
    /// passed over. How many cosignatures are enough, and how old they may be, is for the caller to say.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> note, LogKeys keys, [NotNullWhen(true)] out SignedCheckpoint? signed)
    {
        signed = null;
        if (!SignedNote.TryParse(note, out var read) || read.Signatures.Where(one => one.IsBy(keys.Log)).ToArray() is not [var own]
            || !keys.Log.Verify(Encoding.UTF8.GetBytes(read.Text), own.Bytes)
            || !Checkpoint.TryParse(read.Text, out var checkpoint) || checkpoint.Origin != keys.Log.Name)
            return false;
        var cosignatures = new List<Cosignature>();
        foreach (var witness in keys.Witnesses)
            switch (read.Signatures.Where(one => one.IsBy(witness)).ToArray())
            {
                case []:
                    break;
                case [var one] when Cosignature.Verify(witness, read.Text, one) is { } at:
                    cosignatures.Add(new Cosignature(witness, at));
                    break;
                default:
                    return false;
            }
        signed = new SignedCheckpoint(note.ToArray(), checkpoint, cosignatures);
        return true;
    }
}
