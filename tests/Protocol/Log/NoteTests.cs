using System.Text;
using Salus.Crypto;
using Salus.Protocol.Log;
using Salus.Testing;

namespace Salus.Protocol.Tests.Log;

public class NoteTests
{
    public static TheoryData<Vector> Notes => [.. Vectors.Read("note")];

    [Theory, MemberData(nameof(Notes))]
    public void NotesAreReadAsTheVectorsSay(Vector vector) => Assert.Equal(vector.Expect, Outcome(vector.Bytes("key"), vector.Bytes("note")));

    [Fact]
    public void AKeysTextIsReadAsItIsWritten()
    {
        using var log = LogParts.Log();
        using var witness = LogParts.Witness(1);
        Assert.True(NoteKey.TryParse(log.Key.ToString(), NoteAlgorithm.Ed25519, out var read));
        Assert.Equal(log.Key, read);
        Assert.StartsWith("salus/log/", read.Name, StringComparison.Ordinal);
        Assert.True(NoteKey.TryParse(witness.Key.ToString(), NoteAlgorithm.Cosignature, out _));
        Assert.False(NoteKey.TryParse(witness.Key.ToString(), NoteAlgorithm.Ed25519, out _));
        Assert.False(NoteKey.TryParse(log.Key.ToString(), NoteAlgorithm.Cosignature, out _));
        var text = log.Key.ToString();
        for (var i = 0; i < text.Length; i++)
        {
            Assert.False(NoteKey.TryParse(text.Remove(i, 1), NoteAlgorithm.Ed25519, out _));
            Assert.False(NoteKey.TryParse(text.Insert(i, "+"), NoteAlgorithm.Ed25519, out _));
            Assert.False(NoteKey.TryParse(text.Insert(i, " "), NoteAlgorithm.Ed25519, out _));
        }
        Assert.False(NoteKey.TryParse(null, NoteAlgorithm.Ed25519, out _));
        Assert.False(NoteKey.TryParse("++", NoteAlgorithm.Ed25519, out _));
    }

    [Fact]
    public void ACheckpointCarriesTheCosignaturesThatAreTrue()
    {
        using var log = LogParts.Log();
        using NoteSigner one = LogParts.Witness(1), two = LogParts.Witness(2), stranger = LogParts.Witness(3);
        var keys = new LogKeys(log.Key, [one.Key, two.Key]);
        var checkpoint = LogParts.Checkpoint(log.Key, 7);
        var at = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

        var note = LogParts.Note(checkpoint, log, at, one, two, stranger);
        Assert.True(SignedCheckpoint.TryRead(note, keys, out var read));
        Assert.Equal(7, read.Size);
        Assert.Equal([new Cosignature(one.Key, at), new Cosignature(two.Key, at)], read.Cosignatures);

        Assert.True(SignedCheckpoint.TryRead(LogParts.Note(checkpoint, log, at), keys, out read));
        Assert.Empty(read.Cosignatures);
        Assert.False(SignedCheckpoint.TryRead(LogParts.Note(checkpoint, log, at, one, one), keys, out _));
        Assert.False(SignedCheckpoint.TryRead(note, new LogKeys(LogParts.Log(9).Key, [one.Key, two.Key]), out _));
    }

    [Fact]
    public void NoByteOfACheckpointCanBeAltered()
    {
        using var log = LogParts.Log();
        using NoteSigner one = LogParts.Witness(1), two = LogParts.Witness(2);
        var keys = new LogKeys(log.Key, [one.Key, two.Key]);
        var note = LogParts.Note(LogParts.Checkpoint(log.Key, 200), log, DateTimeOffset.UnixEpoch, one, two);
        Assert.True(SignedCheckpoint.TryRead(note, keys, out _));
        for (var at = 0; at < note.Length; at++)
        {
            note[at] ^= 1;
            // An altered name or key number makes the line that of an unknown key; then the cosignature does not count.
            Assert.False(SignedCheckpoint.TryRead(note, keys, out var read) && read.Cosignatures.Count == 2, $"byte {at} may be altered");
            note[at] ^= 1;
        }
        for (var length = 0; length < note.Length; length++)
            Assert.False(SignedCheckpoint.TryRead(note.AsSpan(0, length), keys, out var read) && read.Cosignatures.Count == 2);
        Assert.False(SignedCheckpoint.TryRead([.. note, (byte)'\n'], keys, out _));
        Assert.False(SignedCheckpoint.TryRead(new byte[Limits.MaxNote + 1], keys, out _));
    }

    [Fact]
    public void ACosignatureOfAnotherTimeOrTextIsNone()
    {
        using var log = LogParts.Log();
        using var witness = LogParts.Witness(1);
        var checkpoint = LogParts.Checkpoint(log.Key, 5);
        var signature = Cosignature.Sign(witness, checkpoint, Parts.Now);
        Assert.Equal(Parts.Now.ToUnixTimeSeconds(), Cosignature.Verify(witness.Key, checkpoint.Text, signature)!.Value.ToUnixTimeSeconds());
        Assert.Null(Cosignature.Verify(witness.Key, LogParts.Checkpoint(log.Key, 6).Text, signature));
        for (var at = 0; at < signature.Bytes.Length; at++)
        {
            signature.Bytes[at] ^= 0x80;
            Assert.Null(Cosignature.Verify(witness.Key, checkpoint.Text, signature));
            signature.Bytes[at] ^= 0x80;
        }
        Assert.Null(Cosignature.Verify(LogParts.Witness(2).Key, checkpoint.Text, signature));
        Assert.Null(Cosignature.Verify(witness.Key, checkpoint.Text, signature with { Bytes = signature.Bytes[..^1] }));
        Assert.Throws<ArgumentException>(() => Cosignature.Sign(log, checkpoint, Parts.Now));
        Assert.Throws<ArgumentException>(() => checkpoint.Sign(witness));
        Assert.Throws<ArgumentException>(() => LogParts.Checkpoint(witness.Key, 1).Sign(log));
    }

    [Theory, InlineData("o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", true), InlineData("o\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", true),
        InlineData("o\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false), InlineData("o\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false),
        InlineData("o\n+1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false), InlineData("o\n9223372036854775807\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false),
        InlineData("\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false), InlineData("o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n", false),
        InlineData("o\n1\nAAAA\n", false), InlineData("o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nextension\n", false),
        InlineData("o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", false), InlineData("o\n1\n", false), InlineData("", false)]
    public void ACheckpointHasThreeCanonicalLines(string text, bool ok)
    {
        Assert.Equal(ok, Checkpoint.TryParse(text, out var checkpoint));
        if (ok)
            Assert.Equal(text, checkpoint!.Text);
    }

    private static string Outcome(byte[] vkey, byte[] bytes)
    {
        if (!NoteKey.TryParse(Encoding.UTF8.GetString(vkey), NoteAlgorithm.Ed25519, out var key))
            return "not a key";
        if (!SignedNote.TryParse(bytes, out var note))
            return "not a note";
        Assert.Equal(bytes, note.ToBytes());
        return note.Signatures.Any(one => one.IsBy(key) && key.Verify(Encoding.UTF8.GetBytes(note.Text), one.Bytes)) ? "ok" : "false signature";
    }
}
