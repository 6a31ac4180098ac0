using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Records;
using Salus.Client.Search;
using Salus.Client.Search.Compacting;

namespace Salus.Cli;

// What the client's verbs print with --json (docs/cli.md).

internal sealed record IdentityDocument(string Account, string Mail, string? Organisation, string Fingerprint, DateTimeOffset? SessionExpires)
{
    public static IdentityDocument Of(Account account) =>
        new(account.Id.ToString(), account.Mail, account.Card.Organisation, account.Card.Fingerprint, account.SessionExpires);
}

internal sealed record DeviceDocument(string Id, string? Name, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset Expires, bool IsCurrent)
{
    public static DeviceDocument Of(Device d) => new(d.Id, d.Name, d.CreatedAt, d.LastSeenAt, d.Expires, d.IsCurrent);
}

internal sealed record DevicesDocument(IReadOnlyList<DeviceDocument> Devices);

internal sealed record AlarmDocument(string Id, DateTimeOffset At, string Kind, string Message, string Operation, bool Acknowledged)
{
    public static AlarmDocument Of(KeptAlarm a) => new(a.Id, a.At, a.Kind.ToString(), a.Message, a.Operation, a.Acknowledged);
}

internal sealed record AlarmsDocument(IReadOnlyList<AlarmDocument> Alarms);

internal sealed record CheckedDocument(ulong Version, DateTimeOffset At, int Records, int Grants, int Permissions, int Partitions, int WaysIn, bool Newest);

internal sealed record PutDocument(string Record, string Partition, long Bytes, int Fragments, IReadOnlyList<string> Missing, bool Searchable)
{
    public static PutDocument Of(StoredRecord s) => new(s.Record.ToString(), s.Partition, s.Bytes, s.Fragments, s.Missing, s.IsSearchable);
}

internal sealed record ImportedDocument(string Record, string Partition, int Resources, long Bytes, string Name, IReadOnlyList<string> PersonalFacts);

internal sealed record ImportDocument(string Import, IReadOnlyList<ImportedDocument> Records, bool Searchable);

internal sealed record RecordDocument(
    string Record, string Partition, string Name, string MediaType, long Bytes, string Owner, string Account, string Source, DateTimeOffset SealedAt, string Kind, int Resources,
    string? Import, bool NeedsSequenceKey, uint Version, int Fragments, int RestoreFrom, IReadOnlyList<string> Keywords)
{
    public static RecordDocument Of(RecordSummary s) => new(s.Record.ToString(), s.Partition, s.Name, s.MediaType, s.Bytes, s.Owner, s.Account.ToString(), s.Source, s.SealedAt, s.Kind,
        s.Resources, s.Import, s.NeedsSequenceKey, s.Version, s.Fragments, s.RestoreFrom, s.Keywords);
}

internal sealed record RecordsDocument(IReadOnlyList<RecordDocument> Records, IReadOnlyList<string> Complaints);

internal sealed record HitDocument(
    string Record, string Partition, double Score, string Name, string Source, string Owner, string Account, string? Resource, string? Date, string? Title, string? Snippet, string? Note)
{
    public static HitDocument Of(SearchHit hit) => new(hit.Record.ToString(), hit.Partition, hit.Score, hit.Name, hit.Source, hit.Owner, hit.Account.ToString(),
        hit.Resource, hit.Date, hit.Title, hit.Snippet?.Marked("*", "*"), hit.Note);
}

internal sealed record FindDocument(IReadOnlyList<HitDocument> Hits, IReadOnlyList<string> Complaints);

internal sealed record CompactedDocument(string Partition, int Merged, int Segments, int Documents, int Dropped, long Bytes)
{
    public static CompactedDocument Of(CompactedPartition partition) =>
        new(partition.Partition, partition.Merged, partition.Segments, partition.Documents, partition.Dropped, partition.Bytes);
}

internal sealed record IndexDocument(IReadOnlyList<string> Records, IReadOnlyList<string> Complaints);

internal sealed record CompactDocument(IReadOnlyList<CompactedDocument> Partitions, IReadOnlyList<string> Complaints);

internal sealed record GetDocument(string Record, string Out, long Bytes, IReadOnlyList<string> Complaints);

internal sealed record ExportDocument(string Out, long Bytes, string Sha256, bool Exact, IReadOnlyList<string> Partitions);

internal sealed record DeleteDocument(string Record, IReadOnlyList<string> Unreached);

internal sealed record ResumeDocument(IReadOnlyList<PutDocument> Records, IReadOnlyList<string> Failures);

internal sealed record FoundByDocument(string? Partition, string? Resource, string Name, int Length, IReadOnlyDictionary<string, int> Terms);

internal sealed record KeywordsDocument(IReadOnlyList<FoundByDocument> Documents);

internal sealed record ShareDocument(string Grant, string Fingerprint, string Sentence, bool Verified);

internal sealed record GrantDocument(
    string Grant, string To, string Role, string Purpose, IReadOnlyList<string> Partitions, DateTimeOffset From, DateTimeOffset? Until, string State, int Receipts);

internal sealed record GrantsDocument(IReadOnlyList<GrantDocument> Grants, IReadOnlyList<DepositDocument> Deposits);

internal sealed record DepositDocument(string Grant, string To, IReadOnlyList<string> Partitions, DateTimeOffset From, DateTimeOffset? Until, string State);

internal sealed record ReceivedDepositDocument(
    string Grant, string Owner, string Account, string? CallsThemselves, IReadOnlyList<string> Partitions, DateTimeOffset From, DateTimeOffset? Until, string State);

internal sealed record SharedDocument(IReadOnlyList<RecordDocument> Records, IReadOnlyList<string> Complaints, IReadOnlyList<ReceivedDepositDocument> Deposits);

internal sealed record RevokeDocument(string Grant, int Receipts, IReadOnlyList<string> Pending, IReadOnlyList<string> Partitions, int Rekeyed);

internal sealed record ContactDocument(string Mail, string Account, string? Organisation, string Fingerprint, bool Verified);

internal sealed record DoneDocument(bool Done);
