using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Statistics;
using Salus.Trustee.Peers;

namespace Salus.Trustee.Tests;

public class PeerTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task MessagesOfAnyLengthArriveWholeAndInOrderInAllDirections()
    {
        await using var three = await Three.StartAsync();
        await using var sessions = await OpenAsync(three);
        int[] lengths = [0, 1, PeerLine.PieceSize - 1, PeerLine.PieceSize, PeerLine.PieceSize + 1, 0, 20 * 1024 * 1024];
        var messages = lengths.Select(RandomNumberGenerator.GetBytes).ToArray();
        await Task.WhenAll(sessions.All.SelectMany(session => Others(session).SelectMany(peer => new[] { SendAllAsync(session, peer), ReceiveAllAsync(session, peer) })));
        await Task.WhenAll(sessions.All.Select(session => session.FlushAsync(None)));

        async Task SendAllAsync(PeerSession session, int to)
        {
            foreach (var message in messages)
                await session.SendAsync(to, message, None);
        }

        async Task ReceiveAllAsync(PeerSession session, int from)
        {
            foreach (var message in messages)
                Assert.True((await session.ReceiveAsync(from, message.Length, None)).AsSpan().SequenceEqual(message));
        }
    }

    [Fact]
    public async Task AMessageOfAnotherLengthEndsTheComputationAndNamesTheSender()
    {
        foreach (var (sent, expected) in new[] { (3, 2), (2, 3), (PeerLine.PieceSize + 1, PeerLine.PieceSize), (PeerLine.PieceSize, PeerLine.PieceSize + 1) })
        {
            await using var three = await Three.StartAsync();
            await using var sessions = await OpenAsync(three);
            await sessions.All[1].SendAsync(0, new byte[sent], None);
            var failure = await Assert.ThrowsAsync<PeerException>(async () => await sessions.All[0].ReceiveAsync(1, expected, None));
            Assert.Equal(three.InOrder[1].Role, failure.Peer.Name);
        }
    }

    [Fact]
    public async Task WhoIsAwayOrStallsOrNeverBeginsIsNamed()
    {
        await using var three = await Three.StartAsync();
        foreach (var host in three.Hosts)
        {
            host.PeerSeconds = 2;
            await host.RestartAsync();
        }
        var name = three.InOrder[2].Role;

        // One of the three never begins.
        var computation = RandomNumberGenerator.GetBytes(32);
        var begun = await Task.WhenAll(three.InOrder.Take(2).Select(host => Record.ExceptionAsync(() => Network(host).OpenAsync(computation, three.Keys, None)).AsTask()));
        Assert.All(begun, failure => Assert.Equal(name, Assert.IsType<PeerException>(failure).Peer.Name));

        // It begins and says nothing.
        await using (var sessions = await OpenAsync(three))
            Assert.Equal($"{name} has stalled.", (await Assert.ThrowsAsync<PeerException>(async () => await sessions.All[0].ReceiveAsync(2, 1, None))).Message);

        // It leaves: the others need not wait.
        await using (var sessions = await OpenAsync(three))
        {
            await sessions.All[2].LeaveAsync();
            Assert.Equal($"{name} gave the computation up.", (await Assert.ThrowsAsync<PeerException>(async () => await sessions.All[0].ReceiveAsync(2, 1, None))).Message);
        }

        // It stops.
        await using (var sessions = await OpenAsync(three))
        {
            await three.InOrder[2].StopAsync();
            await sessions.All[0].SendAsync(2, new byte[1], None);
            Assert.Equal(name, (await Assert.ThrowsAsync<PeerException>(async () => await sessions.All[0].ReceiveAsync(2, 1, None))).Peer.Name);
        }
        var afterwards = await Assert.ThrowsAsync<PeerException>(() => Network(three.InOrder[0]).OpenAsync(RandomNumberGenerator.GetBytes(32), three.Keys, None));
        Assert.NotNull(afterwards.Peer.Name);
    }

    [Fact]
    public async Task ChangedPiecesEndTheComputationAndRepeatedOnesAreNotTakenTwice()
    {
        foreach (var kind in (string[])["changed", "dropped", "repeated", "again"])
        {
            await using var middleman = await new Middleman().StartAsync();
            await using var three = await Three.StartAsync((from, to) => Between(from, to, middleman));
            foreach (var host in three.Hosts)
            {
                host.PeerSeconds = 2;
                await host.RestartAsync();
            }
            await using var sessions = await OpenAsync(three);
            var (from, to) = (Array.IndexOf(three.InOrder, three.Hosts[0]), Array.IndexOf(three.InOrder, three.Hosts[1]));
            var first = true;
            middleman.Change = (path, body) =>
            {
                if (path != Paths.PeerPieces || kind is "repeated" or "again" || !first)
                    return body;
                first = false;
                if (kind == "dropped")
                    return null;
                body[^1] ^= 1;
                return body;
            };
            await sessions.All[from].SendAsync(to, new byte[] { 1 }, None);
            if (kind is "changed" or "dropped")
            {
                await Assert.ThrowsAsync<PeerException>(async () =>
                {
                    await Task.Delay(200, None);
                    await sessions.All[from].SendAsync(to, new byte[] { 2 }, None);
                    await sessions.All[to].ReceiveAsync(from, 1, None);
                });
                continue;
            }
            Assert.Equal([1], await sessions.All[to].ReceiveAsync(from, 1, None));
            var piece = middleman.Seen.Single(seen => seen.Path == Paths.PeerPieces);
            Assert.Equal(204, await middleman.SendAsync(piece.Path, piece.Body));
            await sessions.All[from].SendAsync(to, new byte[] { 2 }, None);
            Assert.Equal([2], await sessions.All[to].ReceiveAsync(from, 1, None));
            if (kind == "again")
            {
                // What was said in one computation says nothing in another, nor when the first is over.
                await using var other = await OpenAsync(three);
                byte[] moved = [.. other.All[0].Computation, .. piece.Body.AsSpan(32)];
                Assert.Equal(400, await middleman.SendAsync(piece.Path, moved));
                await sessions.DisposeAsync();
                Assert.Equal(404, await middleman.SendAsync(piece.Path, piece.Body));
                Assert.Equal(404, await middleman.SendAsync(Paths.PeerHellos, middleman.Seen.First(seen => seen.Path == Paths.PeerHellos).Body));
            }
        }
    }

    [Fact]
    public async Task OnlyTheTrusteesOfTheOperatorAreHeardAndNobodyReadsWhatTheySay()
    {
        await using var middleman = await new Middleman().StartAsync();
        await using var three = await Three.StartAsync((from, to) => Between(from, to, middleman));
        await using var sessions = await OpenAsync(three);
        var (host, computation) = (three.Hosts[1], sessions.All[0].Computation);
        using var stranger = SigningKey.Generate();
        var strange = PeerHello.Create(stranger, host.Key, host.Box, computation, out var cipher);
        using var ciphered = cipher;
        (await host.PostAsync(Paths.PeerHellos, strange.Signed)).Refuses(400, Problems.BadRequest);
        (await host.PostAsync(Paths.PeerHellos, [1])).Refuses(400, Problems.BadRequest);
        var hello = middleman.Seen.First(seen => seen.Path == Paths.PeerHellos).Body;
        (await host.PostAsync(Paths.PeerHellos, hello)).Refuses(404, Problems.NotFound); // it has been said
        (await three.Hosts[2].PostAsync(Paths.PeerHellos, hello)).Refuses(400, Problems.BadRequest); // to another
        for (var i = 0; i < hello.Length; i += 7)
        {
            byte[] changed = [.. hello];
            changed[i] ^= 0x20;
            (await host.PostAsync(Paths.PeerHellos, changed)).Refuses(400, Problems.BadRequest);
        }
        foreach (var body in (byte[][])[[], new byte[71], new byte[72], [.. computation, .. stranger.PublicKey.Bytes, .. new byte[8]]])
            Assert.Contains((await host.PostAsync(Paths.PeerPieces, body)).Status, (int[])[400, 404]);
        foreach (var tail in (byte[][])[[0], [0, 0, 0, 0], [0, 0, 0, 1, 1], [255, 255, 255, 255], [0, 0, 0, 17, .. new byte[17]]])
            (await host.PostAsync(Paths.PeerPieces, [.. computation, .. three.Hosts[0].Key.Bytes, .. new byte[8], .. tail])).Refuses(400, Problems.BadRequest);

        var secret = RandomNumberGenerator.GetBytes(64);
        var (first, second) = (Array.IndexOf(three.InOrder, three.Hosts[0]), Array.IndexOf(three.InOrder, host));
        await sessions.All[first].SendAsync(second, secret, None);
        Assert.Equal(secret, await sessions.All[second].ReceiveAsync(first, 64, None));
        Assert.All(middleman.Seen, seen => Assert.True(seen.Body.AsSpan().IndexOf(secret.AsSpan(0, 8)) < 0));
        Assert.Contains(middleman.Seen, seen => seen.Path == Paths.PeerPieces);
    }

    private static Uri Between(TrusteeHost from, TrusteeHost to, Middleman middleman)
    {
        if (from.Role != "trustee1" || to.Role != "trustee2")
            return to.Url;
        middleman.To = to.Url;
        return middleman.Url;
    }

    private static IEnumerable<int> Others(PeerSession session) => Enumerable.Range(0, 3).Where(place => place != session.Self);

    private static PeerNetwork Network(TrusteeHost host) => host.Services.GetRequiredService<PeerNetwork>();

    private static async Task<Sessions> OpenAsync(Three three)
    {
        var computation = RandomNumberGenerator.GetBytes(32);
        return new Sessions(await Task.WhenAll(three.InOrder.Select(host => Network(host).OpenAsync(computation, three.Keys, None))));
    }

    private sealed record Sessions(PeerSession[] All) : IAsyncDisposable
    {
        private bool _disposed;

        public async ValueTask DisposeAsync()
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (var session in All)
                await session.DisposeAsync();
        }
    }
}
