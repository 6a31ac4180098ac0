using Salus.Client.Accounts;
using Salus.Protocol;

namespace Salus.Client.Search;

/// <summary>The index updates that the cloud hands out, page by page to the end, each verified for itself.</summary>
internal static class IndexUpdates
{
    /// <summary>Updates of one owner, at most: far more than compaction leaves.</summary>
    private const int Max = 100_000;

    /// <param name="partition">Null for all of the owner's.</param>
    public static async Task<IReadOnlyList<IndexUpdate>> FetchAsync(Account account, AccountId owner, PartitionId? partition, CancellationToken cancel)
    {
        var updates = new List<IndexUpdate>();
        var cursors = new HashSet<string>();
        for (string? after = null; ;)
        {
            var page = await account.Cloud.Index.UpdatesAsync(owner, partition, after, cancel);
            foreach (var signed in page.Updates)
                updates.Add(IndexUpdate.TryVerify(signed, out var update) && update.Owner == owner && (partition is null || update.Partition == partition)
                    ? update
                    : throw new AlarmException(AlarmKind.Integrity, "The cloud shows an update of the search index that its source has not signed."));
            if (page.Next is null)
                return updates;
            // Every page brings something, or a cloud could go on for ever.
            if (page.Updates.Count == 0 || !cursors.Add(page.Next) || updates.Count > Max)
                throw new AlarmException(AlarmKind.Integrity, "The cloud's list of index updates has no end.");
            after = page.Next;
        }
    }
}
