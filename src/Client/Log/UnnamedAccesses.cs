using Salus.Client.Accounts;
using Salus.Crypto.Merkle;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>
/// Accesses that are in the log and in nobody's journal: whoever announced them was not answered; or one trustee hides them and the other that answered is away or has lost them. The log is looked
/// through from where this device came to before, and every entry that opens to the account is held against the journals.
/// </summary>
internal sealed class UnnamedAccesses(Account account)
{
    /// <summary>Looked at in one go; the rest follows the next time. The cloud alone says how large its log is.</summary>
    public const int MaxEntries = 1 << 16;

    /// <summary>Those that are remembered, to be shown again: the oldest, so that nobody announces others to have the first ones forgotten.</summary>
    private const int MaxKept = 256;

    public List<string> Complaints { get; } = [];

    /// <summary>Those by the owner's leave, under the newest head. Others are announcements that anybody can enter: they are counted among the complaints.</summary>
    /// <param name="named">What the journals name.</param>
    /// <param name="since">When the journals were asked for a part: then that part is compared, and the log looked at again the next time.</param>
    public async Task<IReadOnlyList<Access>> FindAsync(IReadOnlyList<Access> named, Func<Access, bool> isPermitted, DateTimeOffset? since, CancellationToken cancel)
    {
        var foreign = 0;
        var statements = named.Select(access => Convert.ToHexString(access.Statement.Hash)).ToHashSet();
        var known = account.State.Content;
        var unnamed = new List<Access>();
        // 1 Those of before: a trustee that is back may name them.
        foreach (var index in known.UnnamedAccesses)
            await AddAsync(index, await account.Log.EntryAsync(index, cancel));
        // 2 What the log has got since.
        var size = account.Log.Head?.Size ?? 0;
        var (from, end) = (known.LogSearched, Math.Min(size, known.LogSearched + MaxEntries));
        for (var index = from; index < end;)
        {
            var bundle = await account.Log.BundleAsync(index, cancel);
            for (var at = (int)(index % TreeTile.FullWidth); at < bundle.Count && index < end; at++, index++)
                await AddAsync(index, bundle[at]);
        }
        if (foreign > 0)
            Complaints.Add($"The log has {foreign} announcements of accesses to your data by accounts that you have not permitted that. No trustee has answered them.");
        if (end < size)
            Complaints.Add($"{end} of the log's {size} entries were looked through for accesses to your data. Repeat `salus log --verify` for those that follow.");
        // 3
        if (since is { } begin)
            return [.. unnamed.Where(access => access.At >= begin + Limits.ClockTolerance)];
        known.LogSearched = end;
        known.UnnamedAccesses = [.. unnamed.Select(access => access.Index).Take(MaxKept)];
        await account.State.SaveAsync();
        return unnamed;

        async Task AddAsync(long index, LogEntry entry)
        {
            if (AccessEntry.IsFor(entry, account.Keys.Box) && await AccessEntry.OpenAsync(entry, account.Keys.Box, account.Id) is { } statement
                && statements.Add(Convert.ToHexString(statement.Hash)))
            {
                var access = new Access(statement, index, []);
                if (isPermitted(access))
                    unnamed.Add(access);
                else
                    foreign++;
            }
        }
    }
}
