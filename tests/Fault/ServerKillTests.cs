using System.Diagnostics;
using Salus.Client;
using Salus.EndToEnd.Tests;
using Salus.Fault.Tests.Trials;
using UnreachableException = Salus.Client.UnreachableException;

namespace Salus.Fault.Tests;

/// <summary>
/// A server, or the database, that is killed after the n-th of what it writes during an operation: to its files, to the database, to the network. It is started again, and the person
/// repeats what failed. Where strace(1) is missing or may not be used, it is killed at a moment of the operation instead.
/// </summary>
[Collection(MachineCollection.Name)]
public class ServerKillTests(Machine machine)
{
    private const int Patience = 8;

    [Theory]
    [InlineData("cloud", 12)]
    [InlineData("trustee", 18)]
    [InlineData("store", 10)]
    [InlineData("postgres", 12)]
    public async Task KilledAtAnyWriteItLosesNothingThatItAcknowledged(string kind, int usual)
    {
        using var ground = await Ground.MakeAsync(machine.Salus);
        var chooser = Points.Chooser($"server {kind}");
        var measured = new Dictionary<(string Operation, string Party), (int Writes, TimeSpan Time)>();
        var (parties, operations) = kind switch
        {
            "trustee" => (SalusInstallation.TrusteeNames, (string[])[.. Trial.All]),
            "store" => (SalusInstallation.StoreNames, ["put", "import", "repair", "rot", "duplicate"]),
            _ => ([kind], [.. Trial.All]),
        };
        var points = Points.Count(usual);
        for (var i = 0; i < points; i++)
        {
            var (party, operation, share) = (parties[chooser.Next(parties.Count)], operations[i % operations.Length], chooser.NextDouble());
            // Servers of a kind do the same.
            if (!measured.TryGetValue((operation, kind), out var whole))
                measured[(operation, kind)] = whole = await MeasureAsync(Trial.Of(operation, ground), party);
            await AtAsync(Trial.Of(operation, ground), party, whole, share, isAll: chooser.Next(2) == 0);
        }
        await ground.CheckAsync(10);
        var writes = string.Join(", ", measured.Select(entry => $"{entry.Key.Operation} {entry.Value.Writes}"));
        Points.Tell($"{kind} killed at {points} {(Writes.Possible ? $"writes (those of an operation: {writes})" : "moments")}");
    }

    private async Task<(int Writes, TimeSpan Time)> MeasureAsync(Trial undisturbed, string party)
    {
        await undisturbed.PrepareAsync();
        var writes = Writes.Possible ? await Writes.OfAsync(machine.PidsOf(party), null) : null;
        var since = Stopwatch.GetTimestamp();
        await undisturbed.RunAsync();
        var time = Stopwatch.GetElapsedTime(since);
        if (writes is not null)
            await writes.DisposeAsync();
        await undisturbed.LookAsync();
        await undisturbed.FinishAsync();
        await undisturbed.CheckAsync();
        return (writes?.Count ?? 0, time);
    }

    private async Task AtAsync(Trial trial, string party, (int Writes, TimeSpan Time) whole, double share, bool isAll)
    {
        var what = $"{trial.GetType().Name}, {party} killed";
        try
        {
            await trial.PrepareAsync();
            if (Writes.Possible)
            {
                var at = 1 + (int)(whole.Writes * share);
                await using var writes = await Writes.OfAsync(machine.PidsOf(party), at);
                if (party == Machine.Postgres && isAll)
                    writes.Kill = _ => KillAll(party);
                await AttemptAsync(trial);
                what += $" after write {at} of {whole.Writes} ({(writes.HasKilled ? writes.Last : "all made")})";
                if (!writes.HasKilled)
                    KillAll(party);
            }
            else
            {
                var running = AttemptAsync(trial);
                await Task.Delay(whole.Time * share);
                KillAll(party);
                what += $" at {share:p0} of {whole.Time.TotalMilliseconds:0} ms";
                await running;
            }
            await machine.HealAsync();
            await PatientlyAsync(trial.LookAsync);
            await PatientlyAsync(trial.FinishAsync);
            await PatientlyAsync(trial.CheckAsync);
        }
        catch (Exception failure)
        {
            await machine.HealAsync();
            throw new FaultException(what, failure);
        }
    }

    private void KillAll(string party)
    {
        foreach (var pid in machine.PidsOf(party))
            Machine.Signal(Machine.Kill, pid);
    }

    private static async Task AttemptAsync(Trial trial)
    {
        try
        {
            await trial.RunAsync();
        }
        catch (Exception failure) when (IsOfServers(failure))
        {
            // What a person sees when a server dies. An alarm would be a false one.
        }
    }

    /// <summary>Connections to a database that was killed fail once each.</summary>
    private static async Task PatientlyAsync(Func<Task> step)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await step();
                return;
            }
            catch (Exception failure) when (IsOfServers(failure) && attempt < Patience)
            {
                await Task.Delay(200);
            }
    }

    private static bool IsOfServers(Exception failure) => failure is RefusedException or UnreachableException or CannotException;
}
