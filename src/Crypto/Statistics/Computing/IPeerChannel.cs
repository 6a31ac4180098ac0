namespace Salus.Crypto.Statistics.Computing;

/// <summary>
/// How a party reaches the two others: the network's edge. Messages are authenticated as those of the party, of this computation and in this order, and only the two ends
/// read them; who implements this answers for that.
/// </summary>
public interface IPeerChannel
{
    /// <summary>
    /// One round: sends to both, then waits for both. Lengths are fixed by the computation, and an empty one stands for no message at all. Throws
    /// <see cref="ComputationAbortedException"/> when what comes has another length or does not come.
    /// </summary>
    ValueTask ExchangeAsync(
        ReadOnlyMemory<byte> toPrevious, ReadOnlyMemory<byte> toNext, Memory<byte> fromPrevious, Memory<byte> fromNext, CancellationToken cancel);
}
