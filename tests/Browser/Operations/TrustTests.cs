using System.Security.Cryptography;
using System.Text.Json;
using Salus.Client.Accounts;
using Salus.Crypto;
using Salus.EndToEnd.Tests;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Browser.Tests.Operations;

/// <summary>What the page checks of servers: who opened what, what the stores have, and whether the page itself is everybody's.</summary>
public class TrustTests(SalusInstallation salus)
{
    private static readonly string XRay = Path.Combine(Places.Root, "samples", "x-ray.png");

    [Fact]
    public async Task WhatADoctorOpensStandsInTheHistoryWithItsProof()
    {
        using var patient = await Page.RegisterAsync(salus, "asha");
        using var doctor = await Page.RegisterAsync(salus, "lee");
        var record = Page.Text(await patient.CallAsync("put", new { file = XRay }), "record")!;
        Assert.Empty((await patient.CallAsync("access.history", new { verify = false })).GetProperty("events").EnumerateArray());
        var proposal = (await patient.CallAsync("share.propose", new { to = doctor.Mail, role = "doctor" })).GetProperty("proposal").GetInt32();
        var grant = Page.Text(await patient.CallAsync("share.confirm", new { proposal }), "grant");
        await doctor.CallAsync("shared");
        await doctor.CallAsync("read", new { record });

        var history = await patient.CallAsync("access.history", new { verify = true });
        Assert.Empty(history.GetProperty("alarms").EnumerateArray());
        var opened = history.GetProperty("events").EnumerateArray().Last(one => Page.Text(one, "kind") == "open");
        Assert.Equal((doctor.Mail, grant, "treatment"), (Page.Text(opened, "who"), Page.Text(opened, "grant"), Page.Text(opened, "purpose")));
        Assert.Equal(record, Page.Text(opened.GetProperty("items")[0], "id"));
        Assert.Equal("x-ray.png", Page.Text(opened.GetProperty("items")[0], "name"));
        Assert.InRange(opened.GetProperty("answeredBy").GetArrayLength(), 2, 3);
        var evidence = history.GetProperty("evidence");
        Assert.InRange(evidence.GetProperty("cosignedBy").GetArrayLength(), 2, 3);
        Assert.True(evidence.GetProperty("size").GetInt64() > opened.GetProperty("index").GetInt64());
        Assert.Equal(JsonValueKind.Null, (await patient.CallAsync("access.history", new { verify = false })).GetProperty("evidence").ValueKind);
        Assert.Empty((await patient.CallAsync("alarms.list")).EnumerateArray());
    }

    [Fact]
    public async Task WhatTheHistoryFindsIsShownAndKeptAlthoughTheCloudRefusesWhatComesNext()
    {
        using var patient = await Page.RegisterAsync(salus, "asha");
        using var doctor = await Page.RegisterAsync(salus, "lee");
        var record = Page.Text(await patient.CallAsync("put", new { file = XRay }), "record")!;
        var proposal = (await patient.CallAsync("share.propose", new { to = doctor.Mail, role = "doctor" })).GetProperty("proposal").GetInt32();
        await patient.CallAsync("share.confirm", new { proposal });
        await doctor.CallAsync("shared");
        await doctor.CallAsync("read", new { record });
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        cloud.Change = exchange =>
        {
            if (exchange.Path.StartsWith(Paths.LogProof, StringComparison.Ordinal))
                exchange.Status = 500;
            if (exchange.Path.StartsWith("/log/tile/entries/", StringComparison.Ordinal))
                exchange.Body[^1] ^= 1;
            return Task.CompletedTask;
        };
        await patient.ThroughAsync(salus.Parties with { Cloud = salus.Parties.Cloud with { Url = cloud.Url } });
        var history = await patient.CallAsync("access.history", new { verify = true });
        Assert.Contains(history.GetProperty("alarms").EnumerateArray(), alarm => Page.Text(alarm, "kind") == "Fork");
        Assert.Contains(history.GetProperty("complaints").EnumerateArray(), complaint => complaint.GetString()!.StartsWith("Not all could be looked at", StringComparison.Ordinal));
        Assert.Contains(history.GetProperty("events").EnumerateArray(), one => Page.Text(one, "who") == doctor.Mail);
        Assert.Contains((await patient.CallAsync("alarms.list")).EnumerateArray(), alarm => Page.Text(alarm, "kind") == "Fork");
        // And while it is open nothing is shared, whoever asks.
        proposal = (await patient.CallAsync("share.propose", new { to = doctor.Mail, role = "doctor" })).GetProperty("proposal").GetInt32();
        Assert.Equal(("cannot", "open-alarm"), Of(await patient.FailsAsync("share.confirm", new { proposal })));
    }

    [Fact]
    public async Task ATrusteeThatHasForgottenAlarmsThePageWhicheverQuestionFindsIt()
    {
        using var patient = await Page.RegisterAsync(salus, "asha");
        await patient.RestartAsync();
        using (var passphrase = Secret.CopyOf(System.Text.Encoding.UTF8.GetBytes(patient.Passphrase)))
        using (var account = await Account.UnlockAsync(patient.Profile, passphrase, TimeProvider.System))
        {
            account.State.Content.JournalLines[account.Trustees[1].Key.ToString()] = 5;
            await account.State.SaveAsync();
        }
        await patient.UnlockAsync();
        Assert.Contains("trustee-2", Page.Text((await patient.CallAsync("access.history", new { verify = false })).GetProperty("alarms")[0], "message")!, StringComparison.Ordinal);
        Assert.True(patient.WasAlarmed);
        var kept = Assert.Single((await patient.CallAsync("alarms.list")).EnumerateArray());
        Assert.Equal(("Rollback", "access.history"), (Page.Text(kept, "kind"), Page.Text(kept, "operation")));
        Assert.Empty((await patient.CallAsync("access.history", new { verify = true })).GetProperty("alarms").EnumerateArray());
        Assert.False(patient.WasAlarmed);
    }

    [Fact]
    public async Task TheStoresProveWhatTheyHaveAndTheAuditIsRemembered()
    {
        using var patient = await Page.RegisterAsync(salus, "asha");
        Assert.Equal(JsonValueKind.Null, (await patient.CallAsync("storage.last")).GetProperty("report").ValueKind);
        await patient.CallAsync("put", new { file = XRay });
        patient.Reports.Clear();
        var report = (await patient.CallAsync("storage.audit", new { all = false })).GetProperty("report");
        Assert.NotEmpty(patient.Reports);
        Assert.Equal(report.GetRawText(), (await patient.CallAsync("storage.last")).GetProperty("report").GetRawText());
        Assert.Equal(SalusInstallation.StoreNames, report.GetProperty("stores").EnumerateArray().Select(store => Page.Text(store, "store")));
        Assert.All(report.GetProperty("stores").EnumerateArray(), store => Assert.Equal(store.GetProperty("asked").GetInt64(), store.GetProperty("held").GetInt64()));
        Assert.Equal(0, (await patient.CallAsync("storage.repair")).GetProperty("repaired").GetInt32());
        Assert.Empty((await patient.CallAsync("alarms.list")).EnumerateArray());
    }

    [Fact, Attack("W02")]
    public async Task APageThatTheLogDoesNotKnowIsAnAlarmUnlessItIsOfACheckout()
    {
        using var patient = await Page.RegisterAsync(salus, "asha");
        using var builder = SigningKey.Generate();
        Assert.Equal("development", Page.Text(await patient.CallAsync("page.check", Arguments(builder, PageBuild.Development)), "standing"));
        Assert.Empty((await patient.CallAsync("alarms.list")).EnumerateArray());

        Assert.Equal(("alarm", "Unlogged"), Of(await patient.FailsAsync("page.check", Arguments(builder, PageBuild.Release))));
        using var other = SigningKey.Generate();
        var (manifest, _) = Made(other, PageBuild.Release);
        Assert.Equal(("alarm", "Integrity"), Of(await patient.FailsAsync("page.check", new { manifest, key = builder.PublicKey.ToString(), own = false })));
        Assert.Equal(["Integrity", "Unlogged"], (await patient.CallAsync("alarms.list")).EnumerateArray().Select(alarm => Page.Text(alarm, "kind")).Order());
        Assert.Equal("fault", (await patient.FailsAsync("page.check", new { manifest, key = "12", own = false })).Kind);
    }

    [Fact]
    public async Task ThePageOfThisMachineNeedNotStandInTheLogOfACloudThatHostsAnother()
    {
        using var patient = await Page.RegisterAsync(salus, "asha");
        using var builder = SigningKey.Generate();
        Assert.Equal("own", Page.Text(await patient.CallAsync("page.check", Arguments(builder, PageBuild.Release, own: true)), "standing"));
        Assert.Empty((await patient.CallAsync("alarms.list")).EnumerateArray());
    }

    private static object Arguments(SigningKey builder, PageBuild build, bool own = false)
    {
        var (manifest, key) = Made(builder, build);
        return new { manifest, key, own };
    }

    private static (string Manifest, string Key) Made(SigningKey builder, PageBuild build) =>
        (Convert.ToBase64String(PageManifest.Create(builder, "1.2.3", build, new(5, 3), new Dictionary<string, byte[]> { ["index.html"] = RandomNumberGenerator.GetBytes(32) }).Signed),
            builder.PublicKey.ToString());

    private static (string, string) Of(PageFailure failure) => (failure.Kind, failure.Code);
}
