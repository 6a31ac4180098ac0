using System.Text.Json;
using Salus.EndToEnd.Tests;
using Salus.Protocol.Http;

namespace Salus.Browser.Tests.Operations;

/// <summary>Other people: their keys, what they may add, and what they ask for.</summary>
public class PeopleTests(SalusInstallation salus)
{
    [Fact]
    public async Task AChangedKeyIsAnAlarmAndOnlyTheCardThatWasShownIsTaken()
    {
        using var patient = await Page.RegisterAsync(salus, "patient");
        using var doctor = await Page.RegisterAsync(salus, "doctor");
        using var second = await Page.RegisterAsync(salus, "second");
        using var third = await Page.RegisterAsync(salus, "third");
        var pinned = await patient.CallAsync("contacts.resolve", new { mail = doctor.Mail });
        Assert.False(pinned.GetProperty("verified").GetBoolean());
        Assert.Equal("other-fingerprint", (await patient.FailsAsync("contacts.confirm", new { mail = doctor.Mail, fingerprint = await FingerprintAsync(second) })).Code);
        Assert.True((await patient.CallAsync("contacts.confirm", new { mail = doctor.Mail, fingerprint = Page.Text(pinned, "fingerprint") })).GetProperty("verified").GetBoolean());

        // The cloud shows the second's card for the doctor.
        var shown = second.Mail;
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        using var http = new HttpClient();
        cloud.Change = async exchange =>
        {
            if (exchange.Path != Paths.CardLookup)
                return;
            using var asked = await http.PostAsync(new Uri(salus.Parties.Cloud.Url, Paths.CardLookup), JsonContent(new { mail = shown }, exchange.RequestHeaders["Authorization"], http));
            exchange.Body = await asked.Content.ReadAsByteArrayAsync();
        };
        await patient.ThroughAsync(salus.Parties with { Cloud = salus.Parties.Cloud with { Url = cloud.Url } });
        Assert.Equal(("alarm", "KeyChanged"), Of(await patient.FailsAsync("contacts.resolve", new { mail = doctor.Mail })));
        Assert.Equal(("alarm", "KeyChanged"), Of(await patient.FailsAsync("share.propose", new { to = doctor.Mail, role = "doctor" })));

        // The user looks at the second's fingerprint; the cloud then shows the third's: it is not asked any more.
        Assert.Equal("no-proposal", (await patient.FailsAsync("contacts.acceptNewKey", new { mail = doctor.Mail, fingerprint = await FingerprintAsync(second) })).Code);
        Assert.Equal(await FingerprintAsync(second), Page.Text(await patient.CallAsync("contacts.newKey", new { mail = doctor.Mail }), "fingerprint"));
        shown = third.Mail;
        var before = cloud.Passed.Count;
        Assert.Equal("other-fingerprint", (await patient.FailsAsync("contacts.acceptNewKey", new { mail = doctor.Mail, fingerprint = await FingerprintAsync(third) })).Code);
        var taken = await patient.CallAsync("contacts.acceptNewKey", new { mail = doctor.Mail, fingerprint = await FingerprintAsync(second) });
        Assert.Equal((await FingerprintAsync(second), true), (Page.Text(taken, "fingerprint")!, taken.GetProperty("verified").GetBoolean()));
        Assert.Equal(before, cloud.Passed.Count);
        Assert.Equal("no-proposal", (await patient.FailsAsync("contacts.acceptNewKey", new { mail = doctor.Mail, fingerprint = await FingerprintAsync(second) })).Code);
        Assert.Equal(await FingerprintAsync(second), Page.Text(Assert.Single((await patient.CallAsync("contacts.list")).EnumerateArray()), "fingerprint"));
        Assert.Equal(("alarm", "KeyChanged"), Of(await patient.FailsAsync("contacts.resolve", new { mail = doctor.Mail })));
    }

    [Fact]
    public async Task WhoKnowsTheNumberAsksAndReadsAfterTheCodeIsShown()
    {
        using var patient = await Page.RegisterAsync(salus, "patient");
        using var doctor = await Page.RegisterAsync(salus, "doctor");
        var phone = $"+4179{Random.Shared.Next(1_000_000, 9_999_999)}";
        var record = Page.Text(await patient.CallAsync("put",
            new { file = patient.File("knee.txt", "A torn meniscus"u8.ToArray()), keywords = new[] { "knee" }, findable = true }), "record");
        Assert.Equal(JsonValueKind.Null, (await patient.CallAsync("phone.get")).GetProperty("phone").ValueKind);
        var entered = await patient.CallAsync("phone.set", new { phone });
        Assert.Equal((phone, 1), (Page.Text(entered, "phone"), entered.GetProperty("records").GetInt32()));

        Assert.Equal(("cannot", "nothing-found"), Of(await doctor.FailsAsync("request.send", new { phone, keywords = new[] { "shoulder" }, reason = "an operation", role = "doctor" })));
        Assert.Equal(("cannot", "bad-reason"), Of(await doctor.FailsAsync("request.send", new { phone, keywords = new[] { "knee" }, reason = " ", role = "doctor" })));
        var asked = await doctor.CallAsync("request.send", new { phone, keywords = new[] { "knee" }, reason = "an operation", role = "doctor" });
        Assert.Equal(1, asked.GetProperty("found").GetInt32());

        var incoming = Assert.Single((await patient.CallAsync("requests")).GetProperty("incoming").EnumerateArray());
        Assert.Equal(("pending", "doctor", "an operation", Page.Text(await doctor.CallAsync("identity"), "fingerprint")),
            (Page.Text(incoming, "state"), Page.Text(incoming, "role"), Page.Text(incoming, "reason"), Page.Text(incoming, "fingerprint")));
        var proposal = await patient.CallAsync("request.propose", new { request = Page.Text(incoming, "request"), partitions = new[] { "medical" } });
        Assert.NotEqual(JsonValueKind.Null, proposal.GetProperty("askedAt").ValueKind);
        // A proposal of an answer is no proposal to share without a code.
        Assert.Equal("no-proposal", (await patient.FailsAsync("share.confirm", new { proposal = proposal.GetProperty("proposal").GetInt32() })).Code);
        var grant = Page.Text(await patient.CallAsync("request.approve", new { proposal = proposal.GetProperty("proposal").GetInt32() }), "grant");

        var locked = await doctor.CallAsync("shared");
        Assert.Equal("locked", Page.Text(Assert.Single(locked.GetProperty("grants").EnumerateArray()), "state"));
        Assert.Empty(locked.GetProperty("records").EnumerateArray());
        Assert.Equal(("cannot", "bad-code"), Of(await doctor.FailsAsync("claim", new { code = "x" })));
        Assert.Equal(("cannot", "wrong-code"), Of(await doctor.FailsAsync("claim", new { code = "00000-00000" })));
        var claimed = await doctor.CallAsync("claim", new { code = await salus.TakeReleaseCodeAsync(doctor.Mail) });
        Assert.Equal(grant, Page.Text(claimed, "grant"));
        var shared = await doctor.CallAsync("shared");
        Assert.Equal("live", Page.Text(shared.GetProperty("grants")[0], "state"));
        Assert.Equal(record, Page.Text(Assert.Single(shared.GetProperty("records").EnumerateArray()), "record"));
        Assert.True((await doctor.CallAsync("requests")).GetProperty("outgoing")[0].GetProperty("claimed").GetBoolean());
        Assert.Equal(0, (await patient.CallAsync("phone.remove")).GetProperty("records").GetInt32());
    }

    [Fact]
    public async Task AHospitalAddsAndReadsNothing()
    {
        using var patient = await Page.RegisterAsync(salus, "patient");
        using var hospital = await Page.RegisterAsync(salus, "hospital", "City Hospital");
        var file = hospital.File("report.txt", "A report of the ward"u8.ToArray());
        Assert.Equal(("cannot", "not-permitted"), Of(await hospital.FailsAsync("put", new { file, @for = patient.Mail })));
        var proposal = await patient.CallAsync("deposit.propose", new { to = hospital.Mail });
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (proposal.GetProperty("role").ValueKind, proposal.GetProperty("purpose").ValueKind));
        Assert.Equal("City Hospital", Page.Text(proposal.GetProperty("to"), "organisation"));
        var grant = Page.Text(await patient.CallAsync("share.confirm", new { proposal = proposal.GetProperty("proposal").GetInt32() }), "grant");
        Assert.Equal((grant, "live"), (Page.Text((await patient.CallAsync("grants")).GetProperty("deposits")[0], "grant"),
            Page.Text((await patient.CallAsync("grants")).GetProperty("deposits")[0], "state")));

        Assert.Equal(("cannot", "not-yours"), Of(await hospital.FailsAsync("put", new { file, @for = patient.Mail, sequenceKey = "qwertzui" })));
        var record = Page.Text(await hospital.CallAsync("put", new { file, @for = patient.Mail }), "record");
        Assert.Equal((patient.Mail, "live"), (Page.Text((await hospital.CallAsync("shared")).GetProperty("deposits")[0], "owner"),
            Page.Text((await hospital.CallAsync("shared")).GetProperty("deposits")[0], "state")));
        Assert.Equal("refused", (await hospital.FailsAsync("read", new { record })).Kind);
        var listed = Assert.Single((await patient.CallAsync("list")).GetProperty("records").EnumerateArray());
        Assert.Equal("City Hospital", Page.Text(listed, "source"));
        await patient.CallAsync("read", new { record });
        Assert.Equal("A report of the ward"u8.ToArray(), patient.Blob);
        await patient.CallAsync("revoke", new { grant });
        Assert.Equal(("cannot", "not-permitted"), Of(await hospital.FailsAsync("put", new { file, @for = patient.Mail })));
    }

    private static async Task<string> FingerprintAsync(Page page) => Page.Text(await page.CallAsync("identity"), "fingerprint")!;

    private static ByteArrayContent JsonContent(object body, string authorisation, HttpClient http)
    {
        http.DefaultRequestHeaders.Remove("Authorization");
        http.DefaultRequestHeaders.Add("Authorization", authorisation);
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        content.Headers.ContentType = new("application/json");
        return content;
    }

    private static (string Kind, string Code) Of(PageFailure failure) => (failure.Kind, failure.Code);
}
