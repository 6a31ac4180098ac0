using System.Diagnostics;
using System.Globalization;
using System.Net;
using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Sharing;

namespace Salus.Bench.Shares;

/// <summary>
/// One of the three processes: makes its shares of some columns out of seeds that all know, and then computes on them when told. It says a line for each run: the time in
/// milliseconds, the bytes sent, and the results.
/// </summary>
internal static class SharesParty
{
    public const string Mode = "--statistics-party";

    public const string Sums = "sums";
    public const string Dot = "dot";
    public const string End = "end";

    public const int Columns = 5;
    public const int Count = 1_000_000;

    public static int Run(string party) => RunAsync(int.Parse(party, CultureInfo.InvariantCulture)).GetAwaiter().GetResult();

    /// <summary>The vector x_j of a column.</summary>
    public static ulong[] Vector(int column, int j)
    {
        var seed = new byte[FieldStream.SeedSize];
        seed[0] = (byte)(column * Parties.Count + j);
        var elements = new ulong[Count];
        FieldStream.Fill(seed, 0, elements);
        return elements;
    }

    private static async Task<int> RunAsync(int party)
    {
        using var listener = LoopbackRing.Listen();
        Console.WriteLine(((IPEndPoint)listener.LocalEndpoint).Port);
        int[] ports = [.. Console.ReadLine()!.Split(' ').Select(port => int.Parse(port, CultureInfo.InvariantCulture))];
        using var ring = await LoopbackRing.ConnectAsync(party, listener, ports);
        SecretVector[] columns = [.. Enumerable.Range(0, Columns).Select(column => new SecretVector(party, Vector(column, party), Vector(column, Parties.Next(party))))];
        while (Console.ReadLine() is { } order && order != End)
        {
            var results = Array.Empty<ulong>();
            var sent = ring.Sent;
            GC.Collect();
            await ring.MeetAsync();
            var start = Stopwatch.GetTimestamp();
            using (var computation = await Computation.StartAsync(ring, party, default, default))
            {
                var result = order == Sums
                    ? SecretVector.Concat([.. columns.Select(column => column.Sum())])
                    : (await computation.MultiplyAsync([Product.Dot(columns[0], columns[1])], default))[0];
                results = await computation.OpenAsync(result, default);
            }
            var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time} {ring.Sent - sent} {string.Join(' ', results)}"));
        }
        return 0;
    }
}
