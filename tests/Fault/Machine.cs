using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Salus.EndToEnd.Tests;
using Salus.Fault.Tests;
using Salus.Protocol.Http;
using Salus.Testing;

[assembly: AssemblyFixture(typeof(SalusInstallation))]

namespace Salus.Fault.Tests;

/// <summary>One installation for all tests, and its processes in the tests' hands.</summary>
[CollectionDefinition(Name)]
public sealed class MachineCollection : ICollectionFixture<Machine>
{
    public const string Name = "machine";
}

/// <summary>
/// The processes of an installation, each killed, paused and started again by the commands that `up` gave them. `up` itself, which would start them again, is killed first: what a
/// killed `up` leaves behind goes on.
/// </summary>
public sealed class Machine(SalusInstallation salus) : IAsyncLifetime
{
    public const string Postgres = "postgres";

    // Signals of signal(7).
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int Terminate = 15;
    private const int GoOn = 18;
    private const int Stop = 19;

    /// <summary>The number of threads in proc(5) stat, counted from the state on.</summary>
    private const int Threads = 17;

    private static readonly string[] AsPostgres =
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"];

    private readonly Dictionary<string, Running> _running = [];

    internal SalusInstallation Salus => salus;

    internal static IReadOnlyList<string> Servers { get; } = ["cloud", .. SalusInstallation.TrusteeNames, .. SalusInstallation.StoreNames];

    public async ValueTask InitializeAsync()
    {
        using var state = JsonDocument.Parse(await File.ReadAllBytesAsync(salus.In("up.json")));
        foreach (var party in state.RootElement.GetProperty("parties").EnumerateArray())
            Add(party.GetProperty("name").GetString()!, new Uri(party.GetProperty("url").GetString()!), party.GetProperty("process"));
        Add(Postgres, null, state.RootElement.GetProperty("postgres").GetProperty("process"));
        var supervisor = Pid(state.RootElement.GetProperty("supervisor"));
        Signal(Kill, supervisor);
        await GoneAsync(supervisor);

        void Add(string name, Uri? url, JsonElement process)
        {
            var pid = Pid(process);
            _running[name] = new Running(url, [.. File.ReadAllText($"/proc/{pid}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries)]) { Pid = pid };
        }

        static int Pid(JsonElement process) => process.GetProperty("pid").GetInt32();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
            await KillAsync(server);
        if (!IsGone(PidOf(Postgres)))
            Signal(Quit, PidOf(Postgres));
        await GoneAsync(PidOf(Postgres));
        foreach (var running in _running.Values)
            if (running.Own is not null)
                await running.Own.DisposeAsync();
    }

    public int PidOf(string party) => _running[party].Pid;

    public Uri UrlOf(string party) => _running[party].Url ?? throw new ArgumentException($"{party} speaks no HTTP.", nameof(party));

    /// <summary>SIGKILL to a party, and to all processes of the database's.</summary>
    public async Task KillAsync(string party)
    {
        var pids = PidsOf(party);
        foreach (var pid in pids)
            Signal(Kill, pid);
        foreach (var pid in pids)
            await GoneAsync(pid);
    }

    /// <summary>SIGTERM, or for the database its fast stop, and the end of it.</summary>
    public async Task StopAsync(string party)
    {
        Signal(party == Postgres ? Interrupt : Terminate, PidOf(party));
        await GoneAsync(PidOf(party));
    }

    public void Pause(string party) => Signal(Stop, PidOf(party));

    public void Continue(string party) => Signal(GoOn, PidOf(party));

    public async Task StartAsync(string party, params string[] before)
    {
        var running = _running[party];
        if (party == Postgres)
            running.Pid = StartPostgres([.. before, .. running.Command]);
        else
        {
            if (running.Own is not null)
                await running.Own.DisposeAsync();
            running.Own = await ServerProcess.StartAsync([.. before, .. running.Command]);
            running.Pid = running.Own.Id;
        }
        await ReadyAsync(party);
    }

    /// <summary>Everything that is dead is started again, and answers.</summary>
    public async Task HealAsync()
    {
        // Processes of a database that was killed may hold its memory for a moment longer: then it does not start yet.
        await SalusInstallation.UntilAsync(async () =>
        {
            if (IsGone(PidOf(Postgres)))
                _running[Postgres].Pid = StartPostgres(_running[Postgres].Command);
            await Task.Delay(50);
            return !IsGone(PidOf(Postgres)) && IsPostgresReady();
        }, "the database is ready");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        await Task.WhenAll(Servers.Select(server => SalusInstallation.UntilAsync(async () =>
        {
            // One that was killed may take a moment to end, and is started again only then.
            if (IsGone(PidOf(server)))
                await StartAsync(server);
            return await IsReadyAsync(http, new Uri(UrlOf(server), Paths.Ready));
        }, $"{server} is ready")));
    }

    /// <summary>Until a party answers as one that is ready.</summary>
    public async Task ReadyAsync(string party)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        await SalusInstallation.UntilAsync(() => party == Postgres ? Task.FromResult(IsPostgresReady()) : IsReadyAsync(http, new Uri(UrlOf(party), Paths.Ready)), $"{party} is ready");
    }

    /// <summary>All processes of a party. The database's are one that listens, one for each connection, and those that write in the background.</summary>
    public IReadOnlyList<int> PidsOf(string party)
    {
        if (party != Postgres)
            return [PidOf(party)];
        var first = PidOf(Postgres).ToString(CultureInfo.InvariantCulture);
        return [PidOf(Postgres), .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0]))
            .Where(name => Stat(int.Parse(name!, CultureInfo.InvariantCulture)) is { } stat && stat[1] == first).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))];
    }

    /// <summary>Whether a process has ended, with its last thread: until then it has files open and locked. One that nobody has waited for has ended.</summary>
    public static bool IsGone(int pid) => Stat(pid) is not { } stat || (stat[0] is "Z" or "X" && int.Parse(stat[Threads], CultureInfo.InvariantCulture) <= 1);

    public static void Signal(int signal, int pid) => _ = Send(pid, signal);

    private static Task GoneAsync(int pid) => SalusInstallation.UntilAsync(() => Task.FromResult(IsGone(pid)), $"process {pid} ends");

    /// <summary>proc(5), stat from field 3 on: state, parent …; null when there is no such process.</summary>
    private static string[]? Stat(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, Uri ready)
    {
        try
        {
            using var answer = await http.GetAsync(ready);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private int StartPostgres(IReadOnlyList<string> command)
    {
        var all = Environment.IsPrivilegedProcess ? [.. AsPostgres, .. command] : command;
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" </dev/null >>\"$0\" 2>&1", salus.In("logs", "postgres.log"), .. all]) { WorkingDirectory = "/" };
        return Process.Start(start)!.Id;
    }

    private bool IsPostgresReady()
    {
        var command = _running[Postgres].Command;
        using var check = Process.Start(Path.Combine(Path.GetDirectoryName(command[0])!, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", command[command.ToList().IndexOf("-p") + 1]]);
        check.WaitForExit();
        return check.ExitCode == 0;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Send(int pid, int signal);

    private sealed class Running(Uri? url, IReadOnlyList<string> command)
    {
        public Uri? Url => url;

        public IReadOnlyList<string> Command => command;

        public int Pid { get; set; }

        public ServerProcess? Own { get; set; }
    }
}
