using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Salus.Hosting;

/// <summary>
/// Every request counts against its remote address; an endpoint may set tighter limits, for each address, for each session, or on how many run at once. Who asks too often gets 429 with
/// Retry-After. A session is known by the hash of its Authorization header, so that no token stays in memory; requests without one count by address.
/// </summary>
public static class RateLimits
{
    private enum By { Address, Session }

    /// <summary>Lets one remote address (an IPv6 /64) call this endpoint so many times in a period; they come back evenly over the period.</summary>
    public static TBuilder LimitByAddress<TBuilder>(this TBuilder endpoint, int requests, TimeSpan per) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Limit(By.Address, requests, per));

    /// <summary>Lets one session call this endpoint so many times in a period; they come back evenly over the period.</summary>
    public static TBuilder LimitBySession<TBuilder>(this TBuilder endpoint, int requests, TimeSpan per) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Limit(By.Session, requests, per));

    /// <summary>Lets so many calls of this endpoint run at once: from all addresses together, and from one.</summary>
    public static TBuilder LimitAtOnce<TBuilder>(this TBuilder endpoint, int calls, int ofOneAddress) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Crowd(calls, ofOneAddress));

    internal static void Apply(RateLimiterOptions options, int requestsPerSecond)
    {
        var everything = new Limit(By.Address, checked(requestsPerSecond * 4), TimeSpan.FromSeconds(4));
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, Partition>(context => everything.For(context, "")),
            PartitionedRateLimiter.Create<HttpContext, Partition>(context => OfEndpoint(context, By.Address)),
            PartitionedRateLimiter.Create<HttpContext, Partition>(context => OfEndpoint(context, By.Session)),
            PartitionedRateLimiter.Create<HttpContext, Partition>(context => AtOnce(context, AddressOf(context), crowd => crowd.OfOneAddress)),
            PartitionedRateLimiter.Create<HttpContext, Partition>(context => AtOnce(context, "", crowd => crowd.Calls)));
        options.OnRejected = (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : TimeSpan.FromSeconds(1);
            return new ValueTask(ProblemResponses.Write(rejected.HttpContext, ProblemException.TooMany(wait)));
        };
    }

    private static RateLimitPartition<Partition> OfEndpoint(HttpContext context, By by)
    {
        var endpoint = context.GetEndpoint();
        var limit = endpoint?.Metadata.GetOrderedMetadata<Limit>().LastOrDefault(limit => limit.By == by);
        return limit?.For(context, endpoint!.DisplayName ?? "") ?? RateLimitPartition.GetNoLimiter(default(Partition));
    }

    private static RateLimitPartition<Partition> AtOnce(HttpContext context, string caller, Func<Crowd, int> most) =>
        context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<Crowd>() is { } crowd
            ? RateLimitPartition.GetConcurrencyLimiter(new Partition(endpoint.DisplayName ?? "", caller), _ => new ConcurrencyLimiterOptions { PermitLimit = most(crowd), QueueLimit = 0 })
            : RateLimitPartition.GetNoLimiter(default(Partition));

    private static string AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }

    private static string SessionOf(HttpContext context)
    {
        var token = context.Request.Headers.Authorization.ToString();
        return token.Length == 0 ? AddressOf(context) : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)).AsSpan(0, 16));
    }

    private readonly record struct Partition(string Endpoint, string Caller);

    private sealed record Crowd(int Calls, int OfOneAddress);

    private sealed record Limit(By By, int Requests, TimeSpan Per)
    {
        public RateLimitPartition<Partition> For(HttpContext context, string endpoint) =>
            RateLimitPartition.GetTokenBucketLimiter(new Partition(endpoint, By == By.Address ? AddressOf(context) : SessionOf(context)), _ => Bucket());

        /// <summary>The bucket holds the whole period's requests; about one comes back every period/requests, at least every 10 ms.</summary>
        private TokenBucketRateLimiterOptions Bucket()
        {
            var step = TimeSpan.FromTicks(Math.Max(TimeSpan.FromMilliseconds(10).Ticks, Per.Ticks / Requests));
            return new()
            {
                TokenLimit = Requests,
                ReplenishmentPeriod = step,
                TokensPerPeriod = Math.Max(1, (int)(Requests * step.Ticks / Per.Ticks)),
                AutoReplenishment = true,
                QueueLimit = 0,
            };
        }
    }
}
