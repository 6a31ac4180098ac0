using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Partitions;
using Salus.Client.Search.Segments;
using Salus.Client.Sharing;
using Salus.Client.Uploads;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Search.Compacting;

/// <summary>What became of a partition's index.</summary>
/// <param name="Merged">Segments that are gone.</param>
/// <param name="Segments">Segments that took their place.</param>
/// <param name="Documents">Documents in these.</param>
/// <param name="Dropped">Documents that were left out: their records are deleted, mostly.</param>
public sealed record CompactedPartition(string Partition, int Merged, int Segments, int Documents, int Dropped, long Bytes);

/// <summary>
/// Merges the segments of the owner's own index (docs/spec/search.md, Compaction). Until the one signed base that names the new segments is taken, nothing has changed for any reader;
/// a kill before leaves files that the next run removes and segments that the cloud forgets.
/// </summary>
public sealed class Compaction(Account account)
{
    private const int Attempts = 8;

    private readonly List<string> _complaints = [];

    /// <summary>What others wrote and what does not hold, and what servers refused.</summary>
    public IReadOnlyCollection<string> Complaints => [.. _complaints.Distinct()];

    private string Folder => Path.Combine(account.Profile.Folder, "compaction");

    /// <summary>After a put or an import: what is due, looked at after every few updates of this device.</summary>
    public async Task RunIfDueAsync(IReadOnlyCollection<string> partitions, CancellationToken cancel)
    {
        const int Every = 4;
        var chosen = partitions.Where(name => account.State.Content.IndexHeads.TryGetValue(
            $"{account.Id}/{account.Keys.Partition(name)}/{account.Keys.Identity.PublicKey}", out var head) && head.Sequence % Every == 0).ToArray();
        if (chosen.Length > 0)
            await RunDueAsync(chosen, cancel);
    }

    /// <summary>What is due: after a revocation too, for nothing is to be found with the old keys. Nothing while another command writes in this profile.</summary>
    public async Task<IReadOnlyList<CompactedPartition>> RunDueAsync(IReadOnlyCollection<string> partitions, CancellationToken cancel)
    {
        using var held = OutboxLock.TryTake(account.Profile.Outbox);
        return held is null ? [] : await RunAsync(partitions, new Extent(CompactionPlan.Due, IsAsked: false), null, cancel);
    }

    /// <summary>Everything, in this partition or all.</summary>
    public async Task<IReadOnlyList<CompactedPartition>> RunAllAsync(string? partition, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        using var held = OutboxLock.Take(account.Profile.Outbox);
        return await RunAsync(partition is null ? null : [partition], new Extent(CompactionPlan.All, IsAsked: true), progress, cancel);
    }

    /// <summary>What is merged. Only when the owner asks for it, <paramref name="IsAsked"/>, what is withheld today is given up.</summary>
    private sealed record Extent(Func<IEnumerable<SegmentInfo>, EpochNumber, IEnumerable<EpochNumber>, IReadOnlyList<CompactionJob>> Plan, bool IsAsked);

    private async Task<IReadOnlyList<CompactedPartition>> RunAsync(IReadOnlyCollection<string>? names, Extent extent, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        Clear();
        var grants = await new Granting(account).LiveAsync(cancel);
        var done = new List<CompactedPartition>();
        var partitions = await SecondLook.TakeAsync(_ => PartitionsAsync(cancel));
        if (names?.FirstOrDefault(name => partitions.All(partition => partition.Name != name)) is { } unknown)
            throw new CannotException($"There is no partition {unknown}. There are: {string.Join(", ", partitions.Select(partition => partition.Name))}.", Reasons.NoPartition);
        foreach (var partition in partitions.Where(partition => names?.Contains(partition.Name) != false))
        {
            var said = _complaints.Count;
            if (await SecondLook.TakeAsync(async isLast =>
            {
                _complaints.RemoveRange(said, _complaints.Count - said);
                return await CompactAsync(isLast ? await AgainAsync(partition, cancel) : partition, grants, extent, isLast, progress, cancel);
            }) is { } compacted)
                done.Add(compacted);
        }
        Clear();
        return done;
    }

    private async Task<IReadOnlyList<SearchedPartition>> PartitionsAsync(CancellationToken cancel)
    {
        var view = new IndexView(account);
        return await view.OfAsync(await view.SelfAsync(cancel), cancel);
    }

    private async Task<SearchedPartition> AgainAsync(SearchedPartition partition, CancellationToken cancel) =>
        (await PartitionsAsync(cancel)).Single(found => found.Id == partition.Id);

    /// <summary>
    /// 1 what is to be merged, 2 merged into files, 3 what others wrote and what does not hold is left out, 4 uploaded, 5 the base. Null when nothing was merged.
    /// </summary>
    private async Task<CompactedPartition?> CompactAsync(SearchedPartition partition, IReadOnlyList<Grant> grants, Extent extent, bool isLast, IProgress<TransferProgress>? progress,
        CancellationToken cancel)
    {
        // 1
        var own = partition.Owner.Own![partition.Id];
        var beginnings = grants.Select(grant => grant.Entries.Where(entry => entry.Partition == partition.Id).Select(entry => entry.Epoch).ToArray())
            .Where(epochs => epochs.Length > 0).Select(epochs => epochs.Min());
        var jobs = extent.Plan(partition.Index.Segments, own.Head.Epoch, beginnings).Take(Limits.MaxAddedSegments).ToArray();
        var total = jobs.SelectMany(job => job.Segments).Sum(segment => (long)segment.Blocks);
        var read = 0L;
        void Report(long blocks) => progress?.Report(new TransferProgress($"merging {partition.Name}", null, read += blocks, total));
        // 2
        var suspicions = new Suspicions();
        var merged = new List<SegmentInfo>();
        var added = new List<SegmentInfo>();
        var bad = new List<SegmentInfo>();
        var (documents, dropped) = (0, 0);
        foreach (var job in jobs)
        {
            var (gone, made, merge) = await MergeAsync(partition, own, job, suspicions, Report, cancel);
            bad.AddRange(job.Segments.Where(segment => !gone.Contains(segment)));
            // One segment that is as it should be, and of which nothing fell away, stays.
            if (gone.Count == 0 || (gone is [var only] && only.Epoch == job.Epoch && merge!.Dropped == 0))
                continue;
            merged.AddRange(gone);
            added.AddRange(made);
            (documents, dropped) = (documents + merge!.Documents, dropped + merge.Dropped);
        }
        // 3
        if (suspicions.HasWithheld && !isLast)
            throw suspicions.Alarm!;
        _complaints.AddRange(suspicions.Messages);
        if (suspicions.HasWithheld && !extent.IsAsked)
            bad.Clear();
        if (merged.Count + bad.Count + partition.Index.Refused.Count == 0)
            return null;
        // 4
        var leaving = merged.Concat(bad).Select(segment => segment.Id).ToHashSet();
        Base(partition, leaving);
        var uploader = new SegmentUploader(account);
        foreach (var segment in added)
            await uploader.UploadAsync(segment, account.Id, partition.Id, Folder, null, cancel);
        // 5
        var refused = await PublishAsync(partition, leaving, added, cancel);
        foreach (var source in bad.Select(segment => segment.Source).Concat(refused.Select(update => update.Source)).Distinct())
            _complaints.Add($"{partition.Name}: what {await NameAsync(source, cancel)} wrote into the search index and what does not hold, or was written when they were not let, "
                + "was taken out of it. `salus index` enters the words of records that are left.");
        return merged.Count == 0 ? null : new CompactedPartition(partition.Name, merged.Count, added.Count, documents, dropped, added.Sum(CompactionPlan.Bytes));
    }

    private async Task<(IReadOnlyList<SegmentInfo> Gone, IReadOnlyList<SegmentInfo> Made, SegmentMerge? Merge)> MergeAsync(SearchedPartition partition, Partition own,
        CompactionJob job, Suspicions suspicions, Action<long> progress, CancellationToken cancel)
    {
        var part = partition with { Index = partition.Index with { Segments = job.Segments } };
        var open = (await new SegmentOpener(account, suspicions, _complaints).OpenAsync([part], cancel)).ToList();
        try
        {
            var header = own.Chain.First(epoch => epoch.Epoch == job.Epoch);
            while (open.Count > 0)
                try
                {
                    using var segment = await NewSegment.CreateAsync(account.Id, partition.Id, header.Epoch, header.Key);
                    await using var writer = new SegmentWriter(account.Id, segment.Id, segment.Key, Folder);
                    var merge = new SegmentMerge(account, open, progress);
                    var built = await merge.WriteAsync(writer, cancel);
                    return ([.. open.Select(live => live.Info)], built is null ? [] : [segment.Info(account.Keys.Identity.PublicKey, built)], merge);
                }
                catch (BadSegmentException bad)
                {
                    suspicions.Add(partition.Owner.Identity, bad.Segment.Info.Source, bad.Alarm);
                    open.Remove(bad.Segment);
                    bad.Segment.Dispose();
                }
            return ([], [], null);
        }
        finally
        {
            open.ForEach(live => live.Dispose());
        }
    }

    /// <summary>
    /// The base: what was merged or left out is gone, the rest is kept. When another update of this account was first, the base is signed again after it, as long as what was merged is
    /// still there. Answers the updates that nobody let their source write, and that the base has passed.
    /// </summary>
    private async Task<IReadOnlyList<IndexUpdate>> PublishAsync(SearchedPartition partition, HashSet<SegmentId> leaving, IReadOnlyList<SegmentInfo> added, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var update = IndexUpdate.Create(account.Keys.Identity, account.Id, partition.Id, partition.Index.Heads.GetValueOrDefault(account.Keys.Identity.PublicKey), account.Now,
                added, Base(partition, leaving));
            try
            {
                await account.Cloud.Index.PublishAsync(update, cancel);
                account.State.Content.Saw($"{account.Id}/{partition.Id}/{update.Source}", new Profiles.SeenIndexHead(update.Sequence, update.Hash));
                await account.State.SaveAsync();
                return partition.Index.Refused;
            }
            catch (RefusedException refused) when (refused.Code == Problems.Conflict && attempt < Attempts)
            {
                partition = await AgainAsync(partition, cancel);
            }
        }
    }

    private IndexBase Base(SearchedPartition partition, HashSet<SegmentId> leaving)
    {
        var kept = partition.Index.Segments.Where(segment => !leaving.Contains(segment.Id)).ToArray();
        if (partition.Index.Segments.Count - kept.Length != leaving.Count)
            throw new CannotException($"Another device has merged the search index of {partition.Name} meanwhile. Nothing is lost.");
        var watermarks = partition.Index.Heads.Where(head => !head.Key.Equals(account.Keys.Identity.PublicKey)).Select(head => new IndexWatermark(head.Key, head.Value)).ToArray();
        if (kept.Length > Limits.MaxKeptSegments || watermarks.Length > Limits.MaxIndexWatermarks)
            throw new CannotException($"The search index of {partition.Name} would keep {kept.Length} segments of {watermarks.Length + 1} sources: more than it can. `salus compact` merges all.");
        return new IndexBase(watermarks, kept);
    }

    private async Task<string> NameAsync(VerifyingKey source, CancellationToken cancel)
    {
        try
        {
            return await PermittedSources.Own(account).NameAsync(source, cancel);
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException or AlarmException)
        {
            return source.Account.ToString();
        }
    }

    /// <summary>What a kill has left, and what is not needed any more.</summary>
    private void Clear()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        Profiles.DurableFile.CreateFolder(Folder);
    }
}
