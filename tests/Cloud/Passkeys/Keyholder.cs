using System.Net.Http.Json;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Cloud.Tests.Passkeys;

/// <summary>Somebody with an account and an authenticator.</summary>
internal sealed class Keyholder(Person person, SoftAuthenticator authenticator, bool owns = true) : IDisposable
{
    public Person Person => person;

    public SoftAuthenticator Authenticator => authenticator;

    public string Kind => SecretKinds.Passkey(authenticator.CredentialId);

    public static async Task<Keyholder> RegisterAsync(TestCloud cloud, bool adding = true)
    {
        var made = new Keyholder(await Person.RegisterAsync(cloud), new SoftAuthenticator());
        if (adding)
            await made.AddAsync().ShouldSucceedAsync();
        return made;
    }

    public Task<PasskeyChallenge> OfferAsync() => OfferAsync(person);

    public static Task<PasskeyChallenge> OfferAsync(Person person) => person.Http.PostAsync(Paths.PasskeyOptions, null).ReadAsync<PasskeyChallenge>();

    public async Task<HttpResponseMessage> AddAsync() => await SendAsync(Addition(await OfferAsync()));

    public AddPasskey Addition(PasskeyChallenge challenge, string name = "Telephone", string? credential = null)
    {
        var answer = credential ?? authenticator.Create(challenge.Options);
        return Signed(new AddPasskey(challenge.Id, answer, name, new WrappedSecret(Kind, [], 0, 0, RandomNumberGenerator.GetBytes(104)), []), person.Identity);
    }

    public AddPasskey Signed(AddPasskey addition, SigningKey key) => addition with
    {
        Signature = Sign(key, Domains.SignPasskeyAddition, PasskeyChange.Addition(person.Id, addition.Secret, addition.Name, addition.Credential)),
    };

    public Task<HttpResponseMessage> SendAsync(AddPasskey addition) => person.Http.PostAsJsonAsync(Paths.Passkeys, addition);

    public async Task<HttpResponseMessage> RemoveAsync(SigningKey? key = null, byte[]? signature = null)
    {
        var wrapped = (await person.Http.GetAsync(Paths.Account).ReadAsync<AccountView>()).Secrets.FirstOrDefault(secret => secret.Kind == Kind)?.Ciphertext ?? [];
        var body = new RemovePasskey(signature ?? Sign(key ?? person.Identity, Domains.SignPasskeyRemoval, PasskeyChange.Removal(person.Id, Kind, wrapped)));
        return await person.Http.PostAsJsonAsync(Paths.PasskeyRemoval.Replace("{id}", authenticator.CredentialId), body);
    }

    public Task<PasskeyList> ListAsync() => person.Http.GetAsync(Paths.Passkeys).ReadAsync<PasskeyList>();

    public Task<PasskeyChallenge> BeginLoginAsync() => person.Cloud.Http.PostAsync(Paths.PasskeyLogins, null).ReadAsync<PasskeyChallenge>();

    /// <summary>A login, of which what goes to the authenticator and what comes from it may be changed.</summary>
    public async Task<HttpResponseMessage> LogInAsync(TestCloud? at = null)
    {
        var challenge = await BeginLoginAsync();
        return await CompleteAsync(challenge.Id, authenticator.Get(challenge.Options), at);
    }

    public Task<HttpResponseMessage> CompleteAsync(string id, string credential, TestCloud? at = null, string? device = null) =>
        (at ?? person.Cloud).Http.PostAsJsonAsync(Paths.CompletePasskeyLogin.Replace("{id}", id), new CompletePasskeyLogin(credential, device));

    public void Dispose()
    {
        if (!owns)
            return;
        person.Dispose();
        authenticator.Dispose();
    }

    private static byte[] Sign(SigningKey key, string label, byte[] payload)
    {
        var signature = new byte[SigningKey.SignatureSize];
        key.Sign(label, payload, signature);
        return signature;
    }
}
