using Salus.Client.Repair;
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
