using System.Threading.RateLimiting;
using Salus.Protocol;

namespace Salus.Trustee.Reencryption;

/// <summary>
/// How often one key may ask, whatever address it asks from. Counted once the key's signature is verified, so that nobody spends another's turns.
/// </summary>
internal sealed class RequesterLimits(int burst, int perSecond) : IDisposable
{
    private readonly PartitionedRateLimiter<VerifyingKey> _limiter = PartitionedRateLimiter.Create<VerifyingKey, VerifyingKey>(key =>
        RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            AutoReplenishment = true,
        }));

    /// <summary>Takes one turn of the key's.</summary>
    public bool TryTake(VerifyingKey signer)
    {
        using var lease = _limiter.AttemptAcquire(signer);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
