using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Protocol;

namespace Salus.Client.Sharing;

/// <summary>A grant that somebody made to this account: verified, and in force or not.</summary>
/// <param name="OwnerName">The mail address under which this device has pinned the owner, else the account's number: never what the owner says of themselves.</param>
public sealed record ReceivedGrant(Grant Grant, AccountCard Owner, string OwnerName, bool IsRevoked, IReadOnlyDictionary<PartitionId, string> Partitions)
{
    /// <summary>What an owner who is not pinned says that they are called. Nobody has checked it: it is shown beside the number, and never in its place.</summary>
    public string? CallsThemselves { get; init; }

    public bool IsLive(DateTimeOffset now) => !IsRevoked && Grant.Terms.From <= now && now < Grant.Terms.Until;

    public string State(DateTimeOffset now) =>
        IsRevoked ? "revoked" : now < Grant.Terms.From ? "not yet" : now >= Grant.Terms.Until ? "expired" : "active";
}

/// <summary>The delegatee's side: which grants this account has received. Each is verified against its owner's identity, this account's keys and what was seen before.</summary>
public sealed class ReceivedGrants(Account account)
{
    public Task<IReadOnlyList<ReceivedGrant>> ListAsync(CancellationToken cancel) => SecondAnswer.TakeAsync(() => AskAsync(cancel));

    private async Task<IReadOnlyList<ReceivedGrant>> AskAsync(CancellationToken cancel)
    {
        var remembered = new Dictionary<string, uint>(account.State.Content.Received);
        var received = new List<ReceivedGrant>();
        var contacts = new Contacts(account);
        foreach (var view in await account.Cloud.ReceivedGrantsAsync(cancel))
        {
            if (!Grant.TryVerify(view.Signed, out var grant) || !grant.Terms.Delegatee.Equals(account.Keys.Identity.PublicKey)
                || !grant.Terms.Receiving.Equals(account.Keys.Receiving.PublicKey))
                throw new AlarmException(AlarmKind.Integrity, "The cloud shows a grant that was not made to this account, or not signed.");
            var id = grant.Terms.Id.ToString();
            if (remembered.TryGetValue(id, out var seen) && grant.Terms.Version < seen)
                throw new AlarmException(AlarmKind.Rollback, $"The cloud shows an older version of the grant {id} than before.");
            account.State.Content.Received[id] = Math.Max(grant.Terms.Version, account.State.Content.Received.GetValueOrDefault(id));
            var owner = await contacts.ResolveAsync(grant.Terms.Owner.Account, cancel);
            if (!owner.Identity.Equals(grant.Terms.Owner))
                throw new AlarmException(AlarmKind.KeyChanged, $"The grant {id} is signed by other keys than its owner's.");
            var isRevoked = view.Revocation is not null && Revocation.TryVerify(view.Revocation, out var revocation)
                && revocation.Owner.Equals(grant.Terms.Owner) && revocation.Grant == grant.Terms.Id;
            var note = GrantNote.Open(account.Keys.Box, grant.SealedNote);
            var mail = contacts.MailOf(owner.Account);
            await account.Log.CheckAsync(note?.Log, mail ?? $"the account {owner.Account}", cancel);
            received.Add(new ReceivedGrant(grant, owner, mail ?? owner.Account.ToString(), isRevoked,
                grant.Entries.Select(entry => entry.Partition).Distinct().ToDictionary(p => p, p => note?.Name(p) ?? "?")) { CallsThemselves = mail is null ? note?.Owner : null });
        }
        await account.State.SaveAsync();
        return received;
    }
}
