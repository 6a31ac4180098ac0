using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Results;
using Salus.Crypto.Statistics.Rows;
using Salus.Crypto.Statistics.Sharing;

namespace Salus.Crypto.Tests.Statistics.Computing;

/// <summary>Every statistic over shares is the one over the rows themselves, exactly.</summary>
public sealed class AggregatesTests
{
    private const int Count = 400;

    private static readonly RowLayout Layout = new(
        [new RowVariable(-100, 100, [-50, 0, 50], Presence.Optional), new RowVariable(0, 1_000_000, [], Presence.Required), new RowVariable(0, 50, [], Presence.Required)], [2, 3]);

    private readonly (long? A, long B, long C, int Sex, int Group)[] _rows;
    private readonly SharePair[][] _shares;

    public AggregatesTests()
    {
        var random = new Random(8);
        _rows = [.. Enumerable.Range(0, Count).Select(_ => ((long?)(random.Next(5) == 0 ? null : random.Next(-100, 101)), random.NextInt64(1_000_001),
            (long)random.Next(51), random.Next(2), random.Next(3)))];
        var all = _rows.Select(row =>
        {
            using var split = SplitVector.SplitElements(Layout.Encode([row.A, row.B, row.C], [row.Sex, row.Group]));
            return Enumerable.Range(0, Parties.Count).Select(party =>
                SharePair.TryParse(party, Layout.Count, split.Parcel(party), out var pair) ? pair : throw new InvalidOperationException("Not a parcel.")).ToArray();
        }).ToArray();
        _shares = [.. Enumerable.Range(0, Parties.Count).Select(party => all.Select(row => row[party]).ToArray())];
    }

    [Fact]
    public async Task MomentsOfAFilteredCohortAreExact()
    {
        var opened = await OpenAsync(async (computation, column) =>
        {
            var members = await Aggregates.MembersAsync(
                computation, [column(Layout.Present(0)), column(Layout.Category(0, 1)), column(Layout.Category(1, 2))], default);
            return await Aggregates.MomentsAsync(computation, members, [column(0), column(1), column(2)], default);
        });
        var cohort = _rows.Where(row => row is { A: not null, Sex: 1, Group: 2 }).Select(row => new[] { row.A!.Value, row.B, row.C }).ToArray();
        Assert.NotEmpty(cohort);
        AssertMoments(cohort, opened);
    }

    [Fact]
    public async Task MomentsOfEveryoneAreExactAndSoIsTheRegression()
    {
        var opened = await OpenAsync(async (computation, column) => await Aggregates.MomentsAsync(computation, null, [column(1), column(2)], default));
        AssertMoments([.. _rows.Select(row => new[] { row.B, row.C })], opened);
        Assert.True(new Moments(2, opened).TryRegression(0, [1], out var coefficients));
        // The normal equations hold for the rows.
        Rational residuals = 0, weighted = 0;
        foreach (var row in _rows)
        {
            var residual = row.B - (coefficients[0] + coefficients[1] * row.C);
            residuals += residual;
            weighted += row.C * residual;
        }
        Assert.Equal((0, 0), (residuals, weighted));
    }

    [Fact]
    public async Task HistogramsCountTheCohort()
    {
        foreach (var filtered in new[] { false, true })
        {
            var opened = await OpenAsync(async (computation, column) => await Aggregates.SumsAsync(computation,
                await Aggregates.MembersAsync(computation, filtered ? [column(Layout.Category(0, 0))] : [], default),
                [.. Enumerable.Range(0, 4).Select(bucket => column(Layout.Bucket(0, bucket)))], default));
            var cohort = _rows.Where(row => row.A is not null && (!filtered || row.Sex == 0)).Select(row => row.A!.Value).ToArray();
            Assert.Equal([cohort.Count(a => a < -50), cohort.Count(a => a is >= -50 and < 0), cohort.Count(a => a is >= 0 and < 50), cohort.Count(a => a >= 50)], opened);
        }
    }

    [Fact]
    public async Task TablesCountPairsOfCategories()
    {
        foreach (var filtered in new[] { false, true })
        {
            var opened = await OpenAsync(async (computation, column) => await Aggregates.TableAsync(computation, filtered ? column(Layout.Present(0)) : null,
                [.. Enumerable.Range(0, 2).Select(i => column(Layout.Category(0, i)))], [.. Enumerable.Range(0, 3).Select(i => column(Layout.Category(1, i)))], default));
            var cohort = _rows.Where(row => !filtered || row.A is not null).ToArray();
            Assert.Equal(from sex in Enumerable.Range(0, 2) from g in Enumerable.Range(0, 3) select (long)cohort.Count(row => row.Sex == sex && row.Group == g), opened);
        }
    }

    private static void AssertMoments(long[][] rows, long[] opened)
    {
        var d = rows[0].Length;
        var expected = new List<long> { rows.Length };
        expected.AddRange(Enumerable.Range(0, d).Select(a => rows.Sum(row => row[a])));
        for (var a = 0; a < d; a++)
            for (var b = a; b < d; b++)
                expected.Add(rows.Sum(row => row[a] * row[b]));
        Assert.Equal(expected, opened);
    }

    private async Task<long[]> OpenAsync(Func<Computation, Func<int, SecretVector>, Task<SecretVector>> query)
    {
        var results = await Ring.ResultsAsync(async computation =>
            await computation.OpenAsync(await query(computation, index => SecretVector.Column(_shares[computation.Party], index)), default));
        Assert.All(results, result => Assert.Equal(results[0], result));
        return [.. results[0].Select(Field61.ToSigned)];
    }
}
