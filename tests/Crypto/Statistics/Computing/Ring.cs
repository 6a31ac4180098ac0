using System.Threading.Channels;
using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Sharing;

namespace Salus.Crypto.Tests.Statistics.Computing;

/// <summary>Three parties in one process. What each sends can be altered on its way, which is all that a cheating party can do to the others.</summary>
internal sealed class Ring
{
    private readonly Channel<byte[]>[,] _wires = new Channel<byte[]>[Parties.Count, Parties.Count];

    public Ring()
    {
        for (var from = 0; from < Parties.Count; from++)
            for (var to = 0; to < Parties.Count; to++)
                _wires[from, to] = Channel.CreateUnbounded<byte[]>();
    }

    /// <summary>Alters message number n from one party to another.</summary>
    public Func<int, int, int, byte[], byte[]> Alter { get; init; } = (_, _, _, message) => message;

    /// <summary>Every message as it was received: from, to, message.</summary>
    public List<(int From, int To, byte[] Message)> Received { get; } = [];

    /// <summary>Rounds that each party has begun.</summary>
    public int[] Rounds { get; } = new int[Parties.Count];

    /// <summary>Runs the steps for all three. An exception of one is kept and cuts its wires.</summary>
    public async Task<Outcome<T>[]> RunAsync<T>(Func<Computation, Task<T>> steps, Func<int, string>? context = null)
    {
        return await Task.WhenAll(Enumerable.Range(0, Parties.Count).Select(async party =>
        {
            try
            {
                using var computation = await Computation.StartAsync(
                    new Node(this, party), party, System.Text.Encoding.UTF8.GetBytes(context?.Invoke(party) ?? "test"), CancellationToken.None);
                return new Outcome<T>(await steps(computation), null);
            }
            catch (ComputationAbortedException aborted)
            {
                return new Outcome<T>(default, aborted.Reason);
            }
            finally
            {
                for (var to = 0; to < Parties.Count; to++)
                    _wires[party, to].Writer.TryComplete();
            }
        }));
    }

    public static async Task<T[]> ResultsAsync<T>(Func<Computation, Task<T>> steps)
    {
        var outcomes = await new Ring().RunAsync(steps);
        Assert.All(outcomes, outcome => Assert.Null(outcome.Reason));
        return [.. outcomes.Select(outcome => outcome.Result!)];
    }

    public static SecretVector[] Share(params long[] values) =>
        [.. Sharing.SharingTests.Split(values, out _).Select(pair => new SecretVector(pair))];

    private sealed class Node(Ring ring, int party) : IPeerChannel
    {
        private readonly int[] _sent = new int[Parties.Count];

        public async ValueTask ExchangeAsync(
            ReadOnlyMemory<byte> toPrevious, ReadOnlyMemory<byte> toNext, Memory<byte> fromPrevious, Memory<byte> fromNext, CancellationToken cancel)
        {
            ring.Rounds[party]++;
            Send(Parties.Previous(party), toPrevious);
            Send(Parties.Next(party), toNext);
            await ReceiveAsync(Parties.Previous(party), fromPrevious);
            await ReceiveAsync(Parties.Next(party), fromNext);
        }

        private void Send(int to, ReadOnlyMemory<byte> message)
        {
            if (!message.IsEmpty)
                ring._wires[party, to].Writer.TryWrite(ring.Alter(party, to, _sent[to]++, message.ToArray()));
        }

        private async ValueTask ReceiveAsync(int from, Memory<byte> message)
        {
            if (message.IsEmpty)
                return;
            if (!await ring._wires[from, party].Reader.WaitToReadAsync() || !ring._wires[from, party].Reader.TryRead(out var received))
                throw new ComputationAbortedException(AbortReason.Unreachable);
            if (received.Length != message.Length)
                throw new ComputationAbortedException(AbortReason.Malformed);
            lock (ring.Received)
                ring.Received.Add((from, party, received));
            received.CopyTo(message);
        }
    }
}

internal sealed record Outcome<T>(T? Result, AbortReason? Reason);
