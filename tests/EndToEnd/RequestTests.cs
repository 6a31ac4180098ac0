using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Salus.Client;
using Salus.Client.Records;
using Salus.Client.Requests;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.EndToEnd.Tests;

/// <summary>A doctor has a telephone number and knows what is wrong: asks, is approved, shows the code from the mail, and reads.</summary>
public class RequestTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task FromANumberAndAKeywordToTheRecordAndNotBeforeTheCode()
    {
        using var patient = await Person.RegisterAsync(salus, "asha");
        using var doctor = await Person.RegisterAsync(salus, "lee");
        var number = NewNumber();
        var bytes = Extensions.RandomBytes(5000);
        var both = await patient.PutAsync(bytes, findable: ["Asthma", "allergy"]);
        await patient.PutAsync(Extensions.RandomBytes(100), findable: ["asthma"]);
        await patient.PutAsync(Extensions.RandomBytes(100)); // nobody finds this one
        Assert.Equal("2: allergy asthma", Of(await patient.Directory.EnterAsync(number, None)));

        // Asked: a number of records, and nothing else.
        Assert.Equal(2, (await AskAsync(doctor, number, "ASTHMA")).Found);
        var asked = await AskAsync(doctor, PhoneNumber.Parse("00" + number.Text[1..]), "asthma", "allergy");
        Assert.Equal(1, asked.Found);

        // What the owner sees.
        var incoming = (await patient.Requests.ListAsync(None)).Incoming;
        Assert.Equal(2, incoming.Count);
        var (from, request) = (incoming[1].From!, incoming[1].Request!);
        Assert.Equal((asked.Id, doctor.Account.Card.Fingerprint, GrantRole.Doctor, "seen in casualty"), (incoming[1].Id, from.Card.Fingerprint, request.Role, request.Reason));
        Assert.Equal(["asthma", "allergy"], request.Keywords);
        Assert.Equal($"account {doctor.Account.Id}", from.Mail); // the mail address is not known yet, and is not said

        // Approved: the grant is there, and opens nothing.
        var (opened, proposal) = await patient.Requests.ProposeAsync(asked.Id, ["medical"], null, None);
        var grant = await patient.Requests.ApproveAsync(opened, proposal, None);
        await doctor.FailsToGetAsync<RefusedException>(both.Record);
        await doctor.RefusedByTrusteesAsync(grant.Terms.Id, await patient.SealedAsync(both.Record));
        var outgoing = (await doctor.Requests.ListAsync(None)).Outgoing.Single(sent => sent.Id == asked.Id);
        Assert.Equal((RequestStates.Approved, grant.Terms.Id, false), (outgoing.State, outgoing.Grant!.Value, outgoing.IsClaimed));

        // A wrong code, one that is none, and the right one.
        var code = await salus.TakeReleaseCodeAsync(doctor.Mail);
        await Assert.ThrowsAsync<CannotException>(() => ClaimAsync(doctor, code[..^1] + (code[^1] == '0' ? '1' : '0')));
        await Assert.ThrowsAsync<CannotException>(() => ClaimAsync(doctor, code[1..]));
        await doctor.FailsToGetAsync<RefusedException>(both.Record);
        var claimed = await ClaimAsync(doctor, code);
        Assert.Equal((3, 0), (claimed.Released, claimed.Pending.Count));
        Assert.Equal(bytes, (await doctor.GetAsync(both.Record)).Bytes);
        Assert.Equal(3, (await doctor.SharedAsync()).Count);
        Assert.True((await doctor.Requests.ListAsync(None)).Outgoing.Single(sent => sent.Id == asked.Id).IsClaimed);

        // The grant is one like any other: carried over to a new epoch without a code, and revoked.
        using var leaves = await Person.RegisterAsync(salus, "leaves");
        var ended = await patient.ShareAsync(leaves, ["medical"]);
        Assert.Equal(1, (await patient.Granting.RevokeAsync(ended.Terms.Id, None)).Rekeyed);
        var fresh = await patient.PutAsync(bytes);
        Assert.Equal(bytes, (await doctor.GetAsync(fresh.Record)).Bytes);
        await patient.Granting.RevokeAsync(grant.Terms.Id, None);
        await doctor.FailsToGetAsync<RefusedException>(both.Record);
    }

    [Fact]
    public async Task WhatCannotBeFoundIsOneAnswerWhateverIsMissing()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var number = NewNumber();
        await patient.PutAsync(Extensions.RandomBytes(100), findable: ["asthma"]);
        var messages = new List<string> { (await Assert.ThrowsAsync<CannotException>(() => AskAsync(doctor, number, "asthma"))).Message }; // not entered yet
        await patient.Directory.EnterAsync(number, None);
        messages.Add((await Assert.ThrowsAsync<CannotException>(() => AskAsync(doctor, NewNumber(), "asthma"))).Message);
        messages.Add((await Assert.ThrowsAsync<CannotException>(() => AskAsync(doctor, number, "cough"))).Message);
        messages.Add((await Assert.ThrowsAsync<CannotException>(() => AskAsync(doctor, number, "asthma", "cough"))).Message);
        Assert.Equal(1, (await AskAsync(doctor, number, "asthma")).Found);
        await patient.Directory.RemoveAsync(None);
        messages.Add((await Assert.ThrowsAsync<CannotException>(() => AskAsync(doctor, number, "asthma"))).Message);
        Assert.Single(messages.Distinct());
        Assert.Null(await patient.Directory.RefreshAsync(None));
        // The request that was made can be refused still, and not be read any more.
        var left = Assert.Single((await patient.Requests.ListAsync(None)).Incoming);
        Assert.Null(left.Request);
        await patient.Requests.DenyAsync(left.Id, None);
        Assert.Equal(RequestStates.Denied, Assert.Single((await doctor.Requests.ListAsync(None)).Outgoing).State);
    }

    [Fact]
    public async Task ANumberIsOneAccountsAndADeletedRecordIsFoundNoMore()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var other = await Person.RegisterAsync(salus, "other");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var number = NewNumber();
        var record = await patient.PutAsync(Extensions.RandomBytes(100), findable: ["asthma"]);
        await patient.Directory.EnterAsync(number, None);
        await Assert.ThrowsAsync<CannotException>(() => other.Directory.EnterAsync(number, None));
        await patient.Records.DeleteAsync(record.Record, Person.NoKey, None);
        Assert.Equal(1, (await AskAsync(doctor, number, "asthma")).Found);
        Assert.True(await patient.Directory.RefreshDueAsync(None));
        await Assert.ThrowsAsync<CannotException>(() => AskAsync(doctor, number, "asthma"));
    }

    /// <summary>The put is cut short before the record is in the catalogue, the next command before the directory, and a third time right behind the catalogue.</summary>
    [Fact]
    public async Task WhatWasCutShortIsFoundAfterResume()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var number = NewNumber();
        await patient.Directory.EnterAsync(number, None);
        await using (var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url))
        {
            await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
            cloud.Instead = exchange => Task.FromResult(exchange is { Method: "POST", Path: Paths.Records } && (exchange.Status = 503) > 0);
            await Assert.ThrowsAsync<RefusedException>(() => patient.PutAsync(Extensions.RandomBytes(100), findable: ["asthma"]));
            cloud.Instead = exchange => Task.FromResult(exchange is { Method: "PUT", Path: Paths.Directory } && (exchange.Status = 503) > 0);
            var (records, failures) = await patient.Records.ResumeAsync(null, None);
            Assert.Single(records);
            Assert.Contains("directory entry", Assert.Single(failures), StringComparison.Ordinal);
        }
        await patient.ThroughAsync(salus.Parties);
        await Assert.ThrowsAsync<CannotException>(() => AskAsync(doctor, number, "asthma"));
        Assert.Empty((await JsonAsync(patient, "resume")).GetProperty("records").EnumerateArray());
        Assert.Equal(1, (await AskAsync(doctor, number, "asthma")).Found);

        await patient.PutAsync(Extensions.RandomBytes(100), findable: ["asthma"]);
        await patient.ThroughAsync(salus.Parties);
        Assert.Empty((await patient.Records.ResumeAsync(null, None)).Failures);
        Assert.Equal(2, (await AskAsync(doctor, number, "asthma")).Found);
    }

    [Fact]
    public async Task FiveWrongCodesEndTheAccessForGood()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var (record, asked) = await AskedAsync(patient, doctor);
        await ApproveAsync(patient, asked);
        var code = await salus.TakeReleaseCodeAsync(doctor.Mail);
        for (var i = 0; i < ReleaseLock.MaxTries; i++)
            await Assert.ThrowsAsync<CannotException>(() => ClaimAsync(doctor, "0000000000"));
        await Assert.ThrowsAsync<CannotException>(() => ClaimAsync(doctor, code));
        await doctor.FailsToGetAsync<RefusedException>(record);
        // Carrying grants over to a new epoch passes it by.
        using var leaves = await Person.RegisterAsync(salus, "leaves");
        var ended = await patient.ShareAsync(leaves, ["medical"]);
        Assert.Equal(0, (await patient.Granting.RevokeAsync(ended.Terms.Id, None)).Rekeyed);
    }

    [Fact]
    public async Task TwoTrusteesAreEnoughAndApprovingAgainMailsTheSameCode()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        RecordId record;
        string first;
        await using (await salus.WithoutAsync("trustee-2"))
        {
            (record, var asked) = await AskedAsync(patient, doctor);
            var grant = await ApproveAsync(patient, asked);
            first = await salus.TakeReleaseCodeAsync(doctor.Mail);
            Assert.Equal(grant.Terms.Id, (await ApproveAsync(patient, asked)).Terms.Id);
            Assert.Equal(first, await salus.TakeReleaseCodeAsync(doctor.Mail));
            Assert.Equal((2, "trustee-2"), ((await ClaimAsync(doctor, first)).Released, (await ClaimAsync(doctor, first, grant.Terms.Id)).Pending.Single()));
            await doctor.GetAsync(record);
        }
        // The third is told later: the key at the owner's next command, the code by the same claim.
        await patient.Granting.FinishAsync(None);
        Assert.Equal(3, (await ClaimAsync(doctor, first, (await doctor.Requests.ListAsync(None)).Outgoing.Single().Grant)).Released);
        await using (await salus.WithoutAsync("trustee-1"))
            await doctor.GetAsync(record);
    }

    [Fact]
    public async Task ApprovingAgainOtherwiseOrTooLateIsRefusedAndNotCalledApproved()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var (_, asked) = await AskedAsync(patient, doctor);
        var grant = await ApproveAsync(patient, asked);
        await salus.TakeReleaseCodeAsync(doctor.Mail);
        foreach (var (partitions, until) in new (string[], DateTimeOffset?)[]
        {
            (["prescription"], null), (["medical", "prescription"], null), (["medical"], DateTimeOffset.UtcNow.AddDays(30)),
        })
        {
            var (opened, proposal) = await patient.Requests.ProposeAsync(asked, partitions, until, None);
            var refused = await Assert.ThrowsAsync<CannotException>(() => patient.Requests.ApproveAsync(opened, proposal, None));
            Assert.Contains($"the grant {grant.Terms.Id} lets account {doctor.Account.Id} (doctor) see medical ", refused.Message, StringComparison.Ordinal);
            Assert.Contains($"`salus revoke {grant.Terms.Id}`", refused.Message, StringComparison.Ordinal);
        }
        var (same, again) = await patient.Requests.ProposeAsync(asked, ["medical"], null, None);
        await Assert.ThrowsAsync<CannotException>(() => patient.Requests.ApproveAsync(same, again with { Role = GrantRole.Family }, None));
        Assert.Equal(grant.Terms.Id, (await patient.Requests.ApproveAsync(same, again, None)).Terms.Id);
        await patient.ThroughAsync(salus.Parties, new IndexedPutTests.LaterTime(TimeSpan.FromHours(24)));
        var late = await Assert.ThrowsAsync<CannotException>(() => ApproveAsync(patient, asked));
        Assert.Contains("was good until", late.Message, StringComparison.Ordinal);
        Assert.Contains($"`salus revoke {grant.Terms.Id}`", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnApprovalThatWasCutShortIsFinishedByTheSameAndByNoOther()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var (record, asked) = await AskedAsync(patient, doctor);
        await using (var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url))
        {
            await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
            cloud.Instead = exchange => Task.FromResult(exchange is { Method: "POST", Path: Paths.Grants } && (exchange.Status = 503) > 0);
            await Assert.ThrowsAsync<RefusedException>(() => ApproveAsync(patient, asked));
        }
        await patient.ThroughAsync(salus.Parties);
        var (opened, wider) = await patient.Requests.ProposeAsync(asked, ["medical", "personal"], null, None);
        await Assert.ThrowsAsync<CannotException>(() => patient.Requests.ApproveAsync(opened, wider, None));
        var grant = await ApproveAsync(patient, asked);
        Assert.Empty(patient.Account.State.Content.UnfinishedGrants);
        Assert.Equal(3, (await ClaimAsync(doctor, await salus.TakeReleaseCodeAsync(doctor.Mail), grant.Terms.Id)).Released);
        await doctor.GetAsync(record);
    }

    [Fact]
    public async Task TheWholeStoryOnTheCommandLine()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var number = NewNumber().Text;
        var file = patient.Out("letter.txt");
        await File.WriteAllTextAsync(file, "a letter");
        var put = await JsonAsync(patient, "put", file, "--findable", "--keyword", "asthma");
        var entered = await JsonAsync(patient, "phone", number);
        Assert.Equal((number, 1), (entered.GetProperty("phone").GetString(), entered.GetProperty("records").GetInt32()));
        var asked = await JsonAsync(doctor, "request", "--phone", number, "--keyword", "Asthma", "--reason", "seen in casualty");
        Assert.Equal(1, asked.GetProperty("found").GetInt32());
        var id = asked.GetProperty("request").GetString()!;
        var incoming = (await JsonAsync(patient, "requests")).GetProperty("incoming")[0];
        Assert.Equal((id, "seen in casualty", "doctor", doctor.Account.Card.Fingerprint), (incoming.GetProperty("request").GetString(), incoming.GetProperty("reason").GetString(),
            incoming.GetProperty("role").GetString(), incoming.GetProperty("fingerprint").GetString()));
        await JsonAsync(patient, "approve", id, "--partition", "medical");
        var code = await salus.TakeReleaseCodeAsync(doctor.Mail);
        var claimed = await CommandLine.TypeAsync(code, Arguments(doctor, "claim"), ("SALUS_PASSPHRASE", doctor.Passphrase));
        Assert.True(claimed.ExitCode == 0, claimed.ToString());
        var opened = JsonDocument.Parse(claimed.Output).RootElement;
        // Found by number: the doctor knows no address of theirs.
        Assert.Equal((patient.Account.Id.ToString(), patient.Account.Id.ToString()), (opened.GetProperty("owner").GetString(), opened.GetProperty("account").GetString()));
        await JsonAsync(doctor, "get", put.GetProperty("record").GetString()!, "--out", doctor.Out("copy.txt"));
        Assert.Equal("a letter", await File.ReadAllTextAsync(doctor.Out("copy.txt")));
        await JsonAsync(patient, "phone", "--remove");
        Assert.Equal(JsonValueKind.Null, (await JsonAsync(patient, "phone")).GetProperty("phone").ValueKind);
        var nothing = await CommandLine.RunAsync(Arguments(doctor, "request", "--phone", "079 000 00 00", "--keyword", "x", "--reason", "y"), ("SALUS_PASSPHRASE", doctor.Passphrase));
        Assert.Equal(1, nothing.ExitCode);
        Assert.Contains("+41", nothing.Errors, StringComparison.Ordinal);
    }

    private static PhoneNumber NewNumber() => PhoneNumber.Parse(string.Create(CultureInfo.InvariantCulture, $"+4179{RandomNumberGenerator.GetInt32(100_000_000):d8}"));

    private static string Of(Findable findable) => string.Create(CultureInfo.InvariantCulture, $"{findable.Records}: {string.Join(' ', findable.Keywords)}");

    private static Task<AskOutcome> AskAsync(Person asker, PhoneNumber number, params string[] keywords) =>
        asker.Requests.AskAsync(number, keywords, GrantRole.Doctor, "seen in casualty", None);

    private static async Task<(RecordId Record, string Request)> AskedAsync(Person patient, Person doctor)
    {
        var number = NewNumber();
        var record = await patient.PutAsync(Extensions.RandomBytes(100), findable: ["asthma"]);
        await patient.Directory.EnterAsync(number, None);
        return (record.Record, (await AskAsync(doctor, number, "asthma")).Id);
    }

    private static async Task<Grant> ApproveAsync(Person patient, string request)
    {
        var (opened, proposal) = await patient.Requests.ProposeAsync(request, ["medical"], null, None);
        return await patient.Requests.ApproveAsync(opened, proposal, None);
    }

    private static async Task<ClaimOutcome> ClaimAsync(Person doctor, string code, GrantId? grant = null)
    {
        var release = new Release(doctor.Account);
        return await release.ClaimAsync(await release.ChooseAsync(grant, None), code, None);
    }

    private string[] Arguments(Person person, params string[] verb) => [.. verb, "--json", "--data", salus.Data, "--profile", person.Name];

    private async Task<JsonElement> JsonAsync(Person person, params string[] verb)
    {
        var outcome = await CommandLine.RunAsync(Arguments(person, verb), ("SALUS_PASSPHRASE", person.Passphrase));
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        return JsonDocument.Parse(outcome.Output).RootElement.Clone();
    }
}
