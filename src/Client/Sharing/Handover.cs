using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Protocol;

namespace Salus.Client.Sharing;

/// <summary>
/// A new grant, or deposit grant, on its way to the cloud. What was said to have failed must not be shared: the notice that ends it is kept before it leaves, and
/// <see cref="Granting.FinishAsync"/> carries that out unless the cloud has said that it has taken it.
/// </summary>
internal static class Handover
{
    /// <summary>What ends a grant, and leaves the epochs behind that it opens.</summary>
    public static (UnfinishedRevocation Journal, Revocation Notice) EndOf(Account account, Grant grant)
    {
        var notice = Revocation.Create(account.Keys.Identity, grant.Terms.Id, account.Now);
        var epochs = grant.Entries.GroupBy(entry => entry.Partition).ToDictionary(of => of.Key.ToString(), of => of.Max(entry => entry.Epoch.Value));
        return (new UnfinishedRevocation(notice.Signed, epochs), notice);
    }

    public static CannotException MaybeShared() => new("The cloud has not said that it has the grant, and fewer than two trustees have acknowledged that it is over. "
        + "Until they do it may let somebody read; your next command tells them again.", Reasons.MaybeShared);

    /// <summary>An answer that was lost is asked for once more, with the same bytes. The caller saves what it remembers of the grant.</summary>
    public static async Task SendAsync(Account account, UnfinishedRevocation end, Func<Task> send)
    {
        account.State.Content.UnfinishedRevocations.Add(end);
        await account.State.SaveAsync();
        try
        {
            await send();
        }
        catch (UnreachableException)
        {
            await send();
        }
        account.State.Content.UnfinishedRevocations.Remove(end);
    }
}
