using System.Globalization;
using System.Text.Json;
using Salus.Cli.Parties;
using Salus.Testing;

namespace Salus.Cli.Tests;

/// <summary>A data folder of its own with ports of its own; what runs in it is stopped at the end.</summary>
public sealed class TemporaryData : IDisposable
{
    public TemporaryData() =>
        File.SetUnixFileMode(Root, File.GetUnixFileMode(Root) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute); // the user postgres passes through when root runs this

    public string Root { get; } = Directory.CreateTempSubdirectory("salus-cli-").FullName;

    public string Folder => Path.Combine(Root, "data");

    public int Port { get; } = FreePort.Row(PartyPlan.Ports);

    internal Outcome Up(params string[] more) => CommandLine.Run([.. Arguments("up", "--detach"), .. more]);

    internal Outcome Down() => CommandLine.Run(Arguments("down"));

    internal Outcome Status() => CommandLine.Run(Arguments("status", "--json"));

    /// <summary>The verb on this folder; `up` with this port.</summary>
    internal string[] Arguments(string verb, params string[] more) =>
        [verb, "--data", Folder, .. verb == "up" ? ["--port", Port.ToString(CultureInfo.InvariantCulture)] : (string[])[], .. more];

    public string In(string path) => Path.Combine(Folder, path);

    /// <summary>Every pid that status names, by name.</summary>
    internal Dictionary<string, int?> Pids()
    {
        var status = Status().Json;
        var pids = new Dictionary<string, int?> { ["cloud"] = Pid(status.GetProperty("cloud")), ["postgres"] = Pid(status.GetProperty("postgres")) };
        foreach (var (kind, list) in new[] { ("trustee", "trustees"), ("store", "stores") })
            foreach (var (i, party) in status.GetProperty(list).EnumerateArray().Index())
                pids[$"{kind}-{i + 1}"] = Pid(party);
        return pids;

        static int? Pid(JsonElement party) => party.GetProperty("pid") is { ValueKind: JsonValueKind.Number } pid ? pid.GetInt32() : null;
    }

    /// <summary>Waits until it holds.</summary>
    internal static async Task UntilAsync(Func<bool> holds, string what)
    {
        for (var i = 0; !holds(); i++)
        {
            Assert.True(i < 600, "Never happened: " + what);
            await Task.Delay(100);
        }
    }

    internal static bool Lives(int? pid) => pid is { } number && ProcessMark.Of(number) is not null;

    public void Dispose()
    {
        Down();
        if (Directory.Exists(In("postgres")) && new DirectoryInfo(In("postgres")).ResolveLinkTarget(returnFinalTarget: true) is { } elsewhere)
            Directory.Delete(Path.GetDirectoryName(elsewhere.FullName)!, recursive: true);
        Directory.Delete(Root, recursive: true);
    }
}
