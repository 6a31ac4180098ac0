using System.Net;
using System.Net.Sockets;
using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Sharing;

namespace Salus.Bench.Shares;

/// <summary>
/// A party's connections to both neighbours on this machine: plain TCP, messages as they are, for the trustees' own channel adds what the network needs. Counts what it sends.
/// </summary>
internal sealed class LoopbackRing : IPeerChannel, IDisposable
{
    private readonly TcpClient _previous;
    private readonly TcpClient _next;

    private LoopbackRing(TcpClient previous, TcpClient next)
    {
        (_previous, _next) = (previous, next);
        _previous.NoDelay = _next.NoDelay = true;
    }

    public long Sent { get; private set; }

    public static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    public static async Task<LoopbackRing> ConnectAsync(int party, TcpListener listener, int[] ports)
    {
        var next = new TcpClient();
        await next.ConnectAsync(IPAddress.Loopback, ports[Parties.Next(party)]);
        return new LoopbackRing(await listener.AcceptTcpClientAsync(), next);
    }

    public async ValueTask ExchangeAsync(
        ReadOnlyMemory<byte> toPrevious, ReadOnlyMemory<byte> toNext, Memory<byte> fromPrevious, Memory<byte> fromNext, CancellationToken cancel)
    {
        Sent += toPrevious.Length + toNext.Length;
        if (!toPrevious.IsEmpty)
            await _previous.GetStream().WriteAsync(toPrevious, cancel);
        if (!toNext.IsEmpty)
            await _next.GetStream().WriteAsync(toNext, cancel);
        if (!fromPrevious.IsEmpty)
            await _previous.GetStream().ReadExactlyAsync(fromPrevious, cancel);
        if (!fromNext.IsEmpty)
            await _next.GetStream().ReadExactlyAsync(fromNext, cancel);
    }

    /// <summary>Returns at about the same time for all three; does not count.</summary>
    public async ValueTask MeetAsync()
    {
        var sent = Sent;
        byte[] one = new byte[1], other = new byte[1];
        for (var round = 0; round < 2; round++)
            await ExchangeAsync(one, one, one.AsMemory(), other, CancellationToken.None);
        Sent = sent;
    }

    public void Dispose()
    {
        _previous.Dispose();
        _next.Dispose();
    }
}
