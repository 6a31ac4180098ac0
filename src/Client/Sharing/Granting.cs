using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Partitions;
using Salus.Client.Profiles;
using Salus.Client.Transport;
using Salus.Crypto.Reencryption;
using Salus.Protocol;

namespace Salus.Client.Sharing;

/// <summary>One of the owner's own grants, in words.</summary>
/// <param name="State">"active", "not yet", "expired" or "revoked".</param>
public sealed record GrantSummary(GrantId Id, string To, string Role, string Purpose, IReadOnlyList<string> Partitions, DateTimeOffset From, DateTimeOffset Until,
    string State, int Receipts);

/// <summary>What came of a revocation.</summary>
/// <param name="Receipts">Trustees that have signed that the keys are gone; two are enough to make the grant useless.</param>
/// <param name="Pending">Trustees that did not answer; they are told at the next command.</param>
/// <param name="Rekeyed">Grants of others on the same partitions that were carried over to the new epoch.</param>
/// <param name="IsDeposit">Whether it was a permission to add records: no trustee has to do with it.</param>
public sealed record RevocationOutcome(GrantId Grant, int Receipts, IReadOnlyList<string> Pending, IReadOnlyList<string> Moved, int Rekeyed, bool IsDeposit);

/// <summary>
/// The owner's side of sharing (protocol.md, section 4): makes grants, hands each trustee its share of the re-encryption key, revokes, and carries those who stay over to
/// the new epoch.
/// </summary>
public sealed class Granting(Account account)
{
    private readonly PartitionKeys _partitions = new(account);
    private (GrantId Grant, ReleaseLock[] Locks)? _locks;

    /// <summary>What became of a share on its way to a trustee.</summary>
    private enum Sent
    {
        Kept,
        Unreached,

        /// <summary>The trustee takes no more keys of the grant: its code was not shown in time, or guessed at.</summary>
        Closed,
    }

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
    /// Makes the grant: 1 epochs, 2 one entry for each, 3 the shares to the trustees, 4 the signed grant to the cloud. With fewer than two trustees reached nothing is
    /// shared and what was handed out is revoked.
    /// </summary>
    public Task<Grant> ConfirmAsync(ShareProposal proposal, CancellationToken cancel) => ConfirmAsync(proposal, Identifier.Random<GrantId>(), cancel);

    /// <summary>
    /// Makes a grant that opens nothing until its delegatee has shown the code of it (<see cref="ReleaseCode"/>). When there is one by this number that says
    /// the same and whose code is still good, that one is it: an earlier approval was cut short.
    /// </summary>
    internal async Task<Grant> ConfirmLockedAsync(ShareProposal proposal, GrantId id, CancellationToken cancel)
    {
        if (!account.Keys.IsLocked(id))
            throw new ArgumentException("This is not the number of a locked grant.", nameof(id));
        if ((await OwnAsync(cancel)).FirstOrDefault(own => own.Grant.Terms.Id == id) is not { } made)
            return await ConfirmAsync(proposal with { From = Milliseconds(account.Now) }, id, cancel);
        if (made.Revocation is not null)
            throw new CannotException($"The grant {id}, which answered the request, was revoked. They have to ask again.");
        var terms = made.Grant.Terms;
        var partitions = made.Grant.Entries.Select(entry => entry.Partition).ToHashSet();
        if (!terms.Delegatee.Equals(proposal.To.Card.Identity) || !terms.Receiving.Equals(proposal.To.Card.Receiving) || terms.Role != proposal.Role
            || terms.Until != proposal.Until || !partitions.SetEquals(proposal.Partitions.Select(partition => partition.Id)))
        {
            var names = (await _partitions.AllAsync(cancel)).Where(partition => partitions.Contains(partition.Id)).Select(partition => partition.Name);
            throw new CannotException($"The request was answered already, otherwise: the grant {id} lets account {terms.Delegatee.Account} "
                + $"({terms.Role.ToString().ToLowerInvariant()}) see {ShareProposal.Join([.. names])} {ShareProposal.Dates(terms.From, terms.Until)}. It stands as it is. "
                + $"Approve the same again, or end it with `salus revoke {id}` and have them ask again.");
        }
        var closes = terms.From + ReleaseCode.Life;
        return account.Now < closes
            ? made.Grant
            : throw new CannotException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"The request was answered already, and the code of its grant {id} was good until {closes:yyyy-MM-dd HH:mm}Z: who has shown it reads by it, and nobody else ")
                + $"can any more. If they have not, end it with `salus revoke {id}` and have them ask again.");
    }

    private async Task<Grant> ConfirmAsync(ShareProposal proposal, GrantId id, CancellationToken cancel)
    {
        // 1
        var partitions = new List<(Partition Partition, IEnumerable<EpochHeader> Epochs)>();
        foreach (var partition in proposal.Partitions)
        {
            var moved = proposal.History == History.FromNow && partition.Chain.Count > 0 ? await _partitions.AdvanceAsync(partition, cancel) : partition;
            if (moved != partition)
                await RekeyAsync(moved, cancel);
            partitions.Add((moved, proposal.History == History.FromNow ? [moved.Head] : moved.Chain));
        }
        // 2
        var terms = new GrantTerms(id, 1, account.Keys.Identity.PublicKey, proposal.To.Card.Identity, proposal.To.Card.Receiving,
            proposal.Role, proposal.Purpose, proposal.From, proposal.Until);
        var made = partitions.SelectMany(p => p.Epochs).Select(header => MakeEntry(terms, header)).ToArray();
        var note = new GrantNote(account.Mail, partitions.ToDictionary(p => p.Partition.Id.ToString(), p => p.Partition.Name)).Seal(proposal.To.Card.Box);
        var grant = Grant.Create(account.Keys.Identity, terms, [.. made.Select(m => m.Entry)], note);
        // 3
        if (!await HandOutAsync(terms.Id, made, cancel))
            throw new CannotException("The time to show the grant's code is over. Nothing was shared; they have to ask again.");
        // 4
        await account.Cloud.AddGrantAsync(grant, cancel);
        account.State.Content.Grants[terms.Id.ToString()] = terms.Version;
        await account.State.SaveAsync();
        return grant;
    }

    /// <summary>The owner's own grants, newest last.</summary>
    public async Task<IReadOnlyList<GrantSummary>> ListAsync(CancellationToken cancel)
    {
        var names = (await _partitions.AllAsync(cancel)).ToDictionary(p => p.Id, p => p.Name);
        var contacts = new Contacts(account);
        return [.. (await OwnAsync(cancel)).Select(view => new GrantSummary(view.Grant.Terms.Id,
            contacts.MailOf(view.Grant.Terms.Delegatee.Account) ?? view.Grant.Terms.Delegatee.Account.ToString(),
            view.Grant.Terms.Role.ToString().ToLowerInvariant(), view.Grant.Terms.Purpose.ToString().ToLowerInvariant(),
            [.. view.Grant.Entries.Select(e => e.Partition).Distinct().Select(p => names.GetValueOrDefault(p, "?"))],
            view.Grant.Terms.From, view.Grant.Terms.Until, view.State(account.Now), view.Receipts))];
    }

    /// <summary>
    /// Ends a grant, or a deposit grant, at once: 1 the notice is kept until it is through, 2 told to trustees and cloud, 3 the partitions move on, 4 those who stay are re-keyed.
    /// A kill in between is made good by <see cref="FinishAsync"/> at the next command.
    /// </summary>
    public async Task<RevocationOutcome> RevokeAsync(GrantId id, CancellationToken cancel)
    {
        var own = await OwnAsync(cancel);
        if (own.All(view => view.Grant.Terms.Id != id) && await new Depositing(account).BeginEndAsync(id, cancel) is { } end)
            return await CarryOutAsync(end.Journal, end.Notice, cancel);
        var view = own.FirstOrDefault(view => view.Grant.Terms.Id == id)
            ?? throw new CannotException($"You have made no grant {id}. `salus grants` lists them.");
        if (view.Revocation is not null && view.Receipts == account.Trustees.Count)
            throw new CannotException($"The grant {id} is revoked already.");
        // 1
        var revocation = view.Revocation ?? Revocation.Create(account.Keys.Identity, id, account.Now);
        account.State.Content.UnsentKFrags.RemoveAll(unsent => unsent.Grant == id.ToString());
        var heads = (await _partitions.AllAsync(cancel)).Where(p => view.Grant.Entries.Any(e => e.Partition == p.Id)).ToArray();
        var journal = new UnfinishedRevocation(revocation.Signed, heads.ToDictionary(p => p.Id.ToString(), p => p.Head.Epoch.Value));
        account.State.Content.UnfinishedRevocations.Add(journal);
        await account.State.SaveAsync();
        return await CarryOutAsync(journal, revocation, cancel);
    }

    /// <summary>Whatever an earlier command began and could not bring to its end: shares that a trustee did not take, revocations that one did not hear.</summary>
    public async Task FinishAsync(CancellationToken cancel)
    {
        foreach (var unsent in account.State.Content.UnsentKFrags.ToArray())
        {
            var trustee = account.Trustees.FirstOrDefault(t => t.Key.ToString() == unsent.Trustee);
            if (trustee is null || await SendAsync(trustee, unsent.Sealed, cancel) != Sent.Unreached)
                account.State.Content.UnsentKFrags.Remove(unsent);
        }
        foreach (var journal in account.State.Content.UnfinishedRevocations.ToArray())
            if (Revocation.TryVerify(journal.Signed, out var revocation))
                await CarryOutAsync(journal, revocation, cancel);
        await account.State.SaveAsync();
    }

    private async Task<RevocationOutcome> CarryOutAsync(UnfinishedRevocation journal, Revocation revocation, CancellationToken cancel)
    {
        // 2
        var trustees = journal.IsDeposit ? [] : account.Trustees;
        var answers = await Task.WhenAll(trustees.Select(trustee => TryRevokeAsync(trustee, revocation, cancel)));
        var receipts = answers.OfType<RevocationReceipt>().ToArray();
        await (journal.IsDeposit ? account.Cloud.EndDepositAsync(revocation, cancel) : account.Cloud.RevokeAsync(revocation, receipts, cancel));
        // 3
        var moved = new List<Partition>();
        foreach (var partition in await _partitions.AllAsync(cancel))
            if (journal.Epochs.TryGetValue(partition.Id.ToString(), out var epoch))
                moved.Add(partition.Head.Epoch.Value > epoch ? partition : await _partitions.AdvanceAsync(partition, cancel));
        // 4
        var rekeyed = 0;
        foreach (var partition in moved)
            rekeyed += await RekeyAsync(partition, cancel);
        var pending = trustees.Where((_, i) => answers[i] is null).Select(trustee => trustee.Name).ToArray();
        if (pending.Length == 0)
            account.State.Content.UnfinishedRevocations.Remove(journal);
        await account.State.SaveAsync();
        return new RevocationOutcome(revocation.Grant, receipts.Length, pending, [.. moved.Select(p => p.Name)], rekeyed, journal.IsDeposit);
    }

    /// <summary>Extends every live grant on a partition to its newest epoch. Doing it twice changes nothing.</summary>
    private async Task<int> RekeyAsync(Partition partition, CancellationToken cancel)
    {
        var count = 0;
        foreach (var view in await OwnAsync(cancel))
        {
            var grant = view.Grant;
            if (view.Revocation is not null || grant.Terms.Until <= account.Now || grant.Entries.All(e => e.Partition != partition.Id)
                || grant.Entry(partition.Id, partition.Head.Epoch) is not null)
                continue;
            var terms = grant.Terms with { Version = grant.Terms.Version + 1 };
            var made = MakeEntry(terms, partition.Head);
            if (!await HandOutAsync(terms.Id, [made], cancel))
                continue; // locked, and not claimed in time: nobody reads by it
            await account.Cloud.AddGrantAsync(Grant.Create(account.Keys.Identity, terms, [.. grant.Entries, made.Entry], grant.SealedNote), cancel);
            account.State.Content.Grants[terms.Id.ToString()] = terms.Version;
            count++;
        }
        return count;
    }

    /// <summary>The re-encryption key of one partition and epoch, split for the trustees: what the grant says of it, and each trustee's sealed share.</summary>
    private (GrantEntry Entry, byte[][] Sealed) MakeEntry(GrantTerms terms, EpochHeader header)
    {
        if (account.Trustees.Count != Delegation.Shares)
            throw new CannotException($"Sharing needs {Delegation.Shares} trustees; this installation has {account.Trustees.Count}.");
        using var delegating = account.Keys.Delegating(header.Partition, header.Epoch);
        if (!delegating.PublicKey.Equals(header.Key))
            throw new AlarmException(AlarmKind.Integrity, "An epoch header carries a key that is not this account's.");
        var policy = terms.Policy(header.Partition, header.Epoch);
        var locks = Locks(terms);
        var shares = Delegation.Split(delegating, terms.Receiving, policy.Common());
        try
        {
            var sealedShares = shares.Select((share, i) =>
                KFrag.Seal(account.Keys.Identity, policy, header.Key, account.Trustees[i].Key, account.Trustees[i].Box, share, locks?[i])).ToArray();
            var publicShares = shares.Select((share, i) => new TrusteeShare(account.Trustees[i].Key, share.Public)).ToArray();
            return (new GrantEntry(header.Partition, header.Epoch, header.Key, publicShares), sealedShares);
        }
        finally
        {
            foreach (var share in shares)
                share.Dispose();
        }
    }

    /// <summary>A lock for each trustee, for a grant whose number says that it is locked: the same for every epoch, so that what was released stays released.</summary>
    private ReleaseLock[]? Locks(GrantTerms terms)
    {
        if (!account.Keys.IsLocked(terms.Id))
            return null;
        if (_locks?.Grant != terms.Id)
        {
            using var code = ReleaseCode.Of(account.Keys, terms.Id);
            using var secrets = code.Stretch(terms.Id);
            _locks = (terms.Id, [.. account.Trustees.Select(trustee =>
            {
                using var secret = secrets.At(trustee.Key);
                return ReleaseLock.Of(secret.Bytes, terms.From + ReleaseCode.Life);
            })]);
        }
        return _locks?.Locks;
    }

    /// <summary>False when the grant is locked and its lock has closed, so that no two trustees will ever serve it.</summary>
    private async Task<bool> HandOutAsync(GrantId grant, IReadOnlyList<(GrantEntry Entry, byte[][] Sealed)> made, CancellationToken cancel)
    {
        var sent = await Task.WhenAll(account.Trustees.Select(async (trustee, i) =>
        {
            foreach (var (_, sealedShares) in made)
                if (await SendAsync(trustee, sealedShares[i], cancel) is not Sent.Kept and var failed)
                    return failed;
            return Sent.Kept;
        }));
        if (sent.Count(outcome => outcome == Sent.Closed) > Delegation.Shares - Delegation.Threshold)
            return false;
        if (sent.Count(outcome => outcome == Sent.Kept) < Delegation.Threshold)
        {
            var notice = Revocation.Create(account.Keys.Identity, grant, account.Now);
            await Task.WhenAll(account.Trustees.Select(trustee => TryRevokeAsync(trustee, notice, cancel)));
            throw new CannotException("Fewer than two trustees answer. Nothing was shared; try again when `salus status` shows them.");
        }
        for (var i = 0; i < sent.Length; i++)
            if (sent[i] == Sent.Unreached)
                account.State.Content.UnsentKFrags.AddRange(made.Select(m => new UnsentKFrag(grant.ToString(), account.Trustees[i].Key.ToString(), m.Sealed[i])));
        await account.State.SaveAsync();
        return true;
    }

    private static async Task<Sent> SendAsync(TrusteeApi trustee, byte[] sealedKFrag, CancellationToken cancel)
    {
        try
        {
            await trustee.AddKFragAsync(sealedKFrag, cancel);
            return Sent.Kept;
        }
        catch (UnreachableException)
        {
            return Sent.Unreached;
        }
        catch (RefusedException refused) when (refused.Code == Protocol.Http.Problems.LockClosed)
        {
            return Sent.Closed;
        }
    }

    private static async Task<RevocationReceipt?> TryRevokeAsync(TrusteeApi trustee, Revocation revocation, CancellationToken cancel)
    {
        try
        {
            return await trustee.RevokeAsync(revocation, cancel);
        }
        catch (UnreachableException)
        {
            return null;
        }
    }

    /// <summary>The owner's grants that let somebody read, now or later.</summary>
    internal async Task<IReadOnlyList<Grant>> LiveAsync(CancellationToken cancel) =>
        [.. (await OwnAsync(cancel)).Where(own => own.Revocation is null && account.Now < own.Grant.Terms.Until).Select(own => own.Grant)];

    private async Task<IReadOnlyList<OwnGrant>> OwnAsync(CancellationToken cancel)
    {
        var grants = new List<OwnGrant>();
        foreach (var view in await account.Cloud.GrantsAsync(cancel))
        {
            if (!Grant.TryVerify(view.Signed, out var grant) || !grant.Terms.Owner.Equals(account.Keys.Identity.PublicKey))
                throw new AlarmException(AlarmKind.Integrity, "The cloud shows a grant that this account has not signed.");
            if (account.State.Content.Grants.TryGetValue(grant.Terms.Id.ToString(), out var seen) && grant.Terms.Version < seen)
                throw new AlarmException(AlarmKind.Rollback, $"The cloud shows an older version of the grant {grant.Terms.Id} than before.");
            Revocation? revocation = null;
            if (view.Revocation is not null && (!Revocation.TryVerify(view.Revocation, out revocation) || !revocation.Owner.Equals(grant.Terms.Owner)
                || revocation.Grant != grant.Terms.Id))
                throw new AlarmException(AlarmKind.Integrity, "The cloud shows a revocation that this account has not signed.");
            var receipts = revocation is null ? 0 : account.Trustees.Count(t => view.Receipts.Any(r => RevocationReceipt.TryVerify(r, t.Key, revocation, out _)));
            grants.Add(new OwnGrant(grant, revocation, receipts));
        }
        foreach (var id in account.State.Content.Grants.Keys)
            if (grants.All(own => own.Grant.Terms.Id.ToString() != id))
                throw new AlarmException(AlarmKind.Withheld, $"The cloud does not show the grant {id}, which was there before.");
        return grants;
    }

    private (DateTimeOffset From, DateTimeOffset Until) CheckDates(DateTimeOffset? from, DateTimeOffset? until)
    {
        var now = account.Now;
        var (start, end) = (Milliseconds(from ?? now), Milliseconds(until ?? Limits.NoEnd));
        return end > start && end > now ? (start, end) : throw new CannotException("The grant would end before it begins: choose a later --until.");
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    private sealed record OwnGrant(Grant Grant, Revocation? Revocation, int Receipts)
    {
        public string State(DateTimeOffset now) =>
            Revocation is not null ? "revoked" : now < Grant.Terms.From ? "not yet" : now >= Grant.Terms.Until ? "expired" : "active";
    }
}
