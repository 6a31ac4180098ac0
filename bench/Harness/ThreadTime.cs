using System.Runtime.InteropServices;

namespace Salus.Bench.Harness;

/// <summary>Processor time of the calling thread: what work on one thread takes, whoever else wants the processor meanwhile.</summary>
internal static partial class ThreadTime
{
    private const int OfThread = 3;   // CLOCK_THREAD_CPUTIME_ID

    public static double Milliseconds(Action work)
    {
        var start = Now();
        work();
        return (Now() - start) * 1e3;
    }

    private static double Now() =>
        GetTime(OfThread, out var time) == 0 ? time.Seconds + time.Nanoseconds * 1e-9 : throw new InvalidOperationException("clock_gettime failed.");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
