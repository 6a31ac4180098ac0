using System.Text.Json;
using Salus.Client.Audit;
using Salus.Protocol;

namespace Salus.EndToEnd.Tests;

/// <summary>The list that an account leaves to `up`: what was lost stays in it, what comes gets into it, what goes leaves it, and nobody is accused of what was deleted.</summary>
public class ScheduleTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task UpAuditsTheListsThatItWasLeftAndStatusShowsWhatItFound()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var stored = await patient.PutAsync(Extensions.RandomBytes(50_000));
        var list = await ScheduleAsync(patient, 0);
        await UntilAsync(list, "good");

        // Left again when something is lost: that is told, stays in the list, and is found again.
        var fragments = await patient.FragmentsAsync(stored.Record);
        Directory.Delete(Path.GetDirectoryName(fragments[0].File)!, recursive: true);
        await ScheduleAsync(patient, 3);
        Assert.Equal(8, Listed(list).Count);
        Assert.Contains(Path.GetFileName(Path.GetDirectoryName(fragments[0].File)!), Listed(list));
        Assert.Contains("Withheld", (await SalusAsync(patient, "alarms")).Output, StringComparison.Ordinal);
        await UntilAsync(list, "missing");
        Assert.Contains($"{fragments[0].Store} lacks 1 of its fragments", (await CommandLine.RunAsync(["status", "--data", salus.Data])).Output, StringComparison.Ordinal);

        // What cannot have been deleted is an accusation.
        await File.WriteAllBytesAsync(fragments[1].File, (await File.ReadAllBytesAsync(fragments[1].File)).Flipped(9000));
        File.SetLastWriteTimeUtc(Of(list), TimeProvider.System.GetUtcNow().UtcDateTime);
        await UntilAsync(list, "failing");
        Assert.Contains($"{fragments[1].Store} is failing", (await CommandLine.RunAsync(["status", "--data", salus.Data])).Output, StringComparison.Ordinal);

        // Repaired it is found where it is now, without anybody who writes the list again.
        Assert.Equal(0, (await SalusAsync(patient, "repair")).ExitCode);
        await UntilAsync(list, "good");
        File.Delete(Of(list));
    }

    [Fact]
    public async Task WhatComesAndGoesComesIntoTheListAndLeavesIt()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        await patient.LetAddAsync(hospital, "medical");
        var first = await patient.PutAsync(Extensions.RandomBytes(20_000));
        var list = await ScheduleAsync(patient, 0);

        // Own commands, and with them what others have added.
        var second = await PutAsync(patient, "second.bin");
        Assert.Equal(16, Listed(list).Count);
        await hospital.PutAsync(Extensions.RandomBytes(20_000), patient: patient);
        Assert.Equal(0, (await SalusAsync(patient, "audit")).ExitCode);
        Assert.Equal(24, Listed(list).Count);

        // Deleted on another device: the stores lack it, and are accused of nothing.
        using (var other = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase))
            await other.Records.DeleteAsync(first.Record, Person.NoKey, None);
        File.Delete(salus.In("audit", list + ".result.json"));
        await UntilAsync(list, "missing");
        Assert.DoesNotContain("failing", (await CommandLine.RunAsync(["status", "--data", salus.Data])).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await SalusAsync(patient, "delete", second, "--yes")).ExitCode);
        Assert.Equal(8, Listed(list).Count);
        await UntilAsync(list, "good");
        File.Delete(Of(list));
    }

    [Fact]
    public async Task AListThatCannotFollowSaysSoAndNoStoreThatIsAwayLeavesIt()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.PutAsync(Extensions.RandomBytes(20_000));
        var list = await ScheduleAsync(patient, 0);
        var before = Listed(list);
        await using (await salus.WithoutAsync("store-3"))
        {
            await ScheduleAsync(patient, 1);
            Assert.Equal(before, Listed(list));
            await PutAsync(patient, "while-away.bin");
            Assert.True(before.Count < Listed(list).Count && Listed(list).Count < 16);
        }
        Assert.True((await StatusAsync(list)).GetProperty("behind").GetBoolean());
        Assert.Contains("behind its owner's records", (await CommandLine.RunAsync(["status", "--data", salus.Data])).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await SalusAsync(patient, "resume")).ExitCode);
        Assert.Equal(16, Listed(list).Count);
        Assert.False((await StatusAsync(list)).GetProperty("behind").GetBoolean());
        File.Delete(Of(list));
    }

    private string Of(string list) => salus.In("audit", "lists", list + ".json");

    private SortedSet<string> Listed(string list) => [.. AuditList.Read(Of(list)).Fragments.Select(fragment => fragment.Address)];

    private async Task<string> ScheduleAsync(Person patient, int exitCode)
    {
        var scheduled = await SalusAsync(patient, "audit", "--schedule", "--json");
        Assert.True(scheduled.ExitCode == exitCode, scheduled.ToString());
        using var document = JsonDocument.Parse(scheduled.Output);
        return Path.GetFileNameWithoutExtension(document.RootElement.GetProperty("list").GetString()!);
    }

    private async Task<string> PutAsync(Person patient, string name)
    {
        var path = patient.Out(name);
        await File.WriteAllBytesAsync(path, Extensions.RandomBytes(20_000));
        var put = await SalusAsync(patient, "put", path, "--json");
        Assert.True(put.ExitCode == 0, put.ToString());
        using var document = JsonDocument.Parse(put.Output);
        return document.RootElement.GetProperty("record").GetString()!;
    }

    private Task UntilAsync(string list, string state) =>
        SalusInstallation.UntilAsync(async () => (await StatusAsync(list)).GetProperty("state").GetString() == state, $"an audit by `up`: {state}");

    private async Task<JsonElement> StatusAsync(string list)
    {
        var status = await CommandLine.RunAsync(["status", "--json", "--data", salus.Data]);
        Assert.True(status.ExitCode == 0, status.ToString());
        return JsonDocument.Parse(status.Output).RootElement.GetProperty("audits").EnumerateArray().Single(audit => audit.GetProperty("list").GetString() == list);
    }

    private Task<Outcome> SalusAsync(Person person, params string[] arguments) =>
        CommandLine.RunAsync([.. arguments, "--data", salus.Data, "--profile", person.Name], ("SALUS_PASSPHRASE", person.Passphrase));
}
