using System.Buffers.Text;
using System.Text.Json;
using Salus.EndToEnd.Tests;
using Salus.Testing;

namespace Salus.Browser.Tests.Operations;

/// <summary>An account of passkeys by the page's operations, and the devices that are logged in.</summary>
public class PasskeyTests(SalusInstallation salus)
{
    [Fact]
    public async Task APasskeyOpensTheAccountHereAndElsewhereAndTheDevicesAreListed()
    {
        using var key = new SoftAuthenticator { Origin = salus.Parties.Cloud.Url.GetLeftPart(UriPartial.Authority) };
        using var page = new Page(salus, "patient");
        await page.StartAsync();
        var pending = await page.AskAsync("register.start");
        await page.CallAsync("register.complete", new { pending, code = await salus.TakeCodeAsync(page.Mail), device = "Chromium on Linux" });
        Assert.Equal("bad-passkey", (await FailsAsync(page, "passkey.add", new { credential = "{}", name = "Telephone", prf = new { } }, [new byte[32]])).Code);
        var options = await page.CallAsync("passkey.create");
        var prf = key.Prf(Base64Url.DecodeFromChars(Page.Text(options, "prfSalt")));
        var added = await CallAsync(page, "passkey.add", new { credential = key.Create(Page.Text(options, "options")!), name = "Telephone", prf = new { } }, prf);
        Assert.Equal((key.CredentialId, "Telephone"), (Page.Text(added, "credential"), Page.Text(added, "name")));
        Assert.Equal(key.CredentialId, Page.Text(Assert.Single((await page.CallAsync("passkey.list")).EnumerateArray()), "credential"));

        // Here, without a server.
        await page.RestartAsync();
        var profile = (await page.StartAsync()).GetProperty("profile");
        Assert.False(profile.GetProperty("hasPassphrase").GetBoolean());
        Assert.Equal(key.CredentialId, Assert.Single(profile.GetProperty("passkeys").EnumerateArray()).GetString());
        Assert.Equal(("cannot", "no-passphrase"), Of(await page.FailsAsync("unlock", new { passphrase = page.Passphrase })));
        Assert.Equal(("cannot", "wrong-passkey"), Of(await FailsAsync(page, "unlock", new { credential = key.CredentialId, prf = new { } }, [new byte[32]])));
        Assert.Equal(("fault", "arguments"), Of(await FailsAsync(page, "unlock", new { credential = key.CredentialId, prf = new { } }, [])));
        var salt = await page.CallAsync("passkey.salt");
        Assert.Equal((Page.Text(options, "prfSalt"), key.CredentialId), (Page.Text(salt, "prfSalt"), Assert.Single(salt.GetProperty("credentials").EnumerateArray()).GetString()));
        await CallAsync(page, "unlock", new { credential = key.CredentialId, prf = new { } }, prf);

        // Elsewhere.
        using var elsewhere = new Page(salus, "elsewhere");
        await elsewhere.StartAsync();
        var asked = await elsewhere.CallAsync("passkey.request");
        var identity = await CallAsync(elsewhere, "passkey.login",
            new { credential = key.Get(Page.Text(asked, "options")!), device = "Firefox on Windows", prf = new { } }, key.Prf(Base64Url.DecodeFromChars(Page.Text(asked, "prfSalt"))));
        Assert.Equal(page.Mail, Page.Text(identity, "mail"));
        var devices = (await page.CallAsync("devices.list")).EnumerateArray().ToArray();
        Assert.Equal([("Firefox on Windows", false), ("Chromium on Linux", true)], devices.Select(device => (Page.Text(device, "name")!, device.GetProperty("isCurrent").GetBoolean())));
        await page.CallAsync("devices.end", new { id = Page.Text(devices[0], "id") });
        Assert.Equal(("refused", "no-session"), Of(await elsewhere.FailsAsync("list")));

        Assert.Equal(("cannot", "last-way-in"), Of(await page.FailsAsync("passkey.remove", new { credential = key.CredentialId })));
        await page.CallAsync("passphrase.set", new { passphrase = page.Passphrase });
        await page.CallAsync("passkey.remove", new { credential = key.CredentialId });
        await page.RestartAsync();
        await page.UnlockAsync();
        Assert.Empty((await page.CallAsync("passkey.list")).EnumerateArray());
    }

    private static Task<JsonElement> CallAsync(Page page, string operation, object arguments, params byte[][] secrets) =>
        page.SendAsync(operation, JsonSerializer.Serialize(arguments, JsonSerializerOptions.Web).Replace("\"prf\":{}", "\"prf\":{\"$secret\":0}", StringComparison.Ordinal), default, secrets);

    private static Task<PageFailure> FailsAsync(Page page, string operation, object arguments, byte[][] secrets) =>
        Assert.ThrowsAsync<PageFailure>(() => CallAsync(page, operation, arguments, secrets));

    private static (string Kind, string Code) Of(PageFailure failure) => (failure.Kind, failure.Code);
}
