using Salus.Fault.Tests.Trials;

namespace Salus.Fault.Tests;

/// <summary>A client that is killed before any of its requests leaves and after any of its answers has come, and is started again over what it left on its disk.</summary>
[Collection(MachineCollection.Name)]
public class ClientKillTests(Machine machine)
{
    [Theory]
    [InlineData("put", 28)]
    [InlineData("import", 18)]
    [InlineData("share", 30)]
    [InlineData("revoke", 30)]
    [InlineData("compact", 16)]
    [InlineData("repair", 10)]
    [InlineData("rot", 14)]
    [InlineData("duplicate", 12)]
    [InlineData("delete", 10)]
    public async Task KilledAtAnyStepItLosesNothingAndGoesOn(string operation, int usual)
    {
        using var ground = await Ground.MakeAsync(machine.Salus);
        var steps = await StepsAsync(Trial.Of(operation, ground), ground);
        var points = Points.Of($"client {operation}", steps, usual);
        foreach (var step in points)
            await AtAsync(Trial.Of(operation, ground), ground, step, $"{operation}, killed at step {step} of {steps}");
        await ground.CheckAsync(10);
        if (operation is "put" or "duplicate" or "delete")
            await ground.CheckStoresAsync();
        Points.Tell($"a client killed at {points.Count} of {steps} steps of {operation}");
    }

    private static async Task<int> StepsAsync(Trial undisturbed, Ground ground)
    {
        await undisturbed.PrepareAsync();
        ground.Owner.Wire.Restart(null);
        await undisturbed.RunAsync();
        var steps = ground.Owner.Wire.Steps;
        await undisturbed.LookAsync();
        await undisturbed.FinishAsync();
        await undisturbed.CheckAsync();
        return steps;
    }

    private static async Task AtAsync(Trial trial, Ground ground, int step, string what)
    {
        var wire = ground.Owner.Wire;
        try
        {
            await trial.PrepareAsync();
            wire.Restart(step);
            if (await wire.IsKilledAsync(Task.Run(trial.RunAsync)))
                await ground.RestartOwnerAsync();
            else
                wire.Restart(null);
            await trial.LookAsync();
            await trial.FinishAsync();
            await trial.CheckAsync();
        }
        catch (Exception failure)
        {
            throw new FaultException($"{what} ({wire.LastStep})", failure);
        }
    }
}
