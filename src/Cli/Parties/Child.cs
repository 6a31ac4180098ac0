using System.Diagnostics;

namespace Salus.Cli.Parties;

/// <summary>A process that `up` keeps running: a server, or PostgreSQL.</summary>
/// <param name="answers">Whether it is ready, told its number.</param>
internal sealed class Child(string name, string log, Func<IEnumerable<string>> command, Func<int, string, bool> answers) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Bytes in which the last lines of a log are looked for.</summary>
    private const int End = 64 << 10;

    private Process? _process;
    private long _logStart;

    public string Name => name;

    public ProcessMark? Mark { get; private set; }

    /// <summary>When it last became ready (<see cref="Stopwatch"/>), or null since its start.</summary>
    public long? ReadySince { get; private set; }

    public string Log => log;

    /// <summary>How it ended, once it has.</summary>
    public string Ending => _process is { HasExited: true } process
        ? process.ExitCode > 128 ? $"killed by signal {process.ExitCode - 128}" : $"exit code {process.ExitCode}"
        : "running";

    public void Start()
    {
        _process?.Dispose();
        ReadySince = null;
        _logStart = File.Exists(log) ? new FileInfo(log).Length : 0;
        _process = Commands.Start(log, command());
        // One that has ended already leaves no mark; its exit is told by the process.
        Mark = ProcessMark.Of(_process.Id) ?? new ProcessMark(_process.Id, "ended");
    }

    /// <summary>Waits until it is ready. False when it ended instead, or is not ready in that time.</summary>
    public async Task<bool> BecomesReadyAsync(TimeSpan time, CancellationToken cancel)
    {
        for (var started = Stopwatch.GetTimestamp(); !_process!.HasExited && Stopwatch.GetElapsedTime(started) < time;)
        {
            if (answers(_process.Id, Written(_logStart)))
            {
                ReadySince = Stopwatch.GetTimestamp();
                return true;
            }
            await Task.Delay(Poll, cancel);
        }
        return false;
    }

    public bool HasEnded => _process is { HasExited: true };

    public Task EndsAsync(CancellationToken cancel) => _process!.WaitForExitAsync(cancel);

    /// <summary>Its last lines since its last start.</summary>
    public string LastLines() => Commands.Tail(Written(Math.Max(_logStart, new FileInfo(log).Length - End)));

    public void Dispose() => _process?.Dispose();

    private string Written(long from)
    {
        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = from;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
