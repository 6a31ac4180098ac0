using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Salus.Client.Accounts;
using Salus.Client.Audit;
using Salus.Client.Profiles;
using Salus.Client.Readings;
using Salus.Client.Records;
using Salus.Client.Repair;
using Salus.Client.Requests;
using Salus.Client.Search;
using Salus.Client.Search.Compacting;
using Salus.Client.Statistics;
using Salus.Client.Studies;
using Salus.Client.Studies.Custody;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Studies;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>docs/leakage.md against what the servers really observe: each request of each operation, and what it carries by name.</summary>
public partial class LeakageTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Observed Head = new("cloud", "GET /log/checkpoint", ""), Tile = new("cloud", "GET /log/tile/{tile}", "");
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(300);

    [Fact, Attack("X05")]
    public async Task ServersObserveWhatTheDocumentSaysAndNothingElse()
    {
        var (declared, played) = (Declared(), await PlayAsync());
        // Tiles are asked for as far as the log has grown since the head that was known.
        var (unsaid, unseen) = (played.Except(declared).Where(row => row.Observed != Tile || !declared.Contains((row.Operation, Head))).ToArray(),
            declared.Except(played).Where(row => row.Observed != Tile).ToArray());
        Assert.True(unsaid.Length + unseen.Length == 0, $"observed and not in docs/leakage.md:\n{Rows(unsaid)}\nin docs/leakage.md and not observed:\n{Rows(unseen)}");
    }

    /// <summary>Each operation once, with what the servers saw of it.</summary>
    private async Task<HashSet<(string Operation, Observed Observed)>> PlayAsync()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        await using var traffic = await Traffic.OfAsync(salus, patient, doctor, hospital);
        var seen = new HashSet<(string, Observed)>();
        var number = PhoneNumber.Parse($"+49{RandomNumberGenerator.GetInt32(1_000_000_000).ToString("d9", CultureInfo.InvariantCulture)}");

        // What an audit asks when the log has grown since.
        await patient.Account.Log.NewestAsync(None);
        var stored = await Played("put", () => patient.PutAsync("A note about asthma."u8.ToArray(), name: "note.txt", findable: ["asthma"]));
        await Played("import", () => patient.Imports.ImportAsync(Path.Combine(Places.Root, "samples", "patient-bundle.json"), new ImportOptions(null, new DispersalChoice()), null, None));
        var picture = Extensions.RandomBytes(20_000);
        var first = await Played("put, to be shared", () => patient.PutAsync(picture));
        var again = await Played("put, the same again", () => patient.PutAsync(picture));
        await Played("list", () => patient.Records.ListAsync(None));
        await Played("get", () => patient.GetAsync(stored.Record));
        await Played("audit", () => new StorageHealth(patient.Account).CheckAsync(new AuditSettings(), null, null, None));
        var made = await Played("audit --list", () => new AuditLists(patient.Account).MakeAsync(new AuditSettings(), null, null, None));
        await Played("audit --as-auditor", () => ListAudit.RunAsync(made.List, null, new AuditSettings(), null, None));
        System.IO.Directory.Delete(Path.GetDirectoryName((await patient.FragmentsAsync(stored.Record))[0].File)!, recursive: true);
        await Played("repair", () => new Repairing(patient.Account).RunAsync(new RepairOptions([]), null, null, None));
        await Played("find", () => FindAsync(patient, "asthma"));

        // Postings of more than 256 KiB in one segment.
        for (var part = 0; part < 3; part++)
            await patient.PutAsync(Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, 40_000).Select(word => $"q{word}")) + $" part{part} "), name: $"{part}.txt");
        await Played("compact", () => new Compaction(patient.Account).RunAllAsync("medical", null, None));
        await Played("find in a large segment", () => FindAsync(patient, "q39999 part1"));

        var grant = await Played("share", () => patient.ShareAsync(doctor, ["medical"]));
        await Played("grants", () => patient.Granting.ListAsync(None));
        await Played("shared", doctor.SharedAsync);
        await Played("get, granted", () => doctor.GetAsync(stored.Record));
        await Played("find, granted", () => FindAsync(doctor, "asthma"));
        var readings = new ReadingStore(patient.Account);
        await Played("sense", () => readings.AddAsync("heart-rate", new SeriesOptions("8867-4"), [new Reading(DateTimeOffset.UnixEpoch.AddYears(50), 71)], null, None));
        var series = Assert.Single(await Played("sense series", () => readings.ListSeriesAsync(null, None)));
        await Played("sense read", () => readings.ReadAsync(series, DateTimeOffset.UnixEpoch, Limits.NoEnd, None));
        var theirs = new ReadingStore(doctor.Account);
        var shared = Assert.Single(await Played("sense series, granted", () => theirs.ListSeriesAsync(patient.Mail, None)));
        Assert.Single((await Played("sense read, granted", () => theirs.ReadAsync(shared, DateTimeOffset.UnixEpoch, Limits.NoEnd, None))).Readings);
        await Played("sense delete", () => readings.DeleteAsync(series, DateTimeOffset.UnixEpoch, Limits.NoEnd, None));
        await Played("revoke", () => patient.Granting.RevokeAsync(grant.Terms.Id, None));

        await Played("share --deposit", () => patient.LetAddAsync(hospital, "medical"));
        await Played("put --for", () => hospital.PutAsync("A letter about asthma."u8.ToArray(), name: "letter.txt", patient: patient));

        await Played("phone", () => patient.Directory.EnterAsync(number, None));
        var asked = await Played("request", () => doctor.Requests.AskAsync(number, ["asthma"], GrantRole.Doctor, "seen in casualty", None));
        await Played("requests", () => patient.Requests.ListAsync(None));
        await Played("approve", async () =>
        {
            var (opened, proposal) = await patient.Requests.ProposeAsync(asked.Id, ["medical"], null, None);
            return await patient.Requests.ApproveAsync(opened, proposal, None);
        });
        var code = await salus.TakeReleaseCodeAsync(doctor.Mail);
        await Played("claim", async () =>
        {
            var release = new Release(doctor.Account);
            return await release.ClaimAsync(await release.ChooseAsync(null, None), code, None);
        });
        await Played("delete, shared", () => patient.Records.DeleteAsync(again.Record, Person.NoKey, None));
        await Played("delete, the last that shares", () => patient.Records.DeleteAsync(first.Record, Person.NoKey, None));
        await Played("delete", () => patient.Records.DeleteAsync(stored.Record, Person.NoKey, None));
        await PlayPasskeysAsync();
        await PlayStudyAsync();
        return seen;

        async Task PlayStudyAsync()
        {
            var study = await Played("study open", () => OpenStudyAsync(doctor, hospital));
            var known = (await Played("study list", () => new StudyList(patient.Account).AllAsync(None))).Single(one => one.Id == study.Id);
            await Played("study join", () => StudyTests.JoinAsync(patient, known));
            await Played("contributions of a study", () => StudyTests.ReadAsync(hospital, known));
            await Played("study cohort", () => new Custodian(hospital.Account).WeighAsync(study.Id, None));
            await Played("stats", async () => (await new StudyStatistics(doctor.Account).BudgetAsync(known.Study, None), await StatisticsTests.AskAsync(doctor, known, "count()")));
            await Played("study withdraw", () => new Participation(patient.Account).WithdrawAsync(known, null, None));
            await Played("study close", () => new Researching(doctor.Account).CloseAsync(known, None));
        }

        async Task PlayPasskeysAsync()
        {
            var passkeys = new Passkeys(patient.Account);
            using var key = new SoftAuthenticator();
            using var prf = Secret.CopyOf(key.Prf(Passkeys.PrfSalt));
            await Played("add a passkey", async () =>
            {
                var pending = await passkeys.CreationOptionsAsync(None);
                return await passkeys.AddAsync(pending, key.Create(pending.Options), prf, "Telephone", None);
            });
            await Played("log in by passkey", async () =>
            {
                using var enrolment = new Enrolment(new Profile(salus.In("profiles", salus.NewName("device"))), patient.Profile.Load().Parties) { Device = "Chromium on Linux" };
                var pending = await enrolment.StartPasskeyLoginAsync(None);
                using var account = await enrolment.CompletePasskeyLoginAsync(pending, key.Get(pending.Options), prf, TimeProvider.System, None);
                return account.Id;
            });
            await Played("passkeys", () => passkeys.ListAsync(None));
            await Played("remove a passkey", async () =>
            {
                await passkeys.RemoveAsync(key.CredentialId, None);
                return true;
            });
            var devices = new Devices(patient.Account);
            var other = (await Played("devices", () => devices.ListAsync(None))).First(device => !device.IsCurrent);
            await Played("devices --end", async () =>
            {
                await devices.EndAsync(other.Id, None);
                return true;
            });
        }

        async Task<T> Played<T>(string operation, Func<Task<T>> play)
        {
            // What a third trustee was asked, and nobody waited for, belongs to the operation before.
            await Task.Delay(Settling);
            traffic.Take();
            var outcome = await play();
            foreach (var (server, exchange) in traffic.Take())
                seen.Add((operation, Traffic.Observe(server, exchange)));
            return outcome;
        }
    }

    private static Task<Study> OpenStudyAsync(Person researcher, Person custodian)
    {
        var file = Encoding.UTF8.GetBytes(StudyTests.Declaration(new StudyTests.Staff(researcher, custodian), StatisticsTests.Rows));
        return new Researching(researcher.Account).OpenAsync(StudyDeclaration.Read(file), file, None);
    }

    private static async Task<IReadOnlyList<SearchHit>> FindAsync(Person who, string words)
    {
        Assert.True(Query.TryParse(words, out var query, out var fault), fault);
        var hits = await new Searcher(who.Account).FindAsync(query, null, 10).ToListAsync();
        Assert.NotEmpty(hits);
        return hits;
    }

    private static HashSet<(string Operation, Observed Observed)> Declared() => [.. File.ReadLines(Path.Combine(Places.Root, "docs", "leakage.md"))
        .Select(line => Row().Match(line)).Where(match => match.Success)
        .Select(match => (match.Groups[1].Value, new Observed(match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value)))];

    private static string Rows(IEnumerable<(string Operation, Observed Observed)> rows) => string.Join('\n', rows.Select(row =>
        $"| {row.Operation} | {row.Observed.Server} | `{row.Observed.Request}` | {(row.Observed.Carries == "" ? "" : $"`{row.Observed.Carries}` ")}|"));

    [GeneratedRegex(@"^\| ([^|]+) \| (cloud|trustee|store) \| `([^`]+)` \| (?:`([^`]*)` )?\|$")]
    private static partial Regex Row();
}
