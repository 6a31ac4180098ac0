using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;
using Salus.Cloud.Passkeys;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Cloud.Tests.Passkeys;

/// <summary>Login by passkey.</summary>
public sealed class PasskeyLoginTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task APasskeyLogsInWithoutAnAddress()
    {
        using var anna = await Keyholder.RegisterAsync(_cloud);
        var challenge = await anna.BeginLoginAsync();
        using (var options = JsonDocument.Parse(challenge.Options))
        {
            Assert.Equal("required", options.RootElement.GetProperty("userVerification").GetString());
            Assert.Equal(0, options.RootElement.GetProperty("allowCredentials").GetArrayLength());
        }
        var session = await anna.CompleteAsync(challenge.Id, anna.Authenticator.Get(challenge.Options), device: "Chromium on Linux").ReadAsync<SessionStarted>();
        Assert.Equal((anna.Person.Id.ToString(), anna.Person.Mail), (session.Account.Id, session.Account.Mail));
        Assert.Contains(session.Account.Secrets, secret => secret.Kind == anna.Kind);
        anna.Person.Use(session.Token);
        Assert.NotNull(Assert.Single((await anna.ListAsync()).Passkeys).LastUsedAt);
        var sessions = (await anna.Person.Http.GetAsync(Paths.Sessions).ReadAsync<SessionList>()).Sessions;
        Assert.Equal("Chromium on Linux", Assert.Single(sessions, known => known.IsCurrent).Name);
    }

    [Fact]
    public async Task EveryWrongAnswerIsRefusedAlike()
    {
        (string What, Action<Keyholder> Break)[] cases =
        [
            ("another origin", key => key.Authenticator.Origin = "https://localhost.example.org"),
            ("a frame", key => key.Authenticator.IsCrossOrigin = true),
            ("another relying party", key => key.Authenticator.RelyingParty = "example.org"),
            ("nobody verified", key => key.Authenticator.IsUserVerified = false),
            ("another challenge", key => key.Authenticator.OtherChallenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            ("no user", key => key.Authenticator.UserHandle = null),
            ("nobody's", key => key.Authenticator.UserHandle = "AAAA"),
        ];
        var details = new HashSet<string>();
        foreach (var (what, wrong) in cases)
        {
            using var anna = await Keyholder.RegisterAsync(_cloud);
            wrong(anna);
            var answer = anna.LogInAsync();
            Assert.True((int)(await answer).StatusCode == 403, what);
            details.Add(await answer.ShouldBeAsync(Problems.PasskeyRefused));
        }
        // A passkey that no account has, one of somebody else, and no challenge at all.
        using var ben = await Keyholder.RegisterAsync(_cloud);
        using var carl = await Keyholder.RegisterAsync(_cloud);
        using var stranger = new Keyholder(ben.Person, new SoftAuthenticator { UserHandle = ben.Authenticator.UserHandle }, owns: false);
        details.Add(await stranger.LogInAsync().ShouldBeAsync(Problems.PasskeyRefused));
        carl.Authenticator.UserHandle = ben.Authenticator.UserHandle;
        details.Add(await carl.LogInAsync().ShouldBeAsync(Problems.PasskeyRefused));
        var unused = await ben.BeginLoginAsync();
        foreach (var id in new[] { "x", new string('a', 32), unused.Id[1..] })
            details.Add(await ben.CompleteAsync(id, ben.Authenticator.Get(unused.Options)).ShouldBeAsync(Problems.PasskeyRefused));
        Assert.Single(details);
        stranger.Authenticator.Dispose();
    }

    [Fact]
    public async Task AnAnswerIsTakenOnceAlsoOfFiftyAtOnce()
    {
        using var anna = await Keyholder.RegisterAsync(_cloud);
        var challenge = await anna.BeginLoginAsync();
        var answer = anna.Authenticator.Get(challenge.Options);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => anna.CompleteAsync(challenge.Id, answer)));
        Assert.Single(answers, response => response.IsSuccessStatusCode);
        await anna.CompleteAsync(challenge.Id, answer).ShouldBeAsync(Problems.PasskeyRefused);
        await anna.CompleteAsync((await anna.BeginLoginAsync()).Id, answer).ShouldBeAsync(Problems.PasskeyRefused); // kept for another challenge
    }

    [Fact]
    public async Task AChallengeForAddingLogsNobodyIn()
    {
        using var anna = await Keyholder.RegisterAsync(_cloud);
        var offer = await anna.OfferAsync();
        await anna.CompleteAsync(offer.Id, anna.Authenticator.Get(offer.Options)).ShouldBeAsync(Problems.PasskeyRefused);
    }

    [Fact]
    public async Task ACounterThatDoesNotGoUpIsRefused()
    {
        using var anna = await Keyholder.RegisterAsync(_cloud);
        await anna.LogInAsync().ShouldSucceedAsync();
        await anna.LogInAsync().ShouldSucceedAsync();
        anna.Authenticator.Count = 1; // the next answer counts 2, as the last did
        await anna.LogInAsync().ShouldBeAsync(Problems.PasskeyRefused);
        anna.Authenticator.Count = 0;
        await anna.LogInAsync().ShouldBeAsync(Problems.PasskeyRefused);
        anna.Authenticator.Count = 2;
        await anna.LogInAsync().ShouldSucceedAsync();
        // Two copies that answer two challenges with one count.
        var challenges = new[] { await anna.BeginLoginAsync(), await anna.BeginLoginAsync() };
        var answers = new List<Task<HttpResponseMessage>>();
        foreach (var challenge in challenges)
        {
            anna.Authenticator.Count = 10;
            answers.Add(anna.CompleteAsync(challenge.Id, anna.Authenticator.Get(challenge.Options)));
        }
        Assert.Single(await Task.WhenAll(answers), response => response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task OneThatDoesNotCountLogsInAgainAndAgain()
    {
        using var anna = await Keyholder.RegisterAsync(_cloud);
        anna.Authenticator.Counts = false;
        for (var i = 0; i < 3; i++)
            await anna.LogInAsync().ShouldSucceedAsync();
    }

    [Theory]
    [InlineData("http://localhost", true)]
    [InlineData("http://localhost:1", true)]
    [InlineData("http://localhost:7100", true)]
    [InlineData("http://localhost:7100/", false)]
    [InlineData("http://user@localhost:7100", false)]
    [InlineData("http://127.0.0.1:7100", false)]
    [InlineData("https://localhost:7101", false)]
    [InlineData("http://localhost.example.org", false)]
    [InlineData("ftp://localhost", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public void OnThisMachineAnyPortOfItIsThePage(string origin, bool isOne) => Assert.Equal(isOne, RelyingParty.IsOrigin(new Uri("http://localhost:7100/"), origin));

    [Theory]
    [InlineData("https://salus.example.org", true)]
    [InlineData("https://salus.example.org:443", false)]
    [InlineData("https://salus.example.org:8443", false)]
    [InlineData("http://salus.example.org", false)]
    [InlineData("https://evil.salus.example.org", false)]
    [InlineData("https://example.org", false)]
    [InlineData("http://localhost:7100", false)]
    public void ElsewhereThePageIsWhereTheCloudIs(string origin, bool isOne) => Assert.Equal(isOne, RelyingParty.IsOrigin(new Uri("https://salus.example.org/"), origin));

    [Fact]
    public async Task HostileAnswersAreRefusedAndNoneIsAFault()
    {
        using var anna = await Keyholder.RegisterAsync(_cloud);
        var honest = JsonNode.Parse(anna.Authenticator.Get((await anna.BeginLoginAsync()).Options))!.AsObject();
        var hostile = new List<string> { "", "null", "[]", "0", "{", "{}", "\u0000", new string('[', 5000), "{\"id\":\"\\ud800\"}" };
        JsonNode?[] values = [null, JsonValue.Create("!"), JsonValue.Create(7), new JsonArray(), new JsonObject(), JsonValue.Create(new string('A', 4000))];
        foreach (var member in new[] { "id", "response", "type" })
            hostile.AddRange(values.Select(value => With(honest, member, value)));
        foreach (var member in new[] { "authenticatorData", "clientDataJSON", "signature", "userHandle" })
            foreach (var value in new[] { null, JsonValue.Create(""), JsonValue.Create("!"), JsonValue.Create("AAAA"), JsonValue.Create(new string('_', 8000)) })
                hostile.Add(With(honest, "response", JsonNode.Parse(With(honest["response"]!.AsObject(), member, value))));
        foreach (var text in hostile)
            await anna.CompleteAsync((await anna.BeginLoginAsync()).Id, text).ShouldBeAsync(Problems.PasskeyRefused);
        await anna.LogInAsync().ShouldSucceedAsync();
    }

    [Fact]
    public async Task TheAnswerMayGoToAnyReplicaAndNotTooLate()
    {
        await using var cloud = await TestCloud.StartAsync();
        await using var replica = await TestCloud.StartAsync(of: cloud);
        using var anna = await Keyholder.RegisterAsync(cloud);
        await anna.LogInAsync(at: replica).ShouldSucceedAsync();

        var challenge = await anna.BeginLoginAsync();
        cloud.Time.Advance(TimeSpan.FromMinutes(5));
        await anna.CompleteAsync(challenge.Id, anna.Authenticator.Get(challenge.Options)).ShouldBeAsync(Problems.PasskeyRefused);
        await using var database = cloud.OpenDatabase();
        Assert.Equal(1, await database.Challenges.CountAsync());
        await Collector.CollectAsync(database, cloud.Time.GetUtcNow(), CancellationToken.None);
        Assert.Equal(0, await database.Challenges.CountAsync());
    }

    private static string With(JsonObject json, string member, JsonNode? value)
    {
        var changed = json.DeepClone().AsObject();
        changed[member] = value?.DeepClone();
        return changed.ToJsonString();
    }
}
