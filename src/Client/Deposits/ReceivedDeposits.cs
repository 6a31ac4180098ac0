using Salus.Client.Accounts;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Client.Deposits;

/// <summary>A deposit grant that somebody made to this account.</summary>
/// <param name="OwnerName">The mail address under which this device has pinned the owner, else the account's number: never what the owner says of themselves.</param>
/// <param name="Partitions">Those that the account may add to, by name.</param>
/// <param name="State">"active", "not yet", "expired" or "revoked".</param>
public sealed record ReceivedDeposit(DepositGrant Grant, AccountCard Owner, string OwnerName, IReadOnlyDictionary<PartitionId, string> Partitions, string State)
{
    /// <summary>What an owner who is not pinned says that they are called. Nobody has checked it: it is shown beside the number, and never in its place.</summary>
    public string? CallsThemselves { get; init; }

    public bool IsLive => State == "active";
}

/// <summary>The depositor's side: whose records this account may add to.</summary>
public sealed class ReceivedDeposits(Account account)
{
    public async Task<IReadOnlyList<ReceivedDeposit>> ListAsync(CancellationToken cancel)
    {
        var contacts = new Contacts(account);
        var received = new List<ReceivedDeposit>();
        foreach (var deposit in await new KnownDeposits(account).ReceivedAsync(cancel))
        {
            var owner = await contacts.ResolveAsync(deposit.Terms.Owner.Account, cancel);
            if (!owner.Identity.Equals(deposit.Terms.Owner))
                throw new AlarmException(AlarmKind.KeyChanged, $"The deposit grant {deposit.Terms.Id} is signed by other keys than its owner's.");
            var note = GrantNote.Open(account.Keys.Box, deposit.Grant.SealedNote);
            var mail = contacts.MailOf(owner.Account);
            await account.Log.CheckAsync(note?.Log, mail ?? $"the account {owner.Account}", cancel);
            received.Add(new ReceivedDeposit(deposit.Grant, owner, mail ?? owner.Account.ToString(),
                deposit.Terms.Partitions.ToDictionary(partition => partition, partition => note?.Name(partition) ?? "?"), deposit.State(account.Now))
            {
                CallsThemselves = mail is null ? note?.Owner : null,
            });
        }
        return received;
    }
}
