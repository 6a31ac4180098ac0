using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Records;
using Salus.Protocol;

namespace Salus.Client.Search;

/// <summary>Whom <c>from:</c> means: the owners themselves and whoever has had their permission to add, by name or mail address.</summary>
internal sealed class SourceNames(Account account)
{
    /// <summary>The accounts behind the names; null when none is named.</summary>
    public async Task<IReadOnlyCollection<AccountId>?> ResolveAsync(IReadOnlyList<string> wanted, IReadOnlyList<SearchedOwner> owners, CancellationToken cancel)
    {
        if (wanted.Count == 0)
            return null;
        var known = await KnownAsync(owners, cancel);
        var meant = new HashSet<AccountId>();
        foreach (var name in wanted)
        {
            var exact = known.Where(source => source.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
            var found = exact.Length > 0 ? exact : [.. known.Where(source => source.Name.Contains(name, StringComparison.OrdinalIgnoreCase))];
            if (found.Length == 0)
                throw new CannotException($"Nobody called {name} may add to these records. There are: {string.Join(", ", known.Select(source => source.Name).Distinct())}.", Reasons.UnknownSource);
            meant.UnionWith(found.Select(source => source.Account));
        }
        return meant;
    }

    private async Task<IReadOnlyList<(string Name, AccountId Account)>> KnownAsync(IReadOnlyList<SearchedOwner> owners, CancellationToken cancel)
    {
        var known = new List<(string, AccountId)>();
        var contacts = new Contacts(account);
        foreach (var owner in owners)
        {
            known.Add((owner.Name, owner.Identity.Account));
            if (owner.Own is not null)
                known.Add((RecordSummary.Self, owner.Identity.Account));
            var names = PermittedSources.Of(account, owner.Identity, owner.Name);
            foreach (var depositor in (await new KnownDeposits(account).OfAsync(owner.Identity, cancel)).Select(deposit => deposit.Terms.Depositor).Distinct())
            {
                known.Add((await names.NameAsync(depositor, cancel), depositor.Account));
                if (contacts.MailOf(depositor.Account) is { } mail)
                    known.Add((mail, depositor.Account));
            }
        }
        return known;
    }
}
