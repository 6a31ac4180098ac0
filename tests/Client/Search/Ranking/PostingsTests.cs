using Salus.Client.Search.Ranking;
using Salus.Client.Search.Segments;

namespace Salus.Client.Tests.Search.Ranking;

/// <summary>Merging against the same done with sets.</summary>
public class PostingsTests
{
    [Fact]
    public void UnionSumsFrequencies()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var lists = Lists(random, 1 + random.Next(6));
            var expected = lists.SelectMany(list => list).GroupBy(posting => posting.Document).OrderBy(group => group.Key)
                .Select(group => (group.Key, (uint)group.Sum(posting => posting.Frequency)));
            Assert.Equal(expected, Postings.Union(lists).Select(posting => (posting.Document, posting.Frequency)));
        }
    }

    [Fact]
    public void FrequenciesThatAreTooMuchTogetherAreCut()
    {
        Posting[] list = [new(3, uint.MaxValue, 1)];
        Assert.Equal(uint.MaxValue, Postings.Union([list, list]).Single().Frequency);
    }

    [Fact]
    public void AnyAllAndWithoutAreThoseOfSets()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var lists = Lists(random, 1 + random.Next(4)).Select(Matches).ToArray();
            var excluded = Matches(Lists(random, 1)[0]);
            var scores = lists.SelectMany(list => list).GroupBy(match => match.Document).ToDictionary(group => group.Key, group => group.Sum(match => match.Score));
            Assert.Equal(scores.OrderBy(score => score.Key), Pairs(Postings.Any(lists)));
            var everywhere = scores.Where(score => lists.All(list => list.Any(match => match.Document == score.Key))).OrderBy(score => score.Key);
            Assert.Equal(everywhere, Pairs(Postings.All(lists)));
            Assert.Equal(everywhere.Where(score => excluded.All(match => match.Document != score.Key)), Pairs(Postings.Without(Postings.All(lists), excluded)));
        }
    }

    [Fact]
    public void BestFirstHandsOutEqualsTogether()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var candidates = Enumerable.Range(0, 200).Select(i => new Candidate(i % 3, (uint)i, random.Next(20))).ToArray();
            var best = new BestFirst(candidates);
            var taken = new List<Candidate>();
            while (best.Count > 0)
            {
                var page = best.Take(1 + random.Next(30));
                Assert.True(taken.Count == 0 || page[0].Score < taken[^1].Score);
                taken.AddRange(page);
            }
            Assert.Equal(candidates.OrderByDescending(candidate => candidate.Score).Select(candidate => candidate.Score), taken.Select(candidate => candidate.Score));
            Assert.Equal(candidates.Length, taken.Distinct().Count());
            Assert.Empty(best.Take(5));
        }
    }

    /// <summary>Whole numbers, so that sums are exact in any order.</summary>
    private static IReadOnlyList<Match> Matches(IReadOnlyList<Posting> postings) => [.. postings.Select(posting => new Match(posting.Document, posting.Frequency))];

    private static IEnumerable<KeyValuePair<uint, double>> Pairs(IEnumerable<Match> matches) => matches.Select(match => KeyValuePair.Create(match.Document, match.Score));

    private static IReadOnlyList<Posting>[] Lists(Random random, int count)
    {
        var range = 1 + random.Next(300);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var keep = random.NextDouble();
            return Enumerable.Range(0, range).Where(_ => random.NextDouble() < keep).Select(i => new Posting((uint)i, (uint)(1 + random.Next(9)), (uint)random.Next(50))).ToArray();
        })];
    }
}
