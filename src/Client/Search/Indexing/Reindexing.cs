using System.Security.Cryptography;
using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Partitions;
using Salus.Client.Records;
using Salus.Client.Search.Segments;
using Salus.Client.Uploads;
using Salus.Crypto.Dispersal;
using Salus.Health.Fhir;
using Salus.Health.Keywords;
using Salus.Protocol;

namespace Salus.Client.Search.Indexing;

/// <summary>What was entered, and what was not and why.</summary>
public sealed record ReindexOutcome(IReadOnlyList<RecordId> Records, IReadOnlyList<string> Complaints);

/// <summary>
/// Enters the owner's records that no segment of the index mentions: from before there was one, or added by somebody whose words came too late. 1 what was begun is finished, 2 what is
/// mentioned, 3 the rest is read, and staged under the epoch that each record is sealed for, so that nobody gains history, 4 a journal, from which on a kill loses nothing, 5 entered.
/// </summary>
public sealed class Reindexing(Account account)
{
    /// <summary>A younger record may be on its way into the index from another device, or from its depositor.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(10);

    private readonly Outbox _outbox = new(account);
    private readonly List<string> _complaints = [];

    /// <param name="sequenceKey">Asked for when an owner-held one is needed.</param>
    public async Task<ReindexOutcome> RunAsync(Func<SequenceKey> sequenceKey, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        // 1
        var store = new RecordStore(account);
        _complaints.AddRange((await store.ResumeAsync(progress, cancel)).Failures);
        using var held = _outbox.Lock();
        var catalogue = new Catalogue(account);
        var records = await catalogue.OwnAsync(cancel);
        try
        {
            _complaints.AddRange(catalogue.Complaints);
            // 2
            var said = _complaints.Count;
            var mentioned = await SecondLook.TakeAsync(isLast =>
            {
                _complaints.RemoveRange(said, _complaints.Count - said);
                return MentionedAsync(records, isLast, cancel);
            });
            mentioned.UnionWith(await WaitingAsync());
            var missing = records.Where(record => !mentioned.Contains(record.Id)).ToArray();
            var settled = missing.Where(record => record.Sealed.Header.SealedAt + Settled <= account.Now).ToArray();
            if (settled.Length < missing.Length)
                _complaints.Add($"{missing.Length - settled.Length} records are so new that their words may be on their way: run this again in {Settled.TotalMinutes:0} minutes.");
            // 3
            var journal = new ImportJournal(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), account.Id.ToString(), new PlanSource("", 0, DateTimeOffset.UnixEpoch), [], []);
            var (entered, index) = await StageAsync(settled, journal, sequenceKey, progress, cancel);
            if (index.Count > 0)
            {
                // 4
                journal = journal with { Index = index, Records = [.. settled.Where(record => entered.Contains(record.Id)).Select(Entry)] };
                await _outbox.SaveAsync(journal);
                // 5
                if ((await store.FinishAsync(journal, cancel)).Waiting is { } why)
                {
                    _complaints.Add($"The search words of {entered.Count} records are kept and not entered yet: {why} `salus resume` goes on.");
                    entered = [];
                }
            }
            return new ReindexOutcome(entered, _complaints);
        }
        finally
        {
            Catalogue.Dispose(records);
        }
    }

    /// <summary>Records whose words are in the outbox and will be entered from there.</summary>
    private async Task<IReadOnlyList<RecordId>> WaitingAsync()
    {
        var plans = (await _outbox.PlansAsync()).Where(plan => plan.Index.Count > 0).Select(plan => plan.Record);
        var journals = (await _outbox.JournalsAsync()).Where(journal => journal.Index.Count > 0).SelectMany(journal => journal.Records).Select(record => record.Record);
        return [.. plans.Concat(journals).Select(id => Identifier.TryParse<RecordId>(id, out var record)
            ? record : throw new InvalidOperationException("Plans and journals name a record by its identifier."))];
    }

    private static JournalRecord Entry(OpenedRecord record) =>
        new(record.Id.ToString(), record.Metadata.Partition, record.Metadata.Resources, record.Metadata.ContentLength, record.Metadata.Name, []);

    /// <summary>The records that the owner's index has documents of, by the owner's word or their author's, and where they belong: what a search would show.</summary>
    private async Task<HashSet<RecordId>> MentionedAsync(IEnumerable<OpenedRecord> records, bool isLast, CancellationToken cancel)
    {
        var view = new IndexView(account);
        var partitions = await view.OfAsync(await view.SelfAsync(cancel), cancel);
        var segments = await new SegmentOpener(account, view.Suspicions, _complaints).OpenAsync(partitions, cancel);
        try
        {
            var headers = records.ToDictionary(record => record.Id, record => record.Sealed.Header);
            var mentioned = new HashSet<RecordId>();
            foreach (var segment in segments)
                mentioned.UnionWith(segment.Open.AllDocuments().Select(document => document.Record).Where(record => headers.TryGetValue(record, out var header)
                    && header.Context.Partition == segment.Partition.Id
                    && (segment.Info.Source.Equals(segment.Partition.Owner.Identity) || segment.Info.Source.Equals(header.Author))));
            if (view.Suspicions.HasWithheld && !isLast)
                throw view.Suspicions.Alarm!;
            if (view.Suspicions.Alarm is { } alarm)
                _complaints.Add(alarm.Message);
            return mentioned;
        }
        finally
        {
            foreach (var segment in segments)
                segment.Dispose();
        }
    }

    private async Task<(IReadOnlyList<RecordId> Entered, IReadOnlyList<PlannedIndex> Index)> StageAsync(OpenedRecord[] records, ImportJournal journal, Func<SequenceKey> sequenceKey,
        IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var partitions = (await new PartitionKeys(account).AllAsync(cancel)).ToDictionary(partition => partition.Id);
        var (entered, index) = (new List<RecordId>(), new List<PlannedIndex>());
        foreach (var epoch in records.GroupBy(record => (record.Sealed.Header.Context.Partition, record.Sealed.Header.Context.Epoch)))
        {
            var partition = partitions[epoch.Key.Partition];
            var target = new WriteTarget(account.Id, partition.Name, partition.Chain[(int)epoch.Key.Epoch.Value - 1]);
            var stage = new IndexStage(account.Keys.Identity.PublicKey, target, _outbox.SegmentsOf(journal.Import));
            foreach (var record in epoch)
                try
                {
                    await stage.AddAsync(record.Id, await DocumentsAsync(record, sequenceKey, progress, cancel), cancel, record.Sealed.Header.Author.Account);
                    entered.Add(record.Id);
                }
                catch (Exception failure) when (failure is AlarmException or CannotException)
                {
                    _complaints.Add($"{record.Metadata.Name}: {failure.Message}");
                }
            index.AddRange(await stage.FinishAsync(cancel));
        }
        return (entered, index);
    }

    /// <summary>Read whole before any of it is taken: a record that cannot be read leaves nothing behind.</summary>
    private async Task<IReadOnlyList<DocumentTerms>> DocumentsAsync(OpenedRecord record, Func<SequenceKey> sequenceKey, IProgress<TransferProgress>? progress,
        CancellationToken cancel)
    {
        var (imports, metadata) = (new Imports(account), record.Metadata);
        await using var body = await imports.ReadAsideAsync(record, Path.Combine(account.Profile.Folder, "index"), sequenceKey, _complaints, progress, cancel);
        return metadata.Kind == RecordMetadata.SliceKind
            ? [.. FhirKeywords.Extract(await imports.ReadIndexAsync(record, sequenceKey, _complaints, cancel), body, metadata.Keywords)]
            : [.. KeywordExtractor.Extract(body, metadata.MediaType, metadata.Kind == RecordMetadata.FileKind ? metadata.Name : "", metadata.Keywords)];
    }
}
