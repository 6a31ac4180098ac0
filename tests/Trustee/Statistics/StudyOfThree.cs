using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Statistics.Sharing;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;
using Salus.Trustee.Statistics;
using Salus.Trustee.Tokens;

namespace Salus.Trustee.Tests.Statistics;

/// <summary>A participant's values as the test knows them: scaled numbers or null, and categories by their place.</summary>
internal sealed record Participant(long?[] Numbers, int[] Categories);

/// <summary>A study at three trustees, with participants who bring rows and a researcher who asks.</summary>
internal sealed class StudyOfThree : IAsyncDisposable
{
    private readonly SigningKey _researcher = SigningKey.Generate();

    private StudyOfThree(Three three, Func<StudyTerms, StudyTerms>? change)
    {
        Three = three;
        using var custodian = SigningKey.Generate();
        var terms = new StudyTerms(Identifier.Random<StudyId>(), Card(_researcher), Card(custodian), three.Keys, "Hearts", "How hearts beat.", "", [], [], "",
            new ReleaseRules(11, 1, 1000, 50, 5), 10_000_000,
            [
                new("heart-rate", "loinc:8867-4", "/min", 0, 30, 220, [60, 100, 140]), new("glucose", "loinc:2339-0", "mmol/L", 1, 20, 400, [40, 70, 110]),
                new("weight", "column:weight", "kg", 0, 0, 300, []),
            ],
            [new("sex", "column:sex", ["female", "male"]), new("smoker", "column:smoker", ["no", "yes", "earlier"])], [],
            three.Hosts[0].Time.Now.AddDays(-1), three.Hosts[0].Time.Now.AddDays(30));
        Study = Study.Create(_researcher, change?.Invoke(terms) ?? terms);
    }

    public Three Three { get; }

    public Study Study { get; }

    public StudyTerms Terms => Study.Terms;

    public SigningKey Researcher => _researcher;

    public List<Participant> Participants { get; } = [];

    /// <param name="change">What is different about a trustee; without noise unless it says otherwise.</param>
    public static async Task<StudyOfThree> StartAsync(Func<StudyTerms, StudyTerms>? terms = null, Action<TrusteeHost>? change = null)
    {
        var three = await Three.StartAsync((_, to) => to.Url, host =>
        {
            host.Noise = (_, sums, _, _) => ValueTask.FromResult(sums);
            host.Threshold = new CohortThreshold(0);
            host.PeerSeconds = 4;
            change?.Invoke(host);
        });
        var study = new StudyOfThree(three, terms);
        foreach (var host in three.Hosts)
            Assert.True(await host.InDatabaseAsync(database => database.KeepAsync(study.Study, 1, default)));
        return study;
    }

    public async Task AddAsync(Participant participant)
    {
        Participants.Add(participant);
        foreach (var answer in await SendAsync(Terms.Layout().Encode(participant.Numbers, participant.Categories)))
            Assert.Equal((204, ""), (answer.Status, answer.Problem));
    }

    /// <summary>Some of everything, with values that are missing.</summary>
    public async Task AddManyAsync(int count, int seed = 1)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
            await AddAsync(new Participant(
                [.. Terms.Variables.Select(variable => random.Next(8) == 0 ? (long?)null : random.NextInt64(variable.Lower, variable.Upper + 1))],
                [.. Terms.Attributes.Select(attribute => random.Next(attribute.Categories.Count + 1))]));
    }

    /// <summary>Sends a row, valid or not, to those trustees.</summary>
    public async Task<Answer[]> SendAsync(ulong[] row, SigningKey? withdrawal = null, IEnumerable<TrusteeHost>? to = null)
    {
        using var own = SigningKey.Generate();
        using var split = SplitVector.SplitElements(row);
        var header = ContributionHeader.Create(withdrawal ?? own, Study.Id, [], RowDelivery.Commit(Study, split.Commit()));
        var receipts = Receipts(header);
        return await Task.WhenAll((to ?? Three.Hosts).Select(host =>
            host.PostAsync(Paths.StatisticsRows, RowDelivery.Seal(host.Box, header, receipts, split.Commit(), split.Parcel(Array.IndexOf(Three.Keys, host.Key))))));
    }

    public byte[][] Receipts(ContributionHeader header) => [.. Three.Hosts.Take(2).Select(host =>
        ContributionReceipt.Create(host.Services.GetRequiredService<ServerIdentity>().Signing, Study.Id, header.Digest).Signed)];

    public StatisticsQuery Ask(Question question, long rhoMicros = 1000, SigningKey? by = null) =>
        StatisticsQuery.Create(by ?? _researcher, Study.Id, question, rhoMicros, Three.Hosts[0].Time.Now);

    public Task<Answer[]> SendAsync(StatisticsQuery query) => Task.WhenAll(Three.Hosts.Select(host => host.PostAsync(Paths.StatisticsQueries, query.Signed)));

    /// <summary>The answer of all three, who agree.</summary>
    public async Task<StatisticsAnswer> AnswerAsync(StatisticsQuery query)
    {
        var answers = new List<StatisticsAnswer>();
        foreach (var (host, answer) in Three.Hosts.Zip(await SendAsync(query)))
        {
            Assert.Equal((200, ""), (answer.Status, answer.Problem));
            Assert.True(StatisticsAnswer.TryVerify(answer.Bytes, host.Key, query.Name, out var one));
            answers.Add(one);
        }
        Assert.All(answers.Skip(1), answer => Assert.True(answer.Agrees(answers[0])));
        return answers[0];
    }

    public async Task<IReadOnlyList<long>> SumsAsync(Question question) => (await AnswerAsync(Ask(question))).Sums;

    public async Task<long[]> SpentAsync()
    {
        var spent = new List<long>();
        foreach (var host in Three.Hosts)
        {
            var answer = await host.SendAsync(HttpMethod.Get, Paths.StatisticsBudget.Replace("{study}", Study.Id.ToString(), StringComparison.Ordinal));
            Assert.True(StatisticsBudget.TryVerify(answer.Bytes, host.Key, Study.Id, out var budget));
            Assert.Equal(Terms.BudgetMicros, budget.Micros);
            spent.Add(budget.SpentMicros);
        }
        return [.. spent];
    }

    /// <summary>So much is spent at each of the three.</summary>
    public async Task HasSpentAsync(long micros) => Assert.All(await SpentAsync(), spent => Assert.Equal(micros, spent));

    public async ValueTask DisposeAsync()
    {
        _researcher.Dispose();
        await Three.DisposeAsync();
    }

    private static AccountCard Card(SigningKey key)
    {
        using var box = new UnboxingKey(new byte[32]);
        return AccountCard.Create(key, ReceivingKey.FromSeed(RandomNumberGenerator.GetBytes(ReceivingKey.SeedSize)).PublicKey, box.PublicKey, 1);
    }
}
