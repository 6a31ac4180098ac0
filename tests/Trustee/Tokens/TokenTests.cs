using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;
using Salus.Trustee.Reencryption;
using Salus.Trustee.Tokens;

namespace Salus.Trustee.Tests.Tokens;

public sealed class TokenTests : IDisposable
{
    private readonly SigningKey _account = SigningKey.Generate();
    private readonly SigningKey _other = SigningKey.Generate();
    private readonly byte[] _digest = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public async Task ATokenIsIssuedToAnAccountAndSpentWithoutOne()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var study = await TestStudy.OpenAsync(trustee);
        var token = await study.TakeTokenAsync(_account);
        var answer = await study.SpendAsync(token, _digest);
        Assert.Equal((200, ""), (answer.Status, answer.Problem));
        Assert.True(ContributionReceipt.TryVerify(answer.Bytes, out var receipt));
        Assert.Equal((trustee.Key, study.Study.Id), (receipt.Trustee, receipt.Study));
        Assert.Equal(_digest, receipt.Digest);
        // Again, after a restart: the same receipt, for the same contribution alone.
        await trustee.RestartAsync();
        Assert.Equal(answer.Bytes, (await study.SpendAsync(token, _digest)).Bytes);
        (await study.SpendAsync(token, RandomNumberGenerator.GetBytes(32))).Refuses(409, Problems.TokensUsed);
    }

    [Fact]
    public async Task AnAccountHasOneTokenAndAskedAgainTheSame()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var study = await TestStudy.OpenAsync(trustee);
        using var nonce = BlindedInput.Blind(new byte[32]);
        using var another = BlindedInput.Blind(new byte[32]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => study.AskAsync(_account, nonce)));
        Assert.All(answers, answer => Assert.Equal((200, ""), (answer.Status, answer.Problem)));
        Assert.All(answers, answer => Assert.Equal(answers[0].Bytes, answer.Bytes));
        (await study.AskAsync(_account, another)).Refuses(409, Problems.TokensUsed);
        await trustee.RestartAsync();
        Assert.Equal(answers[0].Bytes, (await study.AskAsync(_account, nonce)).Bytes);
        (await study.AskAsync(_account, another)).Refuses(409, Problems.TokensUsed);
        Assert.Equal(200, (await study.AskAsync(_other, another)).Status);
        Assert.Equal((2, 2), (await trustee.CountAsync<TokenRow>(), await trustee.CountAsync<TokenCountRow>()));
    }

    [Fact]
    public async Task OfManyQuestionsAtOnceOneIsAnswered()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var study = await TestStudy.OpenAsync(trustee);
        var nonces = Enumerable.Range(0, 12).Select(i => BlindedInput.Blind([(byte)i, 1])).ToArray();
        var answers = await Task.WhenAll(nonces.Select(nonce => study.AskAsync(_account, nonce)));
        Assert.Equal(1, answers.Count(answer => answer.Status == 200));
        Assert.Equal(11, answers.Count(answer => answer.Problem == Problems.TokensUsed));
    }

    [Fact]
    public async Task AnOrganisationHasTokensUpToItsQuota()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var study = await TestStudy.OpenAsync(trustee, terms => terms with { Organisations = [new(_account.PublicKey.Account, 3)] });
        for (var i = 0; i < 3; i++)
            Assert.Equal(200, (await study.SpendAsync(await study.TakeTokenAsync(_account), RandomNumberGenerator.GetBytes(32))).Status);
        using var nonce = BlindedInput.Blind("x"u8);
        (await study.AskAsync(_account, nonce)).Refuses(409, Problems.TokensUsed);
    }

    [Fact]
    public async Task ForgedTokensAndThoseOfAnotherStudyAreRefused()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var study = await TestStudy.OpenAsync(trustee);
        using var second = await TestStudy.OpenAsync(trustee);
        Assert.NotEqual(study.Key, second.Key);
        var token = await study.TakeTokenAsync(_account);
        (await second.SpendAsync(token, _digest)).Refuses(403, Problems.NotYours);
        (await study.SpendAsync((RandomNumberGenerator.GetBytes(32), token.Token), _digest)).Refuses(403, Problems.NotYours);
        using var guessed = Secret.Random(64);
        (await study.SpendAsync((token.Nonce, guessed), _digest)).Refuses(403, Problems.NotYours);
        var bytes = Redemption.Create(trustee.Key, study.Study.Id, token.Nonce, _digest, token.Token).ToBytes();
        bytes[^40] ^= 1; // another digest under the code of this one
        (await trustee.PostAsync(Paths.Redemptions, bytes)).Refuses(403, Problems.NotYours);
        (await trustee.PostAsync(Paths.Redemptions, bytes[..^1])).Refuses(400, Problems.BadRequest);
        (await trustee.PostAsync(Paths.Redemptions, Redemption.Create(_other.PublicKey, study.Study.Id, token.Nonce, _digest, token.Token).ToBytes())).Refuses(421, Problems.Misdirected);
        (await study.SpendAsync(token, _digest, new StudyId(1))).Refuses(404, Problems.NotFound);
        Assert.Equal(0, await trustee.CountAsync<SpentRow>());
        Assert.Equal(200, (await study.SpendAsync(token, _digest)).Status);
    }

    [Fact]
    public async Task OfTwoContributionsAtOnceATokenPaysForOne()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var study = await TestStudy.OpenAsync(trustee);
        var token = await study.TakeTokenAsync(_account);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => study.SpendAsync(token, [.. new byte[31], (byte)i])));
        Assert.Equal(1, answers.Count(answer => answer.Status == 200));
        Assert.Equal(11, answers.Count(answer => answer.Problem == Problems.TokensUsed));
    }

    [Fact]
    public async Task TokensAreForAccountsAndStudiesThatAreOpen()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var study = await TestStudy.OpenAsync(trustee);
        using var nonce = BlindedInput.Blind("x"u8);
        foreach (var ticket in (byte[][])[[], HardeningTicket.Create(_other, _account.PublicKey, trustee.Time.Now).Signed, study.Ticket(_other),
            HardeningTicket.Create(trustee.Cloud, _account.PublicKey, trustee.Time.Now.AddDays(-1)).Signed])
            (await AskAsync(trustee.Time.Now, trustee.Key, ticket)).Refuses(403, Problems.NotYours);
        (await AskAsync(trustee.Time.Now.AddMinutes(6), trustee.Key, study.Ticket(_account))).Refuses(403, Problems.ClockSkew);
        (await AskAsync(trustee.Time.Now, _other.PublicKey, study.Ticket(_account))).Refuses(421, Problems.Misdirected);
        (await trustee.PostAsync(Paths.Tokens, [1])).Refuses(400, Problems.BadRequest);
        var token = await study.TakeTokenAsync(_other);
        (await study.EndAsync(_other)).Refuses(403, Problems.NotYours);
        Assert.Equal(204, (await study.EndAsync(study.Researcher)).Status);
        (await study.AskAsync(_account, nonce)).Refuses(409, Problems.StudyClosed);
        (await study.SpendAsync(token, _digest)).Refuses(409, Problems.StudyClosed);

        using var later = await TestStudy.OpenAsync(trustee, terms => terms with { Opens = trustee.Time.Now.AddHours(1) });
        (await later.AskAsync(_account, nonce)).Refuses(409, Problems.StudyClosed);
        trustee.Time.Now = trustee.Time.Now.AddHours(1);
        Assert.Equal(200, (await later.AskAsync(_account, nonce)).Status);
        trustee.Time.Now = later.Study.Terms.Ends;
        (await later.AskAsync(_account, nonce)).Refuses(409, Problems.StudyClosed);

        Task<Answer> AskAsync(DateTimeOffset at, VerifyingKey to, byte[] ticket) =>
            trustee.PostAsync(Paths.Tokens, TokenRequest.Create(_account, to, study.Study.Id, at, nonce.Element, ticket).Signed);
    }

    [Fact]
    public async Task AStudyIsKeptAsItWasSignedForAResearcherWithAnAccount()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var study = await TestStudy.OpenAsync(trustee);
        var word = await trustee.SendAsync(HttpMethod.Get, study.At(Paths.StudyTokenKey));
        await trustee.RestartAsync();
        Assert.Equal(word.Bytes, (await study.PutAsync()).Bytes);
        Assert.Equal(word.Bytes, (await trustee.SendAsync(HttpMethod.Get, study.At(Paths.StudyTokenKey))).Bytes);
        (await trustee.SendAsync(HttpMethod.Get, Paths.StudyTokenKey.Replace("{id}", new StudyId(1).ToString(), StringComparison.Ordinal))).Refuses(404, Problems.NotFound);
        (await study.PutAsync(Study.Create(study.Researcher, study.Study.Terms with { Title = "Another" }).Signed)).Refuses(409, Problems.Conflict);
        (await study.PutAsync(Study.Create(study.Researcher, study.Study.Terms with { Id = new StudyId(7) }).Signed)).Refuses(400, Problems.BadRequest);
        (await study.PutAsync([.. study.Study.Signed, 1])).Refuses(400, Problems.BadRequest);
        (await study.PutAsync(ticket: study.Ticket(_account))).Refuses(403, Problems.NotYours);
        (await study.PutAsync(ticket: [])).Refuses(403, Problems.NotYours);
        (await study.PutAsync(Study.Create(study.Researcher, study.Study.Terms with { Trustees = Study.InOrder([.. study.Study.Terms.Trustees.Take(2), _other.PublicKey]) }).Signed))
            .Refuses(403, Problems.NotYours);
    }

    [Fact]
    public async Task WhoTookPartIsForgottenWhenTheStudyEnds()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var study = await TestStudy.OpenAsync(trustee);
        using var lasting = await TestStudy.OpenAsync(trustee, terms => terms with { Ends = terms.Ends.AddYears(1) });
        Assert.Equal(200, (await study.SpendAsync(await study.TakeTokenAsync(_account), _digest)).Status);
        Assert.Equal(200, (await lasting.SpendAsync(await lasting.TakeTokenAsync(_account), _digest)).Status);
        await SweepAsync();
        Assert.Equal(2, await trustee.CountAsync<TokenRow>());
        trustee.Time.Now = study.Study.Terms.Ends;
        await SweepAsync();
        Assert.Equal((1, 2, 2), (await trustee.CountAsync<TokenRow>(), await trustee.CountAsync<TokenCountRow>(), await trustee.CountAsync<SpentRow>()));
        foreach (var account in (AccountId[])[_account.PublicKey.Account, _other.PublicKey.Account])
            Assert.Equal(0, await trustee.InDatabaseAsync(database => database.TokenCounts.CountAsync(row => row.Account == account)));
        trustee.Time.Now += TokenTables.Keeping;
        await SweepAsync();
        Assert.Equal((1, 1, 1, 2), (await trustee.CountAsync<TokenRow>(), await trustee.CountAsync<TokenCountRow>(), await trustee.CountAsync<SpentRow>(),
            await trustee.CountAsync<StudyRow>()));

        Task<int> SweepAsync() => trustee.InDatabaseAsync(async database =>
        {
            await Sweep.RunAsync(database, trustee.Time.Now, CancellationToken.None);
            return 0;
        });
    }

    [Fact]
    public async Task AClockThatWasWrongForAWhileGivesNobodyASecondToken()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var study = await TestStudy.OpenAsync(trustee);
        using var nonce = BlindedInput.Blind("x"u8);
        var token = await study.TakeTokenAsync(_account);
        Assert.Equal(200, (await study.SpendAsync(token, _digest)).Status);
        var now = trustee.Time.Now;
        await trustee.InDatabaseAsync(async database =>
        {
            await Sweep.RunAsync(database, study.Study.Terms.Ends.AddDays(1), CancellationToken.None);
            return 0;
        });
        Assert.Equal(now, trustee.Time.Now);
        (await study.AskAsync(_account, nonce)).Refuses(409, Problems.TokensUsed);
        (await study.SpendAsync(token, RandomNumberGenerator.GetBytes(32))).Refuses(409, Problems.TokensUsed);
    }

    [Fact]
    public async Task NothingStoredTiesASpentTokenToItsAccount()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var study = await TestStudy.OpenAsync(trustee);
        var token = await study.TakeTokenAsync(_account);
        Assert.Equal(200, (await study.SpendAsync(token, _digest)).Status);
        var issued = await trustee.SqlAsync("SELECT * FROM tokens, token_counts");
        var spent = await trustee.SqlAsync("SELECT * FROM tokens_spent");
        Assert.Contains(_account.PublicKey.Account.ToString(), issued, StringComparison.Ordinal);
        Assert.DoesNotContain(_account.PublicKey.Account.ToString(), spent, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(token.Nonce), spent, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(token.Nonce), issued, StringComparison.Ordinal);
        var dump = await trustee.Cluster.DumpAsync(trustee.Database);
        Assert.DoesNotContain(Convert.ToHexStringLower(token.Token.Bytes), dump, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWithdrawalIsKeptAndHandedOutAsItWasSigned()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var study = await TestStudy.OpenAsync(trustee);
        var withdrawal = ContributionWithdrawal.Create(_account, study.Study.Id);
        Assert.Equal(204, (await trustee.PostAsync(Paths.TrusteeWithdrawals, withdrawal.Signed)).Status);
        Assert.Equal(204, (await trustee.PostAsync(Paths.TrusteeWithdrawals, withdrawal.Signed)).Status);
        Assert.Equal(1, await trustee.CountAsync<WithdrawalRow>());
        Assert.True(await trustee.InDatabaseAsync(database => database.IsWithdrawnAsync(study.Study.Id, withdrawal.Id, CancellationToken.None)));
        Assert.False(await trustee.InDatabaseAsync(database => database.IsWithdrawnAsync(study.Study.Id, new ContributionId(1), CancellationToken.None)));
        // Handed out as it was signed, page by page.
        var listed = await trustee.SendAsync(HttpMethod.Get, study.At(Paths.Withdrawals));
        Assert.Equal((200, ContributionWithdrawal.Size), (listed.Status, listed.Bytes.Length));
        Assert.Equal(withdrawal.Signed, listed.Bytes);
        Assert.Empty((await trustee.SendAsync(HttpMethod.Get, $"{study.At(Paths.Withdrawals)}?after={withdrawal.Id}")).Bytes);
        (await trustee.SendAsync(HttpMethod.Get, study.At(Paths.Withdrawals) + "?after=x")).Refuses(400, Problems.BadRequest);
        (await trustee.SendAsync(HttpMethod.Get, Paths.Withdrawals.Replace("{id}", new StudyId(1).ToString(), StringComparison.Ordinal))).Refuses(404, Problems.NotFound);
        (await trustee.PostAsync(Paths.TrusteeWithdrawals, [.. withdrawal.Signed, 1])).Refuses(400, Problems.BadRequest);
        (await trustee.PostAsync(Paths.TrusteeWithdrawals, ContributionWithdrawal.Create(_account, new StudyId(1)).Signed)).Refuses(404, Problems.NotFound);
    }

    public void Dispose()
    {
        _account.Dispose();
        _other.Dispose();
    }
}
