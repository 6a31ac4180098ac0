using Salus.Crypto.Merkle;
using Salus.Protocol.Log;

namespace Salus.Protocol.Tests.Log;

public sealed class LogProofTests : IDisposable
{
    private readonly NoteSigner _log = LogParts.Log();
    private readonly NoteSigner _witness = LogParts.Witness(1);
    private readonly LogEntry[] _entries = [.. Enumerable.Range(0, 21).Select(i => LogEntry.Of(LogKind.Grant, [(byte)i]))];

    private LogKeys Keys => new(_log.Key, [_witness.Key]);

    [Fact]
    public void AProofIncludesItsEntryAndNoOther()
    {
        for (var size = 1; size <= _entries.Length; size++)
            for (var index = 0; index < size; index++)
            {
                Assert.True(LogProof.TryRead(Proof(index, size), Keys, out var proof));
                Assert.Equal(index, proof.Index);
                Assert.Equal(size, proof.Checkpoint.Size);
                for (var other = 0; other < _entries.Length; other++)
                    Assert.Equal(other == index, proof.Includes(_entries[other]));
            }
    }

    [Fact]
    public void ExtraDataIsCarried()
    {
        Assert.True(LogProof.TryRead(Proof(3, 9, [1, 2, 3]), Keys, out var proof));
        Assert.Equal([1, 2, 3], proof.Extra);
        Assert.True(proof.Includes(_entries[3]));
        Assert.False(LogProof.TryRead(Proof(3, 9, new byte[Limits.MaxProofExtra + 1]), Keys, out _));
    }

    [Fact]
    public void NoByteOfAProofCanBeAltered()
    {
        var bytes = Proof(5, 13);
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 1;
            Assert.False(LogProof.TryRead(bytes, Keys, out var proof) && proof.Includes(_entries[5]) && proof.Checkpoint.Cosignatures.Count == 1, $"byte {at} may be altered");
            bytes[at] ^= 1;
        }
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(LogProof.TryRead(bytes.AsSpan(0, length), Keys, out var proof) && proof.Checkpoint.Cosignatures.Count == 1);
    }

    [Theory, InlineData("index 5\n", "index 05\n"), InlineData("index 5\n", "index -5\n"), InlineData("index 5\n", "index 5\nindex 5\n"), InlineData("index 5\n", ""),
        InlineData("index 5\n", "extra \nindex 5\n"), InlineData("index 5\n", "extra AA\nindex 5\n"), InlineData("index 5\n", "extra AA==\nextra AA==\nindex 5\n"),
        InlineData("index 5\n", "index 5\nAAAA\n"), InlineData("@v1\n", "@v2\n"), InlineData("@v1\n", "@v1\r\n"), InlineData("index 5\n", "index 5\n\n")]
    public void OtherTextIsNoProof(string found, string instead)
    {
        var text = System.Text.Encoding.UTF8.GetString(Proof(5, 13));
        Assert.Contains(found, text, StringComparison.Ordinal);
        Assert.False(LogProof.TryRead(System.Text.Encoding.UTF8.GetBytes(text.Replace(found, instead, StringComparison.Ordinal)), Keys, out _));
    }

    [Fact]
    public void MoreHashesThanATreeHasAreRefused()
    {
        var note = LogParts.Note(LogParts.Checkpoint(_log.Key, 3), _log, Parts.Now, _witness);
        Assert.True(LogProof.TryRead(LogProof.Encode(0, new byte[62 * 32], note), Keys, out var proof));
        Assert.False(proof.Includes(_entries[0]));
        Assert.False(LogProof.TryRead(LogProof.Encode(0, new byte[63 * 32], note), Keys, out _));
        Assert.False(LogProof.TryRead(new byte[Limits.MaxLogProof + 1], Keys, out _));
        Assert.False(LogProof.TryRead([], Keys, out _));
        Assert.False(LogProof.TryRead("\n\n"u8, Keys, out _));
    }

    [Fact]
    public void APushIsReadAsItIsWritten()
    {
        var bytes = WitnessPush.Encode(12, [1, 2, 3], [.. _entries.Select(entry => entry.Bytes)]);
        Assert.True(WitnessPush.TryParse(bytes, out var push));
        Assert.Equal(12, push.OldSize);
        Assert.Equal([1, 2, 3], push.Note);
        Assert.Equal(_entries.Select(entry => entry.Bytes.ToArray()), push.Entries.Select(entry => entry.Bytes.ToArray()));
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(WitnessPush.TryParse(bytes.AsSpan(0, length), out _));
        Assert.False(WitnessPush.TryParse([.. bytes, 0], out _));
        Assert.False(WitnessPush.TryParse(WitnessPush.Encode(long.MaxValue, [], []), out _));
        Assert.False(WitnessPush.TryParse(WitnessPush.Encode(0, new byte[Limits.MaxNote + 1], []), out _));
        Assert.False(WitnessPush.TryParse(WitnessPush.Encode(0, [], [new byte[3]]), out _));
        Assert.False(WitnessPush.TryParse(WitnessPush.Encode(0, [], [.. Enumerable.Repeat(_entries[0].Bytes, Limits.MaxPushEntries + 1)]), out _));
    }

    [Theory, InlineData("0\n", 0), InlineData("123\n", 123), InlineData("0", -1), InlineData("00\n", -1), InlineData("-1\n", -1), InlineData("1\n\n", -1), InlineData("", -1), InlineData(" 1\n", -1),
        InlineData("99999999999999999999\n", -1)]
    public void ASizeHasOneText(string body, long size)
    {
        Assert.Equal(size >= 0, WitnessPush.TryParseSize(body, out var read));
        if (size >= 0)
            Assert.Equal(size, read);
    }

    public void Dispose()
    {
        _log.Dispose();
        _witness.Dispose();
    }

    private byte[] Proof(int index, int size, byte[]? extra = null)
    {
        byte[] leaves = [.. _entries.Take(size).SelectMany(entry => entry.LeafHash)];
        var root = new byte[32];
        MerkleTree.Root(leaves, root);
        var note = LogParts.Note(new Checkpoint(_log.Key.Name, size, root), _log, Parts.Now, _witness);
        return LogProof.Encode(index, MerkleTree.Prove(leaves, index), note, extra ?? []);
    }
}
