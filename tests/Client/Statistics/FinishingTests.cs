using Salus.Client.Statistics;
using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;

namespace Salus.Client.Tests.Statistics;

/// <summary>From sums to answers: without noise they are those of the textbook, with noise the error bars say how far they are off.</summary>
public class FinishingTests
{
    private const long Dear = 1_000_000_000;

    private static readonly (double Rate, double Glucose)[] People = [(60, 4.0), (72, 5.1), (88, 6.2), (95, 6.6), (110, 9.3), (64, 4.4), (130, 10.0)];

    [Fact]
    public void WithoutNoiseTheyAreTheTextbooks()
    {
        const long Copies = 100_000; // so many that one participant more or less is nothing
        double n = Copies * People.Length, meanRate = People.Average(person => person.Rate), meanGlucose = People.Average(person => person.Glucose);
        var inRate = Copies * People.Sum(person => Math.Pow(person.Rate - meanRate, 2));
        var inGlucose = Copies * People.Sum(person => Math.Pow(person.Glucose - meanGlucose, 2));
        var between = Copies * People.Sum(person => (person.Rate - meanRate) * (person.Glucose - meanGlucose));
        long[] moments =
        [
            People.Length, People.Sum(Rate), People.Sum(Glucose), People.Sum(person => Rate(person) * Rate(person)), People.Sum(person => Rate(person) * Glucose(person)),
            People.Sum(person => Glucose(person) * Glucose(person)),
        ];
        for (var i = 0; i < moments.Length; i++)
            moments[i] *= Copies;
        Near(Copies * People.Sum(person => person.Glucose), One("sum(glucose)", [moments[0], moments[2]]));
        Near(meanGlucose, One("mean(glucose)", [moments[0], moments[2]]));
        Near(n, One("count(glucose)", [moments[0], moments[2]]));
        Near(inGlucose / (n - 1), One("variance(glucose)", [moments[0], moments[2], moments[5]]));
        Near(between / (n - 1), One("covariance(heart-rate, glucose)", moments));
        Near(between / Math.Sqrt(inRate * inGlucose), One("correlation(glucose, heart-rate)", moments));

        // Explained by the heart rate: the explained variable's sums come last.
        var line = Finish("regression(glucose ~ heart-rate)", moments);
        Assert.Equal(["intercept", "heart-rate"], line.Select(value => value.Name));
        Near(between / inRate, line[1].Value);
        Near(meanGlucose - between / inRate * meanRate, line[0].Value);
    }

    [Fact]
    public void HistogramsTellCountsQuantilesAndEnds()
    {
        long[] buckets = [1000, 3000, 0, 1000];
        Assert.Equal(["30..60", "60..100", "100..140", "140..220"], Finish("histogram(heart-rate)", buckets).Select(value => value.Name));
        Near(80, One("median(heart-rate)", buckets));
        Near(30, One("quantile(heart-rate, 0)", buckets));
        Assert.Equal([30.0, 59], Finish("min(heart-rate)", buckets).Select(value => value.Value));
        Assert.Equal([140.0, 220], Finish("max(heart-rate)", buckets).Select(value => value.Value));
        Assert.Equal(["female", "male", "unknown"], Finish("histogram(sex)", [500, 400, 20]).Select(value => value.Name));
        Near(50, One("chi-squared(sex, smoker)", [100, 0, 50, 0, 100, 50]) / 4);
    }

    [Fact]
    public void ErrorBarsHoldTheValueInNearlyAllAnswers()
    {
        var asked = Parse("mean(glucose)");
        var (rho, random, held) = (10_000L, new Random(3), 0);
        var deviations = asked.Question.NoiseVariances(Example.Terms, rho).Select(variance => Math.Sqrt(1.5 * (double)variance.Numerator / (double)variance.Denominator)).ToArray();
        for (var i = 0; i < 1000; i++)
        {
            var value = Assert.Single(new Finishing(asked, Example.Terms).Values([2000 + Noise(deviations[0]), -100_000 + Noise(deviations[1])], rho));
            held += value.Low <= 16 && 16 <= value.High ? 1 : 0;
        }
        Assert.InRange(held, 925, 975);

        long Noise(double deviation) => (long)Math.Round(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }

    [Fact]
    public void WhereNoiseLeavesNothingThereIsNoNumber()
    {
        Assert.Empty(Finish("mean(glucose)", [-3, 40]));
        Assert.Empty(Finish("variance(glucose)", [10, 0, -5]));
        Assert.Empty(Finish("correlation(glucose, heart-rate)", [10, 0, 0, 100, 10, -4]));
        Assert.Empty(Finish("regression(glucose ~ heart-rate)", [0, 0, 0, 0, 0, 0]));
    }

    [Fact]
    public void ARowIsMadeOnceAndReadBackTheSame()
    {
        var values = new RowValues(new Dictionary<string, decimal> { ["glucose"] = 5.149m, ["heart-rate"] = 500 }, new Dictionary<string, string> { ["sex"] = "male", ["smoker"] = "sometimes" });
        using var row = ContributionRow.Prepare(Example.Study, values);
        Assert.True(ContributionRow.TryRead(Example.Study, row.ToBytes(), out var again));
        Assert.Equal(row.Commitment, again.Commitment);
        Assert.False(ContributionRow.TryRead(Example.Study, row.ToBytes().AsSpan(1), out _));
        var changed = row.ToBytes();
        changed[^1] ^= 1;
        Assert.False(ContributionRow.TryRead(Example.Study, changed, out _));

        // What the three hold is the row: rounded, clipped, absent and unknown.
        var header = ContributionHeader.Create(Example.Researcher, Example.Study.Id, [], row.Commitment);
        var pairs = new List<SharePair>();
        for (var party = 0; party < 3; party++)
        {
            using var box = new UnboxingKey(new byte[32]);
            Assert.True(RowDelivery.TryUnseal(box, row.SealFor(Example.Terms.Trustees[party], box.PublicKey, header, [[1], [2]]), out var delivery));
            Assert.True(SharePair.TryParse(party, Example.Terms.Layout().Count, delivery.Parcel, out var pair));
            pairs.Add(pair);
        }
        var elements = new ulong[Example.Terms.Layout().Count];
        Assert.True(Reconstruction.TryFromTwo(pairs[0], pairs[1], elements));
        Assert.Equal(Example.Terms.Layout().Encode([220, 51, null], [1, 3]), elements);
    }

    private static long Rate((double Rate, double Glucose) person) => (long)person.Rate - Example.Terms.Variables[0].Middle();

    private static long Glucose((double Rate, double Glucose) person) => (long)Math.Round(person.Glucose * 10) - Example.Terms.Variables[1].Middle();

    private static double One(string text, long[] sums) => Assert.Single(Finish(text, sums)).Value;

    private static IReadOnlyList<Estimate> Finish(string text, long[] sums) => new Finishing(Parse(text), Example.Terms).Values(sums, Dear);

    private static AskedStatistic Parse(string text) => AskedStatistic.TryParse(text, Example.Terms, out var asked, out var fault) ? asked : throw new FormatException(fault);

    private static void Near(double expected, double actual) => Assert.True(Math.Abs(expected - actual) < 1e-9 * Math.Max(1, Math.Abs(expected)), $"{expected} {actual}");
}
