using System.Collections.Concurrent;
using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Inventory;
using Salus.Client.Partitions;
using Salus.Client.Profiles;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Sharing;

/// <summary>
/// The owner's side of sharing (protocol.md, section 4): makes grants, hands each trustee its share of the re-encryption key, revokes, and carries those who stay over to
/// the new epoch.
/// </summary>
public sealed class Granting(Account account)
{
    private readonly PartitionKeys _partitions = new(account);
    private readonly OwnGrants _own = new(account);
    private readonly KeySplitting _splitting = new(account);
    private readonly ConcurrentQueue<string> _complaints = [];
    private Delivery? _delivery;

    /// <summary>What single trustees answered wrongly although the others sufficed, and what is still to be finished: to be shown.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    private StateContent Remembered => account.State.Content;

    private Delivery Delivery => _delivery ??= new Delivery(account, _complaints);

    /// <summary>Prepares a grant and shares nothing. Null partitions and purpose mean those of the role.</summary>
    public async Task<ShareProposal> ProposeAsync(string mail, GrantRole role, IReadOnlyList<string>? partitions, DateTimeOffset? from, DateTimeOffset? until,
        Purpose? purpose, History history, CancellationToken cancel)
    {
        CheckDates(from, until);
        return await ProposeAsync(await new Contacts(account).ResolveAsync(mail, cancel), role, partitions, from, until, purpose, history, cancel);
    }

    /// <summary>The same with somebody whose card is known.</summary>
    internal async Task<ShareProposal> ProposeAsync(Contact contact, GrantRole role, IReadOnlyList<string>? partitions, DateTimeOffset? from, DateTimeOffset? until,
        Purpose? purpose, History history, CancellationToken cancel)
    {
        var (start, end) = CheckDates(from, until);
        var chosen = new List<Partition>();
        foreach (var name in (partitions is { Count: > 0 } ? partitions : RoleDefaults.Partitions(role)).Distinct())
            chosen.Add(await _partitions.EnsureAsync(name, cancel));
        return new ShareProposal(contact, role, purpose ?? RoleDefaults.Purpose(role), chosen, start, end, history);
    }

    /// <summary>
    /// Makes the grant: 1 epochs, 2 one entry for each, 3 the shares to the trustees, 4 the signed grant to the cloud. When fewer than two trustees take theirs nothing is
    /// shared and what was handed out is revoked. None is made while an alarm about another history is open.
    /// </summary>
    public Task<Grant> ConfirmAsync(ShareProposal proposal, CancellationToken cancel) => ConfirmAsync(proposal, Identifier.Random<GrantId>(), cancel);

    /// <summary>
    /// Makes a grant that opens nothing until its delegatee has shown the code of it (<see cref="ReleaseCode"/>). When there is one by this number that says
    /// the same and whose code is still good, that one is it: an earlier approval was cut short.
    /// </summary>
    internal async Task<Grant> ConfirmLockedAsync(ShareProposal proposal, GrantId id, CancellationToken cancel)
    {
        new AlarmLog(account).RequireNoOtherHistory();
        if (!account.Keys.IsLocked(id))
            throw new ArgumentException("This is not the number of a locked grant.", nameof(id));
        if ((await _own.AllAsync(cancel)).FirstOrDefault(own => own.Grant.Terms.Id == id) is { } made)
            return await EarlierAnswer.SameAsync(made, proposal, _partitions, account.Now, cancel);
        if (Unfinished(id, 1) is not { } unfinished || unfinished.Grant.Terms.From + ReleaseCode.Life <= account.Now)
        {
            Forget(id);
            return await ConfirmAsync(proposal with { From = Milliseconds(account.Now) }, id, cancel);
        }
        var grant = unfinished.Grant;
        if (grant.Terms != Terms(proposal with { From = grant.Terms.From }, id)
            || !grant.Entries.Select(entry => entry.Partition).ToHashSet().SetEquals(proposal.Partitions.Select(partition => partition.Id)))
            throw new CannotException("An approval of this request with other partitions or another date was cut short. Repeat it as it was, or `salus deny` the request.", Reasons.AnsweredOtherwise);
        await IssueNewAsync(grant, unfinished.Shares, cancel);
        foreach (var partition in proposal.Partitions)
            await RekeyAsync(partition, cancel);
        return grant;
    }

    private async Task<Grant> ConfirmAsync(ShareProposal proposal, GrantId id, CancellationToken cancel)
    {
        new AlarmLog(account).RequireNoOtherHistory();
        // 1
        var partitions = new List<(Partition Partition, IEnumerable<EpochHeader> Epochs)>();
        var newest = (await _partitions.AllAsync(cancel)).ToDictionary(partition => partition.Id);
        foreach (var partition in proposal.Partitions)
        {
            // Since it was shown it may have moved on.
            var moved = newest.GetValueOrDefault(partition.Id, partition);
            if (proposal.History == History.FromNow && partition.Chain.Count > 0)
            {
                await BeginRekeyingAsync([partition.Id.ToString()]);
                moved = await _partitions.AdvanceAnewAsync(moved, cancel);
                await RekeyAsync(moved, cancel);
            }
            partitions.Add((moved, proposal.History == History.FromNow ? [moved.Head] : moved.Chain));
        }
        // 2
        var terms = Terms(proposal, id);
        var made = partitions.SelectMany(p => p.Epochs).Select(header => _splitting.Make(terms, header)).ToArray();
        var note = new GrantNote(account.Mail, partitions.ToDictionary(p => p.Partition.Id.ToString(), p => p.Partition.Name), account.Log.HeadForOthers).Seal(proposal.To.Card.Box);
        var grant = Grant.Create(account.Keys.Identity, terms, [.. made.Select(m => m.Entry)], note);
        // 3, 4
        await IssueNewAsync(grant, [.. made.SelectMany(m => m.Shares)], cancel);
        return grant;
    }

    private GrantTerms Terms(ShareProposal proposal, GrantId id) => new(id, 1, account.Keys.Identity.PublicKey, proposal.To.Card.Identity, proposal.To.Card.Receiving,
        proposal.Role, proposal.Purpose, proposal.From, proposal.Until);

    /// <summary>The owner's own grants, newest last.</summary>
    public async Task<IReadOnlyList<GrantSummary>> ListAsync(CancellationToken cancel)
    {
        await account.Inventory.ReadAsync(cancel);
        var names = (await _partitions.AllAsync(cancel)).ToDictionary(p => p.Id, p => p.Name);
        var contacts = new Contacts(account);
        return [.. (await _own.AllAsync(cancel)).Select(view => new GrantSummary(view.Grant.Terms.Id,
            contacts.MailOf(view.Grant.Terms.Delegatee.Account) ?? view.Grant.Terms.Delegatee.Account.ToString(), view.Grant.Terms.Role, view.Grant.Terms.Purpose,
            [.. view.Grant.Entries.Select(e => e.Partition).Distinct().Select(p => names.GetValueOrDefault(p, "?"))], view.Grant.Terms.From, view.Grant.Terms.Until,
            view.State(account.Now), view.Receipts.Count))];
    }

    /// <summary>
    /// Ends a grant, or a deposit grant, at once: 1 the notice is kept until it is through, 2 told to trustees and cloud, 3 the partitions move on, 4 those who stay are re-keyed.
    /// A kill in between is made good by <see cref="FinishAsync"/> at the next command.
    /// </summary>
    public async Task<RevocationOutcome> RevokeAsync(GrantId id, CancellationToken cancel)
    {
        var own = await _own.AllAsync(cancel);
        if (own.All(view => view.Grant.Terms.Id != id) && await new Depositing(account).BeginEndAsync(id, cancel) is { } end)
            return await CarryOutAsync(end.Journal, end.Notice, cancel);
        var view = own.FirstOrDefault(view => view.Grant.Terms.Id == id)
            ?? throw new CannotException($"You have made no grant {id}. `salus grants` lists them.", Reasons.NoGrant);
        if (view.Revocation is not null && view.Receipts.Count == account.Trustees.Count)
            throw new CannotException($"The grant {id} is revoked already.", Reasons.AlreadyRevoked);
        // 1
        var revocation = view.Revocation ?? Revocation.Create(account.Keys.Identity, id, account.Now);
        Remembered.Grants.TryAdd(id.ToString(), view.Grant.Terms.Version);
        Remembered.UnsentKFrags.RemoveAll(unsent => unsent.Grant == id.ToString());
        Forget(id);
        var heads = (await _partitions.AllAsync(cancel)).Where(p => view.Grant.Entries.Any(e => e.Partition == p.Id)).ToArray();
        var journal = new UnfinishedRevocation(revocation.Signed, heads.ToDictionary(p => p.Id.ToString(), p => p.Head.Epoch.Value));
        Remembered.UnfinishedRevocations.RemoveAll(earlier => earlier.Signed.AsSpan().SequenceEqual(revocation.Signed));
        Remembered.UnfinishedRevocations.Add(journal);
        _own.Keep(revocation, isThrough: false);
        await account.State.SaveAsync();
        return await CarryOutAsync(journal, revocation, cancel);
    }

    /// <summary>
    /// Whatever an earlier command began and could not bring to its end: shares that a trustee did not take, revocations that one did not hear, grants that are to be carried
    /// over. It never stands in the way of what comes next: what fails again is told in <see cref="Complaints"/>.
    /// </summary>
    public async Task FinishAsync(CancellationToken cancel)
    {
        foreach (var unsent in Remembered.UnsentKFrags.ToArray())
        {
            var trustee = account.Trustees.FirstOrDefault(t => t.Key.ToString() == unsent.Trustee);
            if (trustee is null || await Delivery.SendAsync(trustee, unsent, cancel) != Sent.Pending)
                Remembered.UnsentKFrags.Remove(unsent);
        }
        foreach (var journal in Remembered.UnfinishedRevocations.ToArray())
            if (Revocation.TryVerify(journal.Signed, out var revocation))
                await TryFinishAsync(() => CarryOutAsync(journal, revocation, cancel));
        if (Remembered.Rekeying.Count > 0)
            await TryFinishAsync(async () =>
            {
                foreach (var partition in (await _partitions.AllAsync(cancel)).Where(partition => Remembered.Rekeying.Contains(partition.Id.ToString())))
                    await RekeyAsync(partition, cancel);
            });
        await account.State.SaveAsync();
        await TryFinishAsync(() => account.Inventory.FlushAsync(cancel));
    }

    private async Task TryFinishAsync(Func<Task> finish)
    {
        try
        {
            await finish();
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException or AlarmException or CannotException)
        {
            _complaints.Enqueue($"What an earlier command began is not finished yet: {(failure is AlarmException alarm ? $"ALARM ({alarm.Kind}): " : "")}{failure.Message}");
        }
    }

    private async Task<RevocationOutcome> CarryOutAsync(UnfinishedRevocation journal, Revocation revocation, CancellationToken cancel)
    {
        // 2
        var answers = journal.IsDeposit ? [] : await Delivery.RevokeAsync(revocation, cancel);
        var receipts = answers.OfType<RevocationReceipt>().ToArray();
        var isTaken = true;
        try
        {
            await (journal.IsDeposit ? account.Cloud.EndDepositAsync(revocation, cancel) : account.Cloud.RevokeAsync(revocation, receipts, cancel));
        }
        catch (RefusedException refused) when (refused.Code == Problems.Conflict)
        {
            // Another device was first. The end of a deposit grant is an end by any notice; for a grant the cloud's notice is the one that receipts are kept of.
            if (!journal.IsDeposit && await TakeOverAsync(journal, revocation, cancel) is { } theirs)
                return await CarryOutAsync(theirs.Journal, theirs.Notice, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound && !IsConfirmed(revocation.Grant))
        {
            isTaken = false; // it never came there
        }
        if (!journal.IsDeposit && _own.Keep(revocation, isTaken, receipts))
            await account.State.SaveAsync();
        await (isTaken ? account.Inventory.NoteEndAsync(revocation, journal.IsDeposit, cancel) : Task.CompletedTask);
        // 3
        await BeginRekeyingAsync(journal.Epochs.Keys);
        var moved = new List<Partition>();
        foreach (var partition in await _partitions.AllAsync(cancel))
            if (journal.Epochs.TryGetValue(partition.Id.ToString(), out var epoch))
                moved.Add(partition.Head.Epoch.Value > epoch ? partition : await _partitions.AdvanceAsync(partition, cancel));
        // 4
        var rekeyed = 0;
        foreach (var partition in moved)
            rekeyed += await RekeyAsync(partition, cancel);
        var pending = account.Trustees.Where((_, i) => i < answers.Length && answers[i] is null).Select(trustee => trustee.Name).ToArray();
        if (pending.Length == 0)
            Remembered.UnfinishedRevocations.Remove(journal);
        await account.State.SaveAsync();
        await account.Inventory.FlushAsync(cancel);
        return new RevocationOutcome(revocation.Grant, receipts.Length, pending, [.. moved.Select(p => p.Name)], rekeyed, journal.IsDeposit);
    }

    /// <summary>Whether the cloud has once said that it has the grant, or deposit grant.</summary>
    private bool IsConfirmed(GrantId id) => Remembered.Grants.ContainsKey(id.ToString()) || Remembered.Deposits.Contains(id.ToString());

    /// <summary>The cloud's own notice of a revocation in the place of this device's. It is taken over once: a cloud that then shows yet another has none.</summary>
    private async Task<(UnfinishedRevocation Journal, Revocation Notice)?> TakeOverAsync(UnfinishedRevocation journal, Revocation refused, CancellationToken cancel)
    {
        var known = Remembered.Revocations.GetValueOrDefault(refused.Grant.ToString());
        var theirs = (await _own.AllAsync(cancel)).FirstOrDefault(own => own.Grant.Terms.Id == refused.Grant)?.Revocation;
        if (theirs is null || theirs.Signed.AsSpan().SequenceEqual(refused.Signed) || known is { IsThrough: true } && known.Signed.AsSpan().SequenceEqual(refused.Signed))
            throw new AlarmException(AlarmKind.Withheld, $"The cloud refuses the revocation of {refused.Grant} and does not show the one that is in its way.");
        var taken = journal with { Signed = theirs.Signed };
        Remembered.UnfinishedRevocations.Remove(journal);
        Remembered.UnfinishedRevocations.Add(taken);
        await account.State.SaveAsync();
        return (taken, theirs);
    }

    /// <summary>Written down before a partition moves on: a kill after that leaves nobody behind.</summary>
    private Task BeginRekeyingAsync(IEnumerable<string> partitions)
    {
        Remembered.Rekeying.UnionWith(partitions);
        return account.State.SaveAsync();
    }

    /// <summary>
    /// Extends every live grant on a partition to all its epochs since the grant's first. Doing it twice changes nothing, it never ends a grant, and what cannot be done now
    /// is done by <see cref="FinishAsync"/>.
    /// </summary>
    private async Task<int> RekeyAsync(Partition partition, CancellationToken cancel)
    {
        var (count, complete) = (0, true);
        var own = await _own.AllAsync(cancel);
        foreach (var over in own.Where(view => !view.IsLive(account.Now)))
            Forget(over.Grant.Terms.Id);
        foreach (var view in own.Where(view => view.IsLive(account.Now)))
        {
            var (grant, issued) = (view.Grant, Issued.Done);
            while (issued == Issued.Done && partition.MissingIn(grant) is { Count: > 0 } missing)
            {
                var (next, shares) = Unfinished(grant.Terms.Id, grant.Terms.Version + 1) ?? Extend(grant, missing);
                issued = await IssueAsync(next, shares, cancel);
                grant = issued == Issued.Done ? next : grant;
            }
            count += grant == view.Grant ? 0 : 1;
            // Closed: locked, and not claimed in time, so that nobody reads by it.
            complete &= issued is Issued.Done or Issued.Closed;
            if (issued is Issued.TooFew or Issued.Overtaken)
                _complaints.Enqueue($"The grant {grant.Terms.Id} is not carried over to the new keys of {partition.Name} yet: "
                    + (issued == Issued.TooFew ? "fewer than two trustees take their share." : "the cloud has another version of it.")
                    + " It is tried again at your next command.");
        }
        if (complete)
            Remembered.Rekeying.Remove(partition.Id.ToString());
        await account.State.SaveAsync();
        return count;
    }

    private (Grant Grant, IReadOnlyList<UnsentKFrag> Shares) Extend(Grant grant, IReadOnlyList<EpochHeader> epochs)
    {
        var terms = grant.Terms with { Version = grant.Terms.Version + 1 };
        var made = epochs.Select(header => _splitting.Make(terms, header)).ToArray();
        return (Grant.Create(account.Keys.Identity, terms, [.. grant.Entries, .. made.Select(m => m.Entry)], grant.SealedNote), [.. made.SelectMany(m => m.Shares)]);
    }

    /// <summary>A version of a grant that was not brought to its end. Those for versions that the cloud has passed are dropped.</summary>
    private (Grant Grant, IReadOnlyList<UnsentKFrag> Shares)? Unfinished(GrantId id, uint version)
    {
        foreach (var kept in Remembered.UnfinishedGrants.ToArray())
            if (!Grant.TryVerify(kept.Signed, out var grant) || grant.Terms.Id == id && grant.Terms.Version < version)
                Remembered.UnfinishedGrants.Remove(kept);
            else if (grant.Terms.Id == id && grant.Terms.Version == version)
                return (grant, kept.Shares);
        return null;
    }

    private void Forget(GrantId id) => Remembered.UnfinishedGrants.RemoveAll(kept => kept.Shares.Any(share => share.Grant == id.ToString()));

    private async Task IssueNewAsync(Grant grant, IReadOnlyList<UnsentKFrag> shares, CancellationToken cancel)
    {
        var issued = await IssueAsync(grant, shares, cancel);
        await account.Inventory.FlushAsync(cancel);
        if (issued == Issued.Done)
            return;
        // The number of a locked grant is needed again; any other is given up.
        if (issued == Issued.TooFew && !account.Keys.IsLocked(grant.Terms.Id))
            await Delivery.RevokeAsync(Revocation.Create(account.Keys.Identity, grant.Terms.Id, account.Now), cancel);
        throw new CannotException(issued switch
        {
            Issued.Closed => "The time to show the grant's code is over. Nothing was shared; they have to ask again.",
            Issued.Overtaken => "The cloud has another grant of this number. Nothing was shared; `salus grants` lists what there is.",
            _ => "Fewer than two trustees answer and take their share. Nothing was shared; try again when `salus status` shows them." + Because(grant.Terms.Id),
        }, issued switch { Issued.Closed => Reasons.RequestOver, Issued.Overtaken => Reasons.AnsweredOtherwise, _ => Reasons.TooFewTrustees });
    }

    private string Because(GrantId grant) => string.Concat(_complaints.Where(complaint => complaint.Contains(grant.ToString(), StringComparison.Ordinal)).Select(complaint => " " + complaint));

    /// <summary>
    /// 1 keeps what is to be sent when its number will be used again, 2 hands the shares to the trustees, 3 gives the grant to the cloud. Cut short, it is done again with the same bytes.
    /// </summary>
    private async Task<Issued> IssueAsync(Grant grant, IReadOnlyList<UnsentKFrag> shares, CancellationToken cancel)
    {
        // 1
        if ((grant.Terms.Version > 1 || account.Keys.IsLocked(grant.Terms.Id)) && Unfinished(grant.Terms.Id, grant.Terms.Version) is null)
        {
            Remembered.UnfinishedGrants.Add(new UnfinishedGrant(grant.Signed, [.. shares]));
            await account.State.SaveAsync();
        }
        // 2
        var sent = await Delivery.SendAsync(shares, cancel);
        if (sent.Count(outcome => outcome == Sent.Closed) > Delegation.Shares - Delegation.Threshold)
            return await DropAsync(grant, Issued.Closed);
        if (sent.Count(outcome => outcome == Sent.Kept) < Delegation.Threshold)
            return Issued.TooFew;
        // 3
        try
        {
            await (grant.Terms.Version > 1 || account.Keys.IsLocked(grant.Terms.Id) ? account.Cloud.AddGrantAsync(grant, cancel) : HandOverAsync(grant, cancel));
        }
        catch (RefusedException refused) when (refused.Code == Problems.Conflict)
        {
            return await DropAsync(grant, Issued.Overtaken);
        }
        Remembered.Grants[grant.Terms.Id.ToString()] = grant.Terms.Version;
        account.Inventory.Note(Items.Of(grant));
        var pending = account.Trustees.Where((_, i) => sent[i] == Sent.Pending).Select(trustee => trustee.Key.ToString()).ToHashSet();
        Remembered.UnsentKFrags.AddRange(shares.Where(share => pending.Contains(share.Trustee)));
        return await DropAsync(grant, Issued.Done);
    }

    /// <summary>Gives a new grant to the cloud. Unless the cloud says that it has it, the grant is over before anybody is told that it failed.</summary>
    private async Task HandOverAsync(Grant grant, CancellationToken cancel)
    {
        var (end, notice) = Handover.EndOf(account, grant);
        try
        {
            await Handover.SendAsync(account, end, () => account.Cloud.AddGrantAsync(grant, cancel));
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException or AlarmException)
        {
            _own.Keep(notice, isThrough: false);
            await account.State.SaveAsync();
            var receipts = await Delivery.RevokeAsync(notice, cancel);
            await TryFinishAsync(() => CarryOutAsync(end, notice, cancel));
            if (receipts.Count(receipt => receipt is not null) < Delegation.Threshold)
                throw Handover.MaybeShared();
            throw;
        }
    }

    /// <summary>There is nothing of this version to be sent again.</summary>
    private async Task<Issued> DropAsync(Grant grant, Issued issued)
    {
        Remembered.UnfinishedGrants.RemoveAll(kept => kept.Signed.AsSpan().SequenceEqual(grant.Signed));
        await account.State.SaveAsync();
        return issued;
    }

    /// <summary>The owner's grants that let somebody read, now or later.</summary>
    internal async Task<IReadOnlyList<Grant>> LiveAsync(CancellationToken cancel) =>
        [.. (await _own.AllAsync(cancel)).Where(own => own.IsLive(account.Now)).Select(own => own.Grant)];

    private (DateTimeOffset From, DateTimeOffset Until) CheckDates(DateTimeOffset? from, DateTimeOffset? until)
    {
        var now = account.Now;
        var (start, end) = (Milliseconds(from ?? now), Milliseconds(until ?? Limits.NoEnd));
        return end > start && end > now ? (start, end) : throw new CannotException("The grant would end before it begins: choose a later --until.", Reasons.BadDates);
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
