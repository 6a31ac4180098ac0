using System.Globalization;
using System.Text;
using Salus.Client;
using Salus.Client.Records;
using Salus.Client.Studies;
using Salus.Crypto.Oprf;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>Studies on real servers: opened, joined without a name, withdrawn, and what hostile servers try.</summary>
public class StudyTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string Bundle = Path.Combine(Places.Root, "samples", "patient-bundle.json");

    [Fact]
    public async Task ThreePeopleJoinOneWithdrawsAndTheCustodianAloneReadsTheOthers()
    {
        using var staff = await Staff.RegisterAsync(salus);
        var file = staff.Researcher.Out("study.json");
        await File.WriteAllTextAsync(file, Declaration(staff));
        var opened = await CommandLine.RunAsync(["study", "open", file, "--json", "--data", salus.Data, "--profile", staff.Researcher.Name], ("SALUS_PASSPHRASE", staff.Researcher.Passphrase));
        Assert.True(opened.ExitCode == 0, opened.ToString());
        var again = await CommandLine.RunAsync(["study", "open", file, "--json", "--data", salus.Data, "--profile", staff.Researcher.Name], ("SALUS_PASSPHRASE", staff.Researcher.Passphrase));
        Assert.Equal(opened.Output, again.Output); // the same file, the same study
        var study = await NewestAsync(staff.Researcher);
        Assert.Contains(study.Id.ToString(), opened.Output, StringComparison.Ordinal);

        var patients = new List<Person>();
        for (var i = 0; i < 3; i++)
        {
            patients.Add(await Person.RegisterAsync(salus, "patient"));
            await patients[i].Imports.ImportAsync(Bundle, new ImportOptions(null, new DispersalChoice()), null, None);
        }
        var joined = await CommandLine.RunAsync(["study", "join", study.Id.ToString(), "--yes", "--data", salus.Data, "--profile", patients[0].Name], ("SALUS_PASSPHRASE", patients[0].Passphrase));
        Assert.True(joined.ExitCode == 0, joined.ToString());
        Assert.Contains("City Hospital checks that at least 2 people look alike", joined.Errors, StringComparison.Ordinal);
        foreach (var patient in patients.Skip(1))
            await JoinAsync(patient, study);
        Assert.Equal(Reasons.AlreadyJoined, (await Assert.ThrowsAsync<CannotException>(() => JoinAsync(patients[1], study))).Code);

        // The cloud dies and comes back; one withdraws, from a device that knows nothing of the study.
        await using (await salus.WithoutAsync("cloud"))
            await Assert.ThrowsAsync<UnreachableException>(() => new StudyList(patients[2].Account).AllAsync(None));
        using var device = await Person.LogInAsync(salus, patients[2].Mail, patients[2].Passphrase);
        Assert.Empty(await new Participation(device.Account).MineAsync(null, None));
        var mine = Assert.Single(await new Participation(device.Account).MineAsync([study], None));
        Assert.Equal((study.Id, Participation.Contributed), (mine.Study, mine.State));
        Assert.Empty(await new Participation(device.Account).WithdrawAsync(study, null, None));
        Assert.Equal(Reasons.WasWithdrawn, (await Assert.ThrowsAsync<CannotException>(() => JoinAsync(patients[2], study))).Code);

        // What is left, at the custodian alone: nobody's name, and pseudonyms of this study.
        var (participants, withdrawn) = await ReadAsync(staff.Custodian, study);
        Assert.Equal((2, 1), (participants.Count, withdrawn));
        var needles = new[] { "Salena230", "d88f994a-5efa-421d-9c40-5f116d2114a6" };
        foreach (var participant in participants)
        {
            var copy = participant.Copy;
            Assert.NotEmpty(copy.Resources);
            var text = string.Join('\n', copy.Resources.Select(resource => Encoding.UTF8.GetString(resource.Span)));
            Assert.All(needles, needle => Assert.DoesNotContain(needle, text, StringComparison.Ordinal));
            Assert.DoesNotContain("\"Claim\"", text, StringComparison.Ordinal); // not asked for
            Assert.Equal("female", copy.Row["sex"]);
        }
        using (var keys = ParticipantKeys.Of(patients[0].Account, study.Id))
            Assert.Contains(participants, participant => participant.Copy.Pseudonym == keys.Pseudonym && participant.Header.Id == keys.Contribution);
        foreach (var other in (Person[])[staff.Researcher, patients[0]])
            Assert.Equal(Problems.NotGranted, (await Assert.ThrowsAsync<RefusedException>(() => other.Account.Cloud.Studies.ContributionsAsync(study.Id, null, None))).Code);

        // Over is over.
        Assert.Empty(await new Researching(staff.Researcher.Account).CloseAsync(study, None));
        using var late = await Person.RegisterAsync(salus, "late");
        var closed = await new StudyList(late.Account).OneAsync(study.Id, None);
        Assert.Equal(Reasons.StudyClosed, (await Assert.ThrowsAsync<CannotException>(() => JoinAsync(late, closed))).Code);
        patients.ForEach(patient => patient.Dispose());
    }

    [Fact]
    public async Task AnOrganisationContributesForItsPatientsOnceEach()
    {
        using var staff = await Staff.RegisterAsync(salus);
        using var clinic = await Person.RegisterAsync(salus, "clinic", organisation: "Lakeside Clinic");
        var study = await OpenAsync(staff, $$""", "organisations": [{ "mail": "{{clinic.Mail}}", "quota": 2 }]""");
        var files = Patients(3);
        var participation = new Participation(clinic.Account);
        foreach (var file in files.Take(2))
            await using (var stream = File.OpenRead(file))
                Assert.True((await participation.ContributeAsync(study, stream, None)).CopyBytes > 0);
        await using (var stream = File.OpenRead(files[0]))
            Assert.Equal(Reasons.AlreadyJoined, (await Assert.ThrowsAsync<CannotException>(() => participation.ContributeAsync(study, stream, None))).Code);
        await using (var stream = File.OpenRead(files[2]))
            Assert.Equal(Reasons.TokensUsed, (await Assert.ThrowsAsync<CannotException>(() => participation.ContributeAsync(study, stream, None))).Code);
        var (participants, _) = await ReadAsync(staff.Custodian, study);
        Assert.Equal(2, participants.Count);
        await using (var stream = File.OpenRead(files[0]))
            Assert.Equal(Reasons.NotPermitted, (await Assert.ThrowsAsync<CannotException>(() => new Participation(staff.Custodian.Account).ContributeAsync(study, stream, None))).Code);
    }

    [Fact]
    public async Task AStudyOfStatisticsAloneTakesNoCopies()
    {
        using var staff = await Staff.RegisterAsync(salus);
        var file = Encoding.UTF8.GetBytes($$"""
            {
              "title": "Ages", "purpose": "How old participants are.", "custodian": "{{staff.Custodian.Mail}}", "ends": "{{DateTimeOffset.UtcNow.AddYears(1):yyyy-MM-dd}}T00:00:00Z",
              "budget": 1, "minimumCohort": 2,
              "variables": [{ "name": "age", "source": "quasi:age", "lower": 0, "upper": 120, "bounds": [18, 40, 65] }],
              "attributes": [{ "name": "sex", "source": "quasi:sex", "categories": ["female", "male"] }]
            }
            """);
        var opened = await new Researching(staff.Researcher.Account).OpenAsync(StudyDeclaration.Read(file), file, None);
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.Imports.ImportAsync(Bundle, new ImportOptions(null, new DispersalChoice()), null, None);
        var study = await new StudyList(patient.Account).OneAsync(opened.Id, None);
        Assert.Contains("nothing but statistics over your age and sex, which no server ever sees", StudyConsent.Sentence(study), StringComparison.Ordinal);

        // One trustee away: statistics do not count it yet, and what waits is sent later.
        await using (await salus.WithoutAsync("trustee-2"))
            Assert.Equal(["trustee-2"], (await JoinAsync(patient, study)).Waiting);
        Assert.Equal(Participation.Started, Assert.Single(await new Participation(patient.Account).MineAsync(null, None)).State);
        Assert.Equal(0, await RowsAsync("trustee2"));
        var resumed = await new Participation(patient.Account).ResumeAsync(None);
        Assert.Equal((1, 0), (resumed.Sent, resumed.Later));
        Assert.Empty(resumed.Failures);
        Assert.Equal(Participation.Contributed, Assert.Single(await new Participation(patient.Account).MineAsync(null, None)).State);
        var view = Assert.Single((await staff.Custodian.Account.Cloud.Studies.ContributionsAsync(study.Id, null, None)).Contributions);
        Assert.True(ContributionHeader.TryVerify(view.Header, out var header) && header is { CopySize: 0, Row.Length: 32 });
        foreach (var trustee in (string[])["trustee1", "trustee2", "trustee3"])
            Assert.Equal(1, await RowsAsync(trustee));

        Assert.Empty(await new Participation(patient.Account).WithdrawAsync(study, null, None));
        foreach (var trustee in (string[])["trustee1", "trustee2", "trustee3"])
            Assert.Equal(0, await RowsAsync(trustee));

        async Task<int> RowsAsync(string trustee) => (await new Holdings(salus).TablesAsync(trustee))[$"{trustee}.statistics_rows"].Split('\n')
            .Count(row => row.Contains(study.Id.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhateverCutsAContributionShortTheSameAgainFinishesIt()
    {
        using var staff = await Staff.RegisterAsync(salus);
        var study = await OpenAsync(staff);
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.Imports.ImportAsync(Bundle, new ImportOptions(null, new DispersalChoice()), null, None);
        await using var between = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await using var trustees = new Middlemen();
        var parties = salus.Parties.With("cloud", between.Url);
        var lost = "";
        Task LoseAsync(Exchange exchange)
        {
            exchange.IsLost = lost.Length > 0 && exchange.Path.StartsWith(lost, StringComparison.Ordinal) && exchange.Method != "GET";
            return Task.CompletedTask;
        }
        between.Change = LoseAsync;
        foreach (var name in SalusInstallation.TrusteeNames)
            parties = parties.With(name, await trustees.BeforeAsync(salus.Parties.UrlOf(name), LoseAsync));
        await patient.ThroughAsync(parties);

        // The answers to a ticket, to tokens, to spending them, to the upload: each lost, though the server had done its part.
        foreach (var path in (string[])[Paths.HardeningTickets, Paths.Tokens, Paths.Redemptions, Paths.Studies])
        {
            lost = path;
            await Assert.ThrowsAsync<UnreachableException>(() => JoinAsync(patient, study));
            await patient.ThroughAsync(parties); // a fresh process
        }
        lost = "";
        var outcome = await JoinAsync(patient, study);
        Assert.Equal(CopySize.For(outcome.CopyBytes), outcome.CopyBytes);
        Assert.Empty(Directory.GetFiles(Path.Combine(patient.Profile.Folder, "studies"), "*.plan"));
        var (participants, withdrawn) = await ReadAsync(staff.Custodian, study);
        Assert.Equal((1, 0), (participants.Count, withdrawn));
    }

    [Fact]
    public async Task ATrusteeThatIsAwayKeepsNoCopyOut()
    {
        using var staff = await Staff.RegisterAsync(salus);
        var study = await OpenAsync(staff, StatisticsTests.Rows);
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.Imports.ImportAsync(Bundle, new ImportOptions(null, new DispersalChoice()), null, None);
        study = await new StudyList(patient.Account).OneAsync(study.Id, None);
        await using (await salus.WithoutAsync("trustee-1"))
        {
            var outcome = await JoinAsync(patient, study);
            Assert.Equal(["trustee-1"], outcome.Waiting);
            Assert.Contains(outcome.Complaints, complaint => complaint.Contains("waits", StringComparison.Ordinal));
            Assert.Single((await ReadAsync(staff.Custodian, study)).Copies);
        }
        var mine = Assert.Single(await new Participation(patient.Account).MineAsync(null, None));
        Assert.Equal((Participation.Contributed, study.Terms.Title), (mine.State, mine.Title));
        Assert.Empty((await JoinAsync(patient, study)).Waiting);
        Assert.Equal(Reasons.AlreadyJoined, (await Assert.ThrowsAsync<CannotException>(() => JoinAsync(patient, study))).Code);
    }

    [Fact]
    public async Task WhatIsSentAsTheAccountIsSentBeforeAllThatIsSentAsNobody()
    {
        using var staff = await Staff.RegisterAsync(salus);
        var study = await OpenAsync(staff, StatisticsTests.Rows);
        var second = await OpenAsync(staff);
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.Imports.ImportAsync(Bundle, new ImportOptions(null, new DispersalChoice()), null, None);
        await using var men = new Middlemen();
        var passed = new List<string>();
        Task NoteAsync(Exchange exchange)
        {
            lock (passed)
                passed.Add(exchange.RequestHeaders.ContainsKey("Authorization") || exchange.Path == Paths.Tokens ? "account" : $"{exchange.Method} {exchange.Path}");
            return Task.CompletedTask;
        }
        var parties = salus.Parties;
        foreach (var name in SalusInstallation.TrusteeNames.Append("cloud"))
            parties = parties.With(name, await men.BeforeAsync(salus.Parties.UrlOf(name), NoteAsync));
        await patient.ThroughAsync(parties);
        await JoinAsync(patient, study);
        Assert.All(passed.Take(passed.LastIndexOf("account")), request => Assert.Equal("account", request));
        var upload = passed.FindIndex(request => request.StartsWith("PUT ", StringComparison.Ordinal));
        Assert.Equal(["POST " + Paths.Redemptions, "POST " + Paths.Redemptions], passed.Skip(passed.LastIndexOf("account") + 1).Take(upload - passed.LastIndexOf("account") - 1));
        Assert.Equal(Enumerable.Repeat("POST " + Paths.StatisticsRows, 3), passed.Skip(upload + 1));

        // For later: the tokens, and nothing as nobody until its moment has come.
        passed.Clear();
        var later = await new Participation(patient.Account).JoinAsync(second, Person.NoKey, null, None, isLater: true);
        Assert.All(passed, request => Assert.Equal("account", request));
        Assert.Equal(1, (await new Participation(patient.Account).ResumeAsync(None)).Later);
        Assert.InRange(later.Due!.Value, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddDays(1));
        var plans = new ContributionPlans(patient.Account);
        await plans.SaveAsync((await plans.FindAsync(later.Contribution))! with { Due = TimeProvider.System.GetUtcNow() });
        passed.Clear();
        Assert.Equal(1, (await new Participation(patient.Account).ResumeAsync(None)).Sent);
        Assert.DoesNotContain("account", passed);
        Assert.Single((await ReadAsync(staff.Custodian, second)).Copies);

        // What one takes part in, without a word to anybody.
        passed.Clear();
        Assert.Equal(2, (await new Participation(patient.Account).MineAsync(null, None)).Count);
        Assert.Empty(passed);
    }

    [Fact]
    public async Task ATrusteeThatMarksATokenIsCaughtAndItsTokenNotSpent()
    {
        using var staff = await Staff.RegisterAsync(salus);
        var study = await OpenAsync(staff);
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.Imports.ImportAsync(Bundle, new ImportOptions(null, new DispersalChoice()), null, None);
        using var marking = OprfKey.Derive(new byte[32], "for this account alone"u8);
        await using var trustees = new Middlemen();
        var parties = salus.Parties;
        foreach (var name in SalusInstallation.TrusteeNames.Take(2))
            parties = parties.With(name, await trustees.BeforeAsync(salus.Parties.UrlOf(name), exchange =>
            {
                if (exchange.Path == Paths.Tokens && TokenRequest.TryVerify(exchange.Request, out var request))
                    exchange.Body = marking.Evaluate(request.Blinded).Bytes.ToArray();
                return Task.CompletedTask;
            }));
        await patient.ThroughAsync(parties);
        var alarm = await Assert.ThrowsAsync<AlarmException>(() => JoinAsync(patient, study));
        Assert.Equal(AlarmKind.KeyChanged, alarm.Kind);
        Assert.Contains("trustee-", alarm.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(trustees.All.SelectMany(man => man.Passed), exchange => exchange.Path == Paths.Redemptions);

        // Only one of them: the others suffice, and the person hears of it.
        await patient.ThroughAsync(salus.Parties.With("trustee-1", parties.UrlOf("trustee-1")));
        await JoinAsync(patient, study);
        var (participants, _) = await ReadAsync(staff.Custodian, study);
        Assert.Single(participants);
    }

    [Fact]
    public async Task AStudyThatTheCloudChangesIsNotShown()
    {
        using var staff = await Staff.RegisterAsync(salus);
        var study = await OpenAsync(staff);
        using var patient = await Person.RegisterAsync(salus, "patient");
        Assert.Equal(study.Study.Signed, (await new StudyList(patient.Account).OneAsync(study.Id, None)).Study.Signed);
        var view = new StudyView(study.Study.Signed, [.. study.Terms.Trustees.Select(trustee => study.TokenKeys[trustee].Signed)], null);
        var shorter = Study.Create(staff.Researcher.Account.Keys.Identity, study.Terms with { Release = study.Terms.Release with { K = 3 } });
        await using var between = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        var shown = view;
        between.Change = exchange =>
        {
            if (exchange.Path == Paths.Study.Replace("{id}", study.Id.ToString(), StringComparison.Ordinal))
                exchange.Set(shown);
            return Task.CompletedTask;
        };
        await patient.ThroughAsync(salus.Parties.With("cloud", between.Url));
        foreach (var (changed, kind) in new (StudyView, AlarmKind)[]
        {
            (view with { Signed = view.Signed.Flipped(60) }, AlarmKind.Integrity), (view with { Signed = shorter.Signed }, AlarmKind.Rollback),
            (view with { TokenKeys = [view.TokenKeys[0], view.TokenKeys[1]] }, AlarmKind.Integrity),
            (view with { TokenKeys = [view.TokenKeys[1], view.TokenKeys[0], view.TokenKeys[2]] }, AlarmKind.Integrity),
            (view with { TokenKeys = [view.TokenKeys[0].Flipped(100), view.TokenKeys[1], view.TokenKeys[2]] }, AlarmKind.Integrity),
            (view with { End = StudyEnd.Create(patient.Account.Keys.Identity, study.Id, TimeProvider.System.GetUtcNow()).Signed }, AlarmKind.Integrity),
        })
        {
            shown = changed;
            Assert.Equal(kind, (await Assert.ThrowsAsync<AlarmException>(() => new StudyList(patient.Account).OneAsync(study.Id, None))).Kind);
        }
        shown = view;
        await new StudyList(patient.Account).OneAsync(study.Id, None);
    }

    internal static Task<ContributionOutcome> JoinAsync(Person patient, KnownStudy study) => new Participation(patient.Account).JoinAsync(study, Person.NoKey, null, None);

    internal static async Task<KnownStudy> OpenAsync(Staff staff, string more = "")
    {
        var file = Encoding.UTF8.GetBytes(Declaration(staff, more));
        var study = await new Researching(staff.Researcher.Account).OpenAsync(StudyDeclaration.Read(file), file, None);
        return await new StudyList(staff.Researcher.Account).OneAsync(study.Id, None);
    }

    /// <summary>The smallest files of one patient each.</summary>
    internal static string[] Patients(int count) => [.. Directory.GetFiles(Path.Combine(Places.Data, "fhir"), "*.json").Where(file => Path.GetFileName(file).Count(c => c == '_') > 1
        && new FileInfo(file).Length > 200_000).OrderBy(file => new FileInfo(file).Length).Take(count)];

    /// <summary>What the custodian finds at the cloud, checked and opened; and how many were withdrawn.</summary>
    internal static async Task<(IReadOnlyList<(ContributionHeader Header, ContributionCopy Copy)> Copies, int Withdrawn)> ReadAsync(Person custodian, KnownStudy study)
    {
        var (copies, withdrawn) = (new List<(ContributionHeader, ContributionCopy)>(), 0);
        foreach (var view in (await custodian.Account.Cloud.Studies.ContributionsAsync(study.Id, null, None)).Contributions)
        {
            if (view.Withdrawal is { } mark)
            {
                Assert.True(ContributionWithdrawal.TryVerify(mark, out var withdrawal) && withdrawal.Study == study.Id);
                withdrawn++;
                continue;
            }
            Assert.True(ContributionHeader.TryVerify(view.Header, out var header) && ContributionReceipt.Suffice(study.Study, header, view.Receipts));
            if (header.CopySize == 0)
                continue;
            var sealedCopy = await custodian.Account.Cloud.Studies.CopyAsync(header, None);
            Assert.True(header.Fits(sealedCopy));
            Assert.True(SealedCopy.TryUnseal(custodian.Account.Keys.Box, study.Id, header.Id, sealedCopy, out var content));
            Assert.True(ContributionCopy.TryRead(content, out var copy));
            copies.Add((header, copy));
        }
        return (copies, withdrawn);
    }

    private static async Task<KnownStudy> NewestAsync(Person researcher) =>
        (await new StudyList(researcher.Account).AllAsync(None)).First(study => study.Terms.Researcher.Account == researcher.Account.Id);

    internal static string Declaration(Staff staff, string more = "") => string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "title": "Sleep and glucose", "purpose": "Whether short sleep raises glucose.", "custodian": "{{staff.Custodian.Mail}}", "ends": "{{DateTimeOffset.UtcNow.AddYears(1):yyyy-MM-dd}}T00:00:00Z",
          "resources": ["Patient", "Condition", "Immunization"], "quasiIdentifiers": [{ "column": "age" }, { "column": "sex" }], "k": 2, "minimumCohort": 2{{more}}
        }
        """);

    /// <summary>Who runs a study.</summary>
    internal sealed record Staff(Person Researcher, Person Custodian) : IDisposable
    {
        public static async Task<Staff> RegisterAsync(SalusInstallation salus) =>
            new(await Person.RegisterAsync(salus, "researcher"), await Person.RegisterAsync(salus, "custodian", organisation: "City Hospital"));

        public void Dispose()
        {
            Researcher.Dispose();
            Custodian.Dispose();
        }
    }
}
