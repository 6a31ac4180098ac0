using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Protocol;

namespace Salus.Client.Sharing;

/// <summary>A grant that this account has made, and its end.</summary>
internal sealed record OwnGrant(Grant Grant, Revocation? Revocation, int Receipts)
{
    public string State(DateTimeOffset now) =>
        Revocation is not null ? "revoked" : now < Grant.Terms.From ? "not yet" : now >= Grant.Terms.Until ? "expired" : "active";

    public bool IsLive(DateTimeOffset now) => Revocation is null && now < Grant.Terms.Until;
}

/// <summary>
/// The owner's grants as the cloud shows them, held against what this device remembers: versions do not go back, and what was revoked is revoked whatever the cloud says.
/// </summary>
internal sealed class OwnGrants(Account account)
{
    public Task<IReadOnlyList<OwnGrant>> AllAsync(CancellationToken cancel) => SecondAnswer.TakeAsync(() => AskAllAsync(cancel));

    private async Task<IReadOnlyList<OwnGrant>> AskAllAsync(CancellationToken cancel)
    {
        var (versions, notices) = (new Dictionary<string, uint>(account.State.Content.Grants), new Dictionary<string, KeptRevocation>(account.State.Content.Revocations));
        var grants = new List<OwnGrant>();
        var learnt = false;
        foreach (var view in await account.Cloud.GrantsAsync(cancel))
        {
            if (!Grant.TryVerify(view.Signed, out var grant) || !grant.Terms.Owner.Equals(account.Keys.Identity.PublicKey))
                throw new AlarmException(AlarmKind.Integrity, "The cloud shows a grant that this account has not signed.");
            if (versions.TryGetValue(grant.Terms.Id.ToString(), out var seen) && grant.Terms.Version < seen)
                throw new AlarmException(AlarmKind.Rollback, $"The cloud shows an older version of the grant {grant.Terms.Id} than before.");
            Revocation? shown = null;
            if (view.Revocation is not null && (!Revocation.TryVerify(view.Revocation, out shown) || !shown.Owner.Equals(grant.Terms.Owner)
                || shown.Grant != grant.Terms.Id))
                throw new AlarmException(AlarmKind.Integrity, "The cloud shows a revocation that this account has not signed.");
            learnt |= shown is not null && Keep(shown, isThrough: true);
            var revocation = shown ?? Kept(grant.Terms.Id, notices);
            var receipts = revocation is null ? 0 : account.Trustees.Count(t => view.Receipts.Any(r => RevocationReceipt.TryVerify(r, t.Key, revocation, out _)));
            grants.Add(new OwnGrant(grant, revocation, receipts));
        }
        foreach (var id in versions.Keys)
            if (grants.All(own => own.Grant.Terms.Id.ToString() != id))
                throw new AlarmException(AlarmKind.Withheld, $"The cloud does not show the grant {id}, which was there before.");
        if (learnt)
            await account.State.SaveAsync();
        return grants;
    }

    /// <summary>Remembers a notice; false when it was known. The caller saves.</summary>
    public bool Keep(Revocation notice, bool isThrough)
    {
        var id = notice.Grant.ToString();
        if (account.State.Content.Revocations.TryGetValue(id, out var kept) && (kept.IsThrough || !isThrough) && kept.Signed.AsSpan().SequenceEqual(notice.Signed))
            return false;
        account.State.Content.Revocations[id] = new KeptRevocation(notice.Signed, isThrough);
        return true;
    }

    /// <summary>The notice that this device remembers; an alarm when the cloud has had it and hides it.</summary>
    /// <param name="before">The notices that were known when the cloud was asked.</param>
    private Revocation? Kept(GrantId grant, Dictionary<string, KeptRevocation> before)
    {
        if (before.GetValueOrDefault(grant.ToString()) is { IsThrough: true })
            throw new AlarmException(AlarmKind.Withheld, $"The cloud shows the grant {grant} without its revocation, which it had before. Nobody gets new keys by it.");
        if (!account.State.Content.Revocations.TryGetValue(grant.ToString(), out var kept))
            return null;
        return Revocation.TryVerify(kept.Signed, out var notice)
            ? notice : throw new AlarmException(AlarmKind.Integrity, "A revocation that this device has kept is damaged.");
    }
}
