using Salus.Client.Accounts;
using Salus.Client.Inventory;
using Salus.Client.Partitions;
using Salus.Client.Profiles;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Client.Deposits;

/// <summary>One of the owner's own deposit grants, in words.</summary>
/// <param name="State">"active", "not yet", "expired" or "revoked".</param>
public sealed record DepositSummary(GrantId Id, string To, IReadOnlyList<string> Partitions, DateTimeOffset From, DateTimeOffset Until, string State);

/// <summary>The owner's side of deposits (docs/spec/grant.md): lets a hospital or a laboratory add records, and ends it. No key is given away and no trustee is asked.</summary>
public sealed class Depositing(Account account)
{
    /// <summary>Where somebody may add unless the owner says otherwise.</summary>
    private static readonly IReadOnlyList<string> Usual = ["medical"];

    private readonly PartitionKeys _partitions = new(account);
    private readonly KnownDeposits _known = new(account);

    /// <summary>Prepares a deposit grant and gives nobody anything.</summary>
    public async Task<DepositProposal> ProposeAsync(string mail, IReadOnlyList<string>? partitions, DateTimeOffset? from, DateTimeOffset? until, CancellationToken cancel)
    {
        // What the depositor signs by a clock that is a little slow is within the terms as well.
        var start = Milliseconds(from ?? account.Now - Limits.ClockTolerance);
        var end = Milliseconds(until ?? Limits.NoEnd);
        if (end <= start || end <= account.Now)
            throw new CannotException("The permission would end before it begins: choose a later --until.", Reasons.BadDates);
        var contact = await new Contacts(account).ResolveAsync(mail, cancel);
        var chosen = new List<Partition>();
        foreach (var name in (partitions is { Count: > 0 } ? partitions : Usual).Distinct())
            chosen.Add(await _partitions.EnsureAsync(name, cancel));
        return new DepositProposal(contact, chosen, start, end);
    }

    /// <summary>Makes the deposit grant. When the cloud does not say that it has it, it is over: this device believes nothing of it, and <see cref="Granting.FinishAsync"/> tells the cloud.</summary>
    public async Task<DepositGrant> ConfirmAsync(DepositProposal proposal, CancellationToken cancel)
    {
        new AlarmLog(account).RequireNoOtherHistory();
        var terms = new DepositTerms(Identifier.Random<GrantId>(), account.Keys.Identity.PublicKey, proposal.To.Card.Identity, proposal.From, proposal.Until,
            [.. proposal.Partitions.Select(partition => partition.Id)]);
        var note = new GrantNote(account.Mail, proposal.Partitions.ToDictionary(partition => partition.Id.ToString(), partition => partition.Name), account.Log.HeadForOthers)
            .Seal(proposal.To.Card.Box);
        var grant = DepositGrant.Create(account.Keys.Identity, terms, note);
        // Ended from its first instant on: of what the depositor signs by it nothing is believed.
        var notice = Revocation.Create(account.Keys.Identity, terms.Id, terms.From < account.Now ? terms.From : account.Now);
        var epochs = proposal.Partitions.ToDictionary(partition => partition.Id.ToString(), partition => partition.Head.Epoch.Value);
        try
        {
            await Handover.SendAsync(account, new UnfinishedRevocation(notice.Signed, epochs, IsDeposit: true), () => account.Cloud.AddDepositAsync(grant, cancel));
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException or AlarmException)
        {
            _known.Remember(notice);
            await account.State.SaveAsync();
            throw;
        }
        account.State.Content.Deposits.Add(terms.Id.ToString());
        account.Inventory.Note(Items.Of(grant));
        await account.State.SaveAsync();
        await account.Inventory.FlushAsync(cancel);
        return grant;
    }

    /// <summary>The owner's own deposit grants.</summary>
    public async Task<IReadOnlyList<DepositSummary>> ListAsync(CancellationToken cancel)
    {
        await account.Inventory.ReadAsync(cancel);
        var names = (await _partitions.AllAsync(cancel)).ToDictionary(partition => partition.Id, partition => partition.Name);
        var contacts = new Contacts(account);
        return [.. (await OwnAsync(cancel)).Select(deposit => new DepositSummary(deposit.Terms.Id,
            contacts.TitleOf(deposit.Terms.Depositor.Account) ?? deposit.Terms.Depositor.Account.ToString(),
            [.. deposit.Terms.Partitions.Select(partition => names.GetValueOrDefault(partition, "?"))], deposit.Terms.From, deposit.Terms.Until, deposit.State(account.Now)))];
    }

    /// <summary>
    /// Ends a deposit grant, if it is one: 1 the notice is kept until it is through, 2 from here on this device believes nothing that the depositor dates later, whatever the cloud
    /// does. The rest is <see cref="Granting"/>'s, which carries the notice out.
    /// </summary>
    internal async Task<(UnfinishedRevocation Journal, Revocation Notice)?> BeginEndAsync(GrantId id, CancellationToken cancel)
    {
        var deposit = (await OwnAsync(cancel)).FirstOrDefault(own => own.Terms.Id == id);
        if (deposit is null)
            return null;
        if (deposit.Ended is not null)
            throw new CannotException($"The permission {id} is revoked already.", Reasons.AlreadyRevoked);
        // 1
        var notice = Revocation.Create(account.Keys.Identity, id, account.Now);
        var heads = (await _partitions.AllAsync(cancel)).Where(partition => deposit.Terms.Partitions.Contains(partition.Id));
        var journal = new UnfinishedRevocation(notice.Signed, heads.ToDictionary(partition => partition.Id.ToString(), partition => partition.Head.Epoch.Value), IsDeposit: true);
        account.State.Content.UnfinishedRevocations.Add(journal);
        // 2
        _known.Remember(notice);
        await account.State.SaveAsync();
        return (journal, notice);
    }

    private Task<IReadOnlyList<Deposit>> OwnAsync(CancellationToken cancel) => _known.OfAsync(account.Keys.Identity.PublicKey, cancel);

    private static DateTimeOffset Milliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
