using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Salus.Crypto.Merkle;
using Salus.Protocol;
using Salus.Protocol.Audit;
using Salus.Protocol.Http;

namespace Salus.Store.Tests;

public sealed class ChallengeTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(4096)]
    [InlineData(70_016)]
    [InlineData(9_000_000 / 64 * 64)]
    public async Task LeavesComeWithProofsThatHold(int units)
    {
        await using var store = await StoreHost.StartAsync();
        var (fragment, root, leaves) = Leaved(units);
        (await store.PutAsync(fragment)).Dispose();
        long[] asked = [.. new long[] { 0, 1, leaves / 2, leaves - 2, leaves - 1 }.Distinct().Order()];

        var answer = await AnswerAsync(store, fragment, asked);

        Assert.Equal(root, answer.Root);
        Assert.Equal(fragment.Bytes[..4096], answer.Leaves[0].Data);
        Assert.Equal(fragment.Bytes[^32..], answer.Leaves[^1].Data);
        Assert.All(asked.Zip(answer.Leaves), pair => Assert.True(Holds(pair.Second, pair.First, leaves, root)));
    }

    [Fact]
    public async Task AsManyLeavesAsAChallengeMayNameAreAnswered()
    {
        await using var store = await StoreHost.StartAsync();
        var (fragment, root, leaves) = Leaved(4096 * 400);
        (await store.PutAsync(fragment)).Dispose();
        long[] asked = [.. Enumerable.Range(100, Limits.MaxChallengeLeaves).Select(i => (long)i)];

        var answer = await AnswerAsync(store, fragment, asked);

        Assert.All(asked.Zip(answer.Leaves), pair => Assert.True(Holds(pair.Second, pair.First, leaves, root)));
    }

    [Fact]
    public async Task ARottenLeafIsHandedOutAsItIsAndItsNeighboursHold()
    {
        await using var store = await StoreHost.StartAsync();
        var (fragment, root, leaves) = Leaved(40_960);
        (await store.PutAsync(fragment)).Dispose();
        Rot(store, 4096 * 3 + 17);

        var answer = await AnswerAsync(store, fragment, [2, 3, 4]);

        Assert.Equal(root, answer.Root);
        Assert.Equal([true, false, true], answer.Leaves.Select((leaf, i) => Holds(leaf, i + 2, leaves, root)));
    }

    [Fact]
    public async Task RottenLeafHashesShowInTheRootThatTheyGive()
    {
        await using var store = await StoreHost.StartAsync();
        var (fragment, root, leaves) = Leaved(40_960);
        (await store.PutAsync(fragment)).Dispose();
        Rot(store, 4096 + 40_960 + 5 * 32);

        var answer = await AnswerAsync(store, fragment, [1, 9]);

        Assert.NotEqual(root, answer.Root);
        Assert.Equal([false, false], answer.Leaves.Select((leaf, i) => Holds(leaf, i == 0 ? 1 : 9, leaves, root)));
        Assert.Equal([true, true], answer.Leaves.Select((leaf, i) => Holds(leaf, i == 0 ? 1 : 9, leaves, answer.Root)));
    }

    [Fact]
    public async Task AFileThatHasLostBytesIsSaidToBeDamaged()
    {
        await using var store = await StoreHost.StartAsync();
        var (fragment, _, _) = Leaved(40_960);
        (await store.PutAsync(fragment)).Dispose();
        using (var file = new FileStream(DataOf(store), FileMode.Open))
            file.SetLength(file.Length - 64);

        using var response = await SendAsync(store, fragment, LeafChallenge.Of([1]).ToBytes());

        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        Assert.Equal(Problems.Damaged, await response.ProblemAsync());
    }

    [Fact]
    public async Task WhatIsNoFragmentOfTheDispersalIsDamaged()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        (await store.PutAsync(fragment)).Dispose();

        using var response = await SendAsync(store, fragment, LeafChallenge.Of([0]).ToBytes());

        Assert.Equal(Problems.Damaged, await response.ProblemAsync());
    }

    [Fact]
    public async Task HostileChallengesAreRefused()
    {
        await using var store = await StoreHost.StartAsync();
        var (fragment, _, leaves) = Leaved(40_960);
        (await store.PutAsync(fragment)).Dispose();
        var good = LeafChallenge.Of([1, 2]).ToBytes();

        foreach (var bytes in (byte[][])[[], good[..^1], [.. good, 0], LeafChallenge.Of([leaves]).ToBytes(), LeafChallenge.Of([1, 1L << 39]).ToBytes()])
        {
            using var response = await SendAsync(store, fragment, bytes);
            Assert.Equal(Problems.BadRequest, await response.ProblemAsync());
        }
        using (var tooLong = await SendAsync(store, fragment, new byte[LeafChallenge.MaxSize + 1]))
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLong.StatusCode);
        using (var unknown = await SendAsync(store, Fragment.Random(1), good))
            Assert.Equal(Problems.NotFound, await unknown.ProblemAsync());
        using var upper = await store.Client.PostAsync(new Uri($"/v1/fragments/{fragment.Address.ToUpperInvariant()}x/challenge", UriKind.Relative), Body(good));
        Assert.Equal(HttpStatusCode.BadRequest, upper.StatusCode);
    }

    [Fact]
    public async Task SoManyAtOnceAreAnsweredAndNoMore()
    {
        await using var store = await StoreHost.StartAsync();
        var (fragment, _, _) = Leaved(40_960);
        (await store.PutAsync(fragment)).Dispose();
        var slow = new List<TcpClient>();
        var address = store.Client.BaseAddress!;
        for (var i = 0; i < 16; i++)
        {
            var client = new TcpClient();
            slow.Add(client);
            await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST {fragment.Path}/challenge HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Length: 100\r\n\r\n"),
                TestContext.Current.CancellationToken);
        }
        Assert.True(await BecomesAsync(HttpStatusCode.TooManyRequests));
        slow.ForEach(client => client.Dispose());
        Assert.True(await BecomesAsync(HttpStatusCode.OK));

        async Task<bool> BecomesAsync(HttpStatusCode wanted)
        {
            for (var tries = 0; tries < 200; tries++, await Task.Delay(50, TestContext.Current.CancellationToken))
                using (var response = await SendAsync(store, fragment, LeafChallenge.Of([1]).ToBytes()))
                    if (response.StatusCode == wanted)
                        return true;
            return false;
        }
    }

    /// <summary>A fragment as the dispersal makes it, of random bytes: header, units, leaf hashes, next label.</summary>
    private static (Fragment Fragment, byte[] Root, long Leaves) Leaved(int units)
    {
        var (head, label) = (RandomNumberGenerator.GetBytes(4096 + units), RandomNumberGenerator.GetBytes(32));
        var hashes = new List<byte>();
        var hash = new byte[32];
        foreach (var leaf in head.Chunk(4096).Append(label))
        {
            MerkleTree.LeafHash(leaf, hash);
            hashes.AddRange(hash);
        }
        var root = new byte[32];
        MerkleTree.Root(hashes.ToArray(), root);
        return (Fragment.Random(1) with { Bytes = [.. head, .. hashes, .. label] }, root, hashes.Count / 32);
    }

    private static bool Holds(ProvenLeaf leaf, long index, long leaves, byte[] root)
    {
        var hash = new byte[32];
        MerkleTree.LeafHash(leaf.Data, hash);
        return MerkleTree.VerifyInclusion(hash, index, leaves, leaf.Proof, root);
    }

    private static async Task<LeafAnswer> AnswerAsync(StoreHost store, Fragment fragment, long[] leaves)
    {
        using var response = await SendAsync(store, fragment, LeafChallenge.Of(leaves).ToBytes());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(LeafAnswer.TryRead(await response.Content.ReadAsByteArrayAsync(), leaves.Length, out var answer));
        return answer;
    }

    private static Task<HttpResponseMessage> SendAsync(StoreHost store, Fragment fragment, byte[] challenge) =>
        store.Client.PostAsync(new Uri(fragment.Path + "/challenge", UriKind.Relative), Body(challenge));

    private static ByteArrayContent Body(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };

    private static string DataOf(StoreHost store) => Assert.Single(Directory.EnumerateFiles(store.Data, "data", SearchOption.AllDirectories));

    private static void Rot(StoreHost store, long at)
    {
        using var file = new FileStream(DataOf(store), FileMode.Open);
        file.Position = at;
        var octet = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(octet ^ 4));
    }
}
