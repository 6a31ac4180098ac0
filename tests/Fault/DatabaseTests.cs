using System.Collections.Concurrent;
using Salus.Client;
using Salus.EndToEnd.Tests;
using Salus.Protocol;

namespace Salus.Fault.Tests;

/// <summary>The database restarted while everybody works.</summary>
[Collection(MachineCollection.Name)]
public class DatabaseTests(Machine machine)
{
    private const int People = 3;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task RestartedDuringLoadItLosesNothingThatWasAcknowledgedAndTheServersGoOn()
    {
        var people = new List<Person>();
        for (var i = 0; i < People; i++)
            people.Add(await Person.RegisterAsync(machine.Salus, "patient"));
        var stored = people.ToDictionary(person => person, _ => new ConcurrentDictionary<RecordId, byte[]>());
        var (failed, since) = (0, 0);
        using var stop = new CancellationTokenSource();
        var load = people.Select(person => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var bytes = Extensions.RandomBytes(500);
                try
                {
                    stored[person][(await person.PutAsync(bytes)).Record] = bytes;
                    Interlocked.Increment(ref since);
                }
                catch (Exception failure) when (failure is RefusedException or UnreachableException or CannotException)
                {
                    Interlocked.Increment(ref failed);
                    await Task.Delay(50, None);
                }
            }
        })).ToArray();
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
        Points.Tell($"{stored.Values.Sum(of => of.Count)} records acknowledged during four restarts of the database, {failed} refused");

        Task GoesOnAsync()
        {
            var before = Volatile.Read(ref since);
            return SalusInstallation.UntilAsync(() => Task.FromResult(Volatile.Read(ref since) > before + 2 * People || load.Any(task => task.IsFaulted)), "the load goes on");
        }
    }
}
