using System.Threading.Channels;

namespace Salus.Browser.Tests.Operations;

/// <summary>Runs everything on one thread, as a worker in a browser does: operations meet only where they await.</summary>
internal sealed class OneThread : SynchronizationContext, IDisposable
{
    private readonly Channel<(SendOrPostCallback Work, object? State)> _queue = Channel.CreateUnbounded<(SendOrPostCallback, object?)>();

    public OneThread() => new Thread(Run) { IsBackground = true }.Start();

    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(async _ =>
        {
            try
            {
                done.SetResult(await work());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        }, null);
        return done.Task;
    }

    public override void Post(SendOrPostCallback d, object? state) => _queue.Writer.TryWrite((d, state));

    /// <summary>What is left of operations that nobody waits for is not done.</summary>
    public void Dispose() => _queue.Writer.Complete();

    private void Run()
    {
        SetSynchronizationContext(this);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            while (_queue.Reader.TryRead(out var next))
                next.Work(next.State);
    }
}
