using System.Diagnostics;
using System.Globalization;

namespace Salus.Bench.Fuzz;

/// <summary>What an input did.</summary>
/// <param name="Behaviour">The same for inputs that took the same way, as far as that can be told from outside.</param>
/// <param name="Fault">What must not be; null when all was as it should be.</param>
internal readonly record struct Observation(string Behaviour, string? Fault);

/// <summary>
/// Reads one input under the oracles: nothing but documented exceptions, no more memory than a multiple of the input, no more than a moment, and what is accepted is written as it
/// was read. Where an input took another way is guessed from what can be seen without instruments: outcome, the place of a refusal's exception, the memory that was taken.
/// </summary>
internal static class Examiner
{
    /// <summary>For an input of some kilobytes, on a machine that does other things too.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    private const int Repeats = 3;

    public static Observation Examine(Target target, byte[] input)
    {
        var seen = Once(target, input, out var time);
        // Whoever else wants the processor makes one run slow, and not each of several.
        for (var again = 1; again < Repeats && time > Moment; again++)
        {
            Once(target, input, out var next);
            time = next < time ? next : time;
        }
        return time > Moment && seen.Fault is null ? seen with { Fault = string.Create(CultureInfo.InvariantCulture, $"it took {time.TotalSeconds:F1} s") } : seen;
    }

    private static Observation Once(Target target, byte[] input, out TimeSpan time)
    {
        var given = (byte[])input.Clone();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        Verdict verdict = default;
        Exception? thrown = null;
        try
        {
            verdict = target.Read(given);
        }
#pragma warning disable CA1031 // Any exception is what is looked for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            thrown = exception;
        }
        time = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (thrown is not null)
        {
            var place = Place(thrown);
            return new($"{thrown.GetType().Name} {place}",
                !target.Documented(thrown) ? $"{thrown.GetType().FullName} at {place}: {thrown.Message}\n{thrown.StackTrace}" : Greed(target, input, allocated));
        }
        var fault = verdict is { Accepted: true, Written: { } written } && !written.AsSpan().SequenceEqual(input) ? "accepted, and written otherwise than it was read"
            : Greed(target, input, allocated);
        return new($"{(verdict.Accepted ? "accepted" : "refused")} {verdict.Detail} {Class(allocated)}", fault);
    }

    private static string? Greed(Target target, byte[] input, long allocated) => allocated <= target.MayAllocate(input.Length)
        ? null : string.Create(CultureInfo.InvariantCulture, $"{allocated} bytes were allocated for {input.Length}, more than {target.MayAllocate(input.Length)}");

    /// <summary>The method of ours that threw, and where in it.</summary>
    private static string Place(Exception exception)
    {
        var frames = new StackTrace(exception, fNeedFileInfo: false).GetFrames();
        var frame = frames.FirstOrDefault(frame => frame.GetMethod()?.DeclaringType?.Namespace?.StartsWith("Salus.", StringComparison.Ordinal) == true) ?? frames.FirstOrDefault();
        return frame is null ? "nowhere" : string.Create(CultureInfo.InvariantCulture, $"{frame.GetMethod()?.DeclaringType?.Name}.{frame.GetMethod()?.Name}+{frame.GetILOffset()}");
    }

    /// <summary>Fine for the little that a reader takes before it refuses, coarse above.</summary>
    private static long Class(long allocated) => allocated < 4096 ? allocated / 64 : 64 + (long)(8 * Math.Log2(allocated / 4096.0));
}
