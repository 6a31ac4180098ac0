using System.Collections.Concurrent;

namespace Salus.Client.Sealing;

/// <summary>
/// Hands one value from each batch to the next: batch i waits for what batch i - 1 gives. Batches are taken up in order, so whoever waits waits for one at work.
/// </summary>
internal sealed class Relay<T>
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource<T>> _slots = new();

    public void Give(long batch, T value) => Slot(batch).SetResult(value);

    public async ValueTask<T> TakeAsync(long batch, CancellationToken cancellation)
    {
        var value = await Slot(batch).Task.WaitAsync(cancellation);
        _slots.TryRemove(batch, out _);
        return value;
    }

    private TaskCompletionSource<T> Slot(long batch) => _slots.GetOrAdd(batch, _ => new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously));
}
