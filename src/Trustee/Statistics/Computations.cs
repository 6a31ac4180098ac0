using Salus.Hosting;

namespace Salus.Trustee.Statistics;

/// <summary>How many questions this trustee computes at once, and for how long.</summary>
internal sealed class Computations(IHostApplicationLifetime lifetime) : IDisposable
{
    private const int AtOnce = 4;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _free = new(AtOnce);

    /// <summary>A turn, or 429.</summary>
    public Turn Take() => _free.Wait(0) ? new Turn(_free, lifetime.ApplicationStopping) : throw ProblemException.TooMany(TimeSpan.FromSeconds(5));

    public void Dispose() => _free.Dispose();

    public sealed class Turn : IDisposable
    {
        private readonly SemaphoreSlim _free;
        private readonly CancellationTokenSource _ending;

        public Turn(SemaphoreSlim free, CancellationToken stopping)
        {
            _free = free;
            _ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            _ending.CancelAfter(Longest);
        }

        /// <summary>When the server stops or it has taken too long; not when whoever asked has gone.</summary>
        public CancellationToken Cancel => _ending.Token;

        public void Dispose()
        {
            _ending.Dispose();
            _free.Release();
        }
    }
}
