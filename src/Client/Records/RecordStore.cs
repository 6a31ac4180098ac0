using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Inventory;
using Salus.Client.Search.Indexing;
using Salus.Client.Uploads;
using Salus.Crypto.Dispersal;
using Salus.Health;
using Salus.Health.Keywords;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Records;

/// <summary>How a file is put.</summary>
/// <param name="Partition">Where it goes; null means medical.</param>
/// <param name="Keywords">The owner's own, sealed with the metadata.</param>
/// <param name="For">The mail address of a patient who lets this account add to their records; null for the account's own.</param>
/// <param name="IsFindable">Whether who knows the owner's number and the keywords may learn that there is such a record.</param>
public sealed record PutOptions(string? Partition, IReadOnlyList<string> Keywords, DispersalChoice Dispersal, string? For = null, bool IsFindable = false);

/// <summary>A record that is stored.</summary>
/// <param name="Missing">Stores that did not take their fragments yet; they get them at the next command.</param>
/// <param name="IsSearchable">Whether its words are in the search index. When they are not and nothing waits, the owner's own client can add them.</param>
/// <param name="Waiting">Why its words are still in the outbox, for the next command; null when they are not.</param>
public sealed record StoredRecord(
    RecordId Record, string Partition, long Bytes, int Fragments, IReadOnlyList<string> Missing, bool IsSearchable = true, string? Waiting = null);

/// <summary>What came of going on with unfinished uploads.</summary>
/// <param name="Records">Those that are stored now.</param>
/// <param name="Failures">What still waits in the outbox, and why.</param>
public sealed record ResumeOutcome(IReadOnlyList<StoredRecord> Records, IReadOnlyList<string> Failures);

/// <summary>What came of the words of a record or an import: whether all are in the index, and why some wait.</summary>
internal sealed record IndexOutcome(bool IsSearchable, string? Waiting);

/// <summary>Putting, listing, reading and deleting records: what the verbs of the same names do.</summary>
public sealed class RecordStore(Account account)
{
    private readonly Outbox _outbox = new(account);
    private readonly Requests.Directory _directory = new(account);

    /// <summary>
    /// Seals a file and stores it. When the same file was being put before a kill, that upload goes on instead of a new one.
    /// </summary>
    public async Task<StoredRecord> PutAsync(string path, PutOptions options, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new CannotException($"There is no file {path}.", Reasons.NoFile);
        var source = new PlanSource(file.FullName, file.Length, file.LastWriteTimeUtc);
        using var held = _outbox.Lock();
        CheckFor(options.For, options.Dispersal, options.IsFindable, options.Keywords);
        var target = await new WriteTargets(account, options.For).FindAsync(options.Partition, cancel);
        var plan = (await _outbox.PlansAsync()).FirstOrDefault(plan =>
            plan.Source == source && plan.Owner == target.Owner.ToString() && plan.Import is null && (!plan.IsPublished || plan.Index.Count > 0));
        StoredRecord stored;
        try
        {
            stored = await StoreAsync(plan ?? await SealAsync(), file.Length, progress, cancel);
        }
        catch (CannotException ended) when (ended.Code == Reasons.ClaimEnded && plan is not null)
        {
            // The file is at hand: it is sealed anew.
            _outbox.Remove(plan.Record);
            stored = await StoreAsync(await SealAsync(), file.Length, progress, cancel);
        }
        if (target.Owner != account.Id)
            await FreeQuietlyAsync(cancel);
        await account.Inventory.FlushAsync(cancel);
        return stored;

        async Task<UploadPlan> SealAsync()
        {
            using var stream = OpenFile(path);
            var metadata = new RecordMetadata(file.Name, MediaTypeOf(stream, file.Name), RecordMetadata.FileKind, target.Name, stream.Length, 0, 0, null, null,
                null, [], [.. options.Keywords], options.IsFindable);
            return await new RecordSealer(account, _outbox).SealAsync(target, new RecordContent(stream, metadata, source,
                Index: record => IndexAsync(target, record, stream, metadata, cancel)), options.Dispersal, progress, cancel);
        }
    }

    /// <summary>What patients have deleted of an organisation's shared bodies goes with its next deposit; a failure waits for the one after.</summary>
    internal async Task FreeQuietlyAsync(CancellationToken cancel)
    {
        if (account.Card.Kind != AccountKind.Organisation)
            return;
        try
        {
            await new SharedBodies(account).FreeAsync(SharedBodies.AFew, cancel);
        }
        catch (Exception failure) when (IsOfServers(failure))
        {
            // The record is stored; the next command tries again, and `salus resume` says what is in the way.
        }
    }

    /// <summary>
    /// Brings a sealed plan to its stores and then, and only then, into the catalogue. From there on the record is stored, whatever becomes of its words: they wait in the outbox when
    /// the cloud does not take them.
    /// </summary>
    internal async Task<StoredRecord> StoreAsync(UploadPlan plan, long bytes, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var uploader = new Uploader(account, _outbox);
        var outcome = await uploader.RunAsync(plan, progress, cancel);
        if (!SealedRecord.TryVerify(plan.Signed, plan.SealedMetadata, out var record))
            throw new AlarmException(AlarmKind.Integrity, $"The staged record {plan.Record} is damaged. Remove its folder from the outbox and put the file again.");
        if (!plan.IsPublished)
        {
            if (plan.IsFindable)
                await _directory.ExpectRefreshAsync();
            if (!await TryPublishAsync(record, outcome.Proofs, cancel))
            {
                // Another device was first with the same content: its possession is proven now that the whole of it is there.
                outcome = await uploader.RunAsync(plan, progress, cancel);
                if (!await TryPublishAsync(record, outcome.Proofs, cancel))
                    throw new CannotException("The same content is being stored from elsewhere, and its possession could not be proven to enough stores. Nothing of the record is visible; "
                        + "the same command or `salus resume` goes on.", Reasons.NotStored);
            }
            plan = plan with { IsPublished = true };
            if (plan.Index.Count > 0)
                await _outbox.SaveAsync(plan);
            if (plan.IsShared)
                _outbox.KeepOnly(plan, outcome.Failed);
        }
        if (record.Header.Context.Owner == account.Id)
        {
            account.State.Content.Records[plan.Record] = record.Header.Version;
            account.Inventory.Note(Items.Of(record));
            await account.State.SaveAsync();
        }
        var index = await PublishIndexAsync(plan.Index, _outbox.SegmentsOf(record.Header.Context.Record), rest => _outbox.SaveAsync(plan with { Index = rest }), cancel);
        if (index.Waiting is null && outcome.Missing.Count == 0)
            _outbox.Remove(plan.Record);
        else if (index.Waiting is null)
            await _outbox.SaveAsync(plan with { Index = [] });
        return new StoredRecord(record.Header.Context.Record, plan.Partition, bytes, plan.Fragments.Count, outcome.Missing, index.IsSearchable, index.Waiting);
    }

    /// <summary>
    /// Goes on with every upload that an earlier command could not finish, and has the directory say what can be found since then. What fails leaves the others alone and is told at
    /// the end; a server that was caught raises its alarm then.
    /// </summary>
    public async Task<ResumeOutcome> ResumeAsync(IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        using var held = _outbox.Lock();
        var (stored, failures, alarms) = (new List<StoredRecord>(), new List<string>(), new List<AlarmException>());
        foreach (var plan in await _outbox.PlansAsync())
            await TryAsync($"The record {plan.Record}", async () => stored.Add(await StoreAsync(plan, plan.Source.Length, progress, cancel)));
        foreach (var journal in await _outbox.JournalsAsync())
            await TryAsync($"The import {journal.Import}", async () =>
            {
                if ((await FinishAsync(journal, cancel)).Waiting is { } why)
                    failures.Add($"The search words of the import {journal.Import} still wait: {why}");
            });
        await TryAsync("A deleted record", async () =>
        {
            var freed = await new SharedBodies(account).FreeAsync(SharedBodies.Many, cancel);
            if (freed.Unreached.Count > 0)
                failures.Add($"Bytes that no record needs any more are still at {string.Join(", ", freed.Unreached)}.");
            if (freed.Keeping.Count > 0)
                failures.Add($"{string.Join(", ", freed.Keeping)} keep bytes for a record that is in no list and that nobody has shown to be deleted: perhaps one that never came.");
        });
        await TryAsync("Your directory entry", () => _directory.RefreshDueAsync(cancel));
        await TryAsync("The list of what is in your account", () => account.Inventory.FlushAsync(cancel));
        return alarms switch
        {
            [] => new ResumeOutcome(stored, failures),
            [var only] when failures.Count == 0 => throw only,
            _ => throw new AlarmException(alarms[0].Kind, string.Join(' ', alarms.Select(alarm => alarm.Message).Concat(failures))),
        };

        async Task TryAsync(string what, Func<Task> work)
        {
            try
            {
                await work();
            }
            catch (AlarmException alarm)
            {
                alarms.Add(alarm);
            }
            catch (Exception failure) when (IsOfServers(failure))
            {
                failures.Add($"{what} still waits: {failure.Message}");
            }
        }
    }

    /// <summary>
    /// The end of an import whose records are stored: its words go into the search index, and the journal goes, unless words or fragments of it still wait.
    /// </summary>
    internal async Task<IndexOutcome> FinishAsync(ImportJournal journal, CancellationToken cancel)
    {
        var index = await PublishIndexAsync(journal.Index, _outbox.SegmentsOf(journal.Import), rest => _outbox.SaveAsync(journal with { Index = rest }), cancel);
        if (index.Waiting is not null)
            return index;
        if ((await _outbox.PlansAsync()).Any(plan => plan.Import == journal.Import))
            await _outbox.SaveAsync(journal with { Index = [] });
        else
            _outbox.Remove(journal);
        return index;
    }

    /// <summary>Uploads that wait for a store or were cut short by a kill.</summary>
    public int Unfinished => account.Profile.Unfinished;

    /// <summary>All own records, oldest first. An alarm when one of them is kept back, or one that was deleted is shown.</summary>
    public async Task<IReadOnlyList<RecordSummary>> ListAsync(CancellationToken cancel) => Summarise(await new Catalogue(account).OwnAsync(cancel));

    /// <summary>The own records that are shown, oldest first, and what is wrong with others: what was left out because it does not hold, and what is kept back, which is raised as well.</summary>
    public async Task<(IReadOnlyList<RecordSummary> Records, IReadOnlyCollection<string> Complaints)> OwnAsync(CancellationToken cancel)
    {
        var catalogue = new Catalogue(account);
        var shown = Summarise(await catalogue.ShownAsync(cancel));
        if (catalogue.Alarm is not { } alarm)
            return (shown, [.. catalogue.Complaints]);
        account.Raise(alarm);
        return (shown, [alarm.Message, .. catalogue.Complaints]);
    }

    /// <summary>All records that others have granted, and what servers complained about on the way.</summary>
    public async Task<(IReadOnlyList<RecordSummary> Records, IReadOnlyCollection<string> Complaints)> SharedAsync(CancellationToken cancel)
    {
        var catalogue = new Catalogue(account);
        return (Summarise(await catalogue.GrantedAsync(cancel)), [.. catalogue.Complaints]);
    }

    private static RecordSummary[] Summarise(IReadOnlyList<OpenedRecord> opened)
    {
        RecordSummary[] summaries = [.. opened.Select(record => record.Summary)];
        Catalogue.Dispose(opened);
        return summaries;
    }

    public async Task<RecordSummary> ShowAsync(RecordId id, CancellationToken cancel)
    {
        using var record = await new Catalogue(account).OneAsync(id, cancel);
        return record.Summary;
    }

    /// <summary>
    /// Reads a record into a file, which appears only when every byte was verified. <paramref name="sequenceKey"/> is asked for when the owner holds the key.
    /// Answers what was wrong on the way, although the record could be read.
    /// </summary>
    public async Task<IReadOnlyList<string>> GetAsync(RecordId id, string output, Func<SequenceKey> sequenceKey, IProgress<TransferProgress>? progress,
        CancellationToken cancel)
    {
        var catalogue = new Catalogue(account);
        using var record = await catalogue.OneAsync(id, cancel);
        var reader = new RecordReader(account);
        var complaints = await WholeFile.WriteAsync(output, stream =>
            reader.ReadAsync(record, sequenceKey, 0, record.Metadata.ContentLength, stream, progress, cancel));
        return [.. catalogue.Complaints, .. complaints];
    }

    /// <inheritdoc cref="RecordDeletion.RunAsync"/>
    public Task<DeletedRecord> DeleteAsync(RecordId id, Func<SequenceKey> sequenceKey, CancellationToken cancel) => new RecordDeletion(account).RunAsync(id, sequenceKey, cancel);

    /// <inheritdoc cref="RecordDeletion.WriteOffAsync"/>
    public Task<DeletedRecord> WriteOffAsync(RecordId id, CancellationToken cancel) => new RecordDeletion(account).WriteOffAsync(id, cancel);

    private async Task<IReadOnlyList<PlannedIndex>> IndexAsync(WriteTarget target, RecordId record, FileStream stream, RecordMetadata metadata, CancellationToken cancel)
    {
        stream.Position = 0;
        var stage = new IndexStage(account.Keys.Identity.PublicKey, target, _outbox.SegmentsOf(record));
        await stage.AddAsync(record, KeywordExtractor.Extract(stream, metadata.MediaType, metadata.Name, metadata.Keywords), cancel);
        return await stage.FinishAsync(cancel);
    }

    /// <summary>Enters one update after the other. When that fails, what is left stays in the outbox.</summary>
    /// <param name="keep">Writes down what is left.</param>
    private async Task<IndexOutcome> PublishIndexAsync(IReadOnlyList<PlannedIndex> index, string folder, Func<IReadOnlyList<PlannedIndex>, Task> keep, CancellationToken cancel)
    {
        var publisher = new IndexPublisher(account);
        var (left, all) = (index, true);
        try
        {
            for (; left.Count > 0; left = [.. left.Skip(1)])
            {
                var after = left.Skip(1).ToArray();
                all &= await publisher.PublishAsync(left[0], folder, signed => keep(left = [signed, .. after]), cancel);
            }
            return new IndexOutcome(all, null);
        }
        catch (Exception failure) when (IsOfServers(failure))
        {
            await keep(left);
            return new IndexOutcome(false, failure.Message);
        }
    }

    private static bool IsOfServers(Exception failure) => failure is RefusedException or UnreachableException or CannotException;

    /// <summary>False when the record's body is stored already and the proofs of its possession are not enough.</summary>
    private async Task<bool> TryPublishAsync(SealedRecord record, IReadOnlyList<byte[]> possession, CancellationToken cancel)
    {
        try
        {
            await account.Cloud.AddRecordAsync(record, possession, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.PossessionNeeded)
        {
            return false;
        }
        catch (RefusedException refused) when (refused.Code == Problems.ClaimEnded)
        {
            throw new CannotException($"The record {record.Header.Context.Record} was on its way for too long, and the content that it shares is not kept for it any more. Nothing of it is visible; "
                + "its sealed fragments are kept. Put the file again.", Reasons.ClaimEnded);
        }
        catch (RefusedException refused) when (refused.Code == Problems.Conflict)
        {
            // A kill or a lost answer may have come after the cloud took it. A depositor is shown nothing, and told by the cloud when it has these very bytes.
            if (record.Header.Context.Owner != account.Id || !await IsPublishedAsync(record, cancel))
            {
                _outbox.Remove(record.Header.Context.Record.ToString());
                throw new CannotException("The partition has moved on to a new epoch while the record was on its way, or another device was first. Put it again: it is sealed anew.", Reasons.MovedOn);
            }
        }
        catch (RefusedException refused) when (refused.Code is Problems.NotGranted or Problems.NotYours && record.Header.Context.Owner != account.Id)
        {
            _outbox.Remove(record.Header.Context.Record.ToString());
            throw new CannotException("The patient does not let you add records there any more. The record was not entered, and nobody can find it.", Reasons.NotPermitted);
        }
        return true;
    }

    /// <summary>A patient could not open what somebody else holds the sequence key of, and decides alone who may find what. Without a keyword nobody can.</summary>
    internal static void CheckFor(string? patient, DispersalChoice choice, bool isFindable, IReadOnlyList<string>? keywords)
    {
        if (isFindable && keywords is not { Count: > 0 })
            throw new CannotException("What others are to find needs a keyword to be found by. Nothing was sent.", Reasons.KeywordNeeded);
        if (patient is not null && isFindable)
            throw new CannotException($"Only {patient} lets their records be found: --findable is for records of your own. Nothing was sent.", Reasons.NotYours);
        if (patient is not null && choice.OwnerHeld is not null)
            throw new CannotException($"{patient} could not open the record: --sequence-key is for records of your own. Nothing was sent.", Reasons.NotYours);
    }

    private async Task<bool> IsPublishedAsync(SealedRecord record, CancellationToken cancel)
    {
        try
        {
            return (await account.Cloud.RecordAsync(record.Header.Context.Record, cancel)).Signed.AsSpan().SequenceEqual(record.Signed);
        }
        catch (RefusedException missing) when (missing.Code == Problems.NotFound)
        {
            return false;
        }
    }

    internal static FileStream OpenFile(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);

    internal static string MediaTypeOf(FileStream stream, string name)
    {
        var head = new byte[Math.Min(4096, stream.Length)];
        stream.ReadExactly(head);
        stream.Position = 0;
        return MediaTypes.Detect(head, name);
    }
}
