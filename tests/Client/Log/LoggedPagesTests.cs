using System.Security.Cryptography;
using Salus.Client.Accounts;
using Salus.Client.Log;
using Salus.Client.Keys;
using Salus.Client.Profiles;
using Salus.Protocol;
using Salus.Protocol.Log;
using Salus.Testing;
using Salus.Trustee.Tests;

namespace Salus.Client.Tests.Log;

/// <summary>What the log says of a page: by two trustees' word, or proven, and never by one trustee's alone.</summary>
public sealed class LoggedPagesTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly TestLog _log = new();
    private readonly SigningKey _builder = SigningKey.Generate();
    private readonly Keyring _owner = Keyring.Generate();
    private readonly LogServer _server;

    public LoggedPagesTests() => _server = new LogServer(_log);

    public void Dispose()
    {
        _server.Dispose();
        _owner.Dispose();
        _builder.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task APageOfTheLogIsTheNewestUntilThereIsANewerOne()
    {
        using var account = await AccountAsync();
        var page = Page(5, 3);
        Name(Append(page), 0, 1, 2);
        Assert.Equal(PageStanding.Newest, await CheckAsync(account, page));
        Name(Append(Page(6, 5)), 0, 1, 2);
        Assert.Equal(PageStanding.Older, await CheckAsync(account, page));
        Name(Append(Page(7, 6)), 0, 1, 2);
        Assert.Equal(AlarmKind.Rollback, (await Assert.ThrowsAsync<AlarmException>(() => CheckAsync(account, page))).Kind);
        // The package of one's own machine, which that machine has checked, is not stopped by what a cloud enters into its log.
        Assert.Equal(PageStanding.Outdated, await CheckAsync(account, page, PageHome.Own));
    }

    [Fact]
    public async Task WhatOneTrusteeMakesUpStopsNoPageAndBarsNobodyFromSharing()
    {
        using var account = await AccountAsync();
        var page = Page(5, 3);
        var entry = Append(page);
        Name(entry, 0, 1, 2);
        _server.Named[1].Add(new TaggedDigest(ulong.MaxValue, 0, RandomNumberGenerator.GetBytes(32)));
        Assert.Equal(PageStanding.Newest, await CheckAsync(account, page));
        Assert.StartsWith("trustee-2 names an entry that the log does not have", Assert.Single(account.Warnings).Message, StringComparison.Ordinal);
        Assert.Empty(account.State.Content.Alarms);
        new AlarmLog(account).RequireNoOtherHistory();
        // What one alone names and the log has, counts.
        Name(Append(Page(7, 6)), 2);
        Assert.Equal(AlarmKind.Rollback, (await Assert.ThrowsAsync<AlarmException>(() => CheckAsync(account, page))).Kind);
    }

    private Task<Account> AccountAsync() => _server.AccountAsync(_folder.File("device"), _owner, TimeProvider.System);

    private Task<PageStanding> CheckAsync(Account account, PageManifest page, PageHome home = PageHome.Hosted) =>
        new LoggedPages(account).CheckAsync(page.Signed, _builder.PublicKey, home, None);

    private PageManifest Page(uint number, uint minimum) => PageManifest.Create(_builder, $"1.2.{number}", PageBuild.Release, new PageNumber(number, minimum),
        new Dictionary<string, byte[]> { ["index.html"] = RandomNumberGenerator.GetBytes(32) });

    private TaggedDigest Append(PageManifest page)
    {
        var entry = LogEntry.Tagged(LogKind.Page, LogEntry.PageTag(_builder.PublicKey), page.Number.Logged, page.Signed);
        return new TaggedDigest(page.Number.Logged, _log.Append(entry), entry.Content.ToArray());
    }

    private void Name(TaggedDigest entry, params int[] trustees)
    {
        foreach (var trustee in trustees)
            _server.Named[trustee].Add(entry);
    }
}
