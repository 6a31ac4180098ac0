using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Accounts;

public sealed class AccountTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task IdentityKeyReplacesAWrappedSecret()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var passphrase = Person.NewPassphrase();
        await ReplaceAsync(anna, passphrase).ShouldSucceedAsync();
        var recovery = anna.Recovery with { Ciphertext = RandomNumberGenerator.GetBytes(70) };
        await ReplaceAsync(anna, recovery).ShouldSucceedAsync();
        var secrets = (await anna.LogInAsync()).Account.Secrets;
        Assert.Equal([passphrase.Ciphertext, recovery.Ciphertext], secrets.Select(secret => secret.Ciphertext));
        Assert.Equal(passphrase.Salt, secrets[0].Salt);
    }

    [Fact]
    public async Task StolenSessionCannotReplaceAWrappedSecret()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var mallory = await Person.RegisterAsync(_cloud);
        var secret = Person.NewPassphrase();
        var signature = await SignAsync(anna, anna.Identity, secret);
        await ReplaceAsync(anna, secret, await SignAsync(anna, mallory.Identity, secret)).ShouldBeAsync(Problems.NotYours);
        await ReplaceAsync(anna, secret, new byte[64]).ShouldBeAsync(Problems.NotYours);
        await ReplaceAsync(anna, secret, []).ShouldBeAsync(Problems.NotYours);
        await ReplaceAsync(anna, secret with { Ciphertext = RandomNumberGenerator.GetBytes(64) }, signature).ShouldBeAsync(Problems.NotYours);
        await ReplaceAsync(anna, secret with { MemoryKiB = secret.MemoryKiB + 1 }, signature).ShouldBeAsync(Problems.NotYours);
        await ReplaceAsync(anna, secret with { Salt = new byte[16] }, signature).ShouldBeAsync(Problems.NotYours);
        await ReplaceAsync(mallory, secret, signature).ShouldBeAsync(Problems.NotYours); // Anna's word in Mallory's session
        Assert.Equal(anna.Passphrase.Ciphertext, (await anna.Http.GetAsync(Paths.Account).ReadAsync<AccountView>()).Secrets[0].Ciphertext);
    }

    [Fact]
    public async Task AnOldReplacementDoesNotBringAnOldPassphraseBack()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var (leaked, changed) = (Person.NewPassphrase(), Person.NewPassphrase());
        var kept = await SignAsync(anna, anna.Identity, leaked);
        await ReplaceAsync(anna, leaked, kept).ShouldSucceedAsync();
        await ReplaceAsync(anna, leaked, kept).ShouldSucceedAsync(); // again, as after a lost answer
        await ReplaceAsync(anna, changed).ShouldSucceedAsync();
        await ReplaceAsync(anna, leaked, kept).ShouldBeAsync(Problems.NotYours);
        Assert.Equal(changed.Ciphertext, (await anna.Http.GetAsync(Paths.Account).ReadAsync<AccountView>()).Secrets[0].Ciphertext);
    }

    [Fact]
    public async Task AnAccountMayBeginWithItsKitAloneAndHaveItsFirstPassphraseLater()
    {
        using var anna = Person.Unregistered(_cloud);
        var id = await _cloud.RequestCodeAsync(Paths.Registrations, anna.Mail);
        var code = await _cloud.Letters.CodeAsync(anna.Mail);
        var passkey = new WrappedSecret(SecretKinds.Passkey("AAAA"), [], 0, 0, RandomNumberGenerator.GetBytes(104));
        foreach (var secrets in new WrappedSecret[][] { [], [anna.Passphrase], [anna.Recovery, anna.Recovery], [anna.Recovery, passkey], [anna.Passphrase, anna.Recovery, passkey] })
            await anna.CompleteRegistrationAsync(id, code, secrets).ShouldBeAsync(Problems.BadRequest);
        anna.Use((await anna.CompleteRegistrationAsync(id, code, [anna.Recovery]).ReadAsync<SessionStarted>()).Token);

        var (first, second) = (Person.NewPassphrase(), Person.NewPassphrase());
        await ReplaceAsync(anna, first, new byte[64]).ShouldBeAsync(Problems.NotYours);
        var (kept, another) = (await SignAsync(anna, anna.Identity, first), await SignAsync(anna, anna.Identity, second));
        await ReplaceAsync(anna, first, kept).ShouldSucceedAsync();
        await ReplaceAsync(anna, first, kept).ShouldSucceedAsync(); // again, as after a lost answer
        await ReplaceAsync(anna, second, another).ShouldBeAsync(Problems.NotYours); // there is one now
        await ReplaceAsync(anna, second).ShouldSucceedAsync();
        await ReplaceAsync(anna, first, kept).ShouldBeAsync(Problems.NotYours);
        Assert.Equal(["passphrase", "recovery"], (await anna.Http.GetAsync(Paths.Account).ReadAsync<AccountView>()).Secrets.Select(secret => secret.Kind));
    }

    [Fact]
    public async Task WeakPassphraseDoesNotReplaceAStrongOne()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        foreach (var weak in new[] { Person.NewPassphrase() with { MemoryKiB = 65535 }, Person.NewPassphrase() with { Passes = 2 }, Person.NewPassphrase() with { Kind = "pin" } })
            await ReplaceAsync(anna, weak).ShouldBeAsync(Problems.BadRequest);
    }

    [Fact]
    public async Task CardIsFoundByAddressAndByAccount()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var ben = await Person.RegisterAsync(_cloud);
        var byMail = await ben.Http.PostAsJsonAsync(Paths.CardLookup, new MailRequest(" " + anna.Mail.ToUpperInvariant())).ReadAsync<SignedBytes>();
        var byAccount = await ben.Http.GetAsync(Paths.Card.Replace("{account}", anna.Id.ToString())).ReadAsync<SignedBytes>();
        Assert.Equal(anna.Card.Signed, byMail.Signed);
        Assert.Equal(anna.Card.Signed, byAccount.Signed);
        await ben.Http.PostAsJsonAsync(Paths.CardLookup, new MailRequest(Person.NewMail())).ShouldBeAsync(Problems.NotFound);
        await ben.Http.PostAsJsonAsync(Paths.CardLookup, new MailRequest("ben")).ShouldBeAsync(Problems.BadRequest);
        await ben.Http.GetAsync(Paths.Card.Replace("{account}", Identifier.Random<AccountId>().ToString())).ShouldBeAsync(Problems.NotFound);
        await ben.Http.GetAsync(Paths.Card.Replace("{account}", "x")).ShouldBeAsync(Problems.NotFound);
    }

    [Fact]
    public async Task AddressesCannotBeTriedOutInBulk()
    {
        using var ben = await Person.RegisterAsync(_cloud);
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 60; i++)
            answers.Add((await ben.Http.PostAsJsonAsync(Paths.CardLookup, new MailRequest(Person.NewMail()))).StatusCode);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Equal(HttpStatusCode.NotFound, answers[0]);
    }

    [Fact]
    public async Task PartiesAreThoseOfTheConfiguration()
    {
        var parties = await _cloud.Http.GetAsync(Paths.Parties).ReadAsync<PartyDirectory>();
        Assert.Equal("cloud", parties.Cloud.Name);
        Assert.Equal(64, parties.Cloud.Key.Length);
        Assert.Equal(_cloud.Trustees.Select(key => key.PublicKey.ToString()), parties.Trustees.Select(party => party.Key));
        Assert.Equal(["store-1", "store-2", "store-3", "store-4"], parties.Stores.Select(party => party.Name));
        Assert.Null(parties.Authority);
    }

    private static async Task<HttpResponseMessage> ReplaceAsync(Person person, WrappedSecret secret, byte[]? signature = null) =>
        await person.Http.PutAsJsonAsync(Paths.AccountKeys, new ReplaceSecret(secret, signature ?? await SignAsync(person, person.Identity, secret)));

    /// <summary>A signature for putting a secret in the place of the one that the cloud has now.</summary>
    private static async Task<byte[]> SignAsync(Person account, SigningKey key, WrappedSecret secret)
    {
        var view = await account.Http.GetAsync(Paths.Account).ReadAsync<AccountView>();
        var replaced = view.Secrets.FirstOrDefault(current => current.Kind == secret.Kind)?.Ciphertext ?? [];
        var signature = new byte[SigningKey.SignatureSize];
        key.Sign(Domains.SignAccountKeys, SecretReplacement.Payload(account.Id, secret, replaced), signature);
        return signature;
    }
}
