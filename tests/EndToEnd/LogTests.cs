using System.Text.Json;
using Salus.Client;
using Salus.Client.Log;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>Who has opened what: told by the trustees, proven by the log; and servers that would have it otherwise.</summary>
public class LogTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task AReaderOpensAndThePatientSeesWhoWhatWhenAndWhatForAndProvesIt()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var before = TimeProvider.System.GetUtcNow();
        var stored = await patient.PutAsync(Extensions.RandomBytes(5000), name: "scan.dcm");
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        Assert.Empty((await new AccessHistory(patient.Account).ListAsync(null, None)).Events);

        await doctor.GetAsync(stored.Record);

        var report = await new AccessHistory(patient.Account).VerifyAsync(null, None);
        Assert.Empty(report.Alarms);
        Assert.Empty(report.Complaints);
        var access = report.Events[^1];
        Assert.Equal((doctor.Mail, doctor.Account.Id, AccessKind.Open, grant.Terms.Id, "medical", Purpose.Treatment),
            (access.Who, access.Account, access.Kind, access.Grant, access.Partition, access.Purpose));
        Assert.Equal((stored.Record.ToString(), "scan.dcm"), (Assert.Single(access.Items).Id, access.Items[0].Name));
        Assert.InRange(access.At, before, TimeProvider.System.GetUtcNow());
        Assert.InRange(access.AnsweredBy.Count, 2, 3);
        Assert.Contains($"{doctor.Mail} opened 1 record in medical (scan.dcm) for treatment, under the grant {grant.Terms.Id}.", access.Sentence, StringComparison.Ordinal);
        var proven = report.Evidence!;
        Assert.Equal(report.Events.Count, proven.Accesses);
        Assert.True(proven.Own >= 6, "four epochs, a grant, a record");
        Assert.InRange(proven.CosignedBy.Count, 2, 3);

        // As of later on there is nothing; the command line says the same.
        Assert.Empty((await new AccessHistory(patient.Account).ListAsync(TimeProvider.System.GetUtcNow().AddMinutes(5), None)).Events);
        var told = await SalusAsync(patient, "log", "--verify");
        Assert.True(told.ExitCode == 0, told.ToString());
        Assert.Contains("(scan.dcm) for treatment", told.Output, StringComparison.Ordinal);
        using var document = JsonDocument.Parse((await SalusAsync(patient, "log", "--verify", "--json")).Output);
        Assert.Equal(doctor.Mail, document.RootElement.GetProperty("accesses")[report.Events.Count - 1].GetProperty("who").GetString());

        // The doctor's own reading of the doctor's own records, and nobody else's, is the doctor's.
        Assert.Empty((await new AccessHistory(doctor.Account).VerifyAsync(null, None)).Events);
    }

    [Fact]
    public async Task NoTrusteeTransformsWithoutTheEntryInTheLog()
    {
        var (patient, doctor, stored, grant) = await SharedAsync();
        var record = await patient.SealedAsync(stored);
        var right = await doctor.RequestAsync(doctor.Account.Trustees[0], grant, record);
        await doctor.Account.Trustees[0].ReencryptAsync(right, None);
        foreach (var trustee in doctor.Account.Trustees)
        {
            var request = ReencryptionRequest.Create(doctor.Account.Keys.Identity, trustee.Key, grant, right.Owner, right.Partition, right.Epoch, TimeProvider.System.GetUtcNow(), right.Items, []);
            Assert.Equal(Problems.NotLogged, (await Assert.ThrowsAsync<RefusedException>(() => trustee.ReencryptAsync(request, None))).Code);
        }
        patient.Dispose();
        doctor.Dispose();
    }

    [Fact]
    public async Task ACloudThatRewritesForksOrHidesTheLogIsCaught()
    {
        var (patient, doctor, stored, _) = await SharedAsync();
        await doctor.GetAsync(stored);
        Assert.Empty((await new AccessHistory(patient.Account).VerifyAsync(null, None)).Alarms);
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));

        // 1 An entry is rewritten.
        cloud.Change = Altering("/log/tile/entries/");
        await AlarmedAsync(patient, AlarmKind.Fork);
        // 2 The log does not go on from what was seen.
        cloud.Change = _ => Task.CompletedTask;
        await doctor.GetAsync(stored);
        cloud.Change = Altering("/log/tile/0/");
        await AlarmedAsync(patient, AlarmKind.Fork);
        // 3 An older head, so that the newest accesses are not in it.
        var old = cloud.Passed.First(exchange => exchange.Path == Paths.LogCheckpoint).Body;
        cloud.Change = exchange =>
        {
            if (exchange.Path == Paths.LogCheckpoint)
                exchange.Body = old;
            return Task.CompletedTask;
        };
        await doctor.GetAsync(stored);
        await AlarmedAsync(patient, AlarmKind.Withheld);
        // 4 A part of it is gone.
        cloud.Change = exchange =>
        {
            if (exchange.Path.StartsWith("/log/tile/entries/", StringComparison.Ordinal))
                exchange.Status = 404;
            return Task.CompletedTask;
        };
        await AlarmedAsync(patient, AlarmKind.Withheld);
        patient.Dispose();
        doctor.Dispose();

        static Func<Exchange, Task> Altering(string path) => exchange =>
        {
            if (exchange.Path.StartsWith(path, StringComparison.Ordinal) && exchange.Status == 200)
                for (var i = 5; i < exchange.Body.Length; i += 16)
                    exchange.Body[i] ^= 1;
            return Task.CompletedTask;
        };
    }

    [Fact]
    public async Task ATrusteeThatHidesAnAccessIsOutvotedAndOneThatMakesOneUpIsCaught()
    {
        var (patient, doctor, stored, grant) = await SharedAsync();
        await doctor.GetAsync(stored);
        var honest = await new AccessHistory(patient.Account).ListAsync(null, None);
        var liar = honest.Events[0].AnsweredBy[0];
        await using var middlemen = new Middlemen();
        IReadOnlyList<JournalLine> lines = [];
        using var key = new SigningKey(await File.ReadAllBytesAsync(salus.In(liar, "identity.key")));
        var url = await middlemen.BeforeAsync(salus.Parties.UrlOf(liar), exchange =>
        {
            if (exchange.Path == Paths.WitnessJournal && JournalRequest.TryVerify(exchange.Request, out var request))
                exchange.Body = Journal.Create(key, request, false, lines).Signed;
            return Task.CompletedTask;
        });
        await patient.ThroughAsync(salus.Parties.With(liar, url));

        // It told of them before; and what it hides the others tell.
        var hidden = await new AccessHistory(patient.Account).VerifyAsync(null, None);
        var forgotten = Assert.Single(hidden.Alarms);
        Assert.Equal((AlarmKind.Rollback, true), (forgotten.Kind, forgotten.Message.StartsWith($"{liar} tells of 0 accesses", StringComparison.Ordinal)));
        Assert.Equal(honest.Events.Select(access => access.Index), hidden.Events.Select(access => access.Index));

        // The doctor's true statement of something that was not logged, at a place that something else has; and somebody's who has no grant.
        var subject = new AccessSubject(AccessKind.Open, patient.Account.Id, grant, (await patient.SealedAsync(stored)).Header.Context.Partition, EpochNumber.First, [stored]);
        foreach (var signer in (SigningKey[])[doctor.Account.Keys.Identity, key])
        {
            var statement = AccessStatement.Create(signer, subject, TimeProvider.System.GetUtcNow());
            lines = [new JournalLine(TimeProvider.System.GetUtcNow(), 0, new byte[32], statement.Signed)];
            Assert.Single((await new AccessHistory(patient.Account).VerifyAsync(null, None)).Alarms);
        }
        lines = [new JournalLine(TimeProvider.System.GetUtcNow(), 0, new byte[32], [1, 2, 3])];
        Assert.Equal(AlarmKind.Injected, Assert.Single((await new AccessHistory(patient.Account).ListAsync(null, None)).Alarms).Kind);
        patient.Dispose();
        doctor.Dispose();
    }

    [Fact, Attack("U02")]
    public async Task WhoOpensARecordUnderAStatedSearchIsShownToHaveOpenedItAndIsAnAlarm()
    {
        var (patient, doctor, stored, grant) = await SharedAsync();
        var sealedRecord = await patient.SealedAsync(stored);
        var context = sealedRecord.Header.Context;
        var trace = await new Tracing(doctor.Account).LeaveAsync(patient.Account.Card,
            new AccessSubject(AccessKind.Search, context.Owner, grant, context.Partition, context.Epoch, [stored]), None);
        foreach (var trustee in doctor.Account.Trustees)
            await trustee.ReencryptAsync(ReencryptionRequest.Create(doctor.Account.Keys.Identity, trustee.Key, grant, context.Owner, context.Partition, context.Epoch,
                TimeProvider.System.GetUtcNow(), [new ReencryptionItem(stored, sealedRecord.Header.Capsule)], trace), None);
        var report = await new AccessHistory(patient.Account).VerifyAsync(null, None);
        Assert.Equal(AlarmKind.Injected, Assert.Single(report.Alarms).Kind);
        Assert.Equal((AccessKind.Open, stored.ToString()), (report.Events[^1].Kind, Assert.Single(report.Events[^1].Items).Id));
        Assert.Contains($"{doctor.Mail} opened 1 record in medical", report.Events[^1].Sentence, StringComparison.Ordinal);
        patient.Dispose();
        doctor.Dispose();
    }

    [Fact]
    public async Task AnAlarmIsToldAlthoughTheCloudRefusesWhatComesNext()
    {
        var (patient, doctor, stored, _) = await SharedAsync();
        await doctor.GetAsync(stored);
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        cloud.Change = exchange =>
        {
            if (exchange.Path.StartsWith(Paths.LogProof, StringComparison.Ordinal) || exchange.Path.StartsWith(Paths.Records, StringComparison.Ordinal))
                exchange.Status = 500;
            return Task.CompletedTask;
        };
        // What could not be looked at is a failure, with an alarm beside it an alarm.
        var failed = await SalusAsync(patient, "log", "--verify");
        Assert.True(failed.ExitCode == 1 && failed.Output.Contains(doctor.Mail, StringComparison.Ordinal), failed.ToString());
        var none = await SalusAsync(patient, "log", "--since", "2035-01-01");
        Assert.Matches("^Nobody has opened anything of yours since 20[^,]+Z\\.$", none.Output.Trim());
        none = await SalusAsync(patient, "log", "--verify", "--since", "2035-01-01");
        Assert.Contains("Z, as far as could be looked at.", none.Output, StringComparison.Ordinal);
        var refuse = cloud.Change;
        cloud.Change = exchange =>
        {
            if (exchange.Path.StartsWith("/log/tile/entries/", StringComparison.Ordinal))
                exchange.Body[^1] ^= 1;
            return refuse(exchange);
        };
        await AlarmedAsync(patient, AlarmKind.Fork);
        patient.Dispose();
        doctor.Dispose();
    }

    [Fact]
    public async Task OneTrusteeMayBeAwayWhileOthersReadAndTheOwnerLooks()
    {
        var (patient, doctor, stored, _) = await SharedAsync();
        await using (await salus.WithoutAsync("trustee-2"))
        {
            await doctor.GetAsync(stored);
            var report = await new AccessHistory(patient.Account).VerifyAsync(null, None);
            Assert.Empty(report.Alarms);
            Assert.Contains(report.Complaints, complaint => complaint.StartsWith("trustee-2 does not tell", StringComparison.Ordinal));
            Assert.Equal(["trustee-1", "trustee-3"], report.Events[^1].AnsweredBy);
        }
        await doctor.GetAsync(stored);
        Assert.Empty((await new AccessHistory(patient.Account).VerifyAsync(null, None)).Alarms);
        patient.Dispose();
        doctor.Dispose();
    }

    private async Task<(Person Patient, Person Doctor, RecordId Record, GrantId Grant)> SharedAsync()
    {
        var (patient, doctor) = (await Person.RegisterAsync(salus, "patient"), await Person.RegisterAsync(salus, "doctor"));
        var stored = await patient.PutAsync(Extensions.RandomBytes(3000));
        return (patient, doctor, stored.Record, (await patient.ShareAsync(doctor, ["medical"])).Terms.Id);
    }

    private async Task AlarmedAsync(Person patient, AlarmKind kind)
    {
        var outcome = await SalusAsync(patient, "log", "--verify");
        Assert.True(outcome.ExitCode == 3 && outcome.Errors.Contains($"ALARM ({kind})", StringComparison.Ordinal), outcome.ToString());
    }

    private Task<Outcome> SalusAsync(Person person, params string[] arguments) =>
        CommandLine.RunAsync([.. arguments, "--data", salus.Data, "--profile", person.Name], ("SALUS_PASSPHRASE", person.Passphrase));
}
