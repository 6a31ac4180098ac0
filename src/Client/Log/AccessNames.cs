using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Client.Readings;
using Salus.Client.Sharing;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>Says of accesses who and what they were about, by names that the owner knows.</summary>
/// <param name="records">The owner's names of records.</param>
internal sealed class AccessNames(Account account, IReadOnlyList<OwnGrant> grants, IReadOnlyDictionary<string, string> records)
{
    private readonly Contacts _contacts = new(account);
    private readonly Dictionary<string, string> _items = new(records);
    private Dictionary<PartitionId, string> _partitions = [];

    /// <summary>Learns what partitions and, when an access is about something that is no record, series are called.</summary>
    public async Task PrepareAsync(IReadOnlyList<Access> accesses, List<string> complaints, CancellationToken cancel)
    {
        _partitions = (await new PartitionKeys(account).AllAsync(cancel)).ToDictionary(partition => partition.Id, partition => partition.Name);
        if (accesses.All(access => access.Statement.Subject.Kind == AccessKind.Search || access.Statement.Subject.Items.All(item => _items.ContainsKey(item.ToString()))))
            return;
        try
        {
            foreach (var (series, _) in await new SeriesCatalogue(account).OwnAsync(cancel))
                _items[series.Id.ToString()] = series.Name;
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException)
        {
            complaints.Add($"What series of readings are called is not known now: {failure.Message}");
        }
    }

    public AccessEvent Event(Access access)
    {
        var subject = access.Statement.Subject;
        var requester = access.Statement.Requester.Account;
        var kind = IsDisguised(access) ? AccessKind.Open : subject.Kind;
        var items = subject.Items.Select(item => new AccessedItem(item.ToString(), _items.GetValueOrDefault(item.ToString())))
            .Where(item => subject.Kind != AccessKind.Search || item.Name is not null);
        return new AccessEvent(access.At, requester, TitleOf(access), kind, subject.Grant,
            _partitions.GetValueOrDefault(subject.Partition, "?"), grants.FirstOrDefault(own => own.Grant.Terms.Id == subject.Grant)?.Grant.Terms.Purpose, [.. items], access.Index,
            [.. access.Lines.Select(line => line.Trustee).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Whether who opened records has stated that it searched: segments of an index are no records. A trustee cannot tell them apart, the owner can.</summary>
    public bool IsDisguised(Access access) => access.Statement.Subject.Kind == AccessKind.Search && access.Statement.Subject.Items.Any(item => records.ContainsKey(item.ToString()));

    public string TitleOf(Access access) => _contacts.TitleOf(access.Statement.Requester.Account) ?? $"the account {access.Statement.Requester.Account}";
}
