using System.Net;
using System.Text.Json;
using Salus.Client;
using Salus.Client.Audit;
using Salus.Client.Profiles;
using Salus.Client.Records;
using Salus.Client.Repair;
using Salus.Protocol;
using Salus.Protocol.Audit;
using Salus.Protocol.Http;

namespace Salus.EndToEnd.Tests;

/// <summary>Stores that lose, change or withhold what they keep: an audit finds and names them, a repair brings back every byte.</summary>
public class StorageTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;
    internal static readonly AuditSettings All = new() { Sample = null };
    internal static readonly RepairOptions Everything = new([]);

    [Fact]
    public async Task WhatIsWholeIsProvenAndNothingIsRepaired()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.PutAsync(Extensions.RandomBytes(2_000_000));
        var health = new StorageHealth(patient.Account);
        Assert.Null(health.Last);
        var report = await health.CheckAsync(new AuditSettings { Sample = 300 }, null, null, None);
        Assert.Equal((StoreState.Good, 300, 300), (report.State, report.Asked, report.Answered));
        Assert.Equal(report.At, health.Last!.At);
        Assert.Equal(["store-1", "store-2", "store-3", "store-4"], report.Stores.Select(store => store.Store));
        var repair = await new Repairing(patient.Account).RunAsync(Everything, null, null, None);
        Assert.True(repair.IsWhole);
        Assert.Equal((1, 8, 0), (repair.Records, repair.Fragments, repair.Repaired.Count));
    }

    [Theory]
    [InlineData("one byte", FindingKind.Damaged)]
    [InlineData("leaf hashes", FindingKind.Damaged)]
    [InlineData("truncated", FindingKind.Damaged)]
    [InlineData("older", FindingKind.Exchanged)]
    [InlineData("deleted", FindingKind.Missing)]
    public async Task WhatAStoreDoesToAFragmentIsFoundNamedAndMadeGood(string what, FindingKind kind)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(900_000);
        var stored = await patient.PutAsync(bytes);
        var older = (await patient.FragmentsAsync((await patient.PutAsync(Extensions.RandomBytes(900_000))).Record))[2].File;
        var fragments = await patient.FragmentsAsync(stored.Record);
        var (store, file) = fragments[2];
        var before = await File.ReadAllBytesAsync(file);
        switch (what)
        {
            case "one byte":
                await File.WriteAllBytesAsync(file, before.Flipped(before.Length / 2));
                break;
            case "leaf hashes":
                await File.WriteAllBytesAsync(file, before.Flipped(before.Length - 100));
                break;
            case "truncated":
                await File.WriteAllBytesAsync(file, before[..^64]);
                break;
            case "older":
                File.Copy(older, file, overwrite: true);
                break;
            default:
                Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
                break;
        }

        var report = await new StorageHealth(patient.Account).CheckAsync(All, null, null, None);

        var finding = Assert.Single(report.Findings);
        Assert.Equal((store, kind, stored.Record.ToString(), 2), (finding.Store, finding.Kind, finding.Record, finding.Fragment!.Value));
        Assert.Equal([store], report.Stores.Where(one => one.State != StoreState.Good).Select(one => one.Store));
        Assert.NotNull(report.Alarm());

        var repair = await new Repairing(patient.Account).RunAsync(Everything, null, null, None);

        Assert.True(repair.IsWhole, string.Join('\n', repair.Waiting.Concat(repair.Lost.Select(lost => lost.Why))));
        Assert.Equal((store, false), (Assert.Single(repair.Repaired).Store, repair.Repaired[0].IsMoved));
        Assert.True(Has(salus, store, before), "The fragment came back with other bytes.");
        Assert.Equal(kind == FindingKind.Missing, File.Exists(file));
        Assert.Equal(StoreState.Good, (await new StorageHealth(patient.Account).CheckAsync(All, null, null, None)).State);
        Assert.Equal(bytes, (await patient.GetAsync(stored.Record)).Bytes);
    }

    [Fact]
    public async Task AStoreThatIsGoneForGoodIsReplacedByTheOthers()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(500_000);
        var before = Kept(salus);
        var stored = await patient.PutAsync(bytes);
        await using (await salus.WithoutAsync("store-2"))
        {
            // It does not answer: nobody knows, and nothing is moved.
            var audit = await new StorageHealth(patient.Account).CheckAsync(All, null, null, None);
            Assert.Equal(StoreState.Silent, audit.Stores.Single(store => store.Store == "store-2").State);
            Assert.Null(audit.Alarm());
            var waiting = await new Repairing(patient.Account).RunAsync(Everything, null, null, None);
            Assert.Empty(waiting.Repaired);
            Assert.Contains("store-2 did not answer", Assert.Single(waiting.Waiting), StringComparison.Ordinal);
            Assert.Equal(["store-2"], waiting.Silent);

            // Its owner says that it will not come back.
            var repair = await new Repairing(patient.Account).RunAsync(new RepairOptions(["store-2"]), null, null, None);
            Assert.True(repair.IsWhole, string.Join('\n', repair.Waiting.Concat(repair.Lost.Select(lost => lost.Why))));
            Assert.Equal(2, repair.Repaired.Count);
            Assert.All(repair.Repaired, one => Assert.True(one.IsMoved && one.Store != "store-2"));

            // Everybody finds them without being told, and again there is nothing to do.
            var (opened, complaints) = await patient.GetAsync(stored.Record);
            Assert.Equal(bytes, opened);
            Assert.Empty(complaints);
            Assert.Equal(2, (await new StorageHealth(patient.Account).CheckAsync(All, null, null, None)).Stores.Sum(store => store.Moved));
            Assert.Empty((await new Repairing(patient.Account).RunAsync(new RepairOptions(["store-2"]), null, null, None)).Repaired);
        }
        // One more store may be lost, and it is the moved ones that make up for it.
        await using (await salus.WithoutAsync("store-2", "store-4"))
            Assert.Equal(bytes, (await patient.GetAsync(stored.Record)).Bytes);
        var deleted = await patient.Records.DeleteAsync(stored.Record, Person.NoKey, None);
        Assert.Empty(deleted.Unreached);
        Assert.Equal(before, Kept(salus));
    }

    [Fact]
    public async Task MoreThanTheCodeBearsIsSaidToBeLost()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var stored = await patient.PutAsync(Extensions.RandomBytes(30_000));
        foreach (var (_, file) in (await patient.FragmentsAsync(stored.Record)).Take(5))
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        var repair = await new Repairing(patient.Account).RunAsync(Everything, null, null, None);
        Assert.Equal(stored.Record.ToString(), Assert.Single(repair.Lost).Record);
        foreach (var command in (string[][])[["repair"], ["repair", "--plan", patient.Out("plan.json")]])
        {
            var outcome = await SalusAsync(patient, command);
            Assert.True(outcome.ExitCode == 3, outcome.ToString());
            Assert.Contains($"LOST: {stored.Record}", outcome.Errors, StringComparison.Ordinal);
        }
        Assert.Empty(RepairPlan.Read(patient.Out("plan.json")).Records);
    }

    [Fact]
    public async Task AStoreThatFailsLargeAuditsOnlyIsNamed()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.PutAsync(Extensions.RandomBytes(900_000));
        await using var store = await Middleman.BeforeAsync(salus.Parties.UrlOf("store-3"));
        await patient.ThroughAsync(salus.Parties.With("store-3", store.Url));
        store.Instead = exchange =>
        {
            if (!LeafChallenge.TryRead(exchange.Request, out var challenge) || challenge.Leaves.Count <= 4)
                return Task.FromResult(false);
            exchange.Status = (int)HttpStatusCode.ServiceUnavailable;
            return Task.FromResult(true);
        };
        var report = await new StorageHealth(patient.Account).CheckAsync(All, null, null, None);
        var health = report.Stores.Single(one => one.State != StoreState.Good);
        Assert.Equal(("store-3", true, StoreState.Failing), (health.Store, health.OnlySmall, health.State));
    }

    [Fact]
    public async Task AStoreThatStallsIsGivenUpAndNamed()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.PutAsync(Extensions.RandomBytes(900_000));
        await using var store = await Middleman.BeforeAsync(salus.Parties.UrlOf("store-1"));
        await patient.ThroughAsync(salus.Parties.With("store-1", store.Url));
        store.Change = exchange =>
        {
            exchange.Stalls = exchange.Method == "POST";
            return Task.CompletedTask;
        };
        var report = await new StorageHealth(patient.Account).CheckAsync(All with { Deadline = TimeSpan.FromSeconds(1), SlowestBytesPerSecond = int.MaxValue }, null, null, None);
        var health = report.Stores.Single(one => one.State != StoreState.Good);
        Assert.Equal(("store-1", StoreState.Silent, 2), (health.Store, health.State, health.Unanswered));
        Assert.Contains("1 bytes in 1 s", report.Findings[0].Detail, StringComparison.Ordinal);
    }

    /// <summary>Neither a bad sector nor ill will about one fragment keeps the others of that store from being looked at.</summary>
    [Theory]
    [InlineData("refused")]
    [InlineData("broken off")]
    [InlineData("stalled")]
    public async Task AFragmentThatItsStoreDoesNotHandOutIsMadeAnewElsewhere(string how)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(30_000);
        var stored = await patient.PutAsync(bytes);
        var fragments = await patient.FragmentsAsync(stored.Record);
        var (name, unreadable) = fragments[0];
        var missing = fragments.Skip(1).First(fragment => fragment.Store == name).File;
        Directory.Delete(Path.GetDirectoryName(missing)!, recursive: true);
        var address = Path.GetFileName(Path.GetDirectoryName(unreadable)!);
        await using var store = await Middleman.BeforeAsync(salus.Parties.UrlOf(name));
        await patient.ThroughAsync(salus.Parties.With(name, store.Url));
        store.Instead = exchange =>
        {
            if (exchange.Method is not ("GET" or "POST") || !exchange.Path.Contains(address, StringComparison.Ordinal))
                return Task.FromResult(false);
            (exchange.Status, exchange.IsLost, exchange.Stalls) = how == "refused" ? (500, false, false) : (206, how == "broken off", how == "stalled");
            return Task.FromResult(true);
        };

        var repair = await new Repairing(patient.Account).RunAsync(Everything, null, null, None);

        Assert.True(repair.IsWhole, string.Join('\n', repair.Waiting.Concat(repair.Lost.Select(lost => lost.Why))));
        Assert.Equal([("missing", name, false), ("unreadable", "another", true)],
            repair.Repaired.Select(one => (one.Fault, one.Store == name ? name : "another", one.IsMoved)).Order());
        Assert.True(File.Exists(missing) && File.Exists(unreadable));
        // It is found where it is now, and nothing more is to be done.
        Assert.Equal(StoreState.Good, (await new StorageHealth(patient.Account).CheckAsync(All with { Deadline = TimeSpan.FromSeconds(2) }, null, null, None)).State);
        var again = await new Repairing(patient.Account).RunAsync(Everything, null, null, None);
        Assert.True(again.IsWhole && again.Repaired.Count == 0);
        Extensions.AssertSame(bytes, (await patient.GetAsync(stored.Record)).Bytes, "repaired");
    }

    [Fact]
    public async Task ACloudThatShowsAFalseLogIsCaughtAndTheStoresAreAuditedAllTheSame()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.PutAsync(Extensions.RandomBytes(30_000));
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.UrlOf("cloud"));
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        var health = new StorageHealth(patient.Account);
        Assert.NotNull((await health.CheckAsync(All, null, null, None)).Seed.Root);
        Assert.Null(health.LogAlarm);
        cloud.Change = exchange =>
        {
            if (exchange.Path == Paths.LogCheckpoint)
                exchange.Body = exchange.Body.Flipped(exchange.Body.Length - 3);
            return Task.CompletedTask;
        };
        var report = await health.CheckAsync(All, null, null, None);
        Assert.Equal(StoreState.Good, report.State);
        Assert.Null(report.Seed.Root);
        Assert.Equal(AlarmKind.Integrity, health.LogAlarm!.Kind);
        Assert.Contains(new AlarmLog(patient.Account).List(), alarm => alarm.Message == health.LogAlarm.Message);
        // For whoever has no account the log is no more than a second source of chance.
        var list = (await new AuditLists(patient.Account).MakeAsync(All, null, null, None)).List;
        Assert.Null((await ListAudit.RunAsync(list, null, All, null, None)).Seed.Root);
    }

    [Fact]
    public async Task AnAuditorWithoutAccountFindsWhatAListNames()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var stored = await patient.PutAsync(Extensions.RandomBytes(400_000));
        await patient.PutAsync(Extensions.RandomBytes(410_000));
        var list = patient.Out("list.json");
        var made = await SalusAsync(patient, "audit", "--list", list);
        Assert.True(made.ExitCode == 0, made.ToString());
        AssertSaysNothing(await File.ReadAllTextAsync(list), patient, stored.Record);

        var elsewhere = patient.Out("nobody");
        var good = await CommandLine.RunAsync(["audit", "--as-auditor", list, "--data", elsewhere, "--json"]);
        Assert.True(good.ExitCode == 0, good.ToString());
        using (var document = JsonDocument.Parse(good.Output))
            Assert.Equal(("good", 1, 16), (document.RootElement.GetProperty("state").GetString(), document.RootElement.GetProperty("probability").GetDouble(),
                document.RootElement.GetProperty("fragments").GetInt32()));

        var (store, file) = (await patient.FragmentsAsync(stored.Record))[5];
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        var bad = await CommandLine.RunAsync(["audit", "--as-auditor", list, "--data", elsewhere, "--all"]);
        Assert.True(bad.ExitCode == 3, bad.ToString());
        Assert.Contains(store, bad.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(elsewhere));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AProcessWithoutKeysCarriesOutARepair(bool isShared)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(700_000);
        var stored = await patient.PutAsync(bytes, dispersal: new DispersalChoice(Deduplicate: isShared));
        var fragments = await patient.FragmentsAsync(stored.Record);
        var before = fragments.Select(fragment => File.ReadAllBytes(fragment.File)).ToArray();
        Directory.Delete(Path.GetDirectoryName(fragments[1].File)!, recursive: true);
        await File.WriteAllBytesAsync(fragments[6].File, before[6].Flipped(9000));

        var plan = patient.Out("plan.json");
        var planned = await SalusAsync(patient, "repair", "--plan", plan);
        Assert.True(planned.ExitCode == 0, planned.ToString());
        Assert.False(File.Exists(fragments[1].File));
        var elsewhere = patient.Out("nobody");
        var done = await CommandLine.RunAsync(["repair", "--by", plan, "--data", elsewhere, "--json"]);

        Assert.True(done.ExitCode == 0, done.ToString());
        Assert.False(Directory.Exists(elsewhere));
        for (var i = 0; i < fragments.Count; i++)
            Assert.True(Has(salus, fragments[i].Store, before[i]), $"fragment {i}");
        Assert.False(File.Exists(fragments[6].File)); // what was rotten, once its successor was durable beside it
        Assert.Equal(bytes, (await patient.GetAsync(stored.Record)).Bytes);
    }

    /// <summary>The fragments that all stores have.</summary>
    internal static string[] Kept(SalusInstallation salus) =>
        [.. SalusInstallation.StoreNames.SelectMany(store => Directory.GetFiles(salus.In(store, "fragments"), "data", SearchOption.AllDirectories)).Order(StringComparer.Ordinal)];

    internal static bool Has(SalusInstallation salus, string store, byte[] fragment) =>
        Directory.GetFiles(salus.In(store, "fragments"), "data", SearchOption.AllDirectories).Any(file => File.ReadAllBytes(file).AsSpan().SequenceEqual(fragment));

    private Task<Outcome> SalusAsync(Person person, params string[] arguments) =>
        CommandLine.RunAsync([.. arguments, "--data", salus.Data, "--profile", person.Name], ("SALUS_PASSPHRASE", person.Passphrase));

    /// <summary>Neither the owner, nor the record, nor sizes from which fragments of one record could be told.</summary>
    private static void AssertSaysNothing(string list, Person owner, RecordId record)
    {
        foreach (var word in (string[])[owner.Mail, owner.Name, owner.Account.Id.ToString(), record.ToString()])
            Assert.DoesNotContain(word, list, StringComparison.OrdinalIgnoreCase);
        using var document = JsonDocument.Parse(list);
        var fragments = document.RootElement.GetProperty("fragments").EnumerateArray().ToArray();
        Assert.Equal(16, fragments.Length);
        Assert.All(fragments, fragment => Assert.Equal(["store", "address", "root", "leaves"], fragment.EnumerateObject().Select(member => member.Name)));
        // Two records of about the same size: one class.
        Assert.Single(fragments.Select(fragment => fragment.GetProperty("leaves").GetInt64()).Distinct());
    }
}
