using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Search.Indexing;
using Salus.Client.Uploads;
using Salus.Health.Fhir;
using Salus.Health.Keywords;
using Salus.Protocol;

namespace Salus.Client.Records;

/// <summary>How a FHIR file is imported.</summary>
/// <param name="Partition">One partition for the whole import, or null for the table's.</param>
/// <param name="For">The mail address of a patient who lets this account add to their records; null for the account's own.</param>
/// <param name="Keywords">The owner's own, sealed with the metadata of each record; null for none.</param>
/// <param name="IsFindable">Whether who knows the owner's number and the keywords may learn that there are such records.</param>
public sealed record ImportOptions(string? Partition, DispersalChoice Dispersal, string? For = null, IReadOnlyList<string>? Keywords = null, bool IsFindable = false);

/// <summary>One record of an import: a partition's slice, or an attachment.</summary>
/// <param name="PersonalFacts">What kinds of personal facts the slice still holds, in words.</param>
public sealed record ImportedRecord(RecordId Record, string Partition, int Resources, long Bytes, string Name, IReadOnlyList<string> PersonalFacts);

/// <summary>An import that is stored.</summary>
/// <param name="IsSearchable">Whether the words of the records are in the search index. When they are not and nothing waits, the owner's own client can add them.</param>
/// <param name="Waiting">Why words are still in the outbox, for the next command; null when none are.</param>
public sealed record ImportOutcome(string Import, IReadOnlyList<ImportedRecord> Records, IReadOnlyList<string> Missing, bool IsSearchable, string? Waiting);

/// <summary>One FHIR resource of a slice, for a list.</summary>
/// <param name="Offset">Its first byte in the slice.</param>
/// <param name="Bytes">Its length; 0 for an entry without a resource.</param>
public sealed record ResourceLine(string Type, string? Id, string? Date, string Summary, long Offset, long Bytes);

/// <summary>An import that was written to a file again.</summary>
/// <param name="Exact">Whether it is the imported file, byte for byte.</param>
public sealed record ExportedImport(long Bytes, string Sha256, bool Exact, IReadOnlyList<string> Partitions, IReadOnlyList<string> Withheld, IReadOnlyList<string> Complaints);

/// <summary>FHIR in and out: a file is sliced by partition, each slice and attachment becomes a sealed record, and all of them together give the file back byte for byte.</summary>
public sealed class Imports(Account account)
{
    private const string FhirJson = "application/fhir+json";
    private const string FhirLines = "application/fhir+ndjson";

    private readonly Outbox _outbox = new(account);

    /// <summary>
    /// Imports a file: 1 sliced, 2 every record sealed into the outbox, 3 their words for the search index, 4 the journal, from which on a kill loses nothing, 5 stored, and then the
    /// words entered. The same command after a kill goes on where it was.
    /// </summary>
    public async Task<ImportOutcome> ImportAsync(string path, ImportOptions options, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new CannotException($"There is no file {path}.", Reasons.NoFile);
        var source = new PlanSource(file.FullName, file.Length, file.LastWriteTimeUtc);
        using var held = _outbox.Lock();
        RecordStore.CheckFor(options.For, options.Dispersal, options.IsFindable, options.Keywords);
        var targets = new WriteTargets(account, options.For);
        var owner = (await targets.OwnerAsync(cancel)).ToString();
        var journal = (await _outbox.JournalsAsync()).FirstOrDefault(journal => journal.Source == source && journal.Owner == owner)
            ?? await SealAsync(path, source, options, targets, progress, cancel);
        // 5
        var store = new RecordStore(account);
        var missing = new HashSet<string>();
        foreach (var plan in (await _outbox.PlansAsync()).Where(plan => plan.Import == journal.Import))
        {
            var record = journal.Records.Single(record => record.Record == plan.Record);
            missing.UnionWith((await store.StoreAsync(plan, record.Bytes, progress, cancel)).Missing);
        }
        await account.Inventory.FlushAsync(cancel);
        var index = await store.FinishAsync(journal, cancel);
        if (options.For is not null)
            await store.FreeQuietlyAsync(cancel);
        return new ImportOutcome(journal.Import, [.. journal.Records.Select(record => new ImportedRecord(
            RecordOf(record.Record), record.Partition, record.Resources, record.Bytes, record.Name, record.PersonalFacts))], [.. missing], index.IsSearchable, index.Waiting);
    }

    /// <summary>The imports among the account's own records: identifier, and the name of the file that was imported.</summary>
    public async Task<IReadOnlyList<(string Import, string Name, DateTimeOffset SealedAt)>> ListAsync(CancellationToken cancel) =>
        [.. (await new RecordStore(account).ListAsync(cancel)).Where(record => record is { Import: not null, Kind: RecordMetadata.SliceKind })
            .GroupBy(record => record.Import!).Select(group => (group.Key, group.First().Name, group.First().SealedAt))];

    /// <summary>
    /// Writes an import back to one file: byte for byte when all its partitions are this account's to read, else a valid bundle in which what is not there reads as withheld.
    /// </summary>
    /// <param name="import">Which, or null when there is only one.</param>
    public async Task<ExportedImport> ExportAsync(string? import, string output, Func<Crypto.Dispersal.SequenceKey> sequenceKey, IProgress<TransferProgress>? progress,
        CancellationToken cancel)
    {
        var catalogue = new Catalogue(account);
        var records = new List<OpenedRecord>();
        var bodies = new List<Stream>();
        try
        {
            records.AddRange(await catalogue.ShownAsync(cancel));
            records.AddRange(await catalogue.GrantedAsync(cancel));
            var chosen = import ?? (catalogue.Alarm is { } hidden ? throw hidden : OnlyImport(records));
            var complaints = new List<string>();
            var slices = new List<SliceSource>();
            foreach (var record in records.Where(record => record.Metadata.Import == chosen && record.Metadata.Kind == RecordMetadata.SliceKind))
            {
                var index = await ReadIndexAsync(record, sequenceKey, complaints, cancel);
                var body = await ReadAsideAsync(record, output, sequenceKey, complaints, progress, cancel);
                bodies.Add(body);
                slices.Add(new SliceSource(index, body));
            }
            if (slices.Count == 0)
                throw (Exception?)catalogue.Alarm ?? new CannotException($"There is no import {chosen} for you. `salus list` shows the records and their imports.", Reasons.NoImport);
            var attachments = records.Where(record => record.Metadata.Import == chosen && record.Metadata.Kind == RecordMetadata.AttachmentKind).ToArray();
            var opened = new Dictionary<string, Stream>();
            foreach (var attachment in attachments)
            {
                var body = await ReadAsideAsync(attachment, output, sequenceKey, complaints, progress, cancel);
                bodies.Add(body);
                opened[attachment.Metadata.Attachment ?? ""] = body;
            }
            var (report, bytes) = await WholeFile.WriteAsync(output, stream =>
            {
                var written = FhirExport.Write(slices, id => opened.GetValueOrDefault(id.ToString()), stream);
                if (written.Outcome == ExportOutcome.Damaged)
                    throw new AlarmException(AlarmKind.Integrity, "The slices of the import do not fit together. Nothing was written.");
                // What is kept back may be a part of this one, unless its hash says that none is missing.
                if (written.Outcome != ExportOutcome.Exact && catalogue.Alarm is { } alarm)
                    throw alarm;
                return Task.FromResult((written, stream.Length));
            });
            if (catalogue.Alarm is { } kept)
                account.Raise(kept);
            return new ExportedImport(bytes, Convert.ToHexStringLower(report.Sha256), report.Outcome == ExportOutcome.Exact, report.Partitions,
                report.WithheldPartitions, [.. catalogue.Complaints, .. complaints]);
        }
        finally
        {
            foreach (var body in bodies)
                await body.DisposeAsync();
            Catalogue.Dispose(records);
        }
    }

    /// <summary>The resources of a slice, from the index behind its content: a ranged read, whatever the size of the slice. Empty for anything but a slice.</summary>
    public async Task<IReadOnlyList<ResourceLine>> ResourcesAsync(RecordId id, Func<Crypto.Dispersal.SequenceKey> sequenceKey, CancellationToken cancel)
    {
        using var record = await new Catalogue(account).OneAsync(id, cancel);
        return record.Metadata.Kind == RecordMetadata.SliceKind
            ? [.. (await ReadIndexAsync(record, sequenceKey, [], cancel)).Entries.Select(entry => new ResourceLine(
                entry.Type, entry.Id, entry.Date, entry.Summary, entry.ResourceOffset, entry.ResourceLength))]
            : [];
    }

    /// <summary>One resource of a slice into a file, read by its range alone. <paramref name="resource"/> is "Type/id" or "Type" when there is one of it.</summary>
    public async Task<IReadOnlyList<string>> GetResourceAsync(RecordId id, string resource, string output, Func<Crypto.Dispersal.SequenceKey> sequenceKey, CancellationToken cancel)
    {
        using var record = await new Catalogue(account).OneAsync(id, cancel);
        if (record.Metadata.Kind != RecordMetadata.SliceKind)
            throw new CannotException("Only FHIR records have resources to choose from.", Reasons.NoResource);
        var complaints = new List<string>();
        var entries = (await ReadIndexAsync(record, sequenceKey, complaints, cancel)).Entries
            .Where(entry => $"{entry.Type}/{entry.Id}" == resource || entry.Type == resource).ToArray();
        if (entries.Length != 1)
            throw new CannotException(entries.Length == 0
                ? $"There is no {resource} in the record. `salus show {id}` lists what there is."
                : $"There are {entries.Length} resources {resource} in the record: name one as Type/id.", Reasons.NoResource);
        complaints.AddRange(await WholeFile.WriteAsync(output, stream =>
            new RecordReader(account).ReadAsync(record, sequenceKey, entries[0].ResourceOffset, entries[0].ResourceLength, stream, null, cancel)));
        return [.. complaints.Distinct()];
    }

    private async Task<ImportJournal> SealAsync(string path, PlanSource source, ImportOptions options, WriteTargets targets, IProgress<TransferProgress>? progress,
        CancellationToken cancel)
    {
        using var stream = RecordStore.OpenFile(path);
        // 1
        var import = Slice(stream, options.Partition, cancel);
        var id = import.Slices[0].Index.Import.ToString();
        // All of them, before anything is sealed: a patient may let others add to some only.
        var places = new Dictionary<string, WriteTarget>();
        foreach (var name in import.Slices.Select(slice => slice.Partition).Concat(import.Attachments.Select(attachment => attachment.Partition)).Distinct())
            places[name] = await targets.FindAsync(name, cancel);
        var sealer = new RecordSealer(account, _outbox);
        // 2
        var records = new List<JournalRecord>();
        var contents = new List<(string Partition, RecordId Record, IEnumerable<DocumentTerms> Documents)>();
        foreach (var slice in import.Slices)
        {
            var tail = slice.Index.ToBytes();
            // Not the file's name: it often is the patient's, and a delegatee of one partition need not learn it.
            var name = $"FHIR {slice.Partition}";
            var metadata = new RecordMetadata(name, import.Form == FhirForm.Ndjson ? FhirLines : FhirJson, RecordMetadata.SliceKind, slice.Partition, slice.Length, tail.Length,
                slice.Index.Entries.Count, id, null, null, [], [.. options.Keywords ?? []], options.IsFindable);
            using var body = new TailedStream(slice.OpenRead(), tail);
            var plan = await sealer.SealAsync(places[slice.Partition], new RecordContent(body, metadata, source, id), options.Dispersal, progress, cancel);
            contents.Add((slice.Partition, RecordOf(plan.Record), FhirKeywords.Extract(slice, options.Keywords ?? [])));
            records.Add(new JournalRecord(plan.Record, slice.Partition, slice.Index.Entries.Count, slice.Length, name, [.. slice.Index.Facts.Describe()]));
        }
        foreach (var attachment in import.Attachments)
        {
            var title = attachment.Title is { Length: > 0 } given ? given : "attachment";
            var metadata = new RecordMetadata(title, attachment.MediaType ?? "application/octet-stream", RecordMetadata.AttachmentKind, attachment.Partition, attachment.Length, 0,
                0, id, attachment.Id.ToString(), null, [], [.. options.Keywords ?? []], options.IsFindable);
            using var body = attachment.OpenRead();
            var plan = await sealer.SealAsync(places[attachment.Partition], new RecordContent(body, metadata, source, id), options.Dispersal, progress, cancel);
            contents.Add((attachment.Partition, RecordOf(plan.Record), Documents(attachment, options.Keywords ?? [])));
            records.Add(new JournalRecord(plan.Record, attachment.Partition, 0, attachment.Length, title, []));
        }
        // 3
        var index = new List<PlannedIndex>();
        foreach (var (name, target) in places)
        {
            var stage = new IndexStage(account.Keys.Identity.PublicKey, target, _outbox.SegmentsOf(id));
            foreach (var (record, documents) in contents.Where(content => content.Partition == name).Select(content => (content.Record, content.Documents)))
                await stage.AddAsync(record, documents, cancel);
            index.AddRange(await stage.FinishAsync(cancel));
        }
        // 4
        var journal = new ImportJournal(id, (await targets.OwnerAsync(cancel)).ToString(), source, records, index);
        await _outbox.SaveAsync(journal);
        return journal;
    }

    /// <summary>By what is in it; its title, which may name the patient, is among the words of the resource that it was taken from.</summary>
    private static IEnumerable<DocumentTerms> Documents(FhirAttachment attachment, IReadOnlyList<string> keywords)
    {
        using var content = attachment.OpenRead();
        foreach (var document in KeywordExtractor.Extract(content, attachment.MediaType ?? "", "", keywords))
            yield return document;
    }

    private static RecordId RecordOf(string id) =>
        Identifier.TryParse<RecordId>(id, out var record) ? record : throw new InvalidOperationException("Plans and journals name a record by its identifier.");

    private static FhirImport Slice(Stream stream, string? wholePartition, CancellationToken cancel)
    {
        try
        {
            return FhirImport.Read(stream, FhirImportOptions.Default with { WholePartition = wholePartition }, cancel);
        }
        catch (FhirFormatException fault)
        {
            throw new CannotException($"{fault.Message} Nothing was imported.", Reasons.NotFhir);
        }
    }

    internal async Task<SliceIndex> ReadIndexAsync(OpenedRecord record, Func<Crypto.Dispersal.SequenceKey> sequenceKey, List<string> complaints, CancellationToken cancel)
    {
        if (record.Metadata.TailLength > Array.MaxLength)
            throw new AlarmException(AlarmKind.Integrity, $"The record {record.Id} names an index of an impossible size.");
        using var tail = new MemoryStream();
        complaints.AddRange(await new RecordReader(account).ReadAsync(record, sequenceKey, record.Metadata.ContentLength, record.Metadata.TailLength, tail, null, cancel));
        return SliceIndex.TryParse(tail.GetBuffer().AsSpan(0, (int)tail.Length), out var index)
            ? index
            : throw new AlarmException(AlarmKind.Integrity, $"The index of the record {record.Id} is damaged.");
    }

    /// <summary>A body beside the output, in a file that goes when it is closed: slices are read in any order and may be large.</summary>
    internal async Task<Stream> ReadAsideAsync(OpenedRecord record, string output, Func<Crypto.Dispersal.SequenceKey> sequenceKey, List<string> complaints,
        IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(output))!;
        if (!Directory.Exists(folder))
            throw new CannotException($"There is no folder {folder}.");
        var path = Path.Combine(folder, $".{Guid.CreateVersion7():n}.slice");
        var stream = new FileStream(path, Profiles.DurableFile.Private(FileMode.CreateNew, FileAccess.ReadWrite, FileOptions.DeleteOnClose | FileOptions.Asynchronous));
        try
        {
            // Where a file may go while it is open, it goes now: a kill leaves nothing to read.
            if (!OperatingSystem.IsWindows() && !OperatingSystem.IsBrowser())
                File.Delete(path);
            complaints.AddRange(await new RecordReader(account).ReadAsync(record, sequenceKey, 0, record.Metadata.ContentLength, stream, progress, cancel));
            stream.Position = 0;
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static string OnlyImport(List<OpenedRecord> records)
    {
        var imports = records.Where(record => record.Metadata.Kind == RecordMetadata.SliceKind).Select(record => record.Metadata.Import!).Distinct().ToArray();
        return imports.Length switch
        {
            0 => throw new CannotException("Nothing was imported yet, and nothing that was is shared with you. `salus import FILE` takes a FHIR bundle.", Reasons.NoImport),
            1 => imports[0],
            _ => throw new CannotException($"There are {imports.Length} imports: name one ({string.Join(", ", imports)}). `salus list --json` tells which is which.", Reasons.SeveralImports),
        };
    }
}
