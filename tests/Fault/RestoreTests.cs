using System.Diagnostics;
using System.Text.Json;
using Salus.Client;
using Salus.Client.Log;
using Salus.Client.Records;
using Salus.Client.Sharing;
using Salus.EndToEnd.Tests;
using Salus.Protocol;
using Salus.Testing;

namespace Salus.Fault.Tests;

/// <summary>The commands of docs/operations.md, as they stand there: an installation is backed up while it works, destroyed, and restored on a clean folder.</summary>
[Collection(MachineCollection.Name)]
public sealed class RestoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task WhatWasBackedUpOpensAfterTheLossOfEverythingAndWhatCameSinceIsSaid()
    {
        using var aside = new TemporaryFolder();
        await using var salus = new SalusInstallation();
        await salus.InitializeAsync();
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var friend = await Person.RegisterAsync(salus, "friend");
        using var former = await Person.RegisterAsync(salus, "former");
        var bytes = "zzbefore the backup"u8.ToArray();
        var before = await patient.PutAsync(bytes, name: "before.txt", findable: "zzbefore");
        await patient.ShareAsync(doctor, ["medical"]);
        await patient.Granting.RevokeAsync((await patient.ShareAsync(former, ["medical"])).Terms.Id, None);
        var ended = await patient.ShareAsync(friend, ["medical"]);

        // While somebody works.
        var meanwhile = new List<(RecordId Record, byte[] Bytes)>();
        using var stop = new CancellationTokenSource();
        var work = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var more = Extensions.RandomBytes(400);
                meanwhile.Add(((await patient.PutAsync(more)).Record, more));
                await Task.Delay(300, None);
            }
        });
        await SalusInstallation.UntilAsync(() => Task.FromResult(meanwhile.Count > 1 || work.IsCompleted), "work");
        var sure = meanwhile.ToArray();
        var backup = Directory.CreateDirectory(aside.File("backup")).FullName;
        await RunAsync("backup", ("DATA", salus.Data), ("BACKUP", backup));
        await stop.CancelAsync();
        await work;
        var late = (await patient.PutAsync(Extensions.RandomBytes(300))).Record;
        Assert.Equal(3, (await patient.Granting.RevokeAsync(ended.Terms.Id, None)).Receipts);

        await DestroyAsync(salus, aside.File("profiles"));
        await RunAsync("restore", ("DATA", salus.Data), ("BACKUP", backup), ("SALUS", CommandLine.Program));
        await DoAsync("cp", "-a", aside.File("profiles"), salus.In("profiles"));
        Directory.CreateDirectory(salus.In("out", doctor.Name));

        // From a device that has seen nothing: all that was there opens, nobody reads who could not, and work goes on.
        using var device = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        var listed = (await device.Records.ListAsync(None)).Select(record => record.Record).ToList();
        foreach (var (record, expected) in sure.Append((before.Record, bytes)))
        {
            Assert.Contains(record, listed);
            Extensions.AssertSame(expected, (await device.GetAsync(record)).Bytes, "the patient's");
            Extensions.AssertSame(expected, (await doctor.GetAsync(record)).Bytes, "shared");
        }
        // What came into the backup half is whole, or was never acknowledged before it.
        foreach (var record in listed)
            Assert.NotEmpty((await device.GetAsync(record)).Bytes);
        await Assert.ThrowsAsync<RefusedException>(() => Records(former).GetAsync(before.Record, aside.File("never"), Person.NoKey, null, None));
        await device.PutAsync(Extensions.RandomBytes(100));

        // What is said to be lost is lost.
        Assert.DoesNotContain(late, listed);
        // The device that has seen more says so, and gives nobody keys.
        var alarm = await Assert.ThrowsAsync<AlarmException>(() => patient.Granting.ListAsync(None));
        Assert.True(alarm.Kind is AlarmKind.Withheld or AlarmKind.Rollback, $"{alarm.Kind}");
        // Who was revoked since reads again, until the owner revokes again on a fresh device.
        Directory.CreateDirectory(salus.In("out", friend.Name));
        Extensions.AssertSame(bytes, (await friend.GetAsync(before.Record)).Bytes, "undone");
        var again = Assert.Single(await device.Granting.ListAsync(None), grant => grant.Id == ended.Terms.Id);
        Assert.Equal("active", again.State);
        Assert.Equal(3, (await device.Granting.RevokeAsync(ended.Terms.Id, None)).Receipts);
        await friend.FailsToGetAsync<RefusedException>(before.Record);

        await OneDatabaseIsOlderAsync(salus, backup, patient, doctor, friend, (before.Record, bytes));
    }

    /// <summary>What an operator who restores one database alone has before them.</summary>
    private static async Task OneDatabaseIsOlderAsync(SalusInstallation salus, string backup, Person patient, Person doctor, Person friend, (RecordId Id, byte[] Bytes) record)
    {
        // A trustee's: the cloud brings it up to date, and with it alone beside one other all goes on.
        await DatabasesAsync("trustee2");
        Extensions.AssertSame(record.Bytes, (await doctor.GetAsync(record.Id)).Bytes, "with a trustee from before");
        using var since = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        await SalusInstallation.UntilAsync(async () => (await new AccessHistory(since.Account).VerifyAsync(null, None)).Alarms.Count == 0, "the log is whole");

        // The cloud's: who has changed anything since is told that it is missing. Who has not works on alone, for the trustees cosign nothing that they have not followed, and nothing is
        // proven to anybody.
        await DatabasesAsync("cloud");
        var older = await Assert.ThrowsAsync<AlarmException>(() => Person.LogInAsync(salus, patient.Mail, patient.Passphrase));
        Assert.Equal(AlarmKind.Rollback, older.Kind);
        var unchanged = await friend.PutAsync(Extensions.RandomBytes(100));
        Assert.NotEmpty((await friend.GetAsync(unchanged.Record)).Bytes);
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => doctor.GetAsync(record.Id));
        Assert.True(refusal is RefusedException or CannotException or AlarmException, $"{refusal}");
        Assert.Null(await EvidenceAsync(friend));
        Assert.Contains("as a witness of the log: has seen", await File.ReadAllTextAsync(salus.In("logs", "cloud.log")), StringComparison.Ordinal);

        // All as of one moment again.
        await DatabasesAsync("cloud", "trustee1", "trustee2", "trustee3");
        using var doctorAnew = await Person.LogInAsync(salus, doctor.Mail, doctor.Passphrase);
        Extensions.AssertSame(record.Bytes, (await doctorAnew.GetAsync(record.Id)).Bytes, "shared");

        Task DatabasesAsync(params string[] roles) =>
            RunAsync("databases", ("DATA", salus.Data), ("BACKUP", backup), ("SALUS", CommandLine.Program), ("ROLES", string.Join(' ', roles)));
    }

    /// <summary>What the log proves to somebody; null when nobody has cosigned it.</summary>
    private static async Task<LogEvidence?> EvidenceAsync(Person person)
    {
        try
        {
            return (await new AccessHistory(person.Account).VerifyAsync(null, None)).Evidence;
        }
        catch (CannotException cannot) when (cannot.Code == Reasons.TooFewTrustees)
        {
            return null;
        }
    }

    private static RecordStore Records(Person person) => new(person.Account);

    /// <summary>Kills all of it at once, and leaves nothing but the devices of its people, which are elsewhere.</summary>
    private static async Task DestroyAsync(SalusInstallation salus, string profiles)
    {
        Directory.Move(salus.In("profiles"), profiles);
        using var state = JsonDocument.Parse(await File.ReadAllBytesAsync(salus.In("up.json")));
        var root = state.RootElement;
        var pids = root.GetProperty("parties").EnumerateArray().Select(party => party.GetProperty("process")).Prepend(root.GetProperty("supervisor"))
            .Append(root.GetProperty("postgres").GetProperty("process")).Select(process => process.GetProperty("pid").GetInt32()).ToArray();
        foreach (var pid in pids)
            Machine.Signal(Machine.Kill, pid);
        foreach (var pid in pids)
            await SalusInstallation.UntilAsync(() => Task.FromResult(Machine.IsGone(pid)), $"process {pid} ends");
        await Task.Delay(500, None); // the database's other processes end by themselves
        var database = new DirectoryInfo(salus.In("postgres")).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? salus.In("postgres");
        await DoAsync("rm", "-rf", database, salus.Data);
    }

    /// <summary>The block of the document that is marked with that word.</summary>
    private static async Task RunAsync(string mark, params (string Name, string Value)[] variables)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Places.Root, "docs", "operations.md"));
        var from = text.IndexOf("```sh\n", text.IndexOf($"<!-- {mark} -->", StringComparison.Ordinal), StringComparison.Ordinal) + "```sh\n".Length;
        var script = text[from..text.IndexOf("\n```", from, StringComparison.Ordinal)];
        var start = new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{mark}: {errors}{await output}");
    }

    private static async Task DoAsync(string program, params string[] arguments)
    {
        var (code, _, errors) = await ServerProcess.RunAsync(program, arguments);
        Assert.True(code == 0, $"{program}: {errors}");
    }
}
