using System.Text.Json;
using Salus.Client;
using Salus.Fault.Tests.Trials;
using Salus.Store;
using Salus.Testing;
using Salus.Trustee;

namespace Salus.Fault.Tests;

/// <summary>Clocks that jump: nothing is half done by a wrong time, and with the right one all goes on.</summary>
[Collection(MachineCollection.Name)]
public class ClockTests(Machine machine)
{
    [Fact]
    public async Task AClientWhoseClockJumpsLosesNothing()
    {
        var clock = new ManualTime();
        using var ground = await Ground.MakeAsync(machine.Salus, clock);
        foreach (var operation in new[] { "put", "import", "share", "revoke" })
            foreach (var jump in new[] { TimeSpan.FromDays(-400), TimeSpan.FromMinutes(-12), TimeSpan.FromMinutes(12), TimeSpan.FromDays(400) })
                await AtAsync(Trial.Of(operation, ground), clock, jump);
        await ground.CheckAsync(10);
    }

    /// <summary>One trustee and one store a day off: the others do.</summary>
    [Theory]
    [InlineData(24)]
    [InlineData(-24)]
    public async Task AServerWhoseClockIsWrongHoldsNothingUp(double hours)
    {
        using var ground = await Ground.MakeAsync(machine.Salus);
        var trials = new[] { "put", "share", "revoke" }.Select(operation => Trial.Of(operation, ground)).ToArray();
        var clock = new Wrong(TimeSpan.FromHours(hours));
        foreach (var server in new[] { "trustee-2", "store-2" })
            await machine.KillAsync(server);
        try
        {
            await using var trustee = await TrusteeServer.Create(clock).StartAsync(Options<TrusteeOptions>("trustee-2"), clock);
            await using var store = await StoreServer.Definition.StartAsync(Options<StoreOptions>("store-2"), clock);
            foreach (var trial in trials)
            {
                await trial.PrepareAsync();
                await trial.RunAsync();
                await trial.LookAsync();
            }
        }
        finally
        {
            await machine.HealAsync();
        }
        Assert.Empty((await ground.Owner.Records.ResumeAsync(null, CancellationToken.None)).Failures);
        foreach (var trial in trials)
        {
            await trial.FinishAsync();
            await trial.CheckAsync();
        }
        await ground.CheckAsync(5);
    }

    private T Options<T>(string server) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(machine.Salus.In("config", server + ".json")), JsonSerializerOptions.Web)!;

    private static async Task AtAsync(Trial trial, ManualTime clock, TimeSpan jump)
    {
        try
        {
            await trial.PrepareAsync();
            clock.Advance(jump);
            try
            {
                await trial.RunAsync();
            }
            catch (Exception failure) when (failure is RefusedException or CannotException)
            {
                // Told in its own words.
            }
            clock.Advance(-jump);
            await trial.FinishAsync();
            await trial.CheckAsync();
        }
        catch (Exception failure)
        {
            throw new FaultException($"{trial.GetType().Name} while the clock was off by {jump}", failure);
        }
    }

    private sealed class Wrong(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
