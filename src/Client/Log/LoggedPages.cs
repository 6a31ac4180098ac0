using Salus.Client.Accounts;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>How a page stands to the log.</summary>
public enum PageStanding
{
    /// <summary>In the log, and none of its builder is newer.</summary>
    Newest,

    /// <summary>In the log, and there is a newer one that still lets it be used.</summary>
    Older,

    /// <summary>A development build, of which the log knows nothing.</summary>
    Development,

    /// <summary>Not in the log, but of the user's own package.</summary>
    Own,

    /// <summary>Of the user's own package, and a newer one in the log lets it be used no more, by the cloud's word alone: what the cloud enters there nobody sees but itself.</summary>
    Outdated,
}

/// <summary>Who handed a page out.</summary>
public enum PageHome
{
    /// <summary>A cloud.</summary>
    Hosted,

    /// <summary>The client on this machine, from its own package, which it has verified. Only what a cloud hosts is in the log.</summary>
    Own,
}

/// <summary>
/// Holds a page against the log: one that was made for a single person is not in it, and what its builder has since declared dangerous is below the newest minimum. The cloud proves the entry under
/// a checkpoint that two trustees have cosigned; what is newest the trustees tell themselves.
/// </summary>
public sealed class LoggedPages(Account account)
{
    /// <summary>Throws an alarm for a page that its builder has not signed, that is not in the log, or that may not be used any more.</summary>
    /// <param name="signed">The manifest of the page.</param>
    /// <param name="builder">Who signs the pages, as the page itself was built with.</param>
    /// <param name="home">Where the page runs: one that a cloud hands out has to be in the log.</param>
    public async Task<PageStanding> CheckAsync(byte[] signed, VerifyingKey builder, PageHome home, CancellationToken cancel)
    {
        if (!PageManifest.TryVerify(signed, builder, out var page))
            throw new AlarmException(AlarmKind.Integrity, "The page names a manifest that its builder has not signed.");
        // 1. What the trustees have seen of this builder.
        var tag = LogEntry.PageTag(builder);
        var logged = await new Witnesses(account).EntriesAsync(LogKind.Page, tag, cancel);
        var newest = logged.Entries.Select(entry => PageNumber.FromLogged(entry.Version)).OrderByDescending(number => number.Logged).FirstOrDefault();
        if (newest.Number > page.Number.Number && newest.Minimum > page.Number.Number)
            return home == PageHome.Own ? PageStanding.Outdated : throw new AlarmException(AlarmKind.Rollback,
                $"This page (version {page.Version}) is older than its builder lets it be used: it was called dangerous, and a server hands it out all the same.");
        // 2. This page is among it, as everybody can see.
        if (!await account.Log.HasAsync(LogEntry.Tagged(LogKind.Page, tag, page.Number.Logged, signed), cancel))
            return page.Build == PageBuild.Development && logged is { Entries.Count: 0, IsCut: false } ? PageStanding.Development
                : home == PageHome.Own ? PageStanding.Own
                : throw new AlarmException(AlarmKind.Unlogged, $"This page (version {page.Version}) is not in the log: it may have been made for you alone.");
        return newest.Number > page.Number.Number ? PageStanding.Older : PageStanding.Newest;
    }
}
