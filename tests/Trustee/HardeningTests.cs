using Salus.Crypto.Oprf;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;
using Salus.Trustee.Hardening;

namespace Salus.Trustee.Tests;

public sealed class HardeningTests : IDisposable
{
    private readonly SigningKey _account = SigningKey.Generate();

    [Fact]
    public async Task ThreeTrusteesMakeAKeyAndAnyTwoEvaluateUnderIt()
    {
        await using var three = await Three.StartAsync();
        var words = await EstablishAsync(three);
        Assert.All(words, word => Assert.True(word.AgreesWith(words[0])));
        using var input = BlindedInput.Blind("+41790000000"u8);
        var verified = new List<VerifiedEvaluation>();
        foreach (var trustee in three.Hosts)
        {
            var answer = await trustee.PostAsync(Paths.HardeningEvaluations, Ask(trustee, input.Element).Signed);
            Assert.Equal((200, ""), (answer.Status, answer.Problem));
            Assert.True(Evaluation.TryParse(answer.Bytes, out var evaluation));
            Assert.True(evaluation.TryVerify(words[0].Key, words[0].Members.IndexOf(trustee.Key), input.Element, out var one));
            verified.Add(one);
        }
        Assert.True(input.TryFinish(verified[0], verified[1], out var first));
        Assert.True(input.TryFinish(verified[2], verified[0], out var second));
        Assert.Equal(first.Bytes.ToArray(), second.Bytes.ToArray());
    }

    [Fact]
    public async Task MakingIsTheSameHoweverOftenAndWhenceverItIsTakenUpAgain()
    {
        await using var three = await Three.StartAsync();
        (await three.Hosts[0].SendAsync(HttpMethod.Get, Paths.HardeningKey)).Refuses(404, Problems.NotFound);
        using (var input = BlindedInput.Blind("x"u8))
            (await three.Hosts[0].PostAsync(Paths.HardeningEvaluations, Ask(three.Hosts[0], input.Element).Signed)).Refuses(409, Problems.Conflict);
        var parts = await ContributionsAsync(three);
        await three.Hosts[1].RestartAsync();
        Assert.Equal(parts.Select(part => part.Signed), (await ContributionsAsync(three)).Select(part => part.Signed));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => three.Hosts[0].SendAsync(HttpMethod.Put, Paths.HardeningKey, HardeningContribution.EncodeAll(parts))));
        Assert.All(answers, answer => Assert.Equal(answers[0].Bytes, answer.Bytes));
        // The relay was killed here; the next one finishes.
        var words = await EstablishAsync(three);
        Assert.Equal(answers[0].Bytes, words[0].Signed);
        await three.Hosts[2].RestartAsync();
        Assert.Equal(words[2].Signed, (await three.Hosts[2].SendAsync(HttpMethod.Get, Paths.HardeningKey)).Bytes);
        Assert.All(await EstablishAsync(three), word => Assert.True(word.AgreesWith(words[0])));
    }

    [Fact]
    public async Task ATrusteeTakesNoContributionsButThoseOfItsOperatorsTrusteesWithItsOwn()
    {
        await using var three = await Three.StartAsync();
        var parts = await ContributionsAsync(three);
        var trustee = three.Hosts[0];
        using var stranger = SigningKey.Generate();
        using var box = new UnboxingKey(new byte[32]);
        var members = HardeningMembers.Of([new(stranger.PublicKey, box.PublicKey), .. Enumerable.Range(0, 3).Select(i => parts[0].Members[i]).Where(m => !m.Key.Equals(three.Hosts[1].Key))]);
        (await trustee.SendAsync(HttpMethod.Put, Paths.HardeningKey, [1])).Refuses(400, Problems.BadRequest);
        (await trustee.SendAsync(HttpMethod.Put, Paths.HardeningKey, HardeningContribution.EncodeAll(parts.Take(2)))).Refuses(400, Problems.BadRequest);
        (await trustee.SendAsync(HttpMethod.Put, Paths.HardeningKey, HardeningContribution.EncodeAll([parts[0], parts[1], parts[1]]))).Refuses(400, Problems.BadRequest);
        Assert.Equal(-1, members.IndexOf(three.Hosts[1].Key));
        var mixed = parts.Where(part => !part.Trustee.Equals(three.Hosts[1].Key)).Append(HardeningContribution.Create(stranger, members));
        (await trustee.SendAsync(HttpMethod.Put, Paths.HardeningKey, HardeningContribution.EncodeAll(mixed))).Refuses(400, Problems.BadRequest);
        Assert.Equal(0, await trustee.CountAsync<HardeningKeyRow>());
    }

    [Fact]
    public async Task AValueThatDoesNotFitIsNoticedAndAnotherKeyIsNotTaken()
    {
        // Two of the three are in the test's hands: one of them cheats.
        using var second = SigningKey.Generate();
        using var third = SigningKey.Generate();
        using var secondBox = new UnboxingKey(Enumerable.Repeat((byte)2, 32).ToArray());
        using var thirdBox = new UnboxingKey(Enumerable.Repeat((byte)3, 32).ToArray());
        await using var trustee = await TrusteeHost.StartAsync();
        trustee.Others = [new(second.PublicKey.ToString(), secondBox.PublicKey.ToString(), Witness: TestLog.Shared.Witnesses[1].Key.ToString()),
            new(third.PublicKey.ToString(), thirdBox.PublicKey.ToString(), Witness: TestLog.Shared.Witnesses[2].Key.ToString())];
        await trustee.RestartAsync();
        Assert.True(HardeningContribution.TryVerify((await trustee.SendAsync(HttpMethod.Get, Paths.HardeningContribution)).Bytes, out var own));
        var honest = new[] { own, HardeningContribution.Create(second, own.Members), HardeningContribution.Create(third, own.Members) };
        var other = HardeningContribution.Create(third, own.Members);
        // Commitments of one line, values of another, signed by who made both.
        byte[] spliced = [.. honest[2].Signed.AsSpan(0, 23 + 32 + 192), .. other.Signed.AsSpan(23 + 32 + 192, KeyContribution.Size), .. honest[2].Signed.AsSpan(23 + 32 + 192 + KeyContribution.Size)];
        third.Sign(Crypto.Domains.SignHardeningPart, spliced.AsSpan(0, spliced.Length - 64), spliced.AsSpan(spliced.Length - 64));
        Assert.True(HardeningContribution.TryVerify(spliced, out var cheating));
        (await trustee.SendAsync(HttpMethod.Put, Paths.HardeningKey, HardeningContribution.EncodeAll([own, honest[1], cheating]))).Refuses(400, Problems.BadRequest);
        // The line of another, handed on as one's own.
        byte[] copied = [.. honest[1].Signed.AsSpan(0, 23), .. third.PublicKey.Bytes, .. honest[1].Signed.AsSpan(23 + 32)];
        third.Sign(Crypto.Domains.SignHardeningPart, copied.AsSpan(0, copied.Length - 64), copied.AsSpan(copied.Length - 64));
        Assert.True(HardeningContribution.TryVerify(copied, out var copy));
        (await trustee.SendAsync(HttpMethod.Put, Paths.HardeningKey, HardeningContribution.EncodeAll([own, honest[1], copy]))).Refuses(400, Problems.BadRequest);
        Assert.Equal(200, (await trustee.SendAsync(HttpMethod.Put, Paths.HardeningKey, HardeningContribution.EncodeAll(honest))).Status);
        (await trustee.SendAsync(HttpMethod.Put, Paths.HardeningKey, HardeningContribution.EncodeAll([own, honest[1], other]))).Refuses(409, Problems.Conflict);
    }

    [Fact]
    public async Task EvaluatesForAccountsOnlyAndEachRequestOnce()
    {
        await using var three = await Three.StartAsync();
        await EstablishAsync(three);
        var trustee = three.Hosts[0];
        using var input = BlindedInput.Blind("x"u8);
        using var stranger = SigningKey.Generate();
        var yesterday = HardeningTicket.Create(trustee.Cloud, _account.PublicKey, trustee.Time.Now.AddDays(-1)).Signed;
        foreach (var ticket in (byte[][])[[], yesterday, HardeningTicket.Create(stranger, _account.PublicKey, trustee.Time.Now).Signed,
            HardeningTicket.Create(trustee.Cloud, stranger.PublicKey, trustee.Time.Now).Signed])
            (await EvaluateAsync(HardeningRequest.Create(_account, trustee.Key, trustee.Time.Now, input.Element, ticket))).Refuses(403, Problems.NotYours);
        var right = Ask(trustee, input.Element);
        Assert.Equal(200, (await EvaluateAsync(right)).Status);
        (await EvaluateAsync(right)).Refuses(409, Problems.Replayed);
        (await EvaluateAsync(Ask(three.Hosts[1], input.Element))).Refuses(421, Problems.Misdirected);
        (await EvaluateAsync(HardeningRequest.Create(_account, trustee.Key, trustee.Time.Now.AddMinutes(6), input.Element, right.Ticket))).Refuses(403, Problems.ClockSkew);
        (await trustee.PostAsync(Paths.HardeningEvaluations, [0])).Refuses(400, Problems.BadRequest);

        Task<Answer> EvaluateAsync(HardeningRequest request) => trustee.PostAsync(Paths.HardeningEvaluations, request.Signed);
    }

    [Fact]
    public async Task TurnsAreCountedForEachAccountAndForAllAcrossRestarts()
    {
        await using var three = await Three.StartAsync();
        await EstablishAsync(three);
        var trustee = three.Hosts[0];
        (trustee.EvaluationsPerHourAndAccount, trustee.EvaluationsPerHour) = (5, 8);
        await trustee.RestartAsync();
        using var input = BlindedInput.Blind("x"u8);
        using var other = SigningKey.Generate();
        Assert.Equal(5, await AnsweredAsync(_account, 20));
        await trustee.RestartAsync();
        Assert.Equal(0, await AnsweredAsync(_account, 3));
        Assert.Equal(3, await AnsweredAsync(other, 20)); // eight in all
        Assert.Equal("8", (await trustee.SqlAsync("SELECT count FROM hardening_turns WHERE account = ''")).Trim());
        trustee.Time.Now = trustee.Time.Now.AddHours(1);
        Assert.Equal(5, await AnsweredAsync(other, 20));

        async Task<int> AnsweredAsync(SigningKey account, int asked) => (await Task.WhenAll(Enumerable.Range(0, asked)
            .Select(_ => trustee.PostAsync(Paths.HardeningEvaluations, Ask(trustee, input.Element, account).Signed)))).Count(answer => answer.Status == 200);
    }

    [Fact]
    public async Task ADumpHoldsNoShare()
    {
        await using var three = await Three.StartAsync();
        var words = await EstablishAsync(three);
        var trustee = three.Hosts[0];
        var (dump, sealedShare) = (await trustee.Cluster.DumpAsync(trustee.Database), await trustee.InDatabaseAsync(database => Task.FromResult(database.HardeningKeys.Single().SealedShare)));
        Assert.Contains(Convert.ToHexStringLower(words[0].Key.Group.Bytes), dump, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(sealedShare), dump, StringComparison.Ordinal);
        Assert.False(ThresholdShare.TryParse(words[0].Key, words[0].Members.IndexOf(trustee.Key), sealedShare.AsSpan(12, 32), out _));
        await trustee.SqlAsync("UPDATE hardening_keys SET sealed_share = set_byte(sealed_share, 20, get_byte(sealed_share, 20) # 1)");
        await trustee.RestartAsync();
        using var input = BlindedInput.Blind("x"u8);
        Assert.Equal(500, (await trustee.PostAsync(Paths.HardeningEvaluations, Ask(trustee, input.Element).Signed)).Status);
    }

    public void Dispose() => _account.Dispose();

    private HardeningRequest Ask(TrusteeHost trustee, OprfElement blinded, SigningKey? account = null) => HardeningRequest.Create(account ?? _account, trustee.Key, trustee.Time.Now,
        blinded, HardeningTicket.Create(trustee.Cloud, (account ?? _account).PublicKey, trustee.Time.Now).Signed);

    private static async Task<HardeningContribution[]> ContributionsAsync(Three three)
    {
        var parts = new List<HardeningContribution>();
        foreach (var host in three.Hosts)
        {
            Assert.True(HardeningContribution.TryVerify((await host.SendAsync(HttpMethod.Get, Paths.HardeningContribution)).Bytes, out var part));
            Assert.Equal(host.Key, part.Trustee);
            parts.Add(part);
        }
        return [.. parts];
    }

    /// <summary>The relay between the three.</summary>
    private static async Task<HardeningKey[]> EstablishAsync(Three three)
    {
        var parts = HardeningContribution.EncodeAll(await ContributionsAsync(three));
        var words = new List<HardeningKey>();
        foreach (var host in three.Hosts)
        {
            var answer = await host.SendAsync(HttpMethod.Put, Paths.HardeningKey, parts);
            Assert.Equal((200, ""), (answer.Status, answer.Problem));
            Assert.True(HardeningKey.TryVerify(answer.Bytes, host.Key, out var word));
            words.Add(word);
        }
        return [.. words];
    }
}
