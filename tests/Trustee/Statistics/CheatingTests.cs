using Microsoft.Extensions.DependencyInjection;
using Salus.Crypto.Statistics.Computing;
using Salus.Hosting;
using Salus.Protocol.Http;
using Salus.Protocol.Statistics;
using Salus.Testing;
using Salus.Trustee.Peers;
using Salus.Trustee.Statistics;

namespace Salus.Trustee.Tests.Statistics;

public class CheatingTests
{
    private static readonly Question Asked = Question.Create(Measure.Spread, [0], [new Filter(FilterKind.Attribute, 0, 0b011)]);

    [Fact, Attack("U06")]
    public async Task WhateverMessageATrusteeChangesNobodyAnswersAnythingWrong()
    {
        await using var study = await StudyOfThree.StartAsync();
        await study.AddManyAsync(12);
        var expected = PlainSums.Of(Asked, study.Terms, study.Participants);
        var (changed, rho) = (0, 1000);
        for (var message = 0; ; message++)
        {
            var query = study.Ask(Asked, rho++);
            var (cheat, answers) = await CheatAsync(study, query, message);
            foreach (var (host, answer) in study.Three.Hosts.Skip(1).Zip(answers))
                if (answer.Status == 200)
                {
                    // Changed so late that an honest one had all that it needed.
                    Assert.True(StatisticsAnswer.TryVerify(answer.Bytes, host.Key, query.Name, out var verified));
                    Assert.Equal(expected, verified.Sums);
                }
                else
                    Assert.Contains(answer.Problem, (string[])[Problems.Cheated, Problems.PeerAway]);
            if (!cheat.HasChanged)
                break;
            changed++;
            Assert.Contains(answers, answer => answer.Status != 200);
        }
        Assert.True(changed > 20, $"{changed}");
        // And honest again, all goes on: the rows of nobody were harmed.
        Assert.Equal(expected, (await study.AnswerAsync(study.Ask(Asked, 900))).Sums);
    }

    [Fact]
    public async Task ATrusteeThatChangesItsSharesOfARowIsFoundOut()
    {
        await using var study = await StudyOfThree.StartAsync();
        await study.AddManyAsync(8);
        var host = study.Three.Hosts[0];
        var key = host.Services.GetRequiredService<RowKey>();
        var row = await host.InDatabaseAsync(database => Task.FromResult(database.ShareRows.First()));
        var parcel = await key.OpenAsync(row);
        parcel[^1] ^= 1;
        var sealedParcel = Convert.ToHexStringLower(await key.SealAsync(parcel, row));
        await host.SqlAsync($"UPDATE statistics_rows SET sealed_parcel = '\\x{sealedParcel}' WHERE contribution = '\\x{row.Contribution}'");
        var answers = await study.SendAsync(study.Ask(Asked));
        Assert.All(answers, answer => Assert.Contains(answer.Problem, (string[])[Problems.Cheated, Problems.PeerAway]));
        Assert.Contains(answers.Skip(1), answer => answer.Problem == Problems.Cheated);
    }

    [Fact]
    public async Task AStoppedTrusteeIsNamedAndNothingIsSpent()
    {
        await using var study = await StudyOfThree.StartAsync();
        await study.AddManyAsync(6);
        await study.Three.Hosts[2].StopAsync();
        var query = study.Ask(Asked);
        foreach (var answer in await Task.WhenAll(study.Three.Hosts.Take(2).Select(host => host.PostAsync(Paths.StatisticsQueries, query.Signed))))
        {
            answer.Refuses(503, Problems.PeerAway);
            Assert.Contains("trustee3 ", System.Text.Encoding.UTF8.GetString(answer.Bytes), StringComparison.Ordinal);
        }
        await study.Three.Hosts[2].RestartAsync();
        await study.HasSpentAsync(0);
        await study.AnswerAsync(query); // nobody had begun
    }

    /// <summary>The first trustee runs its part itself, with one of its messages changed.</summary>
    private static async Task<(Cheat Cheat, Answer[] Answers)> CheatAsync(StudyOfThree study, StatisticsQuery query, int message)
    {
        var honest = Task.WhenAll(study.Three.Hosts.Skip(1).Select(host => host.PostAsync(Paths.StatisticsQueries, query.Signed)));
        var services = study.Three.Hosts[0].Services;
        await using var scope = services.CreateAsyncScope();
        await using var session = await services.GetRequiredService<PeerNetwork>().OpenAsync(query.Computation, study.Three.Keys, default);
        var cheat = new Cheat(session, message);
        try
        {
            await scope.ServiceProvider.GetRequiredService<SharedAnswer>().ComputeAsync(query, study.Terms, cheat, session.Self, default);
            await session.FlushAsync(default);
        }
        catch (Exception ended) when (ended is ComputationAbortedException or PeerException or ProblemException)
        {
            await session.LeaveAsync();
        }
        return (cheat, await honest);
    }

    private sealed class Cheat(PeerSession session, int message) : IPeerChannel
    {
        private int _sent;

        public bool HasChanged { get; private set; }

        public ValueTask ExchangeAsync(
            ReadOnlyMemory<byte> toPrevious, ReadOnlyMemory<byte> toNext, Memory<byte> fromPrevious, Memory<byte> fromNext, CancellationToken cancel) =>
            session.ExchangeAsync(Changed(toPrevious), Changed(toNext), fromPrevious, fromNext, cancel);

        private ReadOnlyMemory<byte> Changed(ReadOnlyMemory<byte> sent)
        {
            if (sent.IsEmpty || _sent++ != message)
                return sent;
            HasChanged = true;
            var changed = sent.ToArray();
            changed[changed.Length / 2] ^= 1;
            return changed;
        }
    }
}
