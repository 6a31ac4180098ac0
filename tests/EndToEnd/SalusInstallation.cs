using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Salus.EndToEnd.Tests;
using Salus.Protocol.Http;
using Salus.Testing;

[assembly: CollectionBehavior(DisableTestParallelization = true)] // one installation, whose servers some tests stop
[assembly: AssemblyFixture(typeof(SalusInstallation))]

namespace Salus.EndToEnd.Tests;

/// <summary>
/// One installation for all tests: `salus up` with the cloud, three trustees and four stores as processes of their own, and PostgreSQL.
/// </summary>
public sealed partial class SalusInstallation : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // The supervisor gives up on a server whose restarts fail three times in a row; one that was up for ten seconds starts anew.
    private const int RestartsInARow = 2;
    private static readonly TimeSpan CleanSlate = TimeSpan.FromSeconds(11);

    private readonly Dictionary<string, (int Restarts, long Since)> _restarts = [];
    private readonly string _root = Directory.CreateTempSubdirectory("salus-e2e-").FullName;
    private int _people;

    /// <summary>The data folder.</summary>
    public string Data => Path.Combine(_root, "data");

    internal PartyDirectory Parties { get; private set; } = null!;

    internal static IReadOnlyList<string> StoreNames { get; } = ["store-1", "store-2", "store-3", "store-4"];

    internal static IReadOnlyList<string> TrusteeNames { get; } = ["trustee-1", "trustee-2", "trustee-3"];

    public async ValueTask InitializeAsync()
    {
        var port = FreePort.Row(9).ToString(CultureInfo.InvariantCulture);
        var outcome = await CommandLine.RunAsync(["up", "--detach", "--data", Data, "--port", port]);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Parties = JsonSerializer.Deserialize<PartyDirectory>(await File.ReadAllBytesAsync(In("parties.json")), JsonSerializerOptions.Web)!;
    }

    public async ValueTask DisposeAsync()
    {
        var outcome = await CommandLine.RunAsync(["down", "--data", Data]);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        // Where the user postgres could not come through, its folder is elsewhere.
        if (new DirectoryInfo(In("postgres")).ResolveLinkTarget(returnFinalTarget: true) is { } elsewhere)
            Directory.Delete(Path.GetDirectoryName(elsewhere.FullName)!, recursive: true);
        Directory.Delete(_root, recursive: true);
    }

    internal string In(params string[] path) => Path.Combine([Data, .. path]);

    /// <summary>A name that nobody had before.</summary>
    internal string NewName(string name) => $"{name}{Interlocked.Increment(ref _people)}";

    /// <summary>The code from the letter to an address; the letter is taken out of the box.</summary>
    internal Task<string> TakeCodeAsync(string mail) => TakeAsync(mail, Code());

    /// <summary>The code that releases a grant, from the letter to who asked for it.</summary>
    internal Task<string> TakeReleaseCodeAsync(string mail) => TakeAsync(mail, ReleaseCode());

    private async Task<string> TakeAsync(string mail, Regex pattern)
    {
        string? code = null;
        await UntilAsync(async () =>
        {
            foreach (var file in Directory.GetFiles(In("mail"), "*.eml").OrderDescending())
            {
                var text = await File.ReadAllTextAsync(file);
                if (!text.Contains($"To: {mail}\r\n", StringComparison.Ordinal) || pattern.Match(text) is not { Success: true } found)
                    continue;
                File.Delete(file);
                code = found.Value.Trim();
                return true;
            }
            return false;
        }, $"a letter to {mail}");
        return code!;
    }

    /// <summary>
    /// Kills servers and keeps them away until the answer is disposed: the supervisor, which would start them again, sleeps meanwhile.
    /// </summary>
    internal async Task<IAsyncDisposable> WithoutAsync(params string[] parties)
    {
        foreach (var party in parties)
            await AllowAnotherRestartAsync(party);
        using var state = JsonDocument.Parse(await File.ReadAllBytesAsync(In("up.json")));
        var supervisor = Pid(state.RootElement.GetProperty("supervisor"));
        await SignalAsync("STOP", supervisor);
        var stopped = new List<Uri>();
        foreach (var party in state.RootElement.GetProperty("parties").EnumerateArray().Where(party => parties.Contains(party.GetProperty("name").GetString())))
        {
            await SignalAsync("KILL", Pid(party.GetProperty("process")));
            stopped.Add(new Uri(party.GetProperty("url").GetString()!));
        }
        Assert.Equal(parties.Length, stopped.Count);
        foreach (var url in stopped)
            await UntilAsync(async () => !await AnswersAsync(url), $"{url} is gone");
        return new Return(this, supervisor, parties, stopped);

        static int Pid(JsonElement process) => process.GetProperty("pid").GetInt32();
    }

    internal static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        for (var since = Stopwatch.GetTimestamp(); !await holds(); await Task.Delay(20))
            Assert.True(Stopwatch.GetElapsedTime(since) < Patience, $"Never happened: {what}");
    }

    private async Task AllowAnotherRestartAsync(string party)
    {
        if (!_restarts.TryGetValue(party, out var last))
            return;
        var left = CleanSlate - Stopwatch.GetElapsedTime(last.Since);
        if (left > TimeSpan.Zero && last.Restarts < RestartsInARow)
            return;
        if (left > TimeSpan.Zero)
            await Task.Delay(left);
        _restarts.Remove(party);
    }

    private static async Task<bool> AnswersAsync(Uri server)
    {
        try
        {
            using var http = new HttpClient();
            using var answer = await http.GetAsync(new Uri(server, Paths.Ready));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static async Task SignalAsync(string signal, int pid)
    {
        using var kill = Process.Start("kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    [GeneratedRegex(@"(?m)^\s*\d{4} \d{4}\s*$")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?m)^\s*[0-9A-Z]{5}-[0-9A-Z]{5}\s*$")]
    private static partial Regex ReleaseCode();

    private sealed class Return(SalusInstallation salus, int supervisor, IReadOnlyList<string> parties, IReadOnlyList<Uri> stopped) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await SignalAsync("CONT", supervisor);
            foreach (var url in stopped)
                await UntilAsync(() => AnswersAsync(url), $"{url} is back");
            foreach (var party in parties)
                salus._restarts[party] = (salus._restarts.GetValueOrDefault(party).Restarts + 1, Stopwatch.GetTimestamp());
        }
    }
}
