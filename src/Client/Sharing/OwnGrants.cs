using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Protocol;
using Salus.Protocol.Inventory;

namespace Salus.Client.Sharing;

/// <summary>A grant that this account has made, and its end.</summary>
/// <param name="Receipts">When each trustee, by its name, has acknowledged the end: by its own clock, and the first time.</param>
internal sealed record OwnGrant(Grant Grant, Revocation? Revocation, IReadOnlyDictionary<string, DateTimeOffset> Receipts)
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
        var listed = await account.Inventory.KnownAsync();
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
            var revocation = shown ?? Kept(grant.Terms.Id, notices);
            if (revocation is null && listed?.IsEnded(ItemKind.Grant, ItemId.Of(grant.Terms.Id)) == true)
                throw new AlarmException(AlarmKind.Revived, $"The cloud shows the grant {grant.Terms.Id}, which you have revoked, as if it still held. Nobody gets new keys by it.");
            var receipts = revocation is null ? [] : Receipts(revocation, view.Receipts);
            learnt |= shown is not null && Keep(shown, isThrough: true, receipts);
            grants.Add(new OwnGrant(grant, revocation, account.Trustees.Where(trustee => receipts.Any(receipt => receipt.Trustee.Equals(trustee.Key)))
                .ToDictionary(trustee => trustee.Name, trustee => receipts.Where(receipt => receipt.Trustee.Equals(trustee.Key)).Min(receipt => receipt.At))));
        }
        foreach (var id in versions.Keys)
            if (grants.All(own => own.Grant.Terms.Id.ToString() != id))
                throw new AlarmException(AlarmKind.Withheld, $"The cloud does not show the grant {id}, which was there before.");
        if (learnt)
            await account.State.SaveAsync();
        return grants;
    }

    /// <summary>Remembers a notice, and the first receipt of each trustee for it; false when all was known. The caller saves.</summary>
    public bool Keep(Revocation notice, bool isThrough, params IReadOnlyList<RevocationReceipt> receipts)
    {
        var id = notice.Grant.ToString();
        var known = account.State.Content.Revocations.GetValueOrDefault(id) is { } other && other.Signed.AsSpan().SequenceEqual(notice.Signed) ? other : null;
        var kept = new Dictionary<string, byte[]>(known?.Receipts ?? []);
        var isNew = false;
        foreach (var receipt in receipts)
            isNew |= kept.TryAdd(receipt.Trustee.ToString(), receipt.Signed);
        if (known is not null && (known.IsThrough || !isThrough) && !isNew)
            return false;
        account.State.Content.Revocations[id] = new KeptRevocation(notice.Signed, isThrough || known is { IsThrough: true }) { Receipts = kept };
        return true;
    }

    /// <summary>Those that the cloud shows and that this device remembers, as far as they are the trustees' own.</summary>
    private List<RevocationReceipt> Receipts(Revocation notice, IReadOnlyList<byte[]> shown)
    {
        var kept = account.State.Content.Revocations.GetValueOrDefault(notice.Grant.ToString())?.Receipts.Values.AsEnumerable() ?? [];
        var receipts = new List<RevocationReceipt>();
        foreach (var signed in kept.Concat(shown).DistinctBy(bytes => Convert.ToHexString(bytes)))
            foreach (var trustee in account.Trustees)
                if (RevocationReceipt.TryVerify(signed, trustee.Key, notice, out var receipt))
                    receipts.Add(receipt);
        return receipts;
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
