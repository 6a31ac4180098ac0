using System.Text;
using System.Text.Json;
using Salus.EndToEnd.Tests;

namespace Salus.Browser.Tests.Operations;

/// <summary>What cannot be done, what is locked and what is no call at all.</summary>
public class RefusalTests(SalusInstallation salus)
{
    [Fact]
    public async Task WhatCannotBeDoneSaysWhyByACode()
    {
        using var page = await Page.RegisterAsync(salus, "patient");
        await FailsAsync("cannot", "already-registered", "register.start", new { mail = "other@example.org" });
        await FailsAsync("cannot", "other-account", "login.start", new { mail = "other@example.org" });
        await FailsAsync("cannot", "unknown-contact", "contacts.resolve", new { mail = "nobody@example.org" });
        await FailsAsync("cannot", "own-address", "share.propose", new { to = page.Mail, role = "doctor" });
        await FailsAsync("cannot", "no-proposal", "share.confirm", new { proposal = 1 });
        await FailsAsync("cannot", "no-grant", "revoke", new { grant = new string('0', 32) });
        await FailsAsync("cannot", "bad-query", "find", new { query = "-nothing" });
        await FailsAsync("cannot", "bad-number", "phone.set", new { phone = "079 000 00 00" });
        await FailsAsync("cannot", "nothing-to-claim", "claim", new { code = "12345-67890" });
        await FailsAsync("cannot", "no-request", "request.deny", new { request = new string('0', 32) });
        await FailsAsync("cannot", "mistyped-kit", "recovery.prove", new { kit = "ABCD" });
        await FailsAsync("cannot", "weak-passphrase", "passphrase.set", new { passphrase = "short" });
        await FailsAsync("cannot", "weak-passphrase", "passphrase.set", new { passphrase = "" });
        await FailsAsync("cannot", "bad-preferences", "preferences.set", new { json = "{" });
        await FailsAsync("cannot", "bad-preferences", "preferences.set", new { json = $"\"{new string('x', 65536)}\"" });
        await FailsAsync("cannot", "no-import", "export");
        await FailsAsync("cannot", "not-fhir", "import", new { file = page.File("no.json", "{}"u8.ToArray()) });
        await FailsAsync("cannot", "bad-partition", "put", new { file = page.File("a.txt", "text"u8.ToArray()), partition = "Not a name" });
        await FailsAsync("cannot", "keyword-needed", "put", new { file = page.File("a.txt", "text"u8.ToArray()), findable = true });
        await FailsAsync("cannot", "sequence-key-unfit", "put", new { file = page.File("a.txt", "text"u8.ToArray()), sequenceKey = "aabbccdd" });
        await FailsAsync("refused", "not-found", "show", new { record = new string('0', 32) });

        var record = Page.Text(await page.CallAsync("put", new { file = page.File("held.txt", "text"u8.ToArray()), sequenceKey = "qwertzui" }), "record");
        await FailsAsync("cannot", "sequence-key-needed", "read", new { record });
        await FailsAsync("cannot", "sequence-key-needed", "holdings", new { record });
        await FailsAsync("cannot", "sequence-key-needed", "delete", new { record });
        await FailsAsync("cannot", "sequence-key-wrong", "read", new { record, sequenceKey = "asdfghjk" });
        await page.CallAsync("read", new { record, sequenceKey = "qwertzui" });
        Assert.Equal("text"u8.ToArray(), page.Blob);
        Assert.Empty((await page.CallAsync("alarms.list")).EnumerateArray());

        async Task FailsAsync(string kind, string code, string operation, object? arguments = null)
        {
            var failure = await page.FailsAsync(operation, arguments);
            Assert.True((kind, code) == (failure.Kind, failure.Code), $"{operation}: {failure.Message}");
        }
    }

    [Fact]
    public async Task ALockedAccountDoesNothingUntilItIsUnlocked()
    {
        using var page = await Page.RegisterAsync(salus, "patient");
        await page.RestartAsync();
        var state = await page.StartAsync();
        Assert.False(state.GetProperty("unlocked").GetBoolean());
        Assert.Equal(page.Mail, Page.Text(state.GetProperty("profile"), "mail"));
        Assert.True(state.GetProperty("profile").GetProperty("hasPassphrase").GetBoolean());
        foreach (var operation in new[] { "identity", "list", "shared", "grants", "requests", "contacts.list", "alarms.list", "preferences.get", "recovery.renew", "resume", "index" })
            Assert.Equal("locked", (await page.FailsAsync(operation)).Kind);
        Assert.Equal(("cannot", "wrong-passphrase"), Of(await page.FailsAsync("unlock", new { passphrase = "not the passphrase" })));
        await page.UnlockAsync();
        await page.CallAsync("list");

        // A proposal is gone with the keys.
        using var other = await Page.RegisterAsync(salus, "doctor");
        var proposal = (await page.CallAsync("share.propose", new { to = other.Mail, role = "doctor" })).GetProperty("proposal").GetInt32();
        await page.RestartAsync();
        await page.UnlockAsync();
        Assert.Equal("no-proposal", (await page.FailsAsync("share.confirm", new { proposal })).Code);
    }

    [Fact]
    public async Task LogoutEndsTheSessionAndForgettingLeavesNothing()
    {
        using var page = await Page.RegisterAsync(salus, "patient");
        await page.CallAsync("put", new { file = page.File("a.txt", "text"u8.ToArray()) });
        await page.CallAsync("logout", new { everywhere = false, forget = false });
        Assert.Equal("locked", (await page.FailsAsync("list")).Kind);
        await page.UnlockAsync();
        Assert.Equal(("refused", "no-session"), Of(await page.FailsAsync("list")));

        var pending = await page.AskAsync("login.start");
        await page.CallAsync("login.complete", new { pending, code = await salus.TakeCodeAsync(page.Mail), passphrase = page.Passphrase, device = "a test" });
        Assert.Single((await page.CallAsync("list")).GetProperty("records").EnumerateArray());
        await page.CallAsync("logout", new { everywhere = true, forget = true });
        await page.Core.SettleAsync();
        Assert.Empty(Directory.GetFileSystemEntries(page.Folder));
        Assert.Equal(JsonValueKind.Null, (await page.StartAsync()).GetProperty("profile").ValueKind);
    }

    [Fact]
    public async Task TheKitOpensTheAccountAndLeavesOnce()
    {
        using var page = new Page(salus, "patient");
        await page.StartAsync();
        var kit = Page.Text(await page.EnrolAsync(), "kit")!;
        await page.CallAsync("recovery.prove", new { kit });
        var given = Page.Text(await page.CallAsync("recovery.renew"), "kit");
        await page.CallAsync("recovery.prove", new { kit });
        Assert.Equal(("cannot", "no-kit"), Of(await page.FailsAsync("recovery.adopt", new { kit })));
        var renewed = Page.Text(await page.CallAsync("recovery.renew"), "kit");
        Assert.Equal(("cannot", "no-kit"), Of(await page.FailsAsync("recovery.adopt", new { kit = given })));
        for (var again = 0; again < 2; again++)
            await page.CallAsync("recovery.adopt", new { kit = renewed });
        await page.CallAsync("recovery.prove", new { kit = renewed });
        Assert.Equal(("cannot", "wrong-kit"), Of(await page.FailsAsync("recovery.prove", new { kit })));

        using var elsewhere = new Page(salus, "elsewhere");
        await elsewhere.StartAsync();
        var pending = await elsewhere.CallAsync("login.start", new { mail = page.Mail });
        var identity = await elsewhere.CallAsync("recovery.restore",
            new { pending, code = await salus.TakeCodeAsync(page.Mail), kit = renewed, passphrase = "another passphrase", device = "a test" });
        Assert.Equal(Page.Text(await page.CallAsync("identity"), "fingerprint"), Page.Text(identity, "fingerprint"));
    }

    [Theory]
    [InlineData("no.such.operation", "{}", "operation")]
    [InlineData("", "{}", "operation")]
    [InlineData("list", "", "arguments")]
    [InlineData("list", "null", "arguments")]
    [InlineData("list", "[]", "arguments")]
    [InlineData("list", """{"partition": 1}""", "arguments")]
    [InlineData("unlock", """{"passphrase": {"$secret": 0}}""", "arguments")]
    [InlineData("unlock", """{"passphrase": "a\ud800b"}""", "arguments")]
    [InlineData("show", "{}", "arguments")]
    [InlineData("show", """{"record": null}""", "arguments")]
    [InlineData("share.confirm", """{"proposal": 99999999999}""", "arguments")]
    [InlineData("contacts.confirm", """{"mail": "a@example.org"}""", "arguments")]
    public async Task WhatIsNoCallIsAFaultThatRepeatsNothing(string operation, string arguments, string code)
    {
        using var page = new Page(salus, "nobody");
        var failure = await Assert.ThrowsAsync<PageFailure>(() => page.SendAsync(operation, arguments));
        Assert.Equal(("fault", code), Of(failure));
        Assert.Contains(failure.Said, new[] { "The arguments are not those of the operation.", "There is no such operation." });
    }

    [Fact]
    public async Task HostileJsonNeitherCrashesNorHangs()
    {
        using var page = new Page(salus, "nobody");
        foreach (var json in new[]
        {
            new string('[', 100_000), string.Concat(Enumerable.Repeat("""{"a":""", 100_000)), "{\"partition\":\"" + new string('x', 5_000_000) + "\"}", "\0",
            "{\"partition\":\"\\u0000\"}", "{\"partition\":1e999999}",
            Encoding.UTF8.GetString([0xff, 0xfe, 0x7b]),
        })
            foreach (var operation in page.Core.Operations.Where(name => name != "passkey.salt"))
                Assert.NotEqual("alarm", (await Assert.ThrowsAsync<PageFailure>(() => page.SendAsync(operation, json))).Kind);
    }

    [Fact]
    public async Task ASecretIsInNoErrorAndNoReport()
    {
        using var page = await Page.RegisterAsync(salus, "patient");
        const string secret = "a passphrase that nobody repeats";
        string[] calls =
        [
            $$"""{"passphrase": "{{secret}}"}""", $$"""{"passphrase": "{{secret}}", "kit": "{{secret}}", "text": "{{secret}}", "json": "{{secret}}", "code": "{{secret}}", "pending": 1}""",
            $$"""{"kit": "{{secret}}"}""", $$"""{"record": "{{secret}}", "sequenceKey": "{{secret}}"}""", $$"""{"file": "/", "sequenceKey": "{{secret}}"}""",
        ];
        foreach (var operation in page.Core.Operations.Where(name => name is not ("passphrase.set" or "sequenceKey.check" or "find" or "find.check")))
            foreach (var arguments in calls)
                try
                {
                    await page.SendAsync(operation, arguments);
                }
                catch (PageFailure failure)
                {
                    Assert.DoesNotContain(secret, failure.Message, StringComparison.Ordinal);
                }
        Assert.All(page.Reports, report => Assert.DoesNotContain(secret, report.GetRawText(), StringComparison.Ordinal));
    }

    private static (string Kind, string Code) Of(PageFailure failure) => (failure.Kind, failure.Code);
}
