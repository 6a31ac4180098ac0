using Salus.Client.Transport;
using Salus.Client.Uploads;
using Salus.Protocol.Http;

namespace Salus.Client.Audit;

/// <summary>An audit by a list, for whoever has no account: it asks the stores and, for the seed, the log, and tells nobody who asks.</summary>
public static class ListAudit
{
    /// <param name="addresses">Where the servers are now, when that is known better than by the list: a store is the same by its key. Null: as the list says.</param>
    public static async Task<AuditReport> RunAsync(AuditList list, PartyDirectory? addresses, AuditSettings settings, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var parties = addresses ?? list.Parties;
        using var http = Web.Open(parties);
        StoreApi[] stores = [.. parties.Stores.Select(store => new StoreApi(http, store))];
        var seed = await AuditSeeds.NextAsync(parties, settings.Clock, cancel);
        return await new Auditing(stores, settings).RunAsync(list.Targets(), seed, [], progress, cancel);
    }
}
