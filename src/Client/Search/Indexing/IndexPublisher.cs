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
/// device of the account was first, or it has grown too old for a patient's index. Whether it was entered the signed chain says (<see cref="OwnChain"/>), never the cloud's word alone.
/// </summary>
internal sealed class IndexPublisher(Account account)
{
    private const int Attempts = 8;

    private readonly SegmentUploader _uploader = new(account);

    private IndexApi Cloud => account.Cloud.Index;

    /// <param name="index">From a plan or journal.</param>
    /// <param name="folder">Where the segments' files are.</param>
    /// <param name="keep">Writes the plan or journal with what it is given in the place of <paramref name="index"/>, durably.</param>
    /// <returns>
    /// False when a patient lets this account add nothing there any more, or the partition is in another epoch by now, or nobody can tell whether they were: the segments cannot be
    /// entered, and the owner's client adds what is missing.
    /// </returns>
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
        if (index.Update is not null && (!IndexUpdate.TryVerify(index.Update, out update) || !update.Source.Equals(source) || update.Owner != owner || update.Partition != partition))
            throw Damaged();
        if (update is not null && await TrySendAsync(update, cancel))
            return true;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // What was never signed cannot be in the index, and what this device has seen last is most often the end of the chain: then nothing is asked.
            var chain = update is null && Seen(owner, partition) is not null ? null : await ChainAsync(owner, partition, cancel);
            if (update is not null && await IsSettledAsync(update, chain!, cancel) is { } entered)
                return entered;
            // 1
            foreach (var info in infos)
                await UploadAsync(info, owner, partition, folder, update is not null, cancel);
            // 2
            var previous = update;
            var head = chain is null ? Seen(owner, partition) : chain.Head;
            update = IndexUpdate.Create(account.Keys.Identity, owner, partition, head, account.Now, infos);
            await keep(index with { Update = update.Signed });
            // 3
            if (await TrySendAsync(update, cancel))
                return true;
            // A chain that is where it was: the partition has moved on to an epoch that these segments are not sealed for.
            if (previous is not null && owner != account.Id && (await ChainAsync(owner, partition, cancel)).Head?.Sequence == head?.Sequence)
                return false;
        }
        throw new CannotException("Other devices of this account keep writing to the search index. The record itself is stored; `salus resume` goes on with its search words.");
    }

    /// <summary>
    /// Whether an update that was signed and not taken when it was sent again has come to its end: true when it is in the index, false when nobody can tell any more, null when it is
    /// to be signed anew. The account's own signed chain decides. It is asked about the update as a whole, for segments of one update come together, and may go one by one.
    /// </summary>
    private async Task<bool?> IsSettledAsync(IndexUpdate update, OwnChain chain, CancellationToken cancel)
    {
        var standing = chain.Of(update);
        if (standing == Standing.Absent)
            return null;
        if (standing == Standing.Unknown)
        {
            // Under the owner's later base. What still is as it was uploaded was never part of the index.
            var states = await StatesAsync(update, cancel);
            if (states.Any(state => state is { IsPublished: false }))
                return null;
            if (update.Owner != account.Id || !states.Any(state => state is { IsPublished: true }))
                return false;
        }
        await RememberAsync(update.Owner, update.Partition, chain.Head!);
        return true;
    }

    private async Task<IReadOnlyList<SegmentUpload?>> StatesAsync(IndexUpdate update, CancellationToken cancel)
    {
        var states = new List<SegmentUpload?>();
        foreach (var segment in update.Added)
            states.Add(await Cloud.StateAsync(segment.Id, cancel));
        return states;
    }

    /// <summary>The account's own chain, held against what this device has seen.</summary>
    private async Task<OwnChain> ChainAsync(AccountId owner, PartitionId partition, CancellationToken cancel) =>
        OwnChain.Of(account.Keys.Identity.PublicKey, owner, await IndexUpdates.FetchAsync(account, owner, partition, cancel), Seen(owner, partition));

    /// <summary>All of a segment that is in no index is at the cloud afterwards.</summary>
    /// <param name="wasSigned">Whether an update with it was signed, and so may have been sent, before.</param>
    private async Task UploadAsync(SegmentInfo info, AccountId owner, PartitionId partition, string folder, bool wasSigned, CancellationToken cancel)
    {
        var state = wasSigned ? await Cloud.StateAsync(info.Id, cancel) : null;
        if (state is { IsPublished: true })
            throw Hidden();
        try
        {
            await _uploader.UploadAsync(info, owner, partition, folder, state, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.Conflict)
        {
            throw wasSigned ? Hidden() : new AlarmException(AlarmKind.Integrity,
                "The cloud says that it has a segment of the search index which nobody has sent. The record itself is stored; nothing was added to the index.");
        }
    }

    /// <summary>False when the update is not in its place, for another one of this account was first or the epoch is over; or when it was signed too long ago.</summary>
    private async Task<bool> TrySendAsync(IndexUpdate update, CancellationToken cancel)
    {
        try
        {
            await Cloud.PublishAsync(update, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.Conflict
            || (refused.Code == Problems.ClockSkew && update.At + Limits.ClockTolerance < account.Now))
        {
            return false;
        }
        // The cloud says yes to the end of a chain only. This device has seen that one go on: the chain decides.
        if (Seen(update.Owner, update.Partition) is { } seen && seen.Sequence >= update.Sequence && !seen.Hash.AsSpan().SequenceEqual(update.Hash))
            return false;
        await RememberAsync(update.Owner, update.Partition, update.Head);
        return true;
    }

    /// <summary>From here on the cloud cannot hide it from this device.</summary>
    private async Task RememberAsync(AccountId owner, PartitionId partition, IndexHead head)
    {
        account.State.Content.IndexHeads[Key(owner, partition)] = new SeenIndexHead(head.Sequence, head.Hash);
        await account.State.SaveAsync();
    }

    private IndexHead? Seen(AccountId owner, PartitionId partition) =>
        account.State.Content.IndexHeads.TryGetValue(Key(owner, partition), out var seen) ? new IndexHead(seen.Sequence, seen.Hash) : null;

    private string Key(AccountId owner, PartitionId partition) => $"{owner}/{partition}/{account.Keys.Identity.PublicKey}";

    private static T Id<T>(string text) where T : struct, IIdentifier<T> => Identifier.TryParse<T>(text, out var id) ? id : throw Damaged();

    private static AlarmException Hidden() => new(AlarmKind.Withheld,
        "The cloud says that staged search words are in the index already, and does not show the update that entered them. The record itself is stored; its words are kept in the outbox.");

    private static AlarmException Damaged() =>
        new(AlarmKind.Integrity, "A staged update of the search index is damaged. Move the outbox away and put the file again.");
}
