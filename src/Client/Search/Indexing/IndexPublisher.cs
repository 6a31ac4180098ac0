using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Search.Segments;
using Salus.Client.Transport;
using Salus.Client.Uploads;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Search.Indexing;

/// <summary>
/// Brings staged segments to the cloud and into the index: 1 their dictionaries and blocks, each from where the cloud stands, 2 an update signed as the next of this account's
/// chain, kept before it is sent, 3 sent. A kill at any place loses nothing and enters nothing twice: what was signed is sent again as it is, and signed anew only when another
/// device of the account was first, which the cloud shows, or the cloud does not have it and it has grown too old for a patient's index.
/// </summary>
internal sealed class IndexPublisher(Account account)
{
    private const int Attempts = 8;

    private readonly SegmentUploader _uploader = new(account);

    private IndexApi Cloud => account.Cloud.Index;

    /// <param name="index">From a plan or journal.</param>
    /// <param name="folder">Where the segments' files are.</param>
    /// <param name="keep">Writes the plan or journal with what it is given in the place of <paramref name="index"/>, durably.</param>
    /// <returns>False when a patient lets this account add nothing there any more, or the partition is in another epoch by now: the segments cannot be entered.</returns>
    public async Task<bool> PublishAsync(PlannedIndex index, string folder, Func<PlannedIndex, Task> keep, CancellationToken cancel)
    {
        var (owner, partition) = (Id<AccountId>(index.Owner), Id<PartitionId>(index.Partition));
        try
        {
            return await PublishAsync(index, owner, partition, folder, keep, cancel);
        }
        catch (RefusedException refused) when (owner != account.Id && refused.Code is Problems.NotGranted or Problems.NotYours)
        {
            return false;
        }
    }

    private async Task<bool> PublishAsync(PlannedIndex index, AccountId owner, PartitionId partition, string folder, Func<PlannedIndex, Task> keep, CancellationToken cancel)
    {
        var source = account.Keys.Identity.PublicKey;
        var infos = index.Segments.Select(segment => segment.Info(source)).ToArray();
        // Sent before a kill, perhaps.
        IndexUpdate? update = null;
        if (index.Update is not null && (!IndexUpdate.TryVerify(index.Update, out update) || !update.Source.Equals(source) || update.Owner != owner))
            throw Damaged();
        if (update is not null && await TrySendAsync(update, cancel))
        {
            await RememberAsync(update);
            return true;
        }
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // What was never signed cannot be in the index, and what this device has seen last is most often the end of the chain: then nothing is asked.
            var isFirst = attempt == 0 && update is null;
            // 1
            var entered = 0;
            foreach (var info in infos)
                entered += await UploadAsync(info, owner, partition, folder, isFirst, cancel) ? 1 : 0;
            if (entered == infos.Length)
                return true;
            // 2
            var head = isFirst && Seen(owner, partition) is { } seen ? seen : await HeadAsync(owner, partition, cancel);
            update = IndexUpdate.Create(account.Keys.Identity, owner, partition, head, account.Now, infos);
            await keep(index with { Update = update.Signed });
            // 3
            if (await TrySendAsync(update, cancel))
            {
                await RememberAsync(update);
                return true;
            }
            // A chain that is where it was: the partition has moved on to an epoch that these segments are not sealed for.
            if (!isFirst && owner != account.Id && (await HeadAsync(owner, partition, cancel))?.Sequence == head?.Sequence)
                return false;
        }
        throw new CannotException("Other devices of this account keep writing to the search index. The record itself is stored; `salus resume` goes on with its search words.");
    }

    /// <summary>From here on a cloud that hides the update is noticed.</summary>
    private Task RememberAsync(IndexUpdate update)
    {
        var key = Key(update.Owner, update.Partition);
        if (!account.State.Content.IndexHeads.TryGetValue(key, out var seen) || seen.Sequence < update.Sequence)
            account.State.Content.IndexHeads[key] = new SeenIndexHead(update.Sequence, update.Hash);
        return account.State.SaveAsync();
    }

    /// <summary>The end of this account's own chain, held against what this device has seen; null before the first update.</summary>
    private async Task<IndexHead?> HeadAsync(AccountId owner, PartitionId partition, CancellationToken cancel)
    {
        IndexUpdate? last = null;
        var cursors = new HashSet<string>();
        for (string? after = null; ;)
        {
            var page = await Cloud.UpdatesAsync(owner, partition, after, cancel);
            foreach (var signed in page.Updates)
                if (!IndexUpdate.TryVerify(signed, out var update) || update.Owner != owner || update.Partition != partition)
                    throw new AlarmException(AlarmKind.Integrity, "The cloud shows an update of the search index that its source has not signed.");
                else if (update.Source.Equals(account.Keys.Identity.PublicKey) && update.Sequence > (last?.Sequence ?? 0))
                    last = update;
            if (page.Next is null)
                break;
            if (!cursors.Add(page.Next))
                throw new AlarmException(AlarmKind.Integrity, "The cloud's list of index updates runs in a circle.");
            after = page.Next;
        }
        if (Seen(owner, partition) is { } seen && (last is null || last.Sequence < seen.Sequence
            || (last.Sequence == seen.Sequence && !last.Hash.AsSpan().SequenceEqual(seen.Hash))))
            throw new AlarmException(AlarmKind.Rollback, "The cloud shows an older search index than before. Nothing was added to it.");
        return last?.Head;
    }

    /// <summary>Whether the segment is or was in the index already; else all of it is at the cloud afterwards.</summary>
    private async Task<bool> UploadAsync(SegmentInfo info, AccountId owner, PartitionId partition, string folder, bool isFirst, CancellationToken cancel)
    {
        var state = isFirst ? null : await Cloud.StateAsync(info.Id, cancel);
        if (state is { IsPublished: true })
            return true;
        try
        {
            await _uploader.UploadAsync(info, owner, partition, folder, state, cancel);
            return false;
        }
        catch (RefusedException refused) when (refused.Code == Problems.Conflict && isFirst)
        {
            throw new AlarmException(AlarmKind.Integrity,
                "The cloud says that it has search words already that were never sent to it. The record is stored; its words are not in the search index: `salus index` enters them.");
        }
        catch (RefusedException refused) when (refused.Code == Problems.Conflict)
        {
            // The identifier is used up: the segment was entered before a kill, and another device has merged it into a larger one since.
            return true;
        }
    }

    /// <summary>False when the update is not in its place, for another one of this account was first or the epoch is over; or when it was signed too long ago.</summary>
    private async Task<bool> TrySendAsync(IndexUpdate update, CancellationToken cancel)
    {
        try
        {
            await Cloud.PublishAsync(update, cancel);
            return true;
        }
        catch (RefusedException refused) when (refused.Code == Problems.Conflict
            || (refused.Code == Problems.ClockSkew && update.At + Limits.ClockTolerance < account.Now))
        {
            return false;
        }
    }

    private IndexHead? Seen(AccountId owner, PartitionId partition) =>
        account.State.Content.IndexHeads.TryGetValue(Key(owner, partition), out var seen) ? new IndexHead(seen.Sequence, seen.Hash) : null;

    private string Key(AccountId owner, PartitionId partition) => $"{owner}/{partition}/{account.Keys.Identity.PublicKey}";

    private static T Id<T>(string text) where T : struct, IIdentifier<T> => Identifier.TryParse<T>(text, out var id) ? id : throw Damaged();

    private static AlarmException Damaged() =>
        new(AlarmKind.Integrity, "A staged update of the search index is damaged. Move the outbox away and put the file again.");
}
