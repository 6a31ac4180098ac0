using System.Security.Cryptography;
using System.Text.Json;
using Salus.Browser.Operations;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Crypto;
using Salus.EndToEnd.Tests;
using Salus.Protocol.Http;

namespace Salus.Browser.Tests.Operations;

/// <summary>What the operations have in common: they run beside each other, can be stopped, keep alarms, and leave no secret behind.</summary>
public class CoreTests(SalusInstallation salus)
{
    [Fact]
    public async Task AnUploadThatWasStoppedGoesOnWithResume()
    {
        using var page = await Page.RegisterAsync(salus, "patient");
        var bytes = RandomNumberGenerator.GetBytes(20_000_000);
        using var stop = new CancellationTokenSource();
        page.OnReport = report =>
        {
            if (report.TryGetProperty("progress", out var progress) && Page.Text(progress, "what") == "storing" && progress.GetProperty("done").GetInt64() > 0)
                stop.Cancel();
        };
        var failure = await page.FailsAsync("put", new { file = page.File("large.bin", bytes) }, stop.Token);
        Assert.Equal("cancelled", failure.Kind);
        page.OnReport = _ => { };
        Assert.Empty((await page.CallAsync("list")).GetProperty("records").EnumerateArray());
        await page.RestartAsync();
        Assert.Equal(1, (await page.StartAsync()).GetProperty("unfinished").GetInt32());
        await page.UnlockAsync();
        page.Reports.Clear();
        var resumed = await page.CallAsync("resume");
        Assert.Empty(resumed.GetProperty("failures").EnumerateArray());
        var record = Page.Text(Assert.Single(resumed.GetProperty("records").EnumerateArray()), "record");
        Assert.Equal(Enumerable.Range(0, 8), page.Landed);
        await page.CallAsync("read", new { record });
        Assert.True(bytes.AsSpan().SequenceEqual(page.Blob));
        Assert.Equal(0, (await page.StartAsync()).GetProperty("unfinished").GetInt32());
    }

    [Fact]
    public async Task OperationsRunBesideEachOtherAndWhatTheyChangeIsAllThere()
    {
        using var patient = await Page.RegisterAsync(salus, "patient");
        using var doctor = await Page.RegisterAsync(salus, "doctor");
        Task[] running =
        [
            .. Enumerable.Range(0, 4).Select(i => patient.CallAsync("put", new { file = patient.File($"{i}.txt", RandomNumberGenerator.GetBytes(1000)) })),
            .. Enumerable.Range(0, 3).Select(_ => patient.CallAsync("list")),
            patient.CallAsync("contacts.resolve", new { mail = doctor.Mail }), patient.CallAsync("preferences.set", new { json = """{"language":"de"}""" }),
            patient.CallAsync("grants"), patient.CallAsync("find", new { query = "nothing" }),
        ];
        await Task.WhenAll(running);
        Assert.Equal(4, (await patient.CallAsync("list")).GetProperty("records").GetArrayLength());
        await patient.RestartAsync();
        await patient.UnlockAsync();
        Assert.Single((await patient.CallAsync("contacts.list")).EnumerateArray());
        Assert.Equal("""{"language":"de"}""", Page.Text(await patient.CallAsync("preferences.get"), "json"));
        Assert.Equal(4, (await patient.CallAsync("list")).GetProperty("records").GetArrayLength());
    }

    [Fact]
    public async Task WhatIsWaitingForItsTurnCanBeStopped()
    {
        using var session = new Session(Directory.CreateTempSubdirectory().FullName, TimeProvider.System);
        var first = new TaskCompletionSource<bool>();
        var running = session.ChangeAsync(() => first.Task, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var waiting = session.ChangeAsync(() => Task.FromResult(true), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        first.SetResult(true);
        Assert.True(await running);
        Assert.True(await session.ChangeAsync(() => Task.FromResult(true), CancellationToken.None));
    }

    [Fact]
    public async Task ARevocationDoesNotWaitForAnUploadAndLoggingOutEndsIt()
    {
        using var patient = await Page.RegisterAsync(salus, "patient");
        using var doctor = await Page.RegisterAsync(salus, "doctor");
        var proposal = (await patient.CallAsync("share.propose", new { to = doctor.Mail, role = "doctor" })).GetProperty("proposal").GetInt32();
        var grant = Page.Text(await patient.CallAsync("share.confirm", new { proposal }), "grant");

        // A store that answers nothing: the upload stands still.
        var held = new TaskCompletionSource();
        await using var store = await Middleman.BeforeAsync(salus.Parties.Stores[0].Url);
        var reached = new TaskCompletionSource();
        store.Instead = async _ =>
        {
            reached.TrySetResult();
            await held.Task;
            return false;
        };
        await patient.ThroughAsync(salus.Parties with { Stores = [salus.Parties.Stores[0] with { Url = store.Url }, .. salus.Parties.Stores.Skip(1)] });
        var upload = patient.FailsAsync("put", new { file = patient.File("held.txt", RandomNumberGenerator.GetBytes(100_000)), partition = "personal" });
        await reached.Task;
        Assert.Equal(3, (await patient.CallAsync("revoke", new { grant })).GetProperty("receipts").GetInt32());
        Assert.False(upload.IsCompleted);
        await patient.CallAsync("logout", new { everywhere = false, forget = true });
        Assert.Equal("locked", (await upload).Kind);
        await patient.Core.SettleAsync();
        Assert.Empty(Directory.GetFileSystemEntries(patient.Folder));
        held.SetResult();
    }

    [Fact]
    public async Task AnAlarmIsKeptUntilItIsAcknowledgedAndAfter()
    {
        using var page = await Page.RegisterAsync(salus, "patient");
        var record = Page.Text(await page.CallAsync("put", new { file = page.File("a.txt", "text"u8.ToArray()) }), "record");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        cloud.Change = exchange =>
        {
            if (exchange.Path.StartsWith("/v1/records/", StringComparison.Ordinal) && exchange.Status == 200)
            {
                var row = JsonSerializer.Deserialize<CatalogueRecord>(exchange.Body, JsonSerializerOptions.Web)!;
                row.Signed[60] ^= 1;
                exchange.Body = JsonSerializer.SerializeToUtf8Bytes(row, JsonSerializerOptions.Web);
            }
            return Task.CompletedTask;
        };
        await page.ThroughAsync(salus.Parties with { Cloud = salus.Parties.Cloud with { Url = cloud.Url } });
        for (var i = 0; i < 3; i++)
            Assert.Equal(("alarm", "Integrity"), Of(await page.FailsAsync("read", new { record })));
        await page.FailsAsync("show", new { record });
        var alarms = (await page.CallAsync("alarms.list")).EnumerateArray().ToArray();
        Assert.Equal(["show", "read"], alarms.Select(alarm => Page.Text(alarm, "operation")));
        Assert.All(alarms, alarm => Assert.False(alarm.GetProperty("acknowledged").GetBoolean()));
        await page.CallAsync("alarms.acknowledge", new { id = Page.Text(alarms[1], "id") });
        await page.FailsAsync("read", new { record });
        await page.RestartAsync();
        await page.UnlockAsync();
        Assert.Equal([("read", false), ("show", false), ("read", true)],
            (await page.CallAsync("alarms.list")).EnumerateArray().Select(alarm => (Page.Text(alarm, "operation")!, alarm.GetProperty("acknowledged").GetBoolean())));
        Assert.DoesNotContain("alarm"u8.ToArray(), System.IO.File.ReadAllBytes(Path.Combine(page.Folder, "state.sealed")));
    }

    [Fact]
    public async Task AnAlarmOfALoginIsThereOnceAlsoWhenThePageIsLoadedAnewBeforeTheAccountIsOpened()
    {
        using var page = await Page.RegisterAsync(salus, "patient");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        cloud.Change = exchange =>
        {
            if (exchange is { Method: "GET", Path: Paths.Account, Status: 200 } && exchange.Json<AccountView>() is var view)
                exchange.Set(view with { Secrets = [.. view.Secrets, new WrappedSecret(SecretKinds.Passkey("AAAA"), [], 0, 0, RandomNumberGenerator.GetBytes(104))] });
            return Task.CompletedTask;
        };
        await page.ThroughAsync(salus.Parties with { Cloud = salus.Parties.Cloud with { Url = cloud.Url } });
        foreach (var isLoadedAnew in new[] { false, true })
        {
            await page.RestartAsync();
            var pending = await page.AskAsync("login.start");
            Assert.Equal(("alarm", "Injected"), Of(await page.FailsAsync("login.complete",
                new { pending, code = await salus.TakeCodeAsync(page.Mail), passphrase = page.Passphrase, device = "a test" })));
            if (isLoadedAnew)
                await page.RestartAsync();
            await page.UnlockAsync();
            Assert.Equal("login.complete", Page.Text(Assert.Single((await page.CallAsync("alarms.list")).EnumerateArray()), "operation"));
        }
    }

    [Fact]
    public async Task WhoIsForgottenLeavesNoAlarmToTheNext()
    {
        using var page = await Page.RegisterAsync(salus, "patient");
        await page.RestartAsync();
        using var session = new Session(Directory.CreateTempSubdirectory().FullName, TimeProvider.System);
        await session.KeepAsync(new AlarmException(AlarmKind.Withheld, "Something is hidden."), "login.complete");
        await session.ForgetAsync();
        using var passphrase = Secret.CopyOf(System.Text.Encoding.UTF8.GetBytes(page.Passphrase));
        await session.UnlockAsync(await Account.UnlockAsync(page.Profile, passphrase, TimeProvider.System));
        Assert.Empty(new AlarmLog(session.Account).List());
        await session.SettleAsync();
    }

    [Fact]
    public async Task AnAlarmThatTheAccountCannotKeepIsKeptByTheNext()
    {
        using var page = await Page.RegisterAsync(salus, "patient");
        await page.RestartAsync();
        using var session = new Session(page.Folder, TimeProvider.System);
        await session.UnlockAsync(await UnlockedAsync());
        // Locked while the alarm is on its way.
        session.Account.Dispose();
        await session.KeepAsync(new AlarmException(AlarmKind.Withheld, "Something is hidden."), "list");
        await session.UnlockAsync(await UnlockedAsync());
        var kept = Assert.Single(new AlarmLog(session.Account).List());
        Assert.Equal(("list", AlarmKind.Withheld), (kept.Operation, kept.Kind));
        await session.SettleAsync();

        async Task<Account> UnlockedAsync()
        {
            using var passphrase = Secret.CopyOf(System.Text.Encoding.UTF8.GetBytes(page.Passphrase));
            return await Account.UnlockAsync(page.Profile, passphrase, TimeProvider.System);
        }
    }

    [Theory]
    [InlineData("refuses")]
    [InlineData("stalls")]
    [InlineData("is gone")]
    public async Task NoCloudKeepsAnybodyFromForgetting(string cloudThat)
    {
        using var page = await Page.RegisterAsync(salus, "patient");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await page.ThroughAsync(salus.Parties with { Cloud = salus.Parties.Cloud with { Url = cloud.Url } });
        await page.Core.SettleAsync();
        cloud.Instead = exchange =>
        {
            exchange.Status = cloudThat == "refuses" ? 500 : 200;
            exchange.Stalls = cloudThat == "stalls";
            return Task.FromResult(true);
        };
        if (cloudThat == "is gone")
            await cloud.DisposeAsync();
        // A change that waits for the same cloud stands in the row.
        var before = page.CallAsync("contacts.resolve", new { mail = "nobody@example.org" });
        Assert.NotEmpty(Directory.EnumerateFiles(page.Folder));
        await page.CallAsync("logout", new { everywhere = false, forget = true }).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Empty(Directory.EnumerateFileSystemEntries(page.Folder));
        await cloud.DisposeAsync();
        await Assert.ThrowsAsync<PageFailure>(() => before);
        Assert.Empty(Directory.EnumerateFileSystemEntries(page.Folder));
    }

    [Fact]
    public async Task WhatATrusteeHasNotHeardItHearsAfterTheNextUnlock()
    {
        using var patient = await Page.RegisterAsync(salus, "patient");
        using var doctor = await Page.RegisterAsync(salus, "doctor");
        var proposal = (await patient.CallAsync("share.propose", new { to = doctor.Mail, role = "doctor" })).GetProperty("proposal").GetInt32();
        var grant = Page.Text(await patient.CallAsync("share.confirm", new { proposal }), "grant");
        await using (await salus.WithoutAsync("trustee-3"))
        {
            var revoked = await patient.CallAsync("revoke", new { grant });
            Assert.Equal((2, "trustee-3"), (revoked.GetProperty("receipts").GetInt32(), Assert.Single(revoked.GetProperty("pending").EnumerateArray()).GetString()));
        }
        await patient.RestartAsync();
        await patient.UnlockAsync();
        await patient.Core.SettleAsync();
        var listed = await patient.CallAsync("grants");
        Assert.Empty(listed.GetProperty("complaints").EnumerateArray());
        Assert.Equal(("revoked", 3), (Page.Text(listed.GetProperty("grants")[0], "state"), listed.GetProperty("grants")[0].GetProperty("receipts").GetInt32()));
    }

    [Theory]
    [InlineData("qwertzui", "none", null, 8, 4)]
    [InlineData("äöüßéñçø☂", "none", null, 9, 4)]
    [InlineData("qwertzuiop", "none", null, 10, 4)]
    [InlineData("qwertz", "tooShort", null, 6, 0)]
    [InlineData("qwe rtzui", "whiteSpace", " ", 9, 0)]
    [InlineData("qwertzuq", "repeatedCharacter", "q", 8, 0)]
    [InlineData("qwertzuｅ\u0301i", "ambiguous", "ｅ\u0301", 9, 0)]
    [InlineData("qwertzu\u0007i", "notVisible", "\u0007", 9, 0)]
    [InlineData("", "tooShort", null, 0, 0)]
    public async Task ASequenceKeyIsCheckedWhileItIsTyped(string text, string fault, string? character, int length, int restoreFrom)
    {
        using var page = new Page(salus, "nobody");
        await page.StartAsync();
        var check = await page.CallAsync("sequenceKey.check", new { text });
        Assert.Equal((fault, character, length, fault == "none" ? length : 0, restoreFrom), (Page.Text(check, "fault"), Page.Text(check, "character"),
            check.GetProperty("length").GetInt32(), check.GetProperty("fragments").GetInt32(), check.GetProperty("restoreFrom").GetInt32()));
        Assert.Equal(SalusInstallation.StoreNames, check.GetProperty("stores").EnumerateArray().Select(store => Page.Text(store, "name")));
        Assert.All(check.GetProperty("stores").EnumerateArray(), store => Assert.Equal(fault == "none" ? (length + 3) / 4 : 0, store.GetProperty("fragments").GetInt32()));
    }

    [Fact]
    public async Task ATypedSecretIsZeroedWhetherTheOperationSucceedsOrNot()
    {
        using var session = new Session(Directory.CreateTempSubdirectory().FullName, TimeProvider.System);
        var table = new OperationTable(session);
        var (taken, typed) = (new List<Secret>(), new List<string>());
        table.Add("works", AccountJson.Default.PassphraseArguments, AccountJson.Default.Done, (arguments, _) => Take(arguments, null));
        table.Add("fails", AccountJson.Default.PassphraseArguments, AccountJson.Default.Done, (arguments, _) => Take(arguments, new CannotException("No.")));
        const string json = """{"passphrase":"a\u0020b\n\"ä☂"}""";
        var call = new Call { Outgoing = "", Cancel = CancellationToken.None, Report = _ => { }, TakeSecret = _ => null };
        await table.Find("works")(json, call);
        await Assert.ThrowsAsync<CannotException>(() => table.Find("fails")(json, call));
        Assert.Equal(["a b\n\"ä☂", "a b\n\"ä☂"], typed);
        Assert.All(taken, secret => Assert.Throws<ObjectDisposedException>(() => secret.Length + secret.Bytes.Length));

        Task<Done> Take(PassphraseArguments arguments, Exception? failure)
        {
            taken.Add(arguments.Passphrase.Secret);
            typed.Add(System.Text.Encoding.UTF8.GetString(arguments.Passphrase.Secret.Bytes));
            Assert.DoesNotContain("a b", arguments.ToString(), StringComparison.Ordinal);
            return failure is null ? Task.FromResult(new Done()) : Task.FromException<Done>(failure);
        }
    }

    private static (string Kind, string Code) Of(PageFailure failure) => (failure.Kind, failure.Code);
}
