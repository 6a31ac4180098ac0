using Salus.Crypto;
using Salus.Protocol.Log;

namespace Salus.Protocol.Tests.Log;

/// <summary>Keys and checkpoints of a log, the same at each call.</summary>
internal static class LogParts
{
    public static NoteSigner Log(byte number = 1) => NoteSigner.Log(Secret.CopyOf(Parts.Seed((byte)(100 + number), 32)));

    public static NoteSigner Witness(byte number) => NoteSigner.Witness(Secret.CopyOf(Parts.Seed((byte)(120 + number), 32)));

    public static Checkpoint Checkpoint(NoteKey log, long size) => new(log.Name, size, Parts.Seed((byte)size, 32));

    public static byte[] Note(Checkpoint checkpoint, NoteSigner log, DateTimeOffset at, params NoteSigner[] witnesses) =>
        SignedNote.Of(checkpoint.Text, [checkpoint.Sign(log), .. witnesses.Select(witness => Cosignature.Sign(witness, checkpoint, at))]).ToBytes();
}
