using System.Net;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;
using Salus.Cloud.Studies;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;
using Salus.Testing;

namespace Salus.Cloud.Tests.Studies;

public sealed class ContributionTests : IAsyncLifetime
{
    private readonly SigningKey _withdrawal = SigningKey.Generate();
    private TestCloud _cloud = null!;
    private Person _researcher = null!;
    private Person _custodian = null!;
    private OpenedStudy _study = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await TestCloud.StartAsync();
        (_researcher, _custodian) = (await Person.RegisterAsync(_cloud), await Person.RegisterAsync(_cloud));
        _study = await OpenedStudy.OpenAsync(_researcher, _custodian);
    }

    [Fact]
    public async Task AContributionComesWithoutASessionAndTheCustodianAloneReadsIt()
    {
        var upload = _study.Contribution(_withdrawal);
        await _study.PutAsync(upload).ShouldSucceedAsync();
        await _study.PutAsync(upload).ShouldSucceedAsync(); // the answer was lost
        var seen = Assert.Single((await ListAsync(_custodian).ReadAsync<ContributionPage>()).Contributions);
        Assert.Equal(upload.Header.Signed, seen.Header);
        Assert.Equal(upload.Receipts, seen.Receipts);
        Assert.Null(seen.Withdrawal);
        var copy = await (await _custodian.Http.GetAsync(_study.At(Paths.Contribution, upload.Header.Id))).Content.ReadAsByteArrayAsync();
        Assert.Equal(upload.SealedCopy, copy);
        using var patient = await Person.RegisterAsync(_cloud);
        foreach (var other in (Person[])[_researcher, patient])
        {
            await ListAsync(other).ShouldBeAsync(Problems.NotGranted);
            await other.Http.GetAsync(_study.At(Paths.Contribution, upload.Header.Id)).ShouldBeAsync(Problems.NotGranted);
        }
        await _cloud.Http.GetAsync(_study.At(Paths.Contributions)).ShouldBeAsync(Problems.NoSession);
    }

    [Fact, Attack("U08")]
    public async Task AWithdrawalDeletesTheCopyForGoodAndLeavesAMark()
    {
        var upload = _study.Contribution(_withdrawal);
        var state = _study.At(Paths.ContributionState, upload.Header.Id);
        await _cloud.Http.GetAsync(state).ShouldBeAsync(Problems.NotFound);
        await _study.PutAsync(upload).ShouldSucceedAsync();
        Assert.False((await _cloud.Http.GetAsync(state).ReadAsync<ContributionStateView>()).IsWithdrawn);
        await _study.WithdrawAsync(_withdrawal).ShouldSucceedAsync();
        await _study.WithdrawAsync(_withdrawal).ShouldSucceedAsync();
        Assert.True((await _cloud.Http.GetAsync(state).ReadAsync<ContributionStateView>()).IsWithdrawn);
        await _study.PutAsync(upload).ShouldBeAsync(Problems.Withdrawn);
        await _custodian.Http.GetAsync(_study.At(Paths.Contribution, upload.Header.Id)).ShouldBeAsync(Problems.Withdrawn);
        var mark = Assert.Single((await ListAsync(_custodian).ReadAsync<ContributionPage>()).Contributions);
        Assert.Null(mark.Header);
        Assert.True(ContributionWithdrawal.TryVerify(mark.Withdrawal, out var withdrawal) && withdrawal.Id == upload.Header.Id);
        var dump = await _cloud.Cluster.DumpAsync(_cloud.Database);
        Assert.DoesNotContain(Convert.ToHexStringLower(upload.SealedCopy.AsSpan(0, 16)), dump, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatWasPaidForAndWithdrawnBeforeItCameDoesNotComeAndIsNotShown()
    {
        var upload = _study.Contribution(_withdrawal);
        await WithdrawAsync(upload).ShouldSucceedAsync();
        await WithdrawAsync(upload).ShouldSucceedAsync();
        await _study.PutAsync(upload).ShouldBeAsync(Problems.Withdrawn);
        Assert.Empty((await ListAsync(_custodian).ReadAsync<ContributionPage>()).Contributions);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task AWithdrawalOfNothingLeavesNothing()
    {
        using var stranger = SigningKey.Generate();
        var upload = _study.Contribution(_withdrawal);
        await _study.WithdrawAsync(_withdrawal).ShouldSucceedAsync();
        await WithdrawAsync(upload with { Receipts = [upload.Receipts[0], upload.Receipts[0]] }).ShouldSucceedAsync();
        await WithdrawAsync(_study.Contribution(stranger)).ShouldBeAsync(Problems.BadRequest); // another's receipts
        Assert.Equal(0, await CountAsync());
        await _study.PutAsync(upload).ShouldSucceedAsync();
    }

    [Fact]
    public async Task WhatIsContributedTakesItsResearchersRoom()
    {
        await using var cloud = await TestCloud.StartAsync(quota: new QuotaOptions { Bytes = 64 * 1024 });
        using var researcher = await Person.RegisterAsync(cloud);
        using var custodian = await Person.RegisterAsync(cloud);
        var study = await OpenedStudy.OpenAsync(researcher, custodian);
        var before = await UsageAsync();
        var upload = study.Contribution(_withdrawal);
        await study.PutAsync(upload).ShouldSucceedAsync();
        await study.PutAsync(upload).ShouldSucceedAsync(); // once
        Assert.Equal((before.Rows + 1, before.Bytes + CopySize.Smallest), await UsageAsync());
        var keys = Enumerable.Range(0, 3).Select(_ => SigningKey.Generate()).ToList();
        await study.PutAsync(study.Contribution(keys[0])).ShouldSucceedAsync();
        await study.PutAsync(study.Contribution(keys[1])).ShouldSucceedAsync();
        await study.PutAsync(study.Contribution(keys[2])).ShouldBeAsync(Problems.NoSpace);
        await study.WithdrawAsync(keys[0]).ShouldSucceedAsync();
        await study.WithdrawAsync(keys[0]).ShouldSucceedAsync();
        await study.PutAsync(study.Contribution(keys[2])).ShouldSucceedAsync();
        Assert.Equal((before.Rows + 4, before.Bytes + (3 * CopySize.Smallest)), await UsageAsync());
        await using var database = cloud.OpenDatabase();
        await Collector.CollectAsync(database, study.Study.Terms.Ends + StudyTable.Retention, CancellationToken.None);
        Assert.Equal(before, await UsageAsync());
        keys.ForEach(key => key.Dispose());

        async Task<(long Rows, long Bytes)> UsageAsync()
        {
            await using var database = cloud.OpenDatabase();
            var usage = await database.Usage.AsNoTracking().SingleAsync(row => row.Account == researcher.Card.Account);
            return (usage.Rows, usage.Bytes);
        }
    }

    [Fact]
    public async Task WithoutReceiptsThatHoldACopyIsNotRead()
    {
        var upload = _study.Contribution(_withdrawal, new byte[Limits.MaxSealedCopy]);
        var bytes = (upload with { Receipts = [upload.Receipts[0], upload.Receipts[0]] }).ToBytes();
        using var stalled = await StallAsync(upload.Header.Id, bytes, 64 * 1024);
        Assert.StartsWith("HTTP/1.1 403", await stalled.AnswerAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task OneAddressSendsFewCopiesAtOnce()
    {
        var upload = _study.Contribution(_withdrawal, new byte[Limits.MaxSealedCopy]);
        var stalled = new List<StalledUpload>();
        for (var i = 0; i < 4; i++)
            stalled.Add(await StallAsync(upload.Header.Id, upload.ToBytes(), 64 * 1024));
        await PollAsync(async () =>
        {
            using var answer = await _study.PutAsync(_study.Contribution(_withdrawal));
            return answer.StatusCode == HttpStatusCode.TooManyRequests;
        });
        stalled.ForEach(one => one.Dispose());
        await PollAsync(async () =>
        {
            using var answer = await _study.PutAsync(upload);
            return answer.StatusCode == HttpStatusCode.NoContent;
        });
    }

    [Fact, Attack("U08")]
    public async Task WhatWasNotPaidForAtTwoTrusteesIsRefused()
    {
        var upload = _study.Contribution(_withdrawal);
        using var stranger = SigningKey.Generate();
        var other = await OpenedStudy.OpenAsync(_researcher, _custodian);
        var forged = ContributionReceipt.Create(stranger, _study.Study.Id, upload.Header.Digest).Signed;
        var ofAnother = ContributionReceipt.Create(_study.Trustee(_study.Study.Terms.Trustees[1]), other.Study.Id, upload.Header.Digest).Signed;
        foreach (var receipts in (byte[][][])[[upload.Receipts[0], upload.Receipts[0]], [upload.Receipts[0], forged], [upload.Receipts[0], ofAnother], [[], []],
            [.. _study.Contribution(stranger).Receipts]])
            await _study.PutAsync(upload with { Receipts = receipts }).ShouldBeAsync(Problems.NotYours);
        // A contribution to another study, with its own receipts.
        await _study.PutAsync(other.Contribution(_withdrawal)).ShouldBeAsync(Problems.NotYours);
        Assert.Empty((await ListAsync(_custodian).ReadAsync<ContributionPage>()).Contributions);
    }

    [Fact]
    public async Task NobodySwapsACopyOrTakesAnothersPlace()
    {
        var upload = _study.Contribution(_withdrawal);
        await _study.PutAsync(upload with { SealedCopy = RandomNumberGenerator.GetBytes(CopySize.Smallest) }).ShouldBeAsync(Problems.BadRequest);
        await _study.PutAsync(upload with { SealedCopy = [] }).ShouldBeAsync(Problems.BadRequest);
        await _study.PutAsync(upload.Header.Id, upload.ToBytes()[..^1]).ShouldBeAsync(Problems.BadRequest);
        await _study.PutAsync(upload.Header.Id, [.. upload.ToBytes(), 0]).ShouldBeAsync(Problems.BadRequest);
        await _study.PutAsync(upload.Header.Id, []).ShouldBeAsync(Problems.BadRequest);
        await _study.PutAsync(new ContributionId(1), upload.ToBytes()).ShouldBeAsync(Problems.BadRequest);
        await _study.PutAsync(upload).ShouldSucceedAsync();
        await _study.PutAsync(_study.Contribution(_withdrawal)).ShouldBeAsync(Problems.Conflict); // with receipts of its own, which no honest trustee gives twice
        using var stranger = SigningKey.Generate();
        await _cloud.Http.PostAsync(_study.At(Paths.Withdrawals), OpenedStudy.Octets([.. ContributionWithdrawal.Create(stranger, _study.Study.Id).Signed.AsSpan(0, 19), .. _withdrawal.PublicKey.Bytes,
            .. ContributionWithdrawal.Create(stranger, _study.Study.Id).Signed.AsSpan(51)])).ShouldBeAsync(Problems.BadRequest);
        Assert.Equal(upload.Header.Signed, Assert.Single((await ListAsync(_custodian).ReadAsync<ContributionPage>()).Contributions).Header);
    }

    [Fact]
    public async Task TheLargestCopyComesAndALargerOneDoesNot()
    {
        var upload = _study.Contribution(_withdrawal, RandomNumberGenerator.GetBytes(Limits.MaxSealedCopy));
        await _study.PutAsync(upload).ShouldSucceedAsync();
        var got = await (await _custodian.Http.GetAsync(_study.At(Paths.Contribution, upload.Header.Id))).Content.ReadAsByteArrayAsync();
        Assert.True(got.AsSpan().SequenceEqual(upload.SealedCopy));
        using var larger = new HttpRequestMessage(HttpMethod.Put, _study.At(Paths.Contribution, new ContributionId(1))) { Content = OpenedStudy.Octets(new byte[ContributionUpload.MaxSize + 1]) };
        larger.Headers.ExpectContinue = true; // so that the answer comes before the bytes
        await _cloud.Http.SendAsync(larger).ShouldBeAsync(Problems.TooLarge);
    }

    [Fact]
    public async Task ContributionsComeWhileTheStudyIsOpenAndCanBeWithdrawnAfterwards()
    {
        var soon = await OpenedStudy.OpenAsync(_researcher, _custodian, terms => terms with { Opens = _cloud.Time.GetUtcNow().AddHours(1) });
        await soon.PutAsync(soon.Contribution(_withdrawal)).ShouldBeAsync(Problems.StudyClosed);
        await _study.PutAsync(_study.Contribution(_withdrawal)).ShouldSucceedAsync();
        await _study.EndAsync(_researcher).ShouldSucceedAsync();
        using var late = SigningKey.Generate();
        await _study.PutAsync(_study.Contribution(late)).ShouldBeAsync(Problems.StudyClosed);
        await _study.WithdrawAsync(_withdrawal).ShouldSucceedAsync();
    }

    [Fact]
    public async Task LongAfterItsEndAStudyIsGoneWithAllContributions()
    {
        await _study.PutAsync(_study.Contribution(_withdrawal)).ShouldSucceedAsync();
        await using var database = _cloud.OpenDatabase();
        var ends = _study.Study.Terms.Ends;
        await Collector.CollectAsync(database, ends + StudyTable.Retention - TimeSpan.FromSeconds(1), CancellationToken.None);
        Assert.Equal((1, 1), (await database.Studies.CountAsync(), await database.Contributions.CountAsync()));
        await Collector.CollectAsync(database, ends + StudyTable.Retention, CancellationToken.None);
        Assert.Equal((0, 0), (await database.Studies.CountAsync(), await database.Contributions.CountAsync()));
    }

    [Fact]
    public async Task ManyContributionsAreListedPageByPage()
    {
        await using (var database = _cloud.OpenDatabase())
        {
            database.AddRange(Enumerable.Range(1, 600).Select(i =>
                new ContributionRow { Study = _study.Study.Id, Id = new ContributionId((UInt128)i), Header = [1], Receipts = [[2], [3]], HasBeen = true }));
            await database.SaveChangesAsync();
        }
        var (listed, pages) = (0, 0);
        for (string? after = null; pages == 0 || after is not null; pages++)
        {
            var page = await _custodian.Http.GetAsync(_study.At(Paths.Contributions) + (after is null ? "" : $"?after={after}")).ReadAsync<ContributionPage>();
            listed += page.Contributions.Count;
            after = page.Next;
        }
        Assert.Equal((600, 3), (listed, pages));
    }

    public async ValueTask DisposeAsync()
    {
        _researcher.Dispose();
        _custodian.Dispose();
        _withdrawal.Dispose();
        await _cloud.DisposeAsync();
    }

    private static async Task PollAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await isSo())
            await Task.Delay(50, patience.Token);
    }

    private Task<StalledUpload> StallAsync(ContributionId id, byte[] body, int most) =>
        StalledUpload.SendAsync(_cloud.Http.BaseAddress!, _study.At(Paths.Contribution, id), body, most);

    private Task<HttpResponseMessage> WithdrawAsync(ContributionUpload upload) => _cloud.Http.PostAsync(_study.At(Paths.Withdrawals),
        OpenedStudy.Octets(new WithdrawalRequest(ContributionWithdrawal.Create(_withdrawal, _study.Study.Id), upload).ToBytes()));

    private async Task<int> CountAsync()
    {
        await using var database = _cloud.OpenDatabase();
        return await database.Contributions.CountAsync();
    }

    private Task<HttpResponseMessage> ListAsync(Person by) => by.Http.GetAsync(_study.At(Paths.Contributions));
}
