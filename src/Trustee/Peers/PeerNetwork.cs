using System.Collections.Concurrent;
using Salus.Crypto.Primitives;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Statistics;
using Salus.Trustee.Reencryption;

namespace Salus.Trustee.Peers;

/// <summary>
/// The computations of this trustee with the two others that its operator has named. Each side says hello by a signed message with a fresh secret; a hello waits until its
/// computation has begun here, as the same question reaches the three at different times. Nothing of strangers is kept or waited for.
/// </summary>
internal sealed class PeerNetwork : IDisposable
{
    /// <summary>Hellos that wait for their computation, at most.</summary>
    private const int WaitingHellos = 64;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly ServerIdentity _self;
    private readonly IReadOnlyList<Peer> _peers;
    private readonly TimeSpan _patience;
    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<string, PeerSession> _sessions = new();
    private readonly SemaphoreSlim _waiting = new(WaitingHellos);

    public PeerNetwork(TrusteeOptions options, ServerIdentity self)
    {
        (_self, _patience) = (self, TimeSpan.FromSeconds(options.PeerSeconds));
        _peers = [.. options.Peers(self.Key)];
        _http = new HttpClient(OutgoingHttp.Handler(options.Authority)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Begins a computation with the two others. Throws <see cref="PeerException"/> when one of them does not take part.</summary>
    /// <param name="computation">Its name, which is never used again.</param>
    /// <param name="order">The three trustees in the order that they count themselves in; this one is among them.</param>
    public async Task<PeerSession> OpenAsync(byte[] computation, IReadOnlyList<VerifyingKey> order, CancellationToken cancel)
    {
        var self = order.ToList().IndexOf(_self.Key);
        var (lines, hellos) = (new PeerLine?[order.Count], new PeerHello[order.Count]);
        for (var i = 0; i < lines.Length; i++)
            if (i != self)
            {
                var peer = _peers.FirstOrDefault(known => known.Key.Equals(order[i]))
                    ?? throw ProblemException.Conflict("The study names other trustees than this one's configuration.");
                hellos[i] = PeerHello.Create(_self.Signing, peer.Key, peer.Box, computation, out var cipher);
                lines[i] = new PeerLine(peer, _http, _self.Key, hellos[i], cipher, _patience);
            }
        var session = new PeerSession(this, computation, order, self, lines);
        try
        {
            if (!_sessions.TryAdd(Name(computation), session))
                throw ProblemException.Replayed();
            await Task.WhenAll(Enumerable.Range(0, lines.Length).Where(i => i != self).Select(i => lines[i]!.GreetAsync(hellos[i], cancel)));
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public void Forget(PeerSession session) => _sessions.TryRemove(new KeyValuePair<string, PeerSession>(Name(session.Computation), session));

    /// <summary>204: the peer is heard in the computation, which runs here.</summary>
    public async Task<IResult> HelloAsync(HttpRequest request, CancellationToken cancel)
    {
        if (!PeerHello.TryVerify(await request.BytesAsync(cancel), out var hello) || !hello.Receiver.Equals(_self.Key) || !_peers.Any(peer => peer.Key.Equals(hello.Sender))
            || !hello.TryOpen(_self.Unboxing, out var cipher))
            throw ProblemException.BadRequest("This is no hello of a trustee that this one computes with.");
        var taken = false;
        try
        {
            taken = (await FindAsync(hello.Computation, cancel))?.LineOf(hello.Sender) is { } line && line.TryTake(cipher);
            return taken ? TypedResults.NoContent() : throw ProblemException.NotFound();
        }
        finally
        {
            if (!taken)
                cipher.Dispose();
        }
    }

    /// <summary>204: the pieces are what the peer sealed, next in order, and taken.</summary>
    public async Task<IResult> PiecesAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = await request.BytesAsync(cancel);
        if (!PeerLine.TryReadHeader(body, out var computation, out var sender))
            throw ProblemException.BadRequest("These are no pieces.");
        if (!_sessions.TryGetValue(Name(computation), out var session) || session.LineOf(sender) is not { } line)
            throw ProblemException.NotFound();
        try
        {
            return await line.TryTakeAsync(body, cancel) ? TypedResults.NoContent() : throw ProblemException.BadRequest("These pieces are not what the peer sealed, or not in their place.");
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or System.Threading.Channels.ChannelClosedException)
        {
            throw ProblemException.NotFound(); // the computation has ended meanwhile
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _waiting.Dispose();
    }

    private async Task<PeerSession?> FindAsync(byte[] computation, CancellationToken cancel)
    {
        var name = Name(computation);
        if (_sessions.TryGetValue(name, out var session) || !await _waiting.WaitAsync(0, cancel))
            return session;
        try
        {
            for (var end = Environment.TickCount64 + (long)_patience.TotalMilliseconds / 2; Environment.TickCount64 < end;)
            {
                await Task.Delay(Look, cancel);
                if (_sessions.TryGetValue(name, out session))
                    return session;
            }
            return null;
        }
        finally
        {
            _waiting.Release();
        }
    }

    private static string Name(byte[] computation) => Convert.ToHexString(computation);
}
