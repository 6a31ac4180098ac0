using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Salus.Client;
using Salus.Client.Studies;
using Salus.Client.Studies.Custody;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>From contributions to what the researcher holds: the custodian's gate, refusing and releasing.</summary>
public class StudyReleaseTests(SalusInstallation salus)
{
    private const string Surname = "Quigleyfrost";

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact, Attack("U07")]
    public async Task TheGateRefusesAFewAndReleasesEnoughToTheResearcherAlone()
    {
        using var staff = await StudyTests.Staff.RegisterAsync(salus);
        using var clinic = await Person.RegisterAsync(salus, "clinic", organisation: "Lakeside Clinic");
        var study = await OpenAsync(staff, clinic);
        for (var i = 0; i < 4; i++)
            await ContributeAsync(clinic, study, i);

        // Four are too few: nothing is written, nothing is shared.
        var folder = staff.Custodian.Out("release");
        var weighed = await RunAsync(staff.Custodian, 0, "study", "cohort", study.Id.ToString());
        Assert.Equal(4, weighed.GetProperty("contributions").GetProperty("participants").GetInt32());
        Assert.Contains("4 participants are fewer than the 10", weighed.GetProperty("refusal").GetString(), StringComparison.Ordinal);
        var refused = await RunAsync(staff.Custodian, 1, "study", "release", study.Id.ToString(), "--out", folder, "--yes");
        Assert.StartsWith("Refused: 4 participants are fewer", refused.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
        Assert.Empty(await staff.Researcher.SharedAsync());

        // Fourteen are enough, all but one of a sex of their own.
        for (var i = 4; i < 14; i++)
            await ContributeAsync(clinic, study, i);
        var released = await RunAsync(staff.Custodian, 0, "study", "release", study.Id.ToString(), "--out", folder, "--yes");
        var release = released.GetProperty("release");
        Assert.Equal((13, 1), (release.GetProperty("rows").GetInt32(), release.GetProperty("suppressed").GetInt32()));
        Assert.True(release.GetProperty("k").GetInt32() >= 3);
        Assert.Equal(staff.Researcher.Account.Card.Fingerprint, released.GetProperty("fingerprint").GetString());
        var measured = await RunAsync(staff.Custodian, 0, "cohort", Path.Combine(folder, "data.csv"), "--quasi", "sex", "birth-year", "zip", "--sensitive", "condition-code");
        foreach (var member in new[] { "rows", "classes", "k", "uniques", "l" })
            Assert.Equal(release.GetProperty(member).GetInt32(), measured.GetProperty(member).GetInt32());

        // The researcher, and nobody else, opens it.
        var shared = Assert.Single(await staff.Researcher.SharedAsync());
        Assert.Equal(released.GetProperty("released").GetProperty("record").GetString(), shared.Record.ToString());
        var (archive, complaints) = await staff.Researcher.GetAsync(shared.Record);
        Assert.Empty(complaints);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(folder, "release.zip")), archive);
        Assert.Empty(await clinic.SharedAsync());
        AssertNothingOf(archive);

        // Not the custodian, no way in.
        Assert.Equal(Reasons.NotYours, (await Assert.ThrowsAsync<CannotException>(() => new Custodian(staff.Researcher.Account).WeighAsync(study.Id, None))).Code);
        Assert.Equal(Problems.NotGranted, (await Assert.ThrowsAsync<RefusedException>(() => staff.Researcher.Account.Cloud.Studies.ContributionsAsync(study.Id, null, None))).Code);

        // The difference of a second release would tell who came and who left: there is none, from another device neither.
        await ContributeAsync(clinic, study, 14);
        Assert.Empty(await new Participation(clinic.Account).WithdrawAsync(study, "urn:mrn|3", None));
        var later = await RunAsync(staff.Custodian, 1, "study", "release", study.Id.ToString(), "--out", staff.Custodian.Out("later"), "--yes");
        Assert.Contains("was released before", later.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(staff.Custodian.Out("later")));
        using var device = await Person.LogInAsync(salus, staff.Custodian.Mail, staff.Custodian.Passphrase);
        var custodian = new Custodian(device.Account);
        var again = await custodian.WeighAsync(study.Id, None);
        Assert.Equal((1, 14), (again.Report.Contributions.Withdrawn, again.Report.Contributions.Participants));
        Assert.Equal(Reasons.ReleasedBefore, (await Assert.ThrowsAsync<CannotException>(() => custodian.ReleaseAsync(again, device.Out("later"), null, None))).Code);
        Assert.Single(await staff.Researcher.SharedAsync());
    }

    [Fact, Attack("U08")]
    public async Task AWithdrawalThatTheCloudHidesIsKnownFromTheTrustees()
    {
        using var staff = await StudyTests.Staff.RegisterAsync(salus);
        using var clinic = await Person.RegisterAsync(salus, "clinic", organisation: "Lakeside Clinic");
        var study = await OpenAsync(staff, clinic);
        for (var i = 0; i < 3; i++)
            await ContributeAsync(clinic, study, i);
        await using var between = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        var answers = new Dictionary<string, byte[]>();
        var isHiding = false;
        between.Change = exchange =>
        {
            if (exchange.Path.Contains("/contributions", StringComparison.Ordinal) && !answers.TryAdd(exchange.Path, exchange.Body) && isHiding)
                (exchange.Status, exchange.Body) = (200, answers[exchange.Path]);
            return Task.CompletedTask;
        };
        await staff.Custodian.ThroughAsync(salus.Parties.With("cloud", between.Url));
        var custodian = new Custodian(staff.Custodian.Account);
        Assert.Equal(3, (await custodian.WeighAsync(study.Id, None)).Report.Contributions.Participants);
        Assert.Empty(await new Participation(clinic.Account).WithdrawAsync(study, "urn:mrn|1", None));
        isHiding = true;
        var weighed = await custodian.WeighAsync(study.Id, None);
        Assert.Equal((1, 2), (weighed.Report.Contributions.Withdrawn, weighed.Report.Contributions.Participants));
        Assert.Equal(AlarmKind.Withheld, weighed.Alarm?.Kind);
        await RunAsync(staff.Custodian, 3, "study", "cohort", study.Id.ToString());

        // One trustee may be away; of one alone nothing is believed.
        await using (await salus.WithoutAsync("trustee-1"))
        {
            Assert.Equal(2, (await custodian.WeighAsync(study.Id, None)).Report.Contributions.Participants);
            Assert.Contains(custodian.Complaints, complaint => complaint.StartsWith("trustee-1", StringComparison.Ordinal));
            await using (await salus.WithoutAsync("trustee-2"))
                await Assert.ThrowsAsync<CannotException>(() => custodian.WeighAsync(study.Id, None));
        }

        // An honest cloud: the same people, and no alarm.
        isHiding = false;
        weighed = await custodian.WeighAsync(study.Id, None);
        Assert.Equal((1, 2), (weighed.Report.Contributions.Withdrawn, weighed.Report.Contributions.Participants));
        Assert.Null(weighed.Alarm);
    }

    [Fact]
    public async Task AStudyOfWhichNothingCouldEverBeReleasedIsNotOpened()
    {
        using var staff = await StudyTests.Staff.RegisterAsync(salus);
        foreach (var demand in new[] { "\"l\": 2", "\"t\": 0.5" })
        {
            var file = Encoding.UTF8.GetBytes(StudyTests.Declaration(staff, $", {demand}"));
            var refused = await Assert.ThrowsAsync<CannotException>(() => new Researching(staff.Researcher.Account).OpenAsync(StudyDeclaration.Read(file), file, None));
            Assert.Equal(Reasons.BadStudy, refused.Code);
        }
    }

    /// <summary>Names, days of birth and whole postal codes are gone, from file names too; and the one of a sex of their own is.</summary>
    private static void AssertNothingOf(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        Assert.Equal(["data.csv", "fhir/Condition.ndjson", "fhir/Patient.ndjson", "report.json"], zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(entry.Open());
            var text = reader.ReadToEnd();
            foreach (var needle in new[] { Surname, "\"other\"", "1961-0", "1962-0", "79100", "79101", "urn:mrn", "mrn-" })
                Assert.False(text.Contains(needle, StringComparison.Ordinal), $"{needle} in {entry.FullName}");
            if (entry.FullName.EndsWith(".ndjson", StringComparison.Ordinal))
                Assert.Equal(13, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }
    }

    private static async Task<KnownStudy> OpenAsync(StudyTests.Staff staff, Person clinic)
    {
        var file = Encoding.UTF8.GetBytes($$"""
            {
              "title": "Asthma by the lake", "purpose": "Who has asthma.", "custodian": "{{staff.Custodian.Mail}}", "ends": "{{DateTimeOffset.UtcNow.AddYears(1):yyyy-MM-dd}}T00:00:00Z",
              "resources": ["Patient", "Condition"],
              "quasiIdentifiers": [{ "column": "sex", "hierarchy": "keep" }, { "column": "birth-year" }, { "column": "zip" }], "sensitive": "condition-code",
              "k": 3, "l": 2, "suppression": 0.1, "minimumCohort": 10, "organisations": [{ "mail": "{{clinic.Mail}}", "quota": 20 }]
            }
            """);
        var study = await new Researching(staff.Researcher.Account).OpenAsync(StudyDeclaration.Read(file), file, None);
        return await new StudyList(staff.Researcher.Account).OneAsync(study.Id, None);
    }

    /// <summary>A patient of the clinic: two sexes, one of another; four years of birth, three postal codes, two illnesses.</summary>
    private static async Task ContributeAsync(Person clinic, KnownStudy study, int i)
    {
        var bundle = string.Create(CultureInfo.InvariantCulture, $$"""
            {"resourceType": "Bundle", "type": "collection", "entry": [
              {"resource": {"resourceType": "Patient", "id": "mrn-{{i}}", "identifier": [{"system": "urn:mrn", "value": "{{i}}"}], "name": [{"family": "{{Surname}}{{i}}"}],
                "gender": "{{(i == 13 ? "other" : i % 2 == 0 ? "female" : "male")}}", "birthDate": "{{1961 + (i % 4)}}-0{{1 + (i % 9)}}-11", "address": [{"postalCode": "7910{{i % 3}}"}] } },
              {"resource": {"resourceType": "Condition", "id": "c-{{i}}", "subject": {"reference": "Patient/mrn-{{i}}"}, "onsetDateTime": "2020-01-01",
                "code": {"coding": [{"system": "http://snomed.info/sct", "code": "{{(i / 2 % 2 == 0 ? "195967001" : "38341003")}}"}] } } }] }
            """);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(bundle));
        Assert.True((await new Participation(clinic.Account).ContributeAsync(study, stream, None)).CopyBytes > 0);
    }

    private async Task<JsonElement> RunAsync(Person person, int exitCode, params string[] arguments)
    {
        var outcome = await CommandLine.RunAsync([.. arguments, "--json", "--data", salus.Data, "--profile", person.Name], ("SALUS_PASSPHRASE", person.Passphrase));
        Assert.True(outcome.ExitCode == exitCode, outcome.ToString());
        return JsonDocument.Parse(outcome.Output).RootElement;
    }
}
