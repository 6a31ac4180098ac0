using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Salus.Bench.Harness;

/// <summary>What a run took in milliseconds: on the clock, and of processors.</summary>
internal readonly record struct Cost(double Wall, double Processor);

/// <summary>
/// A process timed by the system calls alone: from posix_spawn until wait4 has returned, without the threads and pipes of
/// <see cref="Process"/>, which cost more than `cp` does.
/// </summary>
internal static partial class Child
{
    /// <summary>Milliseconds from start to end. Throws unless the exit code is 0. Output goes to the bench's own.</summary>
    public static double Milliseconds(string program, params string[] arguments) => Run(program, arguments).Wall;

    /// <summary>The same, with the processor time of the process and of those that it waited for.</summary>
    public static Cost Run(string program, params string[] arguments)
    {
        var argv = Native([program, .. arguments]);
        var start = Stopwatch.GetTimestamp();
        var error = Spawn(out var pid, argv[0], 0, 0, argv, Environ);
        if (error != 0)
            throw new InvalidOperationException($"{program} does not start: {Marshal.GetPInvokeErrorMessage(error)}.");
        int status;
        var usage = new long[UsageSize];
        while (Wait(pid, out status, 0, usage) == -1)
            if (Marshal.GetLastPInvokeError() != Interrupted)
                throw new InvalidOperationException($"{program} was lost: {Marshal.GetLastPInvokeErrorMessage()}.");
        var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        foreach (var argument in argv)
            Marshal.FreeCoTaskMem(argument);
        return status == 0
            ? new Cost(time, (usage[0] + usage[2]) * 1e3 + (usage[1] + usage[3]) * 1e-3)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: failed (wait status {status}).");
    }

    /// <summary>Writes back everything that is dirty, so that one run does not pay for the one before.</summary>
    [LibraryImport("libc", EntryPoint = "sync")]
    public static partial void WriteBack();

    private const int Interrupted = 4;   // EINTR
    private const int UsageSize = 18;    // struct rusage: seconds and microseconds of user, the same of system, and 14 more

    private static readonly nint[] Environ =
        Native([.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => $"{variable.Key}={variable.Value}")]);

    /// <summary>Strings as C has them, with a null at the end.</summary>
    private static nint[] Native(string[] texts) => [.. texts.Select(Marshal.StringToCoTaskMemUTF8), 0];

    [LibraryImport("libc", EntryPoint = "posix_spawnp")]
    private static partial int Spawn(out int pid, nint file, nint actions, nint attributes, nint[] argv, nint[] envp);

    [LibraryImport("libc", EntryPoint = "wait4", SetLastError = true)]
    private static partial int Wait(int pid, out int status, int options, [Out] long[] usage);
}
