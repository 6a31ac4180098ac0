using System.Diagnostics;
using Salus.Client;
using Salus.EndToEnd.Tests;
using Salus.Fault.Tests.Trials;

namespace Salus.Fault.Tests;

/// <summary>Stores that stand still, crawl, or break off: two of them keep nobody from reading, one keeps nobody from putting, and none does for long.</summary>
[Collection(MachineCollection.Name)]
public class StoreTroubleTests(Machine machine)
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>A store that does not answer is given up after 15 seconds, with its fragments one after the other.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(50);

    [Theory]
    [InlineData("paused")]
    [InlineData("stopped")]
    public async Task AStoreThatIsAwayHoldsUpNeitherPutNorGet(string how)
    {
        using var ground = await Ground.MakeAsync(machine.Salus);
        await ground.RevokeOneAsync();
        var patient = ground.Patient;
        var early = Extensions.RandomBytes(100_000);
        var before = await patient.PutAsync(early);
        if (how == "paused")
            machine.Pause("store-2");
        else
            await machine.StopAsync("store-2");
        try
        {
            await WithinAsync(Long, async () => Extensions.AssertSame(early, (await patient.GetAsync(before.Record)).Bytes, "before"));
            var late = Extensions.RandomBytes(5000);
            Client.Records.StoredRecord? stored = null;
            await WithinAsync(Long, async () => stored = await patient.PutAsync(late));
            Assert.Equal(["store-2"], stored!.Missing);
            Assert.Equal(1, patient.Records.Unfinished);
            ground.IsStored(before.Record, early);
            ground.IsStored(stored.Record, late);
        }
        finally
        {
            machine.Continue("store-2");
            await machine.HealAsync();
        }
        var resumed = await patient.Records.ResumeAsync(null, None);
        Assert.Empty(resumed.Failures);
        await CheckAsync(ground);
    }

    [Fact]
    public async Task AStoreThatCrawlsIsGivenUp()
    {
        using var ground = await Ground.MakeAsync(machine.Salus);
        await ground.RevokeOneAsync();
        var patient = ground.Patient;
        await using var line = Line.Before(machine.UrlOf("store-3"));
        await patient.ThroughAsync(machine.Salus.Parties.With("store-3", line.Url));
        line.Crawls = true;
        var bytes = Extensions.RandomBytes(3000);
        Client.Records.StoredRecord? stored = null;
        await WithinAsync(Long, async () => stored = await patient.PutAsync(bytes));
        Assert.Equal(["store-3"], stored!.Missing);
        line.Crawls = false;
        Assert.Empty((await patient.Records.ResumeAsync(null, None)).Failures);
        // What it has by now it gives as slowly: the others give it in its place.
        line.Crawls = true;
        await WithinAsync(Long, async () => Extensions.AssertSame(bytes, (await patient.GetAsync(stored.Record)).Bytes, "from a store that crawls"));
        line.Crawls = false;
        ground.IsStored(stored.Record, bytes);
        await CheckAsync(ground);
    }

    [Fact]
    public async Task ALineThatBreaksOffInTheMiddleIsTriedAgain()
    {
        using var ground = await Ground.MakeAsync(machine.Salus);
        await ground.RevokeOneAsync();
        var patient = ground.Patient;
        await using var line = Line.Before(machine.UrlOf("store-1"));
        await patient.ThroughAsync(machine.Salus.Parties.With("store-1", line.Url));
        var bytes = Extensions.RandomBytes(2_000_000);
        var chooser = Points.Chooser("broken line");
        var breaks = Enumerable.Range(0, 5).Select(_ => chooser.Next(1, 600_000)).ToArray();
        foreach (var after in breaks)
        {
            line.BreakAfter(after);
            var stored = await patient.PutAsync(bytes);
            Assert.Empty(stored.Missing);
            line.BreakAfter(after);
            Extensions.AssertSame(bytes, (await patient.GetAsync(stored.Record)).Bytes, $"broken off after {after} bytes, SALUS_FAULT_SEED={Points.Seed}");
            ground.IsStored(stored.Record, bytes);
        }
        Assert.InRange(line.Broken, 1, 2 * breaks.Length);
        await CheckAsync(ground);
    }

    [Fact]
    public async Task WithTwoStoresPausedNothingIsSaidToBeStored()
    {
        using var ground = await Ground.MakeAsync(machine.Salus);
        await ground.RevokeOneAsync();
        var patient = ground.Patient;
        var before = (await patient.Records.ListAsync(None)).Count;
        var bytes = Extensions.RandomBytes(3000);
        string[] paused = ["store-1", "store-4"];
        foreach (var store in paused)
            machine.Pause(store);
        try
        {
            var refused = await Assert.ThrowsAsync<CannotException>(() => patient.PutAsync(bytes, name: "kept.bin").WaitAsync(Long));
            Assert.Equal(Reasons.NotStored, refused.Code);
            Assert.Equal(before, (await patient.Records.ListAsync(None)).Count);
        }
        finally
        {
            foreach (var store in paused)
                machine.Continue(store);
        }
        var stored = Assert.Single((await patient.Records.ResumeAsync(null, None)).Records);
        Extensions.AssertSame(bytes, (await patient.GetAsync(stored.Record)).Bytes, "kept");
        Assert.Equal(before + 1, (await patient.Records.ListAsync(None)).Count);
        ground.IsStored(stored.Record, bytes);
        await CheckAsync(ground);
    }

    /// <summary>Of what the patient's own device has done.</summary>
    private static async Task CheckAsync(Ground ground)
    {
        Assert.Equal(0, ground.Patient.Records.Unfinished);
        await ground.TakeUpAsync();
        await ground.CheckAsync(10);
    }

    private static async Task WithinAsync(TimeSpan time, Func<Task> what)
    {
        var since = Stopwatch.GetTimestamp();
        await what();
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, time);
    }
}
