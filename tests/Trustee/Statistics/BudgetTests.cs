using Salus.Crypto.Statistics.Noise;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;
using Salus.Testing;
using Salus.Trustee.Statistics;

namespace Salus.Trustee.Tests.Statistics;

public class BudgetTests
{
    private static readonly Question Everybody = Question.Create(Measure.Count, [], []);

    [Fact]
    public async Task TheSameQuestionHasTheSameAnswerFreeAndForeverAndADearerOneAnother()
    {
        await using var study = await StudyOfThree.StartAsync(change: host => host.Noise = NoiseInput.AddAsync);
        await study.AddManyAsync(60);
        var first = await study.AnswerAsync(study.Ask(Everybody, 5000));
        await study.HasSpentAsync(5000);
        await study.AddManyAsync(3, seed: 2);
        foreach (var host in study.Three.Hosts)
            await host.RestartAsync();
        for (var i = 0; i < 3; i++)
            Assert.True((await study.SendAsync(study.Ask(Everybody, 5000))).Select((answer, place) => Verified(study, place, answer)).All(answer =>
                answer.Sums.SequenceEqual(first.Sums) && answer.At == first.At));
        await study.HasSpentAsync(5000);
        Assert.NotEqual(first.At, (await LaterAsync(study, 5001)).At);
        await study.HasSpentAsync(10001);
    }

    [Fact, Attack("U06")]
    public async Task DifferencingRunsOutOfBudgetBeforeItTellsAnything()
    {
        // One woman among men: what all weigh less what the men weigh is what she weighs.
        await using var study = await StudyOfThree.StartAsync(terms => terms with { BudgetMicros = 100_000 }, host => host.Noise = NoiseInput.AddAsync);
        for (var i = 0; i < 39; i++)
            await study.AddAsync(new Participant([null, null, 80], [1, 0]));
        await study.AddAsync(new Participant([null, null, 233], [0, 0]));
        var (all, men) = (Question.Create(Measure.Total, [2], []), Question.Create(Measure.Total, [2], [new Filter(FilterKind.Attribute, 0, 0b110)]));
        var guesses = new List<double>();
        for (var rho = 5000; ; rho++)
        {
            var refused = false;
            var sums = new List<long>();
            foreach (var question in (Question[])[all, men])
            {
                var answers = await study.SendAsync(study.Ask(question, rho));
                refused |= answers.All(answer => answer.Problem == Problems.BudgetSpent);
                Assert.All(answers, answer => Assert.True(refused ? answer.Problem == Problems.BudgetSpent : answer.Status == 200, answer.Problem));
                if (!refused)
                    sums.Add(Verified(study, 0, answers[0]).Sums is { Count: 2 } two ? two[1] : 0);
            }
            if (refused)
                break;
            guesses.Add(sums[0] - sums[1] + 150);
        }
        // Ten thousandths a guess: nine of them, each with a deviation of 4,000 kg. Their mean is known to 1,300 kg, and nobody weighs more than 300.
        Assert.InRange(guesses.Count, 8, 10);
        var deviation = Math.Sqrt(2 * 1.5 * (double)new System.Numerics.BigInteger(150 * 150 * 2) * 1_000_000 / (2 * 5005) / guesses.Count);
        Assert.True(deviation > 800, $"{deviation}");
        Assert.All(await study.SpentAsync(), spent => Assert.InRange(spent, 80_000, 100_000));
    }

    [Fact]
    public async Task FewParticipantsAreNoCohortAndHowFewIsNotSaid()
    {
        await using var study = await StudyOfThree.StartAsync();
        await study.AddManyAsync(4);
        var answers = await study.SendAsync(study.Ask(Everybody));
        var four = Verified(study, 0, answers[0]);
        Assert.True(four.IsRefusal);
        await using var empty = await StudyOfThree.StartAsync();
        Assert.True((await empty.AnswerAsync(empty.Ask(Everybody))).IsRefusal);
        Assert.Equal(Verified(empty, 0, (await empty.SendAsync(empty.Ask(Everybody)))[0]).Signed.Length, four.Signed.Length);
        await study.AddAsync(new Participant([null, null, null], [2, 3]));
        Assert.True((await study.AnswerAsync(study.Ask(Everybody))).IsRefusal); // the question has its answer
        Assert.Equal([5L], (await study.AnswerAsync(study.Ask(Everybody, 2000))).Sums);
        await study.HasSpentAsync(3000);
    }

    [Fact]
    public async Task OnlyTheResearcherIsAnsweredNowAndAboutWhatTheStudyDeclares()
    {
        await using var study = await StudyOfThree.StartAsync();
        await study.AddManyAsync(6);
        using var stranger = SigningKey.Generate();
        var host = study.Three.Hosts[0];
        (await AskAsync(study.Ask(Everybody, by: stranger).Signed)).Refuses(403, Problems.NotYours);
        (await AskAsync([1, 2, 3])).Refuses(400, Problems.BadRequest);
        var changed = study.Ask(Everybody).Signed;
        changed[^70] ^= 1;
        (await AskAsync(changed)).Refuses(400, Problems.BadRequest);
        foreach (var question in (Question[])
        [
            Question.Create(Measure.Total, [3], []), Question.Create(Measure.Categories, [2], []), Question.Create(Measure.Buckets, [2], []),
            Question.Create(Measure.Count, [], [new Filter(FilterKind.Attribute, 0, 0b1000)]), Question.Create(Measure.Count, [], [new Filter(FilterKind.Variable, 2, 1)]),
        ])
            (await AskAsync(study.Ask(question).Signed)).Refuses(400, Problems.BadRequest);
        (await AskAsync(StatisticsQuery.Create(study.Researcher, Identifier.Random<StudyId>(), Everybody, 1000, host.Time.Now).Signed)).Refuses(404, Problems.NotFound);
        (await AskAsync(StatisticsQuery.Create(study.Researcher, study.Study.Id, Everybody, 1000, host.Time.Now.AddMinutes(6)).Signed)).Refuses(403, Problems.ClockSkew);
        var asked = study.Ask(Everybody);
        await study.AnswerAsync(asked);
        await study.AnswerAsync(asked);
        await study.HasSpentAsync(1000);
        (await AskAsync(study.Ask(Everybody, 10_000_000).Signed)).Refuses(403, Problems.BudgetSpent);
        await host.InDatabaseAsync(async database =>
        {
            await Trustee.Tokens.TokenTables.EndAsync(database, StudyEnd.Create(study.Researcher, study.Study.Id, host.Time.Now), default);
            return 0;
        });
        (await AskAsync(study.Ask(Everybody, 3000).Signed)).Refuses(409, Problems.StudyClosed);

        Task<Answer> AskAsync(byte[] body) => host.PostAsync(Paths.StatisticsQueries, body);
    }

    [Fact]
    public async Task WhoStopsBetweenSpendingAndAnsweringHasLostBudgetAndLearntNothing()
    {
        TrusteeHost? failing = null;
        var fails = true;
        await using var study = await StudyOfThree.StartAsync(change: host =>
        {
            if (failing is not null)
                return;
            failing = host;
            host.Noise = (_, sums, _, _) => fails ? throw new InvalidOperationException("The power went.") : ValueTask.FromResult(sums);
        });
        await study.AddManyAsync(8);
        foreach (var (host, answer) in study.Three.Hosts.Zip(await study.SendAsync(study.Ask(Everybody))))
            Assert.Equal(host == failing ? (500, "internal") : (503, Problems.PeerAway), (answer.Status, host == failing ? "internal" : answer.Problem));
        await study.HasSpentAsync(1000);
        foreach (var host in study.Three.Hosts)
        {
            Assert.Equal("1", (await host.SqlAsync("SELECT count(*) FILTER (WHERE answer IS NULL) FROM statistics_queries")).Trim());
            await host.RestartAsync();
        }
        fails = false;
        Assert.Equal([8L], await study.SumsAsync(Everybody));
        await study.HasSpentAsync(2000);
    }

    [Fact, Attack("U06")]
    public async Task ATrusteeWhoseLedgerLagsTakesTheMaximum()
    {
        await using var study = await StudyOfThree.StartAsync(terms => terms with { BudgetMicros = 2500 });
        await study.AddManyAsync(6);
        await study.AnswerAsync(study.Ask(Everybody));
        var lagging = study.Three.Hosts[1];
        await lagging.SqlAsync("DELETE FROM statistics_budgets; DELETE FROM statistics_queries");
        await study.AnswerAsync(study.Ask(Question.Create(Measure.Categories, [0], [])));
        await study.HasSpentAsync(2000);
        Assert.All(await study.SendAsync(study.Ask(Question.Create(Measure.Categories, [1], []))), answer => answer.Refuses(403, Problems.BudgetSpent));
    }

    [Fact]
    public async Task EqualQuestionsAtOnceHaveOneAnswerAndCostOnce()
    {
        await using var study = await StudyOfThree.StartAsync(change: host => host.Noise = NoiseInput.AddAsync);
        await study.AddManyAsync(60);
        var (first, second) = (study.Ask(Everybody, 5000), study.Ask(Everybody, 5000));
        // Each trustee hears of both, not all in the same order.
        var asked = study.Three.Hosts.Select((host, place) => Task.WhenAll((place == 1 ? new[] { second, first } : [first, second])
            .Select(query => host.PostAsync(Paths.StatisticsQueries, query.Signed)))).ToArray();
        var answers = (await Task.WhenAll(asked)).SelectMany((both, place) => both.Select(answer => Verified(study, place, answer))).ToList();
        answers.Add(await study.AnswerAsync(study.Ask(Everybody, 5000)));
        Assert.All(answers, answer => Assert.Equal((answers[0].Sums.Single(), 5000), (answer.Sums.Single(), answer.SpentMicros)));
        await study.HasSpentAsync(5000);
        foreach (var host in study.Three.Hosts)
            Assert.Equal(1, await host.CountAsync<QueryRow>());
    }

    [Fact]
    public async Task OneStudyDoesNotHoldUpTheQuestionsOfAnother()
    {
        await using var study = await StudyOfThree.StartAsync(change: host => host.PeerSeconds = 10);
        await study.AddManyAsync(8);
        var other = Study.Create(study.Researcher, study.Terms with { Id = Identifier.Random<StudyId>() });
        foreach (var host in study.Three.Hosts)
            Assert.True(await host.InDatabaseAsync(database => Trustee.Tokens.TokenTables.KeepAsync(database, other, 2, default)));
        var alone = Enumerable.Range(1, 8).Select(rho => study.Three.Hosts[0].PostAsync(Paths.StatisticsQueries,
            StatisticsQuery.Create(study.Researcher, other.Id, Everybody, 1000 + rho, study.Three.Hosts[0].Time.Now).Signed)).ToArray();
        await Task.Delay(500);
        Assert.Equal([8L], await study.SumsAsync(Everybody));
        Assert.Contains(await Task.WhenAll(alone), answer => answer.Problem == Problems.TooMany);
    }

    [Fact]
    public async Task ACohortOfOneIsNeverAnswered()
    {
        await using var study = await StudyOfThree.StartAsync(terms => terms with { Release = terms.Release with { MinimumCohort = 11 } });
        var random = new Random(7);
        foreach (var question in (Question[])[Everybody, Question.Create(Measure.Buckets, [0], []), Question.Create(Measure.Table, [0, 1], [])])
        {
            var variances = question.NoiseVariances(study.Terms, Bounds.MinRhoMicros);
            long[] Sums(long count) => [.. variances.Select((variance, at) => (at == 0 ? count : 0) + Noise(1.5 * (double)variance.Numerator / (double)variance.Denominator))];
            var questions = Enumerable.Range(0, 1000).Select(_ => Sums(1)).ToList();
            Assert.True(questions.Count(sums => sums.Sum() >= 11) > 200, "the noise alone hides who is there");
            Assert.DoesNotContain(questions, sums => CohortThreshold.Usual.IsReached(question, study.Terms, variances, sums));
            Assert.True(CohortThreshold.Usual.IsReached(question, study.Terms, variances, Sums(10_000)));
        }

        long Noise(double variance) => (long)Math.Round(Math.Sqrt(-2 * variance * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }

    private static StatisticsAnswer Verified(StudyOfThree study, int place, Answer answer)
    {
        Assert.Equal((200, ""), (answer.Status, answer.Problem));
        var name = answer.Bytes.AsSpan("salus statistics answer 1\n".Length + 48, 32);
        Assert.True(StatisticsAnswer.TryVerify(answer.Bytes, study.Three.Hosts[place].Key, name, out var verified));
        return verified;
    }

    private static async Task<StatisticsAnswer> LaterAsync(StudyOfThree study, long rho)
    {
        foreach (var host in study.Three.Hosts)
            host.Time.Now = host.Time.Now.AddSeconds(1);
        return await study.AnswerAsync(study.Ask(Everybody, rho));
    }
}
