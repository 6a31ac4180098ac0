using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Noise;

namespace Salus.Crypto.Tests.Statistics.Computing;

/// <summary>What one party holds and receives is spread alike whatever the values are, until the result is opened.</summary>
public sealed class ViewTests
{
    private const int Runs = 600;
    private const int Cells = 8;

    // Once in 10^9 runs of a test over a thousand places, by chance.
    private const double Largest = 75;

    private static readonly long[] Low = [0, 0, 0, 0], High = [Field61.MaxMagnitude, -1, 77, 1L << 40];

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2)]
    public async Task SharesAndMessagesOfAPartyAreUniformForTwoSetsOfValues(int party)
    {
        var low = await ViewsAsync(party, Low);
        var high = await ViewsAsync(party, High);
        Assert.Equal(low.Length, high.Length);
        var places = 0;
        for (var place = 0; place < low.Length; place++)
        {
            // Uniform by itself, and the two the same: chi-squared with 7 degrees of freedom each.
            places++;
            Assert.True(Uniform(low[place]) < Largest, $"place {place} of low values");
            Assert.True(Uniform(high[place]) < Largest, $"place {place} of high values");
            Assert.True(Alike(low[place], high[place]) < Largest, $"place {place} of both");
        }
        Assert.True(places > 40);
    }

    [Fact]
    public async Task TheTestWouldSeeAValueThatIsNotMasked()
    {
        var opened = await ViewsAsync(0, Low, includingTheResult: true);
        Assert.Contains(opened, counts => Uniform(counts) > Largest);
    }

    /// <summary>For each element that a party holds or is sent before the last opening, how often it was in each eighth of the field.</summary>
    private static async Task<int[][]> ViewsAsync(int party, long[] values, bool includingTheResult = false)
    {
        int[][]? counts = null;
        for (var run = 0; run < Runs; run++)
        {
            var shares = Ring.Share(values);
            var ring = new Ring();
            var results = await ring.RunAsync(async computation =>
            {
                var x = shares[computation.Party];
                var products = await computation.MultiplyAsync([Product.Elements(x, x), Product.Dot(x, x)], default);
                return await computation.OpenAsync(await NoiseInput.AddAsync(computation, products[1].Subtract(products[0].Sum()), [16], default), default);
            });
            Assert.All(results, result => Assert.Null(result.Reason));
            var received = ring.Received.Where(message => message.To == party).GroupBy(message => message.From).OrderBy(group => group.Key)
                // The last three: confirmation, the zero that is opened, the result.
                .SelectMany(group => group.SkipLast(3).Select(message => message.Message));
            var view = shares[party].Own.ToArray().Concat(shares[party].Next.ToArray()).ToList();
            foreach (var message in received)
                view.AddRange(Words(message));
            if (includingTheResult)
                view.AddRange(results[party].Result!);
            counts ??= [.. view.Select(_ => new int[Cells])];
            Assert.Equal(counts.Length, view.Count);
            for (var place = 0; place < view.Count; place++)
                counts[place][view[place] >> (Field61.Bits - 3)]++;
        }
        return counts!;
    }

    /// <summary>Elements as they are; of keys, coins and hashes as many bits.</summary>
    private static IEnumerable<ulong> Words(byte[] message) =>
        Enumerable.Range(0, message.Length / Field61.Size).Select(i => BitConverter.ToUInt64(message, Field61.Size * i) & Field61.Modulus);

    private static double Uniform(int[] counts) => counts.Sum(count => (count - (double)Runs / Cells) * (count - (double)Runs / Cells) * Cells / Runs);

    private static double Alike(int[] a, int[] b) => a.Zip(b).Where(pair => pair.First + pair.Second > 0)
        .Sum(pair => (double)(pair.First - pair.Second) * (pair.First - pair.Second) / (pair.First + pair.Second));
}
