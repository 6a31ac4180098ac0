using System.Buffers.Binary;
using System.Numerics;
using Salus.Bench.Harness;
using Salus.Bench.Literature;
using Salus.Bench.Records;
using Salus.Bench.Shares;
using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Sharing;

namespace Salus.Bench.Benches;

/// <summary>
/// Statistics over shares by three processes: five sums over a million values each, and a dot product over a million pairs with its proof, keys of the computation and
/// opening included. Against Paillier, which is measured on few values: every value costs what any other does.
/// </summary>
internal static class SharedStatistics
{
    public static readonly Benchmark Benchmark = new("statistics", "five sums and a verified dot product over a million values in shares, three processes", Run);

    private const int WarmUps = 8;
    private const int Runs = 15;
    private const int PaillierValues = 24;
    private const int PngHeader = 24;

    private static void Run(Workbench bench)
    {
        var sums = Measure(bench, SharesParty.Sums, "five-sums", Goal.AtMost(15), Goal.AtMost(1000), Expected(a => [FieldVector.Sum(a)], SharesParty.Columns));
        Measure(bench, SharesParty.Dot, "verified-dot", Goal.AtMost(150), Goal.AtMost(4000), [FieldVector.Dot(Column(0), Column(1))]);
        AgainstPaillier(bench, sums / SharesParty.Columns);
    }

    private static double Measure(Workbench bench, string order, string name, Goal time, Goal bytes, ulong[] expected)
    {
        using var processes = new SharesProcesses();
        for (var i = 0; i < WarmUps; i++)
            processes.Run(order);
        var runs = Enumerable.Range(0, Runs).Select(_ => processes.Run(order)).ToArray();
        if (runs.Any(run => !run.Results.SequenceEqual(expected)))
            throw new InvalidOperationException("A result is not that of the values.");
        var median = Turns.Median([.. runs.Select(run => run.Milliseconds)]);
        bench.Report(Result.Alone($"statistics/{name}/time", median, "ms", time,
            FormattableString.Invariant($"slowest party; median of {Runs}, fastest run {runs.Min(run => run.Milliseconds):0.0}, slowest {runs.Max(run => run.Milliseconds):0.0}; load {Load()}")));
        bench.Report(Result.Alone($"statistics/{name}/traffic", runs.Max(run => run.Bytes), "bytes", bytes, "sent by all three, without TCP's headers"));
        return median;
    }

    private static void AgainstPaillier(Workbench bench, double sum)
    {
        var paillier = new Paillier();
        var ciphertexts = new BigInteger[PaillierValues];
        var encrypt = Turns.Milliseconds(() =>
        {
            for (var i = 0; i < PaillierValues; i++)
                ciphertexts[i] = paillier.Encrypt(i);
        }) / PaillierValues;
        var total = BigInteger.One;
        const int Additions = 1000;
        var add = Turns.Milliseconds(() =>
        {
            for (var i = 0; i < Additions; i++)
                total = paillier.Add(total, ciphertexts[i % PaillierValues]);
        }) / Additions;
        var decrypt = Turns.Milliseconds(() => total = paillier.Decrypt(total));
        if (total != Enumerable.Range(0, Additions).Sum(i => i % PaillierValues))
            throw new InvalidOperationException("Paillier's sum is not that of the values.");

        var extrapolated = FormattableString.Invariant($"Paillier extrapolated from {PaillierValues} values");
        var values = new long[SharesParty.Count];
        var split = Turns.Median([.. Enumerable.Range(0, Turns.FewestRuns).Select(_ => Turns.Milliseconds(() => Split(values)))]);
        bench.Report(Result.Against("statistics/paillier/protect-a-million", split, encrypt * SharesParty.Count, "ms", null,
            extrapolated + FormattableString.Invariant($", {encrypt:0.0} ms each; ours makes the three parcels")));
        bench.Report(Result.Against("statistics/paillier/sum-a-million", sum, add * SharesParty.Count + decrypt, "ms", null,
            FormattableString.Invariant($"Paillier extrapolated from {Additions} additions, {add * 1000:0.0} us each, one decryption of {decrypt:0} ms; ours a fifth of the five sums")));

        var image = Path.Combine(bench.Root, "samples", "x-ray.png");
        var pixels = new long[Pixels(image)];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = i & 0xff;
        var source = bench.File("x-ray");
        File.Copy(image, source);
        var ours = Turns.Median([.. Enumerable.Range(0, Turns.FewestRuns).Select(_ => Turns.Milliseconds(() =>
        {
            DispersedFile.Seal(source, bench.Folder("x-ray-fragments"), Seal.K, Seal.N, Durability.Cached).Dispose();
            Split(pixels);
        }))]);
        bench.Report(Result.Against("statistics/paillier/x-ray", ours, encrypt * pixels.Length, "ms", null,
            FormattableString.Invariant($"{pixels.Length} pixels, {extrapolated}; ours: the file sealed into {Seal.N} fragments, and every pixel in shares of three parties")));
    }

    private static void Split(long[] values)
    {
        using var split = SplitVector.Split(values);
        for (var party = 0; party < Parties.Count; party++)
            if (split.Parcel(party).Length != SplitVector.ParcelSize(party, values.Length))
                throw new InvalidOperationException("A parcel has another size.");
        _ = split.Commit();
    }

    private static ulong[] Expected(Func<ulong[], ulong[]> of, int columns) => [.. Enumerable.Range(0, columns).SelectMany(column => of(Column(column)))];

    private static ulong[] Column(int column)
    {
        var elements = SharesParty.Vector(column, 0);
        for (var j = 1; j < Parties.Count; j++)
            FieldVector.Add(elements, SharesParty.Vector(column, j), elements);
        return elements;
    }

    /// <summary>Width times height, in the header of a PNG.</summary>
    private static int Pixels(string png)
    {
        Span<byte> header = stackalloc byte[PngHeader];
        using var file = File.OpenRead(png);
        file.ReadExactly(header);
        return checked(BinaryPrimitives.ReadInt32BigEndian(header[16..]) * BinaryPrimitives.ReadInt32BigEndian(header[20..]));
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
