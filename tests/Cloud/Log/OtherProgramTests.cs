using System.Diagnostics;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Cloud.Tests.Log;

/// <summary>Go's sumdb reads our log: the program in the folder sumdb shares no line with this software.</summary>
public class OtherProgramTests
{
    private const string Go = "/usr/bin/go";
    private const string Libraries = "/usr/share/gocode";

    [Fact]
    public async Task GosSumdbAcceptsTheLogAndRefusesATamperedOne()
    {
        Assert.SkipUnless(File.Exists(Go) && Directory.Exists(Path.Combine(Libraries, "src/golang.org/x/mod/sumdb")), "golang-go and golang-golang-x-mod-dev are not installed.");
        using var folder = new TemporaryFolder();
        var program = folder.File("sumdb");
        var (built, compiler) = await RunAsync(Go, ["build", "-o", program, Path.Combine(Places.Root, "tests/Cloud/Log/sumdb/main.go")], folder);
        Assert.True(built == 0, compiler);

        await using var log = await LogCloud.StartAsync();
        await log.AddAsync(300);
        var old = await log.CheckpointAsync(checkpoint => checkpoint.Size == 300);
        await log.AddAsync(417);
        using var doctor = await Person.RegisterAsync(log.Cloud);
        var access = await LogCloud.AccessAsync();
        var proof = await log.ReadProofAsync(LogCloud.PostAccessAsync(doctor, access.Bytes), access);
        // With the doctor's card and access.
        await log.CheckpointAsync(checkpoint => checkpoint.Size == 719 && checkpoint.Cosignatures.Count == 3);
        await File.WriteAllBytesAsync(folder.File("old"), old.Note);
        await File.WriteAllBytesAsync(folder.File("proof"), proof.Bytes);
        await File.WriteAllBytesAsync(folder.File("entry"), access.Bytes);

        var (exit, output) = await RunAsync(program, [log.Cloud.Http.BaseAddress!.GetLeftPart(UriPartial.Authority), log.Keys.Log.ToString(), folder.File("old"), folder.File("proof"),
            folder.File("entry"), .. log.Keys.Witnesses.Select(witness => witness.ToString())], folder);
        Assert.True(exit == 0, output);
        foreach (var check in new[] { "two cosignatures", "inclusion of all entries", "consistency\n", "a tampered tile is refused", "the proof's inclusion", "another entry is refused" })
            Assert.Contains("ok " + check, output, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Output)> RunAsync(string program, IEnumerable<string> arguments, TemporaryFolder folder)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["GO111MODULE"], start.Environment["GOPATH"], start.Environment["GOCACHE"], start.Environment["GOTOOLCHAIN"]) = ("off", Libraries, folder.File("cache"), "local");
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
