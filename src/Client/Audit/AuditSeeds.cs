using Salus.Client.Accounts;
using Salus.Protocol.Http;

namespace Salus.Client.Audit;

/// <summary>Where audits get their seed.</summary>
internal static class AuditSeeds
{
    public static Task<AuditSeed> NextAsync(Account account, TimeProvider clock, CancellationToken cancel)
    {
        _ = (account, cancel);
        return Task.FromResult(AuditSeed.Random(clock));
    }

    public static Task<AuditSeed> NextAsync(HttpClient http, PartyDirectory parties, TimeProvider clock, CancellationToken cancel)
    {
        _ = (http, parties, cancel);
        return Task.FromResult(AuditSeed.Random(clock));
    }
}
