using Salus.Crypto.Statistics.Computing;
using Salus.Protocol;
using Salus.Protocol.Statistics;

namespace Salus.Trustee.Peers;

/// <summary>One computation with both other trustees, who are known by their places in the order of the three.</summary>
internal sealed class PeerSession : IPeerChannel, IAsyncDisposable
{
    private readonly PeerNetwork _network;
    private readonly PeerLine?[] _lines;
    private readonly IReadOnlyList<VerifyingKey> _order;

    public PeerSession(PeerNetwork network, byte[] computation, IReadOnlyList<VerifyingKey> order, int self, PeerLine?[] lines) =>
        (_network, Computation, _order, Self, _lines) = (network, computation, order, self, lines);

    public byte[] Computation { get; }

    /// <summary>The place of this trustee, 0 to 2.</summary>
    public int Self { get; }

    public ValueTask SendAsync(int to, ReadOnlyMemory<byte> message, CancellationToken cancel) => Line(to).SendAsync(message, cancel);

    /// <summary>The next message of the peer, of this length; throws <see cref="PeerException"/> when it does not come.</summary>
    public ValueTask<byte[]> ReceiveAsync(int from, int length, CancellationToken cancel) => Line(from).ReceiveAsync(length, cancel);

    /// <summary>One round with both others; an empty message is none. Sends and receives at the same time, so that no queue stands still for another.</summary>
    public async ValueTask ExchangeAsync(
        ReadOnlyMemory<byte> toPrevious, ReadOnlyMemory<byte> toNext, Memory<byte> fromPrevious, Memory<byte> fromNext, CancellationToken cancel)
    {
        int previous = (Self + _lines.Length - 1) % _lines.Length, next = (Self + 1) % _lines.Length;
        await Task.WhenAll(PassAsync(previous, toPrevious, cancel), PassAsync(next, toNext, cancel), TakeAsync(previous, fromPrevious, cancel), TakeAsync(next, fromNext, cancel));
    }

    /// <summary>Everything that was sent has arrived: the computation may end here.</summary>
    public Task FlushAsync(CancellationToken cancel) => Task.WhenAll(_lines.OfType<PeerLine>().Select(line => line.FlushAsync(cancel)));

    /// <summary>The computation ends before its time.</summary>
    public Task LeaveAsync() => Task.WhenAll(_lines.OfType<PeerLine>().Select(line => line.LeaveAsync()));

    public async ValueTask DisposeAsync()
    {
        _network.Forget(this);
        foreach (var line in _lines.OfType<PeerLine>())
            await line.DisposeAsync();
    }

    public PeerLine? LineOf(VerifyingKey peer)
    {
        for (var i = 0; i < _lines.Length; i++)
            if (_order[i].Equals(peer))
                return _lines[i];
        return null;
    }

    private async Task PassAsync(int peer, ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        if (!message.IsEmpty)
            await SendAsync(peer, message, cancel);
    }

    private async Task TakeAsync(int peer, Memory<byte> message, CancellationToken cancel)
    {
        if (!message.IsEmpty)
            (await ReceiveAsync(peer, message.Length, cancel)).CopyTo(message);
    }

    private PeerLine Line(int peer) => _lines[peer] ?? throw new ArgumentOutOfRangeException(nameof(peer), "A trustee sends nothing to itself.");
}
