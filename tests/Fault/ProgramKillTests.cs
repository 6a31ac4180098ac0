using Salus.EndToEnd.Tests;
using Salus.Fault.Tests.Trials;

namespace Salus.Fault.Tests;

/// <summary>The command line as people run it, killed after the n-th of what it writes to its disk and to the network.</summary>
[Collection(MachineCollection.Name)]
public class ProgramKillTests(Machine machine)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("put", 4)]
    [InlineData("import", 3)]
    public async Task KilledAtAnyWriteTheSameCommandFinishesIt(string verb, int usual)
    {
        Assert.SkipUnless(Writes.Possible, "strace is missing, or this system lets no process watch another.");
        using var patient = await Person.RegisterAsync(machine.Salus, "patient");
        var all = 0;
        await using (var writes = Writes.OfProgram(Command(patient, verb, File(patient, verb, 0)), Environment(patient), null))
        {
            Assert.Equal(0, await writes.EndAsync());
            all = writes.Count;
        }
        var points = Points.Of($"program {verb}", all, usual);
        foreach (var at in points)
            await AtAsync(patient, verb, at, all);
        Points.Tell($"`salus {verb}` killed at {points.Count} of {all} writes");
    }

    [Theory]
    [InlineData("share", 2)]
    [InlineData("revoke", 2)]
    [InlineData("compact", 2)]
    [InlineData("repair", 2)]
    [InlineData("rot", 2)]
    public async Task KilledAtAnyWriteOfItsOwnTheCommandsSuccessorFinishesIt(string operation, int usual)
    {
        Assert.SkipUnless(Writes.Possible, "strace is missing, or this system lets no process watch another.");
        using var ground = await Ground.MakeAsync(machine.Salus);
        var all = await WritesAsync(ground, operation, null, $"`salus` for {operation}, left alone");
        var points = Points.Of($"program {operation}", all, usual);
        foreach (var at in points)
            await WritesAsync(ground, operation, at, $"`salus` for {operation}, killed after write {at} of {all}");
        await ground.CheckAsync(10);
        Points.Tell($"`salus` for {operation} killed at {points.Count} of {all} writes");
    }

    /// <summary>How many writes it made.</summary>
    private async Task<int> WritesAsync(Ground ground, string operation, int? at, string what)
    {
        try
        {
            var trial = Trial.Of(operation, ground);
            await trial.PrepareAsync();
            await using var writes = Writes.OfProgram(Command(ground.Patient, await trial.CommandAsync()), Environment(ground.Patient), at);
            var code = await writes.EndAsync();
            what += $" ({writes.Last})";
            Assert.Equal(writes.HasKilled ? 137 : 0, code);
            if (code == 0)
                trial.Acknowledge();
            await ground.TakeUpAsync();
            await trial.LookAsync();
            await trial.FinishAsync();
            await trial.CheckAsync();
            return writes.Count;
        }
        catch (Exception failure)
        {
            throw new FaultException(what, failure);
        }
    }

    private async Task AtAsync(Person patient, string verb, int at, int all)
    {
        var what = $"`salus {verb}` killed after write {at} of {all}";
        try
        {
            var path = File(patient, verb, at);
            var before = (await ListAsync(patient)).Select(record => record.Record).ToHashSet();
            await using (var writes = Writes.OfProgram(Command(patient, verb, path), Environment(patient), at))
            {
                var code = await writes.EndAsync();
                what += $" ({writes.Last})";
                Assert.Equal(writes.HasKilled ? 137 : 0, code);
            }
            if ((await ListAsync(patient)).Count > before.Count)
                await DoneAsync(patient, "resume");
            else
                await DoneAsync(patient, verb, path);
            var seen = (await ListAsync(patient)).Where(record => !before.Contains(record.Record)).ToArray();
            Assert.Single(seen.Select(record => record.Import ?? record.Record.ToString()).Distinct());
            using var device = await Device.OfAsync(machine.Salus, patient);
            if (verb == "put")
                Extensions.AssertSame(await System.IO.File.ReadAllBytesAsync(path), await device.GetAsync(Assert.Single(seen).Record), path);
            else
                Assert.True((await device.Imports.ExportAsync(seen[0].Import, patient.Out($"export-{at}"), Person.NoKey, null, None)).Exact);
            Assert.Equal(0, device.Records.Unfinished);
        }
        catch (Exception failure)
        {
            throw new FaultException(what, failure);
        }
    }

    private async Task DoneAsync(Person patient, params string[] arguments)
    {
        var outcome = await CommandLine.RunAsync([.. arguments, "--data", machine.Salus.Data, "--profile", patient.Name], ("SALUS_PASSPHRASE", patient.Passphrase));
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
    }

    private async Task<IReadOnlyList<Client.Records.RecordSummary>> ListAsync(Person patient)
    {
        using var device = await Device.OfAsync(machine.Salus, patient);
        return await device.Records.ListAsync(None);
    }

    private IReadOnlyList<string> Command(Person patient, params string[] arguments) =>
        [CommandLine.Program, .. arguments, "--data", machine.Salus.Data, "--profile", patient.Name];

    private static Dictionary<string, string> Environment(Person patient) => new() { ["SALUS_PASSPHRASE"] = patient.Passphrase };

    private static string File(Person patient, string verb, int number)
    {
        var path = patient.Out($"{verb}-{number}.json");
        System.IO.File.WriteAllText(path, verb == "put" ? $"{{\"n\":{number}}}" : $$"""
            {"resourceType":"Bundle","type":"collection","entry":[
            {"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","id":"p"} },
            {"fullUrl":"urn:uuid:o","resource":{"resourceType":"Observation","id":"o{{number}}","status":"final","subject":{"reference":"urn:uuid:p"} } }]}
            """);
        return path;
    }
}
