using System.Security.Cryptography;
using Salus.Crypto.Dispersal;
using Salus.Crypto.Sealing;

namespace Salus.Crypto.Tests.Sealing;

public class ContentPrintTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16384)]
    [InlineData(16385)]
    [InlineData(262144)]
    [InlineData(1_000_000)]
    public async Task ThePrintIsThatOfTheContentTheDomainAndNothingElse(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        using var domain = Secret.Random(32);
        using var other = Secret.Random(32);
        var print = await PrintAsync(content, domain);
        Assert.Equal(print, await PrintAsync([.. content], domain));
        Assert.NotEqual(print, await PrintAsync(content, other));
        Assert.NotEqual(print, await PrintAsync([.. content, 0], domain));
        for (var i = 0; i < 8 && length > 0; i++)
        {
            var changed = (byte[])content.Clone();
            changed[RandomNumberGenerator.GetInt32(length)] ^= (byte)(1 << i);
            Assert.NotEqual(print, await PrintAsync(changed, domain));
        }
        // Whoever knows hashes of the content has nothing of it: it is under a key.
        Assert.NotEqual(print, SHA256.HashData(content));
    }

    [Fact]
    public async Task ChunksAreHeldAgainstWhatWasRead()
    {
        var content = RandomNumberGenerator.GetBytes(3 * ChunkedEncryption.ChunkSize + 100);
        using var print = await ContentPrint.ReadAsync(new MemoryStream(content), content.Length, None);
        Assert.NotNull(print);
        Assert.True(print.Matches(0, content));
        Assert.True(print.Matches(ChunkedEncryption.ChunkSize, content.AsSpan(ChunkedEncryption.ChunkSize, ChunkedEncryption.ChunkSize)));
        Assert.True(print.Matches(3 * ChunkedEncryption.ChunkSize, content.AsSpan(3 * ChunkedEncryption.ChunkSize)));
        Assert.False(print.Matches(0, content.AsSpan(ChunkedEncryption.ChunkSize, ChunkedEncryption.ChunkSize)));
        Assert.False(print.Matches(1, content.AsSpan(1, ChunkedEncryption.ChunkSize)));
        Assert.False(print.Matches(0, content.AsSpan(0, 100)));
        Assert.False(print.Matches(3 * ChunkedEncryption.ChunkSize, new byte[101]));
        content[^1] ^= 1;
        Assert.False(print.Matches(0, content));
    }

    [Fact]
    public async Task AContentThatIsLongerOrShorterThanItSaidHasNoPrint()
    {
        foreach (var length in new[] { 0, 100, 16384, 262144 })
        {
            Assert.Null(await ContentPrint.ReadAsync(new MemoryStream(new byte[length + 1]), length, None));
            if (length > 0)
                Assert.Null(await ContentPrint.ReadAsync(new MemoryStream(new byte[length - 1]), length, None));
        }
    }

    [Fact]
    public void KeysComeFromOutputDomainPrintAndLayoutAlike()
    {
        using var output = Secret.Random(64);
        using var domain = Secret.Random(32);
        using var print = Secret.Random(32);
        using var other = Secret.Random(32);
        using var otherOutput = Secret.Random(64);
        byte[] layout = [4, 8, 1, 2, 3];
        var tags = new List<string>();
        foreach (var (y, d, x, l) in new[] { (output, domain, print, layout), (otherOutput, domain, print, layout), (output, other, print, layout), (output, domain, other, layout),
            (output, domain, print, [4, 9, 1, 2, 3]) })
        {
            using var content = SharedContent.Derive(y, d, x, l);
            tags.Add(Convert.ToHexString(content.Tag()));
        }
        Assert.Equal(tags.Count, tags.Distinct().Count());
        using var again = SharedContent.Derive(output, domain, print, layout);
        Assert.Equal(tags[0], Convert.ToHexString(again.Tag()));
    }

    [Fact]
    public void AStoredAgainContentIsElsewhereAndOnlyItsDomainDeletes()
    {
        using var key = Secret.Random(32);
        using var content = SharedContent.Of(Secret.CopyOf(key.Bytes));
        var sequence = content.Sequence(8);
        Assert.Equal(sequence.Reveal(), content.Sequence(8).Reveal());
        Assert.Equal(8, sequence.Count);
        Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse(sequence.Reveal(), out _));
        using var first = content.Fragments(sequence, new byte[16]);
        using var same = content.Fragments(sequence, new byte[16]);
        using var second = content.Fragments(sequence, [.. new byte[15], 1]);
        Assert.Equal(Addresses(first), Addresses(same));
        Assert.Equal(first.BodySalt(), same.BodySalt());
        Assert.Empty(Addresses(first).Intersect(Addresses(second)));
        Assert.NotEqual(first.BodyKey.Bytes.ToArray(), second.BodyKey.Bytes.ToArray());
        // A record's own body under the same keys and number would be elsewhere too.
        using var own = FragmentKeys.Derive(key, sequence, SequenceKeyCustody.Carried, new byte[16]);
        Assert.Empty(Addresses(first).Intersect(Addresses(own)));

        using var domain = Secret.Random(32);
        using var stranger = Secret.Random(32);
        var address = Convert.FromHexString(Addresses(first)[0]);
        Assert.Equal(SharedContent.Owner(domain, address), SharedContent.Owner(domain, address));
        Assert.NotEqual(SharedContent.Owner(domain, address), SharedContent.Owner(stranger, address));
        Assert.NotEqual(SharedContent.Owner(domain, address), SharedContent.Owner(domain, Convert.FromHexString(Addresses(first)[1])));
        var reader = new byte[32];
        first.Owner(0, reader);
        Assert.NotEqual(SharedContent.Owner(domain, address), reader);
    }

    [Fact]
    public void WhatReleasesAReferenceIsOfOneDomainAddressOwnerAndRecord()
    {
        using var domain = Secret.Random(32);
        using var other = Secret.Random(32);
        var (address, owner, record) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(16));
        byte[][] releases =
        [
            SharedContent.Release(domain, address, owner, record), SharedContent.Release(other, address, owner, record), SharedContent.Release(domain, SHA256.HashData(address), owner, record),
            SharedContent.Release(domain, address, record, owner), SharedContent.Release(domain, address, owner, owner), SharedContent.Owner(domain, address),
        ];
        Assert.Equal(releases.Length, releases.Select(Convert.ToHexString).Distinct().Count());
        Assert.Equal(releases[0], SharedContent.Release(domain, address, owner, record));
    }

    private static string[] Addresses(FragmentKeys keys) => [.. Enumerable.Range(0, keys.Count).Select(i =>
    {
        var address = new byte[32];
        keys.Address(i, address);
        return Convert.ToHexString(address);
    })];

    private static async Task<byte[]> PrintAsync(byte[] content, Secret domain)
    {
        using var print = await ContentPrint.ReadAsync(new MemoryStream(content), content.Length, None);
        using var under = print!.Under(domain);
        return under.Bytes.ToArray();
    }
}
