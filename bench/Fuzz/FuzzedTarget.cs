using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Salus.Bench.Fuzz;

/// <summary>What a process found out about one target.</summary>
/// <param name="Ways">An input for each way that was taken, by behaviour.</param>
internal sealed record FuzzReport(long Runs, Dictionary<string, byte[]> Ways, byte[]? Input, string? Fault)
{
    /// <summary>A report of nothing but a finding: of a process that could not write one.</summary>
    public static FuzzReport Dead(byte[] input, string fault) => new(0, [], input, fault);
}

[JsonSerializable(typeof(FuzzReport))]
internal sealed partial class FuzzJson : JsonSerializerContext;

/// <summary>
/// A target in a process of its own, whose memory is bounded: one that falls, by a stack that is too deep or memory that is not there, or that never ends, is a finding and not the
/// end of the bench. The input that is being read stands in a file that both map.
/// </summary>
internal static class FuzzedTarget
{
    public const string Mode = "--fuzz-target";

    private const string HeapLimit = "0x60000000";
    private const int Room = 1 << 22;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(90);

    /// <summary>Runs a target in a process that is started for it.</summary>
    public static FuzzReport Run(Target target, int seed, int seconds, string corpus, string scratch)
    {
        var (current, report) = (Path.Combine(scratch, "current"), Path.Combine(scratch, "report"));
        File.WriteAllBytes(current, new byte[Room]);
        File.Delete(report);
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Mode, target.Name, Text(seed), Text(seconds), corpus, scratch]) { RedirectStandardError = true };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The bench does not start itself.");
        var said = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(seconds) + Grace))
        {
            process.Kill();
            process.WaitForExit();
            return FuzzReport.Dead(Current(current), "it does not end");
        }
        if (process.ExitCode == 0 && File.Exists(report))
            return JsonSerializer.Deserialize(File.ReadAllBytes(report), FuzzJson.Default.FuzzReport)!;
        return FuzzReport.Dead(Current(current), $"the process fell (exit code {Text(process.ExitCode)}): {string.Join(' ', said.Result.Split('\n').Take(3))}");
    }

    /// <summary>What the process does.</summary>
    public static int Work(string name, string seed, string seconds, string corpus, string scratch)
    {
        var target = AllTargets.Named(name);
        using var mapped = MemoryMappedFile.CreateFromFile(Path.Combine(scratch, "current"), FileMode.Open);
        using var view = mapped.CreateViewAccessor();
        var fuzzer = new Fuzzer(target, Number(seed), input =>
        {
            var length = Math.Min(input.Length, Room - sizeof(int));
            view.Write(0, length);
            view.WriteArray(sizeof(int), input, 0, length);
        });
        var found = fuzzer.Run(Corpus.Read(corpus, target), TimeSpan.FromSeconds(Number(seconds)));
        var report = new FuzzReport(fuzzer.Runs, new(fuzzer.Ways.Where(way => way.Value.Length <= Corpus.MaxLength)), found?.Input, found?.Fault);
        File.WriteAllBytes(Path.Combine(scratch, "report"), JsonSerializer.SerializeToUtf8Bytes(report, FuzzJson.Default.FuzzReport));
        return 0;
    }

    private static byte[] Current(string file)
    {
        var bytes = File.ReadAllBytes(file);
        return bytes[sizeof(int)..(sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(bytes))];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
