using System.Collections.Concurrent;
using Salus.Client;
using Salus.EndToEnd.Tests;
using Salus.Fault.Tests.Trials;
using Salus.Protocol;

namespace Salus.Fault.Tests;

/// <summary>The database restarted while everybody works.</summary>
[Collection(MachineCollection.Name)]
public class DatabaseTests(Machine machine)
{
    private const int People = 3;

    /// <summary>Of who shares and who opens: there are limits to how often somebody may.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task RestartedDuringLoadItLosesNothingThatWasAcknowledgedAndTheServersGoOn()
    {
        var people = new List<Person>();
        for (var i = 0; i < People; i++)
            people.Add(await Person.RegisterAsync(machine.Salus, "patient"));
        var stored = people.ToDictionary(person => person, _ => new ConcurrentDictionary<RecordId, byte[]>());
        using var ground = await Ground.MakeAsync(machine.Salus);
        await ground.RevokeOneAsync();
        var (doctor, sharedBytes) = (await ground.DoctorAsync(), Extensions.RandomBytes(500));
        var shared = (await ground.Patient.PutAsync(sharedBytes)).Record;
        await ground.Patient.ShareAsync(doctor, ["medical"]);
        ground.IsShared(shared, sharedBytes);
        using var reader = await Device.OfAsync(machine.Salus, doctor);
        await ground.TakeUpAsync();
        var trials = new List<Trial>();
        var (failed, put, done, opened) = (0, 0, 0, 0);
        using var stop = new CancellationTokenSource();
        Task[] load = [.. people.Select(person => Task.Run(() => PutAsync(person))), Task.Run(ShareAndRevokeAsync), Task.Run(OpenAsync)];
        foreach (var isKilled in new[] { false, true, false, true })
        {
            await GoesOnAsync();
            await (isKilled ? machine.KillAsync(Machine.Postgres) : machine.StopAsync(Machine.Postgres));
            await Task.Delay(300, None);
            await machine.HealAsync();
        }
        await GoesOnAsync();
        await stop.CancelAsync();
        await Task.WhenAll(load);
        foreach (var person in people)
        {
            await FullDiskTests.EventuallyAsync(async () => Assert.Empty((await person.Records.ResumeAsync(null, None)).Failures));
            Assert.Equal(0, person.Records.Unfinished);
            var listed = (await person.Records.ListAsync(None)).Select(record => record.Record).ToHashSet();
            Assert.Superset(stored[person].Keys.ToHashSet(), listed);
            foreach (var (record, bytes) in stored[person].TakeLast(5))
                Extensions.AssertSame(bytes, (await person.GetAsync(record)).Bytes, $"{record}");
            person.Dispose();
        }
        await FullDiskTests.EventuallyAsync(async () => Assert.Empty((await ground.Owner.Records.ResumeAsync(null, None)).Failures));
        foreach (var trial in trials)
        {
            await FullDiskTests.EventuallyAsync(trial.LookAsync);
            await FullDiskTests.EventuallyAsync(trial.FinishAsync);
            await FullDiskTests.EventuallyAsync(trial.CheckAsync);
        }
        await FullDiskTests.EventuallyAsync(() => ground.CheckAsync(10));
        Points.Tell($"{put} records, {done} shares and revocations and {opened} opens acknowledged during four restarts of the database, {failed} refused");

        async Task PutAsync(Person person)
        {
            while (!stop.IsCancellationRequested)
            {
                var bytes = Extensions.RandomBytes(500);
                if (await IsDoneAsync(async () => stored[person][(await person.PutAsync(bytes)).Record] = bytes))
                    Interlocked.Increment(ref put);
            }
        }

        async Task ShareAndRevokeAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                var trial = Trial.Of(trials.Count % 2 == 0 ? "share" : "revoke", ground);
                if (!await IsDoneAsync(trial.PrepareAsync))
                    continue;
                trials.Add(trial);
                if (await IsDoneAsync(trial.RunAsync))
                    Interlocked.Increment(ref done);
                await Task.Delay(Pause, None);
            }
        }

        async Task OpenAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                if (await IsDoneAsync(async () => Extensions.AssertSame(sharedBytes, await reader.GetAsync(shared), "shared")))
                    Interlocked.Increment(ref opened);
                await Task.Delay(Pause, None);
            }
        }

        async Task<bool> IsDoneAsync(Func<Task> step)
        {
            try
            {
                await step();
                return true;
            }
            catch (Exception failure) when (failure is RefusedException or UnreachableException or CannotException)
            {
                Interlocked.Increment(ref failed);
                await Task.Delay(50, None);
                return false;
            }
        }

        Task GoesOnAsync()
        {
            var (puts, others, opens) = (Volatile.Read(ref put), Volatile.Read(ref done), Volatile.Read(ref opened));
            return SalusInstallation.UntilAsync(() => Task.FromResult(load.Any(task => task.IsFaulted)
                || (Volatile.Read(ref put) > puts + 2 * People && Volatile.Read(ref done) > others && Volatile.Read(ref opened) > opens)), "the load goes on");
        }
    }
}
