using Salus.Client;
using Salus.EndToEnd.Tests;
using Salus.Fault.Tests.Trials;

namespace Salus.Fault.Tests;

/// <summary>Disks without room: what was acknowledged stays, what is refused leaves nothing behind, and with room again all goes on.</summary>
[Collection(MachineCollection.Name)]
public class FullDiskTests(Machine machine)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task AStoreWithoutRoomIsMissedAndGetsItsFragmentsLater()
    {
        if (await SmallDisk.WhyNotAsync() is { } why)
            Assert.Skip(why);
        using var ground = await Ground.MakeAsync(machine.Salus);
        await ground.RevokeOneAsync();
        var patient = ground.Patient;
        var early = Extensions.RandomBytes(200_000);
        var before = await patient.PutAsync(early);
        await using var disk = await SmallDisk.UnderAsync(machine, "store-2", 2_000_000);
        await disk.FillAsync();
        var late = Extensions.RandomBytes(400_000);
        var stored = await patient.PutAsync(late);
        Assert.Equal(["store-2"], stored.Missing);
        Extensions.AssertSame(early, (await patient.GetAsync(before.Record)).Bytes, "before");
        Extensions.AssertSame(late, (await patient.GetAsync(stored.Record)).Bytes, "meanwhile");
        disk.Empty();
        Assert.Empty((await patient.Records.ResumeAsync(null, None)).Failures);
        Assert.Equal(0, patient.Records.Unfinished);
        await machine.KillAsync("store-1");
        await machine.KillAsync("store-3");
        Extensions.AssertSame(late, (await patient.GetAsync(stored.Record)).Bytes, "from the disk that was full");
        await machine.HealAsync();
        ground.IsStored(before.Record, early);
        ground.IsStored(stored.Record, late);
        await ground.TakeUpAsync();
        await ground.CheckAsync(10);
    }

    [Fact]
    public async Task ADatabaseWithoutRoomRefusesAndLosesNothing()
    {
        if (await SmallDisk.WhyNotAsync() is { } why)
            Assert.Skip(why);
        using var ground = await Ground.MakeAsync(machine.Salus);
        var before = Trial.Of("revoke", ground);
        await before.PrepareAsync();
        await using var disk = await SmallDisk.UnderAsync(machine, Machine.Postgres, 64_000_000);
        await machine.HealAsync();
        await disk.FillAsync();
        // Until it has no room for another line of its log.
        var refused = 0;
        var under = Trial.All.Select(operation => Trial.Of(operation, ground)).ToArray();
        foreach (var trial in under.Append(before))
            try
            {
                if (trial != before)
                    await trial.PrepareAsync();
                await trial.RunAsync();
            }
            catch (Exception failure) when (failure is RefusedException or UnreachableException or CannotException)
            {
                refused++;
            }
        for (; refused == 0; refused += await FailsAsync(ground) ? 1 : 0)
            await disk.FillAsync();
        disk.Empty();
        await machine.HealAsync();
        await EventuallyAsync(before.FinishAsync);
        await EventuallyAsync(before.CheckAsync);
        var after = Trial.Of("put", ground);
        await after.PrepareAsync();
        await EventuallyAsync(async () =>
        {
            await ground.Owner.Records.ResumeAsync(null, None);
            await after.FinishAsync();
        });
        await after.CheckAsync();
        await EventuallyAsync(() => ground.CheckAsync(10));
    }

    private static async Task<bool> FailsAsync(Ground ground)
    {
        var put = Trial.Of("put", ground);
        await put.PrepareAsync();
        try
        {
            await put.RunAsync();
            return false;
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException or CannotException)
        {
            return true;
        }
    }

    /// <summary>Servers notice in their own time that the database is back.</summary>
    internal static async Task EventuallyAsync(Func<Task> step)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await step();
                return;
            }
            catch (Exception failure) when (attempt < 10 && failure is RefusedException or UnreachableException or CannotException)
            {
                await Task.Delay(300);
            }
    }
}
