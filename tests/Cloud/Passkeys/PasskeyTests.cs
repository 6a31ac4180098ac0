using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Cloud.Tests.Passkeys;

/// <summary>Passkeys that come to an account and leave it.</summary>
public sealed class PasskeyTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task APasskeyIsAddedWithItsWrappingAndListed()
    {
        using var anna = await Keyholder.RegisterAsync(_cloud, adding: false);
        var challenge = await anna.OfferAsync();
        using (var options = JsonDocument.Parse(challenge.Options))
        {
            Assert.Equal("localhost", options.RootElement.GetProperty("rp").GetProperty("id").GetString());
            Assert.Equal("required", options.RootElement.GetProperty("authenticatorSelection").GetProperty("userVerification").GetString());
            Assert.Equal("required", options.RootElement.GetProperty("authenticatorSelection").GetProperty("residentKey").GetString());
        }
        var addition = anna.Addition(challenge, "Anna's telephone");
        var added = await anna.SendAsync(addition).ReadAsync<PasskeyView>();
        Assert.Equal((anna.Authenticator.CredentialId, "Anna's telephone"), (added.Id, added.Name));
        Assert.Equal(added, Assert.Single((await anna.ListAsync()).Passkeys));
        Assert.Null(added.LastUsedAt);
        var secrets = (await anna.Person.Http.GetAsync(Paths.Account).ReadAsync<AccountView>()).Secrets;
        Assert.Equal(["passkey:" + added.Id, "passphrase", "recovery"], secrets.Select(secret => secret.Kind));
        Assert.Equal(addition.Secret.Ciphertext, secrets[0].Ciphertext);
        // Again, as after a lost answer: the challenge is used up and the answer the same.
        Assert.Equal(added, await anna.SendAsync(addition).ReadAsync<PasskeyView>());
        Assert.Single((await anna.ListAsync()).Passkeys);
    }

    [Fact]
    public async Task AStolenSessionAddsNoPasskey()
    {
        using var anna = await Keyholder.RegisterAsync(_cloud, adding: false);
        using var mallory = await Person.RegisterAsync(_cloud);
        var addition = anna.Addition(await anna.OfferAsync());
        var fresh = RandomNumberGenerator.GetBytes(104);
        await anna.SendAsync(addition with { Signature = [] }).ShouldBeAsync(Problems.NotYours);
        await anna.SendAsync(addition with { Signature = new byte[64] }).ShouldBeAsync(Problems.NotYours);
        await anna.SendAsync(anna.Signed(addition, mallory.Identity)).ShouldBeAsync(Problems.NotYours);
        await anna.SendAsync(addition with { Name = "Another" }).ShouldBeAsync(Problems.NotYours);
        await anna.SendAsync(addition with { Secret = addition.Secret with { Ciphertext = fresh } }).ShouldBeAsync(Problems.NotYours);
        await anna.SendAsync(addition with { Credential = addition.Credential + " " }).ShouldBeAsync(Problems.NotYours);
        await mallory.Http.PostAsJsonAsync(Paths.Passkeys, addition).ShouldBeAsync(Problems.NotYours); // Anna's word in Mallory's session
        Assert.Empty((await anna.ListAsync()).Passkeys);
        await anna.SendAsync(addition).ShouldSucceedAsync(); // nothing of that used the challenge up
    }

    [Fact]
    public async Task AKeptAdditionDoesNotBringARemovedPasskeyBack()
    {
        using var anna = await Keyholder.RegisterAsync(_cloud, adding: false);
        var kept = anna.Addition(await anna.OfferAsync());
        await anna.SendAsync(kept).ShouldSucceedAsync();
        await anna.RemoveAsync().ShouldSucceedAsync();
        await anna.SendAsync(kept).ShouldBeAsync(Problems.PasskeyRefused);
        await anna.SendAsync(kept with { Challenge = (await anna.OfferAsync()).Id }).ShouldBeAsync(Problems.PasskeyRefused);
        Assert.Empty((await anna.ListAsync()).Passkeys);
    }

    [Fact]
    public async Task WrongAnswersOfAnAuthenticatorAreRefused()
    {
        (string What, Action<SoftAuthenticator> Break)[] cases =
        [
            ("another origin", authenticator => authenticator.Origin = "http://localhost.example.org:7100"),
            ("a page on another machine", authenticator => authenticator.Origin = "https://salus.example.org"),
            ("TLS under the name of this machine", authenticator => authenticator.Origin = "https://localhost:7100"),
            ("a frame", authenticator => authenticator.IsCrossOrigin = true),
            ("another relying party", authenticator => authenticator.RelyingParty = "example.org"),
            ("nobody verified", authenticator => authenticator.IsUserVerified = false),
            ("another challenge", authenticator => authenticator.OtherChallenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ];
        foreach (var (what, wrong) in cases)
        {
            using var anna = await Keyholder.RegisterAsync(_cloud, adding: false);
            wrong(anna.Authenticator);
            var answer = await anna.AddAsync();
            Assert.True((int)answer.StatusCode == 403, what);
            Assert.Empty((await anna.ListAsync()).Passkeys);
        }
    }

    [Fact]
    public async Task AChallengeIsForOneAccountOnePurposeAndOneAnswer()
    {
        using var anna = await Keyholder.RegisterAsync(_cloud, adding: false);
        using var ben = await Keyholder.RegisterAsync(_cloud, adding: false);
        var bens = await ben.OfferAsync();
        await anna.SendAsync(anna.Addition(bens)).ShouldBeAsync(Problems.PasskeyRefused);
        await ben.SendAsync(ben.Addition(bens)).ShouldSucceedAsync(); // and Anna's try did not use it up

        var login = await anna.BeginLoginAsync();
        await anna.SendAsync(anna.Addition(await anna.OfferAsync()) with { Challenge = login.Id }).ShouldBeAsync(Problems.PasskeyRefused);

        var challenge = await anna.OfferAsync();
        var addition = anna.Addition(challenge);
        var garbage = anna.Signed(addition with { Credential = "{}" }, anna.Person.Identity);
        await anna.SendAsync(garbage).ShouldBeAsync(Problems.PasskeyRefused);
        await anna.SendAsync(addition).ShouldBeAsync(Problems.PasskeyRefused); // used up by the wrong one
        Assert.Empty((await anna.ListAsync()).Passkeys);
    }

    [Fact]
    public async Task TheWrappingMustBeUnderThatPasskey()
    {
        using var anna = await Keyholder.RegisterAsync(_cloud, adding: false);
        using var other = new SoftAuthenticator();
        var addition = anna.Addition(await anna.OfferAsync());
        foreach (var kind in new[] { SecretKinds.Passkey(other.CredentialId), "passphrase", "recovery", "passkey:", "passkey:!", "passkey:" + new string('A', 1368), "passkey:AB" })
            await anna.SendAsync(anna.Signed(addition with { Secret = addition.Secret with { Kind = kind }, Challenge = (await anna.OfferAsync()).Id }, anna.Person.Identity))
                .ShouldFailAsync();
        foreach (var secret in new[]
        {
            addition.Secret with { Salt = new byte[16] }, addition.Secret with { Passes = 3 }, addition.Secret with { Ciphertext = [] }, addition.Secret with { Ciphertext = new byte[513] },
        })
            await anna.SendAsync(anna.Signed(addition with { Secret = secret }, anna.Person.Identity)).ShouldBeAsync(Problems.BadRequest);
        foreach (var name in new[] { "", " x", "a  b", "a\nb", "a\u202eb", new string('x', 65) })
            await anna.SendAsync(anna.Signed(addition with { Name = name }, anna.Person.Identity)).ShouldBeAsync(Problems.BadRequest);
        Assert.Empty((await anna.ListAsync()).Passkeys);
        // And by the route of the other wrappings none comes in.
        await anna.Person.Http.PutAsJsonAsync(Paths.AccountKeys, new ReplaceSecret(addition.Secret, addition.Signature)).ShouldBeAsync(Problems.BadRequest);
    }

    [Fact]
    public async Task ACredentialBelongsToOneAccount()
    {
        using var anna = await Keyholder.RegisterAsync(_cloud);
        using var thief = new Keyholder(await Person.RegisterAsync(_cloud), anna.Authenticator);
        await thief.AddAsync().ShouldBeAsync(Problems.PasskeyRefused);
        Assert.Empty((await thief.ListAsync()).Passkeys);
        Assert.Single((await anna.ListAsync()).Passkeys);
    }

    [Fact]
    public async Task AnAccountHasTenPasskeysAtMost()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        for (var i = 0; i < Limits.MaxPasskeys; i++)
        {
            using var authenticator = new SoftAuthenticator(idSize: i == 0 ? 1023 : 16 + i);
            using var key = new Keyholder(anna, authenticator, owns: false);
            await key.AddAsync().ShouldSucceedAsync();
        }
        using var eleventh = new Keyholder(anna, new SoftAuthenticator());
        await eleventh.AddAsync().ShouldBeAsync(Problems.NoSpace);
        Assert.Equal(Limits.MaxPasskeys, (await eleventh.ListAsync()).Passkeys.Count);
        using var options = JsonDocument.Parse((await eleventh.OfferAsync()).Options);
        Assert.Equal(Limits.MaxPasskeys, options.RootElement.GetProperty("excludeCredentials").GetArrayLength());
    }

    [Fact]
    public async Task RemovalIsSignedAndTakesLoginAndWrappingAway()
    {
        using var anna = await Keyholder.RegisterAsync(_cloud);
        using var mallory = await Person.RegisterAsync(_cloud);
        await anna.RemoveAsync(mallory.Identity).ShouldBeAsync(Problems.NotYours);
        await anna.RemoveAsync(signature: []).ShouldBeAsync(Problems.NotYours);
        using (var other = new Keyholder(mallory, anna.Authenticator, owns: false))
            await other.RemoveAsync().ShouldBeAsync(Problems.NotFound);
        await anna.LogInAsync().ShouldSucceedAsync();

        await anna.RemoveAsync().ShouldSucceedAsync();
        await anna.LogInAsync().ShouldBeAsync(Problems.PasskeyRefused);
        Assert.Empty((await anna.ListAsync()).Passkeys);
        Assert.Equal(["passphrase", "recovery"], (await anna.Person.Http.GetAsync(Paths.Account).ReadAsync<AccountView>()).Secrets.Select(secret => secret.Kind));
        await anna.RemoveAsync().ShouldBeAsync(Problems.NotFound);
        await anna.AddAsync().ShouldSucceedAsync(); // the same authenticator again
    }

    [Fact]
    public async Task NothingOfPasskeysIsDoneWithoutASession()
    {
        var body = JsonContent.Create(new JsonObject());
        foreach (var send in new Func<Task<HttpResponseMessage>>[]
        {
            () => _cloud.Http.PostAsync(Paths.PasskeyOptions, null), () => _cloud.Http.PostAsync(Paths.Passkeys, body), () => _cloud.Http.GetAsync(Paths.Passkeys),
            () => _cloud.Http.PostAsync(Paths.PasskeyRemoval.Replace("{id}", "AAAA"), body),
        })
            await send().ShouldBeAsync(Problems.NoSession);
    }

    [Fact]
    public async Task OfTheAuthenticatorTheDatabaseKeepsItsKeyAndCounterOnly()
    {
        using var anna = await Keyholder.RegisterAsync(_cloud);
        await using var database = _cloud.OpenDatabase();
        var row = await database.Passkeys.SingleAsync(row => row.Account == anna.Person.Id);
        Assert.Equal((77, 0u), (row.PublicKey.Length, row.SignCount));
        Assert.False(await database.Challenges.AnyAsync(challenge => challenge.Account == anna.Person.Id));
    }
}
