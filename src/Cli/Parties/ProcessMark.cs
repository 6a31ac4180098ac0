using System.Runtime.InteropServices;

namespace Salus.Cli.Parties;

/// <summary>A process, and when it started: a number that the system has since given to another process is not mistaken for it.</summary>
/// <param name="Start">The boot's identifier and the start in clock ticks since then (proc(5), field 22 of stat).</param>
internal sealed partial record ProcessMark(int Pid, string Start)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Signals of signal(7).</summary>
    public enum Signal
    {
        Interrupt = 2,
        Quit = 3,
        Kill = 9,
        Terminate = 15,
    }

    /// <summary>Whether this process still runs; one that ended and was not yet reaped does not.</summary>
    public bool IsAlive => Of(Pid) == this;

    /// <summary>The process of that number, or null when there is none.</summary>
    public static ProcessMark? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The name, field 2, is in brackets and may hold anything; the state is field 3. A process that exits is a zombie as soon as its first thread is, while the
            // others (field 20 counts them) still hold its files, locks and ports.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "X" || (fields[0] is "Z" && fields[17] is ("0" or "1")) ? null : new ProcessMark(pid, $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{fields[19]}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Send(Signal signal)
    {
        if (IsAlive)
            _ = Kill(Pid, (int)signal);
    }

    /// <summary>Waits for the end; false when it lives on after that time.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan time, CancellationToken hurry = default)
    {
        for (var left = time; IsAlive; left -= Poll)
        {
            if (left <= TimeSpan.Zero || hurry.IsCancellationRequested)
                return false;
            await Task.Delay(Poll, CancellationToken.None);
        }
        return true;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
