using Salus.Crypto.Statistics;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;
using Salus.Trustee.Statistics;

namespace Salus.Trustee.Tests.Statistics;

public class StatisticsTests
{
    private static readonly Filter Women = new(FilterKind.Attribute, 0, 0b001);
    private static readonly Filter NotSmoking = new(FilterKind.Attribute, 1, 0b1001);
    private static readonly Filter Resting = new(FilterKind.Variable, 0, 0b0110);
    private static readonly Filter WithGlucose = new(FilterKind.Variable, 1, 0b1111);

    private static IEnumerable<(Measure Measure, byte[] Operands)> Measures =>
    [
        (Measure.Count, []), (Measure.Total, [0]), (Measure.Total, [2]), (Measure.Spread, [1]), (Measure.Buckets, [0]), (Measure.Categories, [1]), (Measure.Joint, [0, 2]),
        (Measure.Gram, [1, 0]), (Measure.Gram, [0, 1, 2]), (Measure.Table, [0, 1]),
    ];

    [Fact]
    public async Task EveryMeasureUnderEveryFilterIsExactlyThePlaintextComputationBeforeNoise()
    {
        await using var study = await StudyOfThree.StartAsync(terms => terms with { Release = terms.Release with { MinimumCohort = 2 } });
        await study.AddManyAsync(120);
        foreach (var filters in (Filter[][])[[], [Women], [NotSmoking, Resting], [Women, NotSmoking, WithGlucose]])
            foreach (var (measure, operands) in Measures)
            {
                var question = Question.Create(measure, operands, filters);
                Assert.True(question.Fits(study.Terms));
                var expected = PlainSums.Of(question, study.Terms, study.Participants);
                Assert.True((measure is Measure.Buckets or Measure.Categories or Measure.Table ? expected.Sum() : expected[0]) > 1, $"{measure} of nobody shows nothing");
                Assert.Equal(expected, await study.SumsAsync(question));
            }
    }

    [Fact]
    public async Task RowsThatAreNotValidCountNowhereAndNobodyElseIsHarmed()
    {
        await using var study = await StudyOfThree.StartAsync();
        await study.AddManyAsync(9);
        var layout = study.Terms.Layout();
        ulong[] Valid() => layout.Encode([200, 100, 50], [0, 1]);
        foreach (var change in (Action<ulong[]>[])
        [
            row => row[layout.Present(0)] = 1000, row => row[layout.Value(0)] = Field61.FromSigned(-5), row => row[layout.Value(2)] = 1_000_000,
            row => row[layout.Bucket(0, 0)] = 1, row => row[layout.Present(1)] = 0, row => row[layout.Category(0, 1)] = 1, row => row[layout.Category(1, 1)] = 0,
            row => (row[layout.Category(0, 0)], row[layout.Category(0, 1)]) = (3, Field61.FromSigned(-2)),
        ])
        {
            var row = Valid();
            change(row);
            Assert.All(await study.SendAsync(row), answer => Assert.Equal(204, answer.Status));
        }
        await study.SendAsync(Valid());
        study.Participants.Add(new Participant([200, 100, 50], [0, 1]));
        foreach (var (measure, operands) in Measures)
        {
            var question = Question.Create(measure, operands, []);
            Assert.Equal(PlainSums.Of(question, study.Terms, study.Participants), await study.SumsAsync(question));
        }
        foreach (var host in study.Three.Hosts)
            Assert.Equal("8|10", (await host.SqlAsync("SELECT count(*) FILTER (WHERE state = 2) || '|' || count(*) FILTER (WHERE state = 1) FROM statistics_rows")).Trim());
    }

    [Fact]
    public async Task ARowCountsWhenAllThreeHaveItAndUntilItIsWithdrawn()
    {
        await using var study = await StudyOfThree.StartAsync();
        await study.AddManyAsync(6);
        using var leaving = SigningKey.Generate();
        var row = study.Terms.Layout().Encode([100, null, 80], [1, 3]);
        await study.SendAsync(row, to: study.Three.Hosts.Take(2));
        await study.SendAsync(row, leaving);
        Assert.Equal([7L], await study.SumsAsync(Question.Create(Measure.Count, [], [])));

        var withdrawal = ContributionWithdrawal.Create(leaving, study.Study.Id).Signed;
        Assert.Equal(204, (await study.Three.Hosts[2].PostAsync(Paths.TrusteeWithdrawals, withdrawal)).Status);
        Assert.Equal([6L], (await study.AnswerAsync(study.Ask(Question.Create(Measure.Count, [], []), 2000))).Sums);
        foreach (var host in study.Three.Hosts.Take(2))
            Assert.Equal(204, (await host.PostAsync(Paths.TrusteeWithdrawals, withdrawal)).Status);
        Assert.All(await study.SendAsync(row, leaving), answer => answer.Refuses(410, Problems.Withdrawn));
        foreach (var host in study.Three.Hosts)
            Assert.Equal(host == study.Three.Hosts[2] ? 6 : 7, await host.CountAsync<ShareRow>());
    }

    [Fact]
    public async Task ARowIsTakenWithTwoReceiptsForThisStudyAndTheseSharesOnly()
    {
        await using var study = await StudyOfThree.StartAsync();
        await using var other = await StudyOfThree.StartAsync();
        var host = study.Three.Hosts[0];
        var place = Array.IndexOf(study.Three.Keys, host.Key);
        using var withdrawal = SigningKey.Generate();
        using var split = Crypto.Statistics.Sharing.SplitVector.SplitElements(study.Terms.Layout().Encode([100, null, 80], [1, 3]));
        using var another = Crypto.Statistics.Sharing.SplitVector.SplitElements(study.Terms.Layout().Encode([101, null, 80], [1, 3]));
        var commitments = split.Commit();
        var header = ContributionHeader.Create(withdrawal, study.Study.Id, [], RowDelivery.Commit(study.Study, commitments));
        var receipts = study.Receipts(header);

        (await SendAsync(RowDelivery.Seal(host.Box, header, [receipts[0], receipts[0]], commitments, split.Parcel(place)))).Refuses(403, Problems.NotYours);
        (await SendAsync(RowDelivery.Seal(host.Box, header, [receipts[0], other.Receipts(header)[1]], commitments, split.Parcel(place)))).Refuses(403, Problems.NotYours);
        (await SendAsync(RowDelivery.Seal(host.Box, header, receipts, another.Commit(), another.Parcel(place)))).Refuses(403, Problems.NotYours);
        (await SendAsync(RowDelivery.Seal(host.Box, header, receipts, commitments, another.Parcel(place)))).Refuses(400, Problems.BadRequest);
        (await SendAsync(RowDelivery.Seal(host.Box, header, receipts, commitments, split.Parcel(place).AsSpan(1)))).Refuses(400, Problems.BadRequest);
        (await SendAsync(RowDelivery.Seal(study.Three.Hosts[1].Box, header, receipts, commitments, split.Parcel(place)))).Refuses(400, Problems.BadRequest);
        // Another study under the same identifier is what the participant was shown.
        var shown = Study.Create(study.Researcher, study.Terms with { BudgetMicros = 1 });
        var deceived = ContributionHeader.Create(withdrawal, study.Study.Id, [], RowDelivery.Commit(shown, commitments));
        (await SendAsync(RowDelivery.Seal(host.Box, deceived, study.Receipts(deceived), commitments, split.Parcel(place)))).Refuses(403, Problems.NotYours);

        var right = RowDelivery.Seal(host.Box, header, receipts, commitments, split.Parcel(place));
        for (var i = 0; i < right.Length; i += 101)
        {
            byte[] changed = [.. right];
            changed[i] ^= 1;
            (await SendAsync(changed)).Refuses(400, Problems.BadRequest);
        }
        Assert.Equal(204, (await SendAsync(right)).Status);
        Assert.Equal(204, (await SendAsync(right)).Status);
        var second = ContributionHeader.Create(withdrawal, study.Study.Id, [], RowDelivery.Commit(study.Study, another.Commit()));
        (await SendAsync(RowDelivery.Seal(host.Box, second, study.Receipts(second), another.Commit(), another.Parcel(place)))).Refuses(409, Problems.Conflict);
        Assert.Equal(1, await host.CountAsync<ShareRow>());
        host.Time.Now = host.Time.Now.AddDays(31);
        (await SendAsync(right)).Refuses(409, Problems.StudyClosed);

        Task<Answer> SendAsync(byte[] body) => host.PostAsync(Paths.StatisticsRows, body);
    }

    [Fact]
    public async Task ADumpOfTwoTrusteesHoldsNoShares()
    {
        await using var study = await StudyOfThree.StartAsync();
        await study.AddManyAsync(3);
        await study.SumsAsync(Question.Create(Measure.Categories, [0], []));
        foreach (var host in study.Three.Hosts.Take(2))
        {
            var row = (await host.InDatabaseAsync(database => Task.FromResult(database.ShareRows.First())))!;
            var rows = (RowKey)host.Services.GetService(typeof(RowKey))!;
            var parcel = await rows.OpenAsync(row);
            Assert.DoesNotContain(Convert.ToHexStringLower(parcel.AsSpan(0, 16)), await host.Cluster.DumpAsync(host.Database), StringComparison.Ordinal);
            // And what is there counts for no other contribution.
            var moved = new ShareRow { Study = row.Study, Contribution = Identifier.Random<ContributionId>(), Commitments = row.Commitments, SealedParcel = row.SealedParcel };
            await Assert.ThrowsAsync<InvalidDataException>(() => rows.OpenAsync(moved));
        }
    }
}
