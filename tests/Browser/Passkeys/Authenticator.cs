using System.Text.Json;
using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;

namespace Salus.Browser.Tests.Passkeys;

/// <summary>A platform authenticator of Chromium's own (CTAP 2.1) in somebody's tab, that says yes to everything unless it is told otherwise.</summary>
internal sealed class Authenticator
{
    private readonly ICDPSession _session;
    private readonly string _id;

    private Authenticator(ICDPSession session, string id) => (_session, _id) = (session, id);

    public static Task<Authenticator> OfAsync(Visitor visitor) => AddAsync(visitor, hasPrf: true);

    /// <summary>One that cannot hold what opens an account.</summary>
    public static Task<Authenticator> WithoutPrfAsync(Visitor visitor) => AddAsync(visitor, hasPrf: false);

    private static async Task<Authenticator> AddAsync(Visitor visitor, bool hasPrf)
    {
        var session = await visitor.Context.NewCDPSessionAsync(visitor.Page);
        await session.SendAsync("WebAuthn.enable");
        var options = new Dictionary<string, object>
        {
            ["protocol"] = "ctap2", ["ctap2Version"] = "ctap2_1", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true,
            ["hasPrf"] = hasPrf, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
        };
        var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object> { ["options"] = options });
        return new Authenticator(session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>Whether whoever is asked for finger, face or PIN is recognised from now on.</summary>
    public Task RecogniseAsync(bool isUserVerified) =>
        _session.SendAsync("WebAuthn.setUserVerified", new Dictionary<string, object> { ["authenticatorId"] = _id, ["isUserVerified"] = isUserVerified });

    public async Task<IReadOnlyList<JsonElement>> CredentialsAsync() =>
        [.. (await _session.SendAsync("WebAuthn.getCredentials", new Dictionary<string, object> { ["authenticatorId"] = _id }))!.Value.GetProperty("credentials").EnumerateArray()];
}
