using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests;

/// <summary>Somebody with an account: keys of their own and a session.</summary>
internal sealed class Person : IDisposable
{
    private readonly ReceivingKey _receiving = ReceivingKey.FromSeed(RandomNumberGenerator.GetBytes(ReceivingKey.SeedSize));
    private readonly UnboxingKey _box = new(RandomNumberGenerator.GetBytes(32));

    private Person(TestCloud cloud, string mail)
    {
        (Cloud, Mail) = (cloud, mail);
        Card = AccountCard.Create(Identity, _receiving.PublicKey, _box.PublicKey, version: 1);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = cloud.Http.BaseAddress };
    }

    public TestCloud Cloud { get; }

    public string Mail { get; }

    public SigningKey Identity { get; } = SigningKey.Generate();

    public AccountCard Card { get; }

    public AccountId Id => Card.Account;

    public VerifyingKey Key => Identity.PublicKey;

    public PublicKey Receiving => _receiving.PublicKey;

    public HttpClient Http { get; }

    public string Token { get; private set; } = "";

    public WrappedSecret Passphrase { get; } = NewPassphrase();

    public WrappedSecret Recovery { get; } = new("recovery", [], 0, 0, RandomNumberGenerator.GetBytes(64));

    public static WrappedSecret NewPassphrase() =>
        new("passphrase", RandomNumberGenerator.GetBytes(16), 64 * 1024, 3, RandomNumberGenerator.GetBytes(64));

    public static string NewMail() => $"person-{RandomNumberGenerator.GetHexString(8, lowercase: true)}@example.test";

    /// <summary>Keys, and no account yet.</summary>
    public static Person Unregistered(TestCloud cloud, string? mail = null) => new(cloud, mail ?? NewMail());

    public static async Task<Person> RegisterAsync(TestCloud cloud, string? mail = null)
    {
        var person = Unregistered(cloud, mail);
        var id = await cloud.RequestCodeAsync(Paths.Registrations, person.Mail);
        var response = await person.CompleteRegistrationAsync(id, await cloud.Letters.CodeAsync(person.Mail));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        person.Use((await response.Content.ReadFromJsonAsync<SessionStarted>())!.Token);
        return person;
    }

    public Task<HttpResponseMessage> CompleteRegistrationAsync(string id, string code, WrappedSecret? passphrase = null) =>
        CompleteRegistrationAsync(id, code, [passphrase ?? Passphrase, Recovery]);

    public Task<HttpResponseMessage> CompleteRegistrationAsync(string id, string code, IReadOnlyList<WrappedSecret> secrets) =>
        Cloud.Http.PostAsJsonAsync(Paths.CompleteRegistration.Replace("{id}", id), new CompleteRegistration(code, Card.Signed, secrets));

    /// <summary>Another session; the letters so far are counted so that the newest is read.</summary>
    public async Task<SessionStarted> LogInAsync(TestCloud? at = null, string? device = null)
    {
        var cloud = at ?? Cloud;
        var letters = cloud.Letters.To(Mail).Count;
        var id = await cloud.RequestCodeAsync(Paths.Logins, Mail);
        var code = await cloud.Letters.CodeAsync(Mail, letters + 1);
        var response = await cloud.Http.PostAsJsonAsync(Paths.CompleteLogin.Replace("{id}", id), new CompleteLogin(code, device));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var session = (await response.Content.ReadFromJsonAsync<SessionStarted>())!;
        Use(session.Token);
        return session;
    }

    public void Use(string token) => Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token = token);

    public void Dispose()
    {
        Http.Dispose();
        Identity.Dispose();
        _receiving.Dispose();
        _box.Dispose();
    }
}
