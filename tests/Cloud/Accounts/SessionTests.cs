using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Accounts;

public sealed class SessionTests : IAsyncLifetime
{
    private TestCloud _cloud = null!;

    public async ValueTask InitializeAsync() => _cloud = await TestCloud.StartAsync();

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    [Fact]
    public async Task SessionEndsAfterThirtyIdleMinutes()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        _cloud.Time.Advance(TimeSpan.FromMinutes(30));
        await anna.Http.GetAsync(Paths.Account).ShouldBeAsync(Problems.NoSession);
    }

    [Fact]
    public async Task UseKeepsASessionAliveUntilItsAbsoluteEnd()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        for (var minutes = 0; minutes + 25 < 12 * 60; minutes += 25)
        {
            _cloud.Time.Advance(TimeSpan.FromMinutes(25));
            await anna.Http.GetAsync(Paths.Account).ShouldSucceedAsync();
        }
        _cloud.Time.Advance(TimeSpan.FromMinutes(20)); // 28 times 25 and 20 minutes are twelve hours
        await anna.Http.GetAsync(Paths.Account).ShouldBeAsync(Problems.NoSession);
    }

    [Fact]
    public async Task LastUseIsWrittenOnceAMinute()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        await using var database = _cloud.OpenDatabase();
        var start = await database.Sessions.Select(row => row.LastSeenAt).SingleAsync();
        _cloud.Time.Advance(TimeSpan.FromSeconds(59));
        await anna.Http.GetAsync(Paths.Account).ShouldSucceedAsync();
        Assert.Equal(start, await database.Sessions.Select(row => row.LastSeenAt).SingleAsync());
        _cloud.Time.Advance(TimeSpan.FromSeconds(1));
        await anna.Http.GetAsync(Paths.Account).ShouldSucceedAsync();
        Assert.Equal(start + TimeSpan.FromMinutes(1), await database.Sessions.Select(row => row.LastSeenAt).SingleAsync());
    }

    [Fact]
    public async Task LogoutEndsThisSessionOnly()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var first = anna.Token;
        await anna.LogInAsync();
        await anna.Http.DeleteAsync(Paths.Session).ShouldSucceedAsync();
        await anna.Http.GetAsync(Paths.Account).ShouldBeAsync(Problems.NoSession);
        await anna.Http.DeleteAsync(Paths.Session).ShouldBeAsync(Problems.NoSession);
        anna.Use(first);
        await anna.Http.GetAsync(Paths.Account).ShouldSucceedAsync();
    }

    [Fact]
    public async Task LogoutEverywhereEndsAllSessionsOfTheAccountAndNoOther()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var ben = await Person.RegisterAsync(_cloud);
        var first = anna.Token;
        await anna.LogInAsync();
        await anna.Http.DeleteAsync(Paths.Sessions).ShouldSucceedAsync();
        foreach (var token in new[] { anna.Token, first })
        {
            anna.Use(token);
            await anna.Http.GetAsync(Paths.Account).ShouldBeAsync(Problems.NoSession);
        }
        await ben.Http.GetAsync(Paths.Account).ShouldSucceedAsync();
    }

    [Fact]
    public async Task DevicesAreThisAccountsLiveSessionsNewestFirst()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var ben = await Person.RegisterAsync(_cloud);
        var first = anna.Token;
        _cloud.Time.Advance(TimeSpan.FromMinutes(10));
        await anna.LogInAsync(device: "Chromium on Linux");
        var listed = (await anna.Http.GetAsync(Paths.Sessions).ReadAsync<SessionList>()).Sessions;
        Assert.Equal([("Chromium on Linux", true), (null, false)], listed.Select(session => (session.Name, session.IsCurrent)));
        Assert.Equal(TimeSpan.FromMinutes(10), listed[0].CreatedAt - listed[1].CreatedAt);
        Assert.Equal(TimeSpan.FromHours(12), listed[0].Expires - listed[0].CreatedAt);
        foreach (var token in new[] { first, anna.Token })
            Assert.DoesNotContain(listed, session => session.Id.Contains(Convert.ToHexStringLower(System.Buffers.Text.Base64Url.DecodeFromChars(token))[..8], StringComparison.Ordinal));

        // Nobody ends another's, and one that is not there is not told from it.
        foreach (var id in new[] { listed[1].Id, new string('0', 32), "x", listed[1].Id.ToUpperInvariant() })
            await ben.Http.DeleteAsync(Paths.OneSession.Replace("{id}", id)).ShouldBeAsync(Problems.NotFound);
        await anna.Http.DeleteAsync(Paths.OneSession.Replace("{id}", listed[1].Id)).ShouldSucceedAsync();
        Assert.Single((await anna.Http.GetAsync(Paths.Sessions).ReadAsync<SessionList>()).Sessions);
        await anna.Http.DeleteAsync(Paths.OneSession.Replace("{id}", listed[1].Id)).ShouldBeAsync(Problems.NotFound);
        await anna.Http.DeleteAsync(Paths.OneSession.Replace("{id}", listed[0].Id)).ShouldSucceedAsync();
        await anna.Http.GetAsync(Paths.Sessions).ShouldBeAsync(Problems.NoSession);
        anna.Use(first);
        await anna.Http.GetAsync(Paths.Account).ShouldBeAsync(Problems.NoSession);
        await ben.Http.GetAsync(Paths.Account).ShouldSucceedAsync();
    }

    [Fact]
    public async Task ADeviceThatHasNotBeenSeenForThirtyMinutesIsNotListed()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        await anna.LogInAsync(device: "Firefox on Windows");
        _cloud.Time.Advance(TimeSpan.FromMinutes(29));
        await anna.Http.GetAsync(Paths.Account).ShouldSucceedAsync();
        _cloud.Time.Advance(TimeSpan.FromMinutes(1));
        var session = Assert.Single((await anna.Http.GetAsync(Paths.Sessions).ReadAsync<SessionList>()).Sessions);
        Assert.Equal(TimeSpan.FromMinutes(30), session.LastSeenAt - session.CreatedAt); // asking for the list counts
    }

    [Fact]
    public async Task ADevicesNameIsVisibleAndCostsNoCodeWhenItIsNot()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var letters = _cloud.Letters.To(anna.Mail).Count;
        var id = await _cloud.RequestCodeAsync(Paths.Logins, anna.Mail);
        var code = await _cloud.Letters.CodeAsync(anna.Mail, letters + 1);
        var path = Paths.CompleteLogin.Replace("{id}", id);
        foreach (var name in new[] { "", " ", "a\nb", "a\u202eb", "a  b", new string('x', 65) })
            await _cloud.Http.PostAsJsonAsync(path, new CompleteLogin(code, name)).ShouldBeAsync(Problems.BadRequest);
        await _cloud.Http.PostAsJsonAsync(path, new CompleteLogin(code, new string('x', 64))).ShouldSucceedAsync();
    }

    [Fact]
    public async Task SessionIsOneOnAllReplicasAndEndsOnAllAtOnce()
    {
        await using var replica = await TestCloud.StartAsync(of: _cloud);
        using var anna = await Person.RegisterAsync(_cloud);
        // The code that one replica sent, another takes.
        await anna.LogInAsync(at: replica);
        using var request = new HttpRequestMessage(HttpMethod.Delete, Paths.Session);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", anna.Token);
        await anna.Http.GetAsync(Paths.Account).ShouldSucceedAsync();
        await replica.Http.SendAsync(request).ShouldSucceedAsync();
        await anna.Http.GetAsync(Paths.Account).ShouldBeAsync(Problems.NoSession);
    }

    [Fact]
    public async Task OnlyTheHashOfATokenIsStored()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var token = System.Buffers.Text.Base64Url.DecodeFromChars(anna.Token);
        await using var database = _cloud.OpenDatabase();
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(token), await database.Sessions.Select(row => row.TokenHash).SingleAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer AAAA")]
    [InlineData("Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer !!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("Basic c2FsdXM6c2FsdXM=")]
    public async Task WithoutALiveTokenEveryProtectedRouteAnswers401BeforeItReadsTheBody(string? authorization)
    {
        var id = new string('0', 32);
        (HttpMethod, string)[] routes =
        [
            (HttpMethod.Delete, Paths.Session), (HttpMethod.Delete, Paths.Sessions), (HttpMethod.Get, Paths.Account), (HttpMethod.Put, Paths.AccountKeys),
            (HttpMethod.Post, Paths.CardLookup), (HttpMethod.Get, Paths.Card), (HttpMethod.Post, Paths.Epochs), (HttpMethod.Get, Paths.Epochs), (HttpMethod.Post, Paths.Records),
            (HttpMethod.Get, Paths.Records), (HttpMethod.Get, Paths.Record), (HttpMethod.Post, Paths.RecordDeletion), (HttpMethod.Post, Paths.Tickets), (HttpMethod.Post, Paths.Grants),
            (HttpMethod.Get, Paths.Grants), (HttpMethod.Get, Paths.ReceivedGrants), (HttpMethod.Post, Paths.GrantRevocation),
            (HttpMethod.Get, Paths.Sessions), (HttpMethod.Delete, Paths.OneSession), (HttpMethod.Get, Paths.Passkeys), (HttpMethod.Post, Paths.Passkeys),
            (HttpMethod.Post, Paths.PasskeyOptions), (HttpMethod.Post, Paths.PasskeyRemoval),
        ];
        foreach (var (method, route) in routes)
        {
            using var request = new HttpRequestMessage(method, route.Replace("{id}", id).Replace("{account}", id));
            if (method != HttpMethod.Get)
                request.Content = new StringContent("{ not json", new MediaTypeHeaderValue("application/json"));
            if (authorization is not null)
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            var response = await _cloud.Http.SendAsync(request);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
            await Task.FromResult(response).ShouldBeAsync(Problems.NoSession);
        }
    }

    [Fact]
    public async Task EndedSessionsAndCodesAreCollectedAndLiveOnesAreNot()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        _cloud.Time.Advance(TimeSpan.FromMinutes(59));
        using var ben = await Person.RegisterAsync(_cloud);
        await using var database = _cloud.OpenDatabase();
        await Collector.CollectAsync(database, _cloud.Time.GetUtcNow(), CancellationToken.None);
        Assert.Equal(ben.Id, (await database.Sessions.SingleAsync()).Account);
        Assert.Equal(2, await database.Codes.CountAsync()); // the limit of an hour still counts Anna's
        _cloud.Time.Advance(TimeSpan.FromMinutes(2));
        await Collector.CollectAsync(database, _cloud.Time.GetUtcNow(), CancellationToken.None);
        Assert.Equal(1, await database.Codes.CountAsync());
        await ben.Http.GetAsync(Paths.Account).ShouldSucceedAsync();
    }
}
