using System.Diagnostics;
using System.Net;
using Salus.Client.Records;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>The command line killed in the middle, as by a power cut, and called again.</summary>
public class KillTests(SalusInstallation salus)
{
    private const int Size = 50_000_000;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task AKilledPutIsInvisibleAndTheSameCommandFinishesIt()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var (path, bytes) = (patient.Out("large.bin"), Extensions.RandomBytes(Size));
        await File.WriteAllBytesAsync(path, bytes);
        var outbox = patient.Profile.Outbox;

        // While it seals: the next call finds a folder without a plan.
        var sealing = Start(patient, "put", path);
        await KilledWhenAsync(sealing, () => Staged("*.fragment").Any(file => new FileInfo(file).Length > 0));
        Assert.Empty(await patient.Records.ListAsync(None));

        // While it uploads.
        var storing = Start(patient, "put", path);
        await KilledWhenAsync(storing, () => Staged("plan.sealed").Any() && Uploads().Any(upload => new FileInfo(upload).Length > 0));
        Assert.Single(Staged("plan.sealed"));
        Assert.NotEmpty(Staged("*.fragment"));
        Assert.Empty(await patient.Records.ListAsync(None));
        using (var http = new HttpClient())
            foreach (var upload in Uploads())
            {
                var address = Path.GetFileName(Path.GetDirectoryName(upload))!;
                var store = salus.Parties.Stores.Single(store => upload.StartsWith(salus.In(store.Name) + Path.DirectorySeparatorChar, StringComparison.Ordinal));
                using var answer = await http.GetAsync(new Uri(store.Url, Paths.Fragment.Replace("{address}", address, StringComparison.Ordinal)));
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            }

        var outcome = await CommandLine.EndAsync(Start(patient, "put", path));
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        var record = Assert.Single(await patient.Records.ListAsync(None));
        Assert.Equal(0, patient.Records.Unfinished);
        File.Delete(path);
        Extensions.AssertSame(bytes, (await patient.GetAsync(record.Record)).Bytes, path);

        IEnumerable<string> Staged(string pattern) => Directory.Exists(outbox) ? Directory.EnumerateFiles(outbox, pattern, SearchOption.AllDirectories) : [];
    }

    [Fact]
    public async Task AKilledImportBecomesOneWholeImport()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bundle = Directory.GetFiles(Path.Combine(Places.Data, "fhir"), "*.json").MaxBy(file => new FileInfo(file).Length)!;
        var outbox = patient.Profile.Outbox;
        var sealing = Start(patient, "import", bundle);
        await KilledWhenAsync(sealing, () => Directory.Exists(outbox) && Directory.EnumerateFiles(outbox, "plan.sealed", SearchOption.AllDirectories).Any());
        var storing = Start(patient, "import", bundle);
        await KilledWhenAsync(storing, () => Directory.EnumerateFiles(outbox, "*.import").Any() && Uploads().Any());

        var outcome = await CommandLine.EndAsync(Start(patient, "import", bundle));
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Single(await patient.Imports.ListAsync(None));
        Assert.Equal(0, patient.Records.Unfinished);
        var records = await patient.Records.ListAsync(None);
        Assert.Equal(records.Count, records.Select(record => (record.Partition, record.Name, record.Kind, record.Bytes)).Distinct().Count());
        var export = await patient.Imports.ExportAsync(null, patient.Out("export.json"), Person.NoKey, null, None);
        Assert.True(export.Exact);
        Extensions.AssertSame(await File.ReadAllBytesAsync(bundle), await File.ReadAllBytesAsync(patient.Out("export.json")), bundle);
    }

    private Process Start(Person person, params string[] arguments) =>
        CommandLine.Start(CommandLine.Program, [.. arguments, "--data", salus.Data, "--profile", person.Name], ("SALUS_PASSPHRASE", person.Passphrase));

    /// <summary>Kills it at the moment when something holds; the test wants it to be in the middle.</summary>
    private static async Task KilledWhenAsync(Process process, Func<bool> holds)
    {
        using (process)
        {
            var since = Stopwatch.GetTimestamp();
            while (!HoldsNow() && !process.HasExited && Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(120))
                await Task.Delay(1);
            Assert.False(process.HasExited, "It ended before it could be killed.");
            process.Kill();
            await process.WaitForExitAsync();
            Assert.NotEqual(0, process.ExitCode);
        }

        bool HoldsNow()
        {
            try
            {
                return holds();
            }
            catch (IOException)
            {
                return false; // a folder went while it was looked through
            }
        }
    }

    /// <summary>The data of uploads that are not complete, at every store.</summary>
    private IEnumerable<string> Uploads() => SalusInstallation.StoreNames.SelectMany(store => Directory.EnumerateFiles(salus.In(store, "uploads"), "data", SearchOption.AllDirectories));
}
