using System.Security.Cryptography;
using System.Text.Json;
using Salus.EndToEnd.Tests;
using Salus.Testing;

namespace Salus.Browser.Tests.Operations;

/// <summary>The main job by the page's operations: a patient stores, finds, shares and takes back.</summary>
public class StoryTests(SalusInstallation salus)
{
    private static readonly string Bundle = Path.Combine(Places.Root, "samples", "patient-bundle.json");
    private static readonly string XRay = Path.Combine(Places.Root, "samples", "x-ray.png");

    [Fact]
    public async Task ADoctorReadsWhatWasSharedUntilItIsRevoked()
    {
        using var patient = await Page.RegisterAsync(salus, "asha");
        using var doctor = await Page.RegisterAsync(salus, "lee");

        // Stored: where the fragments go is told before they land, and each lands once.
        var imported = await patient.CallAsync("import", new { file = Bundle });
        Assert.Equal(["insurance", "medical", "personal", "prescription"], Texts(imported.GetProperty("records"), "partition").Distinct().Order());
        patient.Reports.Clear();
        var stored = await patient.CallAsync("put", new { file = XRay, keywords = new[] { "x-ray" } });
        Assert.Equal("medical", Page.Text(stored, "partition"));
        Assert.True(stored.GetProperty("searchable").GetBoolean());
        var placement = Assert.Single(patient.Reports, report => report.TryGetProperty("placement", out _)).GetProperty("placement");
        Assert.Equal(8, placement.GetProperty("fragments").GetArrayLength());
        Assert.Equal(4, placement.GetProperty("restoreFrom").GetInt32());
        Assert.Equal(Enumerable.Range(0, 8), patient.Landed);
        Assert.Contains(patient.Reports, report => report.TryGetProperty("progress", out var progress) && Page.Text(progress, "what") == "sealing");

        // Listed, shown and read.
        var list = (await patient.CallAsync("list")).GetProperty("records");
        Assert.Equal(imported.GetProperty("records").GetArrayLength() + 1, list.GetArrayLength());
        var record = Page.Text(stored, "record")!;
        await patient.CallAsync("read", new { record });
        Assert.Equal(await File.ReadAllBytesAsync(XRay), patient.Blob);
        var slice = list.EnumerateArray().First(found => Page.Text(found, "partition") == "medical" && Page.Text(found, "kind") == "fhir");
        var entry = (await patient.CallAsync("show", new { record = Page.Text(slice, "record") })).GetProperty("resourceEntries").EnumerateArray().First(found => Page.Text(found, "id") is not null);
        await patient.CallAsync("read", new { record = Page.Text(slice, "record"), resource = $"{Page.Text(entry, "type")}/{Page.Text(entry, "id")}" });
        Assert.Equal(Page.Text(entry, "type"), Page.Text(JsonDocument.Parse(patient.Blob!).RootElement, "resourceType"));
        Assert.Equal(entry.GetProperty("bytes").GetInt64(), patient.Blob!.Length);

        // Exported: byte for byte.
        var exported = await patient.CallAsync("export");
        Assert.True(exported.GetProperty("exact").GetBoolean());
        Assert.Equal(await File.ReadAllBytesAsync(Bundle), patient.Blob);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(patient.Blob!)), Page.Text(exported, "sha256"));

        // Found: each hit as it comes, and all at the end; the marks stand at the words.
        patient.Reports.Clear();
        var found = (await patient.CallAsync("find", new { query = "x-ray", limit = 5 })).GetProperty("hits");
        Assert.Contains(record, Texts(found, "record"));
        Assert.Equal(found.EnumerateArray().Select(hit => hit.GetRawText()), patient.Reports.Select(report => report.GetProperty("hit").GetRawText()));
        foreach (var snippet in found.EnumerateArray().Select(hit => hit.GetProperty("snippet")).Where(snippet => snippet.ValueKind == JsonValueKind.Object))
            foreach (var mark in snippet.GetProperty("marks").EnumerateArray())
                Assert.True(mark[0].GetInt32() < mark[1].GetInt32() && mark[1].GetInt32() <= Page.Text(snippet, "text")!.Length);

        // Shared: what was shown is what is granted.
        var proposal = await patient.CallAsync("share.propose", new { to = doctor.Mail, role = "doctor", until = DateTimeOffset.UtcNow.AddDays(30) });
        Assert.Equal(["medical", "prescription"], proposal.GetProperty("partitions").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("treatment", Page.Text(proposal, "purpose"));
        Assert.Equal(Page.Text(await doctor.CallAsync("identity"), "fingerprint"), Page.Text(proposal.GetProperty("to"), "fingerprint"));
        var number = proposal.GetProperty("proposal").GetInt32();
        var grant = Page.Text(await patient.CallAsync("share.confirm", new { proposal = number }), "grant");
        Assert.Equal("no-proposal", (await patient.FailsAsync("share.confirm", new { proposal = number })).Code);
        var given = Assert.Single((await patient.CallAsync("grants")).GetProperty("grants").EnumerateArray());
        Assert.Equal((grant, doctor.Mail, "doctor", "treatment", "live"),
            (Page.Text(given, "grant"), Page.Text(given, "to"), Page.Text(given, "role"), Page.Text(given, "purpose"), Page.Text(given, "state")));

        var shared = await doctor.CallAsync("shared");
        Assert.Contains(record, Texts(shared.GetProperty("records"), "record"));
        var account = Page.Text(await patient.CallAsync("identity"), "account");
        var received = shared.GetProperty("grants")[0];
        Assert.Equal((grant, account, account, patient.Mail, "live"), (Page.Text(received, "grant"), Page.Text(received, "account"), Page.Text(received, "owner"),
            Page.Text(received, "callsThemselves"), Page.Text(received, "state")));
        await doctor.CallAsync("contacts.resolve", new { mail = patient.Mail });
        received = (await doctor.CallAsync("shared")).GetProperty("grants")[0];
        Assert.Equal((account, patient.Mail, JsonValueKind.Null), (Page.Text(received, "account"), Page.Text(received, "owner"), received.GetProperty("callsThemselves").ValueKind));
        Assert.Equal(account, Page.Text((await doctor.CallAsync("find", new { query = "x-ray", owner = account })).GetProperty("hits")[0], "account"));
        await doctor.CallAsync("read", new { record });
        Assert.Equal(await File.ReadAllBytesAsync(XRay), doctor.Blob);

        // Revoked.
        var revoked = await patient.CallAsync("revoke", new { grant });
        Assert.Equal(3, revoked.GetProperty("receipts").GetInt32());
        Assert.Equal(("refused", "not-found"), Of(await doctor.FailsAsync("read", new { record })));
        Assert.Equal("revoked", Page.Text((await doctor.CallAsync("shared")).GetProperty("grants")[0], "state"));
        Assert.Equal(("cannot", "already-revoked"), Of(await patient.FailsAsync("revoke", new { grant })));

        // Deleted.
        await patient.CallAsync("delete", new { record });
        Assert.DoesNotContain(record, Texts((await patient.CallAsync("list")).GetProperty("records"), "record"));
        await patient.Core.SettleAsync();
        Assert.Empty((await patient.CallAsync("alarms.list")).EnumerateArray());
    }

    [Fact]
    public async Task EveryServerSaysWhatItHoldsAndNothingOfItCanBeRead()
    {
        using var patient = await Page.RegisterAsync(salus, "patient");
        var needle = "A very private finding of the left knee"u8.ToArray();
        var record = Page.Text(await patient.CallAsync("put", new { file = patient.File("knee.txt", [.. Enumerable.Repeat(needle, 200).SelectMany(line => line)]) }), "record");
        patient.Reports.Clear();
        var holdings = (await patient.CallAsync("holdings", new { record, limit = 65536 })).GetProperty("holdings").EnumerateArray().ToArray();
        Assert.Equal(holdings.Select(holding => holding.GetRawText()), patient.Reports.Select(report => report.GetProperty("holding").GetRawText()));
        Assert.All(holdings, holding => Assert.Null(Page.Text(holding, "failure")));
        Assert.Equal(["cloud", .. SalusInstallation.StoreNames, .. SalusInstallation.TrusteeNames], holdings.Select(holding => Page.Text(holding, "party")!).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["capsule", "sealed metadata", "signed header", "signed index updates of the partition"],
            holdings.Where(holding => Page.Text(holding, "role") == "cloud").Select(holding => Page.Text(holding, "what")!).Order(StringComparer.Ordinal));
        Assert.Equal(8, holdings.Count(holding => Page.Text(holding, "what")!.StartsWith("fragment ", StringComparison.Ordinal)));
        foreach (var holding in holdings)
        {
            var bytes = holding.GetProperty("bytes").GetBytesFromBase64();
            Assert.Equal(Page.Text(holding, "role") == "trustee" ? 0 : Math.Min(65536, holding.GetProperty("total").GetInt64()), bytes.Length);
            foreach (var text in new[] { needle, "knee.txt"u8.ToArray(), "finding"u8.ToArray() })
                Assert.Equal(-1, bytes.AsSpan().IndexOf(text));
        }

        // A store that is away is said to be, and the others answer.
        await using (await salus.WithoutAsync("store-2"))
        {
            var without = (await patient.CallAsync("holdings", new { record })).GetProperty("holdings").EnumerateArray().ToArray();
            Assert.All(without.Where(holding => Page.Text(holding, "party") == "store-2"), holding => Assert.NotNull(Page.Text(holding, "failure")));
            Assert.All(without.Where(holding => Page.Text(holding, "party") != "store-2"), holding => Assert.Null(Page.Text(holding, "failure")));
        }
    }

    private static (string Kind, string Code) Of(PageFailure failure) => (failure.Kind, failure.Code);

    private static IEnumerable<string> Texts(JsonElement list, string property) => list.EnumerateArray().Select(item => Page.Text(item, property)!);
}
