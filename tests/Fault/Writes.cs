using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Salus.Fault.Tests;

/// <summary>
/// Counts what processes write, by their system calls as strace(1) tells them: to files, to names in folders, to the network. After the n-th the process that made it is killed; each call
/// is held up for a moment before it is made, so that the next one is not made any more.
/// </summary>
internal sealed partial class Writes : IAsyncDisposable
{
    private const string Calls =
        "fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,mkdir,mkdirat,ftruncate,fallocate,pwrite64,pwritev,sendto,sendmsg";

    private const int HeldUp = 3000; // microseconds

    private readonly Process _strace;
    private readonly int? _killAfter;
    private readonly TaskCompletionSource _attached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private readonly int? _one;
    private int _awaited;

    private Writes(Process strace, int awaited, int? one, int? killAfter)
    {
        (_strace, _awaited, _one, _killAfter) = (strace, awaited, one, killAfter);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>How many there were.</summary>
    public int Count { get; private set; }

    /// <summary>What the last one was.</summary>
    public string Last { get; private set; } = "";

    public bool HasKilled { get; private set; }

    /// <summary>What is done to the process of the last one.</summary>
    public Action<int> Kill { get; set; } = pid => Machine.Signal(Machine.Kill, pid);

    /// <summary>Whether this system lets one process watch another, and has strace.</summary>
    public static bool Possible { get; } = IsPossible();

    /// <summary>Watches processes that run; they are watched when this returns.</summary>
    public static async Task<Writes> OfAsync(IReadOnlyList<int> pids, int? killAfter)
    {
        var writes = new Writes(Start(pids.SelectMany(pid => new[] { "-p", Text(pid) })), pids.Count, pids[0], killAfter);
        await writes._attached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return writes;
    }

    /// <summary>Runs a program from its first instruction on.</summary>
    public static Writes OfProgram(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, int? killAfter) =>
        new(Start(["--seccomp-bpf", .. command], environment), 0, null, killAfter);

    /// <summary>Until what is watched has ended. The exit code of a program; 137 when it was killed.</summary>
    public async Task<int> EndAsync()
    {
        await _reading;
        await _strace.WaitForExitAsync();
        return _strace.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever was held up goes on when strace ends. One whose process was killed meanwhile is waited for in vain, sometimes.
        Machine.Signal(HasKilled ? Machine.Kill : Machine.Interrupt, _strace.Id);
        if (await Task.WhenAny(_reading, Task.Delay(TimeSpan.FromSeconds(3))) != _reading)
            Machine.Signal(Machine.Kill, _strace.Id);
        await EndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        _strace.Dispose();
    }

    private static Process Start(IEnumerable<string> what, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("strace", ["-f", "-s", "0", "-e", "raw=all", "-e", $"trace={Calls}", "-e", $"inject={Calls}:delay_enter={HeldUp}", .. what])
        {
            RedirectStandardError = true, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var strace = Process.Start(start)!;
        strace.StandardInput.Close();
        _ = strace.StandardOutput.ReadToEndAsync();
        return strace;
    }

    private async Task ReadAsync()
    {
        while (await _strace.StandardError.ReadLineAsync() is { } line)
        {
            if (line.Contains(" attached", StringComparison.Ordinal))
            {
                if (--_awaited == 0)
                    _attached.TrySetResult();
                continue;
            }
            if (Made().Match(line) is not { Success: true } made || line.EndsWith("<unfinished ...>", StringComparison.Ordinal))
                continue;
            (Count, Last) = (Count + 1, made.Groups["call"].Value);
            if (Count != _killAfter)
                continue;
            HasKilled = true;
            Kill(made.Groups["pid"] is { Success: true, Value: var pid } ? int.Parse(pid, CultureInfo.InvariantCulture) : Only());
        }
        _attached.TrySetException(new InvalidOperationException("strace ended before it watched anything."));
    }

    /// <summary>A process that is watched alone is not named: the one that was given, or that strace has started.</summary>
    private int Only() => _one ?? int.Parse(File.ReadAllText($"/proc/{_strace.Id}/task/{_strace.Id}/children").Split(' ')[0], CultureInfo.InvariantCulture);

    private static bool IsPossible()
    {
        try
        {
            using var probe = Start(["true"]);
            return probe.StandardError.ReadToEnd().Contains("+++ exited with 0 +++", StringComparison.Ordinal);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:\[pid +(?<pid>\d+)\] )?(?:<\.\.\. )?(?<call>[a-z0-9]+)(?:\(| resumed>).* = ")]
    private static partial Regex Made();
}
