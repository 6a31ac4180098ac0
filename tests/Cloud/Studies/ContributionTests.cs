using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;
using Salus.Cloud.Studies;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

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

    [Fact]
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
    public async Task WhatWasWithdrawnBeforeItCameDoesNotComeAndIsNotShown()
    {
        await _study.WithdrawAsync(_withdrawal).ShouldSucceedAsync();
        await _study.PutAsync(_study.Contribution(_withdrawal)).ShouldBeAsync(Problems.Withdrawn);
        Assert.Empty((await ListAsync(_custodian).ReadAsync<ContributionPage>()).Contributions);
    }

    [Fact]
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

    private Task<HttpResponseMessage> ListAsync(Person by) => by.Http.GetAsync(_study.At(Paths.Contributions));
}
