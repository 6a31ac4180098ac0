using Salus.Client.Repair;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Http;

namespace Salus.EndToEnd.Tests;

/// <summary>What a repair finds of one record is told and kept, whatever becomes of the others.</summary>
public class RepairTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task WhatIsFoundOfOneRecordIsToldAlthoughTheCloudRefusesTheNext()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var (first, lost, last) = (await patient.PutAsync(Extensions.RandomBytes(9000)), await patient.PutAsync(Extensions.RandomBytes(9001)), await patient.PutAsync(Extensions.RandomBytes(9002)));
        foreach (var (record, count) in new[] { (first.Record, 1), (lost.Record, 5), (last.Record, 1) })
            foreach (var (_, file) in (await patient.FragmentsAsync(record)).Take(count))
                Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.UrlOf("cloud"));
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        var tickets = 0;
        cloud.Instead = exchange =>
        {
            exchange.Status = 503;
            return Task.FromResult(exchange.Path == Paths.Tickets && Interlocked.Increment(ref tickets) > 1);
        };

        var repair = await new Repairing(patient.Account).RunAsync(StorageTests.Everything, null, null, None);

        Assert.Single(repair.Repaired);
        Assert.Equal(lost.Record.ToString(), Assert.Single(repair.Lost).Record);
        Assert.Single(repair.Waiting);
        Assert.Equal(2, tickets);
        cloud.Instead = _ => Task.FromResult(false);
        Assert.Single((await new Repairing(patient.Account).RunAsync(StorageTests.Everything, null, null, None)).Repaired);
    }

    /// <summary>What is rotten in places serves with the rest, and what nobody could look at may be whole: the two together are enough, so nothing is said to be lost.</summary>
    [Fact]
    public async Task ARecordIsNotLostWhileAStoreThatDoesNotAnswerMayHaveWhatItTakes()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(300_000);
        var record = (await patient.PutAsync(bytes)).Record;
        var others = (await patient.FragmentsAsync(record)).Where(fragment => fragment.Store != "store-2").Select(fragment => fragment.File).ToArray();
        foreach (var file in others[..3])
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        foreach (var (file, stripe) in others[3..5].Select((file, stripe) => (file, stripe)))
            await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file)).Flipped((int)FragmentLayout.UnitOffset(stripe) + 77));
        RepairPlan plan;
        await using (await salus.WithoutAsync("store-2"))
        {
            await IsWaitedForAsync(patient, StorageTests.Everything);
            plan = (await new Repairing(patient.Account).PlanAsync(StorageTests.Everything, null, null, None)).Plan;
            Assert.Equal(5, Assert.Single(plan.Records).Lost.Count);
            Assert.Empty((await CarryOutAsync()).Lost);
        }

        // Whoever has the plan makes them when that store is back: those at stores that were there.
        var carried = await CarryOutAsync();
        Assert.Empty(carried.Lost);
        Assert.Equal(5, carried.Repaired.Count);
        Assert.True((await new Repairing(patient.Account).RunAsync(StorageTests.Everything, null, null, None)).IsWhole);
        Assert.Equal(bytes, (await patient.GetAsync(record)).Bytes);

        async Task<RepairReport> CarryOutAsync()
        {
            using var runner = new PlanRunner(plan.Parties, patient.Out("work"), TimeProvider.System);
            return await runner.RunAsync(plan.Records, null, None);
        }
    }

    [Fact]
    public async Task ARecordIsNotLostWhileItsFragmentsMayHaveBeenMovedToAStoreThatDoesNotAnswer()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(9000);
        var record = (await patient.PutAsync(bytes)).Record;
        var gone = new RepairOptions(["store-2"]);
        string moved;
        await using (await salus.WithoutAsync("store-2"))
            moved = (await new Repairing(patient.Account).RunAsync(gone, null, null, None)).Repaired[0].Store;
        // Half of what is left is where the moved one is: with that one it is enough.
        foreach (var (_, file) in (await patient.FragmentsAsync(record)).Where(fragment => fragment.Store != "store-2" && fragment.Store != moved))
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        await using (await salus.WithoutAsync("store-2", moved))
            await IsWaitedForAsync(patient, gone);
        await using (await salus.WithoutAsync("store-2"))
        {
            // It says what it has, and dies before it hands that out.
            await using (var store = await Middleman.BeforeAsync(salus.Parties.UrlOf(moved)))
            {
                store.Instead = exchange => Task.FromResult(exchange.IsLost = exchange.Method != "HEAD");
                await patient.ThroughAsync(salus.Parties.With(moved, store.Url));
                await IsWaitedForAsync(patient, gone);
            }
            await patient.ThroughAsync(salus.Parties);
            var repair = await new Repairing(patient.Account).RunAsync(gone, null, null, None);
            Assert.True(repair.IsWhole, string.Join('\n', repair.Waiting.Concat(repair.Lost.Select(lost => lost.Why))));
        }
        Assert.Equal(bytes, (await patient.GetAsync(record)).Bytes);
    }

    private static async Task IsWaitedForAsync(Person patient, RepairOptions options)
    {
        var repair = await new Repairing(patient.Account).RunAsync(options, null, null, None);
        Assert.Empty(repair.Lost);
        Assert.Empty(repair.Repaired);
        Assert.NotEmpty(repair.Waiting);
    }

    /// <summary>No order of a plan makes up for what nobody has, and none is good news for the rest.</summary>
    [Fact]
    public async Task APlanSaysWhatItCannotMakeAndWhatItDidNotSee()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.PutAsync(Extensions.RandomBytes(30_000));
        await using (await salus.WithoutAsync("store-3"))
        {
            var outcome = await CommandLine.RunAsync(["repair", "--plan", patient.Out("plan.json"), "--data", salus.Data, "--profile", patient.Name], ("SALUS_PASSPHRASE", patient.Passphrase));
            Assert.True(outcome.ExitCode == 1, outcome.ToString());
            Assert.Contains("--gone store-3", outcome.Errors, StringComparison.Ordinal);
        }
    }
}
