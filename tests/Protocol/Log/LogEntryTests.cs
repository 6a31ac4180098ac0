using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol.Log;
using Salus.Testing;

namespace Salus.Protocol.Tests.Log;

public class LogEntryTests
{
    private const string AccessHead = "73616c7573206c6f6720310a20";

    private static readonly AccessSubject Subject = new(AccessKind.Open, Parts.Signing(1).PublicKey.Account, Parts.GrantNumber, Parts.Partition, EpochNumber.First, [Parts.RecordNumber]);

    [Fact]
    public void EveryKindIsReadAsItIsWritten()
    {
        foreach (var kind in Enum.GetValues<LogKind>())
        {
            if (kind == LogKind.Access)
                continue;
            var isTagged = kind is LogKind.Card or LogKind.State or LogKind.Page;
            var entry = isTagged ? LogEntry.Tagged(kind, Parts.Seed(1, 32), 77, [1, 2, 3]) : LogEntry.Of(kind, [1, 2, 3]);
            Assert.True(LogEntry.TryParse(entry.Bytes.Span, out var read));
            Assert.Equal((kind, isTagged, isTagged ? 77UL : 0, isTagged ? 32 : 0), (read.Kind, read.IsTagged, read.Number, read.Tag.Length));
            Assert.True(read.IsOf([1, 2, 3]));
            Assert.False(read.IsOf([1, 2, 4]));
            Assert.Equal(Sha256.Hash([0, .. entry.Bytes.Span]), read.LeafHash);
            RefusesAllLengths(entry);
            Assert.Throws<ArgumentOutOfRangeException>(() => isTagged ? LogEntry.Of(kind, []) : LogEntry.Tagged(kind, new byte[32], 0, []));
        }
    }

    [Fact]
    public void OtherKindsAndMagicsAreRefused()
    {
        var bytes = LogEntry.Of(LogKind.Grant, [1]).Bytes.ToArray();
        for (var at = 0; at <= 12; at++)
            for (var value = 0; value < 256; value++)
            {
                var altered = (byte[])bytes.Clone();
                altered[at] = (byte)value;
                Assert.Equal(at == 12 ? value is >= 16 and <= 22 : value == bytes[at], LogEntry.TryParse(altered, out _));
            }
    }

    [Fact]
    public async Task AnAccessIsOpenedByItsOwnerAlone()
    {
        using var owner = Parts.Box(1);
        using var other = Parts.Box(2);
        var statement = AccessStatement.Create(Parts.Signing(2), Subject, Parts.Now);
        using var seed = Secret.Random(AccessEntry.SeedSize);
        var entry = await AccessEntry.SealAsync(statement, owner.PublicKey, seed);

        Assert.Equal(entry.Bytes.ToArray(), (await AccessEntry.SealAsync(statement, owner.PublicKey, seed)).Bytes.ToArray());
        Assert.True(LogEntry.TryParse(entry.Bytes.Span, out var read));
        Assert.Equal(statement.Signed, (await AccessEntry.OpenAsync(read, owner, Subject.Owner))!.Signed);
        Assert.True(AccessEntry.IsFor(read, owner));
        Assert.False(AccessEntry.IsFor(read, other));
        Assert.Null(await AccessEntry.OpenAsync(read, other, Subject.Owner));
        Assert.Null(await AccessEntry.OpenAsync(read, owner, Parts.Signing(2).PublicKey.Account));
        Assert.False(AccessEntry.IsFor(LogEntry.Of(LogKind.Grant, [1]), owner));
        Assert.Null(await AccessEntry.OpenAsync(LogEntry.Of(LogKind.Grant, [1]), owner, Subject.Owner));
        RefusesAllLengths(entry);
    }

    [Fact]
    public async Task NoBitOfAnAccessCanBeFlipped()
    {
        using var owner = Parts.Box(1);
        using var seed = Secret.Random(AccessEntry.SeedSize);
        var bytes = (await AccessEntry.SealAsync(AccessStatement.Create(Parts.Signing(2), Subject, Parts.Now), owner.PublicKey, seed)).Bytes.ToArray();
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= (byte)(1 << (at % 8));
            // The highest bit of the key within is not looked at (RFC 7748), but it is hashed.
            Assert.False(LogEntry.TryParse(bytes, out var entry) && await AccessEntry.OpenAsync(entry, owner, Subject.Owner) is not null, $"byte {at}");
            bytes[at] ^= (byte)(1 << (at % 8));
        }
    }

    [Fact]
    public async Task OneSeedForTwoStatementsOrOwnersGivesUnrelatedEntries()
    {
        using var seed = Secret.Random(AccessEntry.SeedSize);
        var first = await AccessEntry.SealAsync(AccessStatement.Create(Parts.Signing(2), Subject, Parts.Now), Parts.Box(1).PublicKey, seed);
        var second = await AccessEntry.SealAsync(AccessStatement.Create(Parts.Signing(2), Subject, Parts.Now), Parts.Box(1).PublicKey, seed);
        Assert.False(first.Tag.Span.SequenceEqual(second.Tag.Span));
        Assert.False(first.Content.Span[..32].SequenceEqual(second.Content.Span[..32]));
    }

    [Theory, InlineData(1, 512), InlineData(18, 512), InlineData(19, 1280), InlineData(64, 1280)]
    public async Task AnEntryHasOneOfTwoSizes(int items, int padded)
    {
        var subject = Subject with { Items = [.. Enumerable.Range(0, items).Select(i => new RecordId((UInt128)i))] };
        using var seed = Secret.Random(AccessEntry.SeedSize);
        var entry = await AccessEntry.SealAsync(AccessStatement.Create(Parts.Signing(2), subject, Parts.Now), Parts.Box(1).PublicKey, seed);
        Assert.Equal(13 + 16 + 32 + 32 + padded + 16, entry.Bytes.Length);
        Assert.InRange(entry.Bytes.Length, 1, Limits.MaxLogEntry);
    }

    [Fact]
    public async Task AnAccessUnderAKeyOfSmallOrderIsNobodys()
    {
        byte[] bytes = [.. Convert.FromHexString(AccessHead), .. new byte[16 + 32 + 32 + 512 + 16]];
        Assert.True(LogEntry.TryParse(bytes, out var entry));
        using var owner = Parts.Box(1);
        Assert.False(AccessEntry.IsFor(entry, owner));
        Assert.Null(await AccessEntry.OpenAsync(entry, owner, Subject.Owner));
    }

    /// <summary>vectors/log.txt: entries made by this software once, so that they stay what they are.</summary>
    [Fact]
    public async Task EntriesAreThoseOfTheVectors()
    {
        foreach (var vector in Vectors.Read("log"))
            switch (vector["type"])
            {
                case "entry":
                    Assert.True(LogEntry.TryParse(vector.Bytes("bytes"), out var entry));
                    Assert.Equal(vector["kind"], entry.Kind.ToString());
                    Assert.Equal(vector.Bytes("leaf"), entry.LeafHash);
                    Assert.True(entry.IsOf(vector.Bytes("signed")));
                    break;
                case "access":
                    using (var seed = Secret.CopyOf(vector.Bytes("seed")))
                    using (var owner = new UnboxingKey(vector.Bytes("owner-box")))
                    {
                        Assert.True(AccessStatement.TryVerify(vector.Bytes("statement"), out var statement));
                        Assert.Equal(vector.Bytes("bytes"), (await AccessEntry.SealAsync(statement, owner.PublicKey, seed)).Bytes.ToArray());
                        Assert.True(LogEntry.TryParse(vector.Bytes("bytes"), out var sealedEntry));
                        Assert.Equal(vector.Bytes("leaf"), sealedEntry.LeafHash);
                        Assert.NotNull(await AccessEntry.OpenAsync(sealedEntry, owner, statement.Subject.Owner));
                    }
                    break;
                default:
                    Assert.Equal("refused", vector.Expect);
                    Assert.False(LogEntry.TryParse(vector.Bytes("bytes"), out _));
                    break;
            }
    }

    private static void RefusesAllLengths(LogEntry entry)
    {
        for (var length = 0; length < entry.Bytes.Length; length++)
            Assert.False(LogEntry.TryParse(entry.Bytes.Span[..length], out _) && (entry.Kind != LogKind.Access || length != entry.Bytes.Length - 768), $"{length} bytes");
        Assert.False(LogEntry.TryParse([.. entry.Bytes.Span, 0], out _));
        Assert.False(LogEntry.TryParse(new byte[Limits.MaxLogEntry + 1], out _));
    }
}
