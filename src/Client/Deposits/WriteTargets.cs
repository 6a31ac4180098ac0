using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Client.Deposits;

/// <summary>Where a record goes: a partition, in its newest epoch.</summary>
/// <param name="Name">What the owner calls it.</param>
internal sealed record WriteTarget(AccountId Owner, string Name, EpochHeader Head)
{
    public PartitionId Partition => Head.Partition;

    public RecordContext Context(RecordId record) => new(Owner, Partition, Head.Epoch, record);
}

/// <summary>
/// The partitions that this account may write to: its own, or those of one patient who lets it add to them. The patient's are found by the names in the deposit grants, and their
/// epochs verified as every reader does: against the patient's identity, the links of the chain, and what this device has seen.
/// </summary>
internal sealed class WriteTargets
{
    private const string Usual = "medical";

    private readonly Account _account;
    private readonly PartitionKeys _partitions;
    private readonly string? _patient;
    private IReadOnlyList<WriteTarget>? _theirs;

    /// <param name="patient">A mail address; null for the account's own partitions.</param>
    public WriteTargets(Account account, string? patient) => (_account, _patient, _partitions) = (account, patient, new PartitionKeys(account));

    /// <summary>The account whose partitions these are.</summary>
    public async Task<AccountId> OwnerAsync(CancellationToken cancel) => _patient is null ? _account.Id : (await TheirsAsync(cancel))[0].Owner;

    /// <summary>The partition of a name. An own one is made when it is not there yet.</summary>
    /// <param name="name">Null for the usual one: medical, or the only one that a patient opens.</param>
    public async Task<WriteTarget> FindAsync(string? name, CancellationToken cancel)
    {
        if (_patient is null)
        {
            var own = await _partitions.EnsureAsync(name ?? Usual, cancel);
            return new WriteTarget(_account.Id, own.Name, own.Head);
        }
        var theirs = await TheirsAsync(cancel);
        return name is null && theirs.Count == 1 ? theirs[0] : theirs.FirstOrDefault(target => target.Name == (name ?? Usual))
            ?? throw new CannotException($"{_patient} lets you add to {ShareProposal.Join([.. theirs.Select(target => target.Name)])}, and not to {name ?? Usual}. Nothing was sent. "
                + "Name another --partition, or ask them to `salus share --deposit` it.", Reasons.NotPermitted);
    }

    private async Task<IReadOnlyList<WriteTarget>> TheirsAsync(CancellationToken cancel)
    {
        if (_theirs is not null)
            return _theirs;
        // By the pinned card of the address: records of one patient never go to another who calls themselves the same.
        var patient = await new Contacts(_account).ResolveAsync(_patient!, cancel);
        var live = (await new ReceivedDeposits(_account).ListAsync(cancel)).Where(deposit => deposit.IsLive && deposit.Owner.Identity.Equals(patient.Card.Identity)).ToArray();
        if (live.Length == 0)
            throw new CannotException($"{_patient} does not let you add records at the moment. Nothing was sent. Ask them to `salus share --deposit --to {_account.Mail}`.", Reasons.NotPermitted);
        var chains = await _partitions.OfAsync(patient.Card.Identity, cancel);
        var targets = new List<WriteTarget>();
        foreach (var (partition, name) in live.SelectMany(deposit => deposit.Partitions).DistinctBy(entry => entry.Key))
            targets.Add(new WriteTarget(patient.Card.Account, name, chains.GetValueOrDefault(partition)?[^1]
                ?? throw new AlarmException(AlarmKind.Withheld, $"The cloud does not show the epochs of a partition that {_patient} lets you add to.")));
        return _theirs = targets;
    }
}
