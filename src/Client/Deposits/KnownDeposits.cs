using Salus.Client.Accounts;
using Salus.Client.Inventory;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;

namespace Salus.Client.Deposits;

/// <summary>
/// Deposit grants as the cloud shows them, each verified. The end of one that this device has once seen stays its end, whatever the cloud shows later; the owner's own do not
/// vanish either.
/// </summary>
internal sealed class KnownDeposits(Account account)
{
    /// <summary>Those that an owner, this account or another, has made.</summary>
    public Task<IReadOnlyList<Deposit>> OfAsync(VerifyingKey owner, CancellationToken cancel) => SecondAnswer.TakeAsync(() => AskOfAsync(owner, cancel));

    private async Task<IReadOnlyList<Deposit>> AskOfAsync(VerifyingKey owner, CancellationToken cancel)
    {
        var remembered = account.State.Content.Deposits.ToArray();
        var deposits = await VerifyAsync(await account.Cloud.DepositsAsync(owner.Account, cancel), grant => grant.Terms.Owner.Equals(owner));
        if (owner.Equals(account.Keys.Identity.PublicKey))
            foreach (var id in remembered)
                if (deposits.All(deposit => deposit.Terms.Id.ToString() != id))
                    throw new AlarmException(AlarmKind.Withheld, $"The cloud does not show the deposit grant {id}, which was there before.");
        if (owner.Equals(account.Keys.Identity.PublicKey) && await account.Inventory.KnownAsync() is { } listed
            && deposits.FirstOrDefault(deposit => deposit.Ended is null && listed.Find(ItemKind.Deposit, ItemId.Of(deposit.Terms.Id)) is [{ IsLive: false } end] && !Items.IsOver(end)) is { } revived)
            throw new AlarmException(AlarmKind.Revived, $"The cloud shows the permission {revived.Terms.Id} to add records, which you have ended, as if it still held.");
        return deposits;
    }

    /// <summary>Those that others have made to this account.</summary>
    public async Task<IReadOnlyList<Deposit>> ReceivedAsync(CancellationToken cancel) =>
        await VerifyAsync(await account.Cloud.ReceivedDepositsAsync(cancel), grant => grant.Terms.Depositor.Equals(account.Keys.Identity.PublicKey));

    /// <summary>Remembers the end of a deposit grant: the earliest one counts.</summary>
    public DateTimeOffset Remember(Revocation end)
    {
        var key = $"{end.Owner.Account}/{end.Grant}";
        var ended = account.State.Content.EndedDeposits.TryGetValue(key, out var seen) && seen < end.At ? seen : end.At;
        account.State.Content.EndedDeposits[key] = ended;
        return ended;
    }

    private async Task<IReadOnlyList<Deposit>> VerifyAsync(IReadOnlyList<DepositView> views, Func<DepositGrant, bool> isMeant)
    {
        var deposits = new List<Deposit>();
        foreach (var view in views)
        {
            if (view is not { Signed: not null } || !DepositGrant.TryVerify(view.Signed, out var grant) || !isMeant(grant))
                throw new AlarmException(AlarmKind.Integrity, "The cloud shows a deposit grant that is not of those asked for, or that its owner has not signed.");
            DateTimeOffset? ended = account.State.Content.EndedDeposits.TryGetValue($"{grant.Terms.Owner.Account}/{grant.Terms.Id}", out var seen) ? seen : null;
            if (view.Revocation is not null)
                ended = Revocation.TryVerify(view.Revocation, out var end) && end.Owner.Equals(grant.Terms.Owner) && end.Grant == grant.Terms.Id
                    ? Remember(end)
                    : throw new AlarmException(AlarmKind.Integrity, "The cloud shows a revocation that the owner of a deposit grant has not signed.");
            deposits.Add(new Deposit(grant, ended));
        }
        await account.State.SaveAsync();
        return deposits;
    }
}
