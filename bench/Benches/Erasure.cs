using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Salus.Bench.Harness;
using Salus.Crypto.Dispersal;

namespace Salus.Bench.Benches;

/// <summary>
/// Reed-Solomon against ISA-L: 64 KiB units, one thread, the same stripe again and again. Encode computes all parity units, decode restores
/// as many data units as may be lost. The figure is data bytes (k units) a second on both sides.
/// </summary>
internal static unsafe class Erasure
{
    public static readonly Benchmark Benchmark = new("erasure", "Reed-Solomon (3,5) (5,8) (8,12), one thread, against ISA-L", Run);

    private const int Unit = 64 * 1024;
    private const int Runs = 15;
    private const long BytesOfRun = 192L * 1024 * 1024;
    private const int PageSize = 4096;

    private static void Run(Workbench bench)
    {
        Peer.Need(Peer.Compiler, Peer.CHeaders, Peer.Isal);
        var folder = bench.Prepared("isal", at => Peer.Run(at, "cc", "-O3", "-o", "isal", "isal.c", "-lisal"));
        using var isal = new Driver("ISA-L", Path.Combine(folder, "isal"), folder);
        foreach (var (k, n) in new[] { (3, 5), (5, 8), (8, 12) })
        {
            var buffer = (byte*)NativeMemory.AlignedAlloc((nuint)(2 * n * Unit), PageSize);
            try
            {
                Measure(bench, isal, k, n, buffer);
            }
            finally
            {
                NativeMemory.AlignedFree(buffer);
            }
        }
    }

    private static void Measure(Workbench bench, Driver isal, int k, int n, byte* buffer)
    {
        var code = new ReedSolomon(k, n);
        var lost = Math.Min(n - k, k);
        var times = (int)(BytesOfRun / (k * Unit));
        Span<byte> Units(int first, int count) => new(buffer + first * Unit, count * Unit);

        RandomNumberGenerator.Fill(Units(0, k));
        code.Encode(Units(0, k), Units(k, n - k), Unit);
        var present = Enumerable.Range(lost, k).ToArray();
        var restoring = code.Restoring(present, Enumerable.Range(0, lost).ToArray());
        restoring.Apply(Units(lost, k), Units(n, lost), Unit);
        if (!Units(n, lost).SequenceEqual(Units(0, lost)))
            throw new InvalidOperationException("Restored units differ from the lost ones.");

        double Encode() => Rate(() => code.Encode(Units(0, k), Units(k, n - k), Unit));
        double Decode() => Rate(() => restoring.Apply(Units(lost, k), Units(n, lost), Unit));
        double Rate(Action stripe)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < times; i++)
                stripe();
            return Gigabytes(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        double Isal(string what) => Gigabytes(isal.Ask(string.Create(CultureInfo.InvariantCulture, $"{what} {k} {n} {Unit} {times}")));
        double Gigabytes(double seconds) => (double)k * Unit * times / seconds / 1e9;

        foreach (var (what, ours) in new (string, Func<double>)[] { ("encode", Encode), ("decode", Decode) })
        {
            var sides = Turns.Measure(Runs, ours, () => Isal(what));
            bench.Report(Result.Against($"erasure/{what}/{k}-of-{n}", sides.Ours, sides.Peer, "GB/s", Goal.AtLeast(0.9)));
        }
    }
}
