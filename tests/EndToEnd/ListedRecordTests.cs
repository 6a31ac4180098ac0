using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Inventory;
using Salus.Client.Records;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>Records that come to the signed inventory or go from it: by a stranger, by somebody whose permission is over, and when a cloud has lost them.</summary>
public class ListedRecordTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task WhatAStrangerHasWrittenIsNeverListed()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var stranger = await Person.RegisterAsync(salus, "stranger");
        var kept = await patient.PutAsync(Extensions.RandomBytes(100));
        var record = await patient.SealedAsync(kept.Record);
        var header = record.Header with { Author = stranger.Account.Keys.Identity.PublicKey };
        var unknown = Identifier.Random<RecordId>();
        await using var cloud = await BetweenAsync(patient);
        // In the place of the listed record, as a newer version of it; and as an answer about another.
        foreach (var (made, kind) in new[]
        {
            (header with { Version = 2 }, AlarmKind.Injected), (header with { Context = header.Context with { Record = unknown } }, AlarmKind.Withheld),
        })
        {
            var row = new CatalogueRecord(SealedRecord.Create(stranger.Account.Keys.Identity, made, record.SealedMetadata).Signed, record.SealedMetadata);
            cloud.Change = InventoryTests.On(Paths.Records, exchange => exchange.Set(new CataloguePage([], null)),
                InventoryTests.On(Paths.RecordLookup, exchange => exchange.Set(new FoundRecords([row], []))));
            await InventoryTests.AlarmAsync(kind, () => patient.Records.ListAsync(None));
        }
        cloud.Change = _ => Task.CompletedTask;
        Assert.Equal(1u, Assert.Single(await patient.Records.ListAsync(None)).Version);
        Assert.Empty((await patient.Account.Inventory.ReadAsync(None))!.Find(ItemKind.Record, ItemId.Of(unknown)));
    }

    [Fact, Attack("S06")]
    public async Task WhatComesAfterAPermissionIsOverIsNotTheirsWhateverTimeItBears()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        var standing = await patient.LetAddAsync(hospital, "medical");
        var letter = await patient.SealedAsync((await hospital.PutAsync(Extensions.RandomBytes(100), patient: patient)).Record);
        // A permission of an hour that was over twenty minutes ago, and two records of that hour.
        var (self, now) = (patient.Account.Keys.Identity, patient.Account.Now);
        var terms = standing.Terms with { Id = Identifier.Random<GrantId>(), From = now.AddMinutes(-80), Until = now.AddMinutes(-20) };
        var brief = DepositGrant.Create(self, terms, standing.SealedNote);
        var (early, late) = (Of(letter, hospital, now.AddMinutes(-50)), Of(letter, hospital, now.AddMinutes(-40)));
        await using var cloud = await BetweenAsync(patient);
        cloud.Change = InventoryTests.On(Paths.Deposits, exchange => exchange.Set(new DepositList([.. exchange.Json<DepositList>().Deposits, new DepositView(brief.Signed, null)])));
        var before = await patient.Account.Inventory.UpdateAsync([Items.Of(brief), Items.Of(letter)], None);
        // By a clock that is ahead nothing is over for good.
        await patient.ThroughAsync(patient.Profile.Load().Parties, new IndexedPutTests.LaterTime(TimeSpan.FromDays(1)));
        Assert.DoesNotContain((await new RecordCheck(patient.Account, before).JudgeAsync([letter, early], None)).Changes, item => item.Kind == ItemKind.Deposit);
        await patient.ThroughAsync(patient.Profile.Load().Parties);
        var changes = (await new RecordCheck(patient.Account, before).JudgeAsync([letter, early], None)).Changes;
        Assert.Equal(Items.Over(brief), Assert.Single(changes, item => item.Kind == ItemKind.Deposit));
        var after = await patient.Account.Inventory.UpdateAsync(changes, None);
        Assert.True(after.IsEnded(ItemKind.Deposit, ItemId.Of(terms.Id)));
        var judged = await new RecordCheck(patient.Account, after).JudgeAsync([letter, early, late], None);
        Assert.Empty(judged.Changes);
        Assert.Equal([letter, early], judged.Records);
        var (slipped, alarm) = Assert.Single(judged.LeftOut);
        Assert.Equal((late, AlarmKind.Injected), (slipped, alarm.Kind));
        // For a device that is slow it still holds, and nobody is accused.
        await patient.ThroughAsync(patient.Profile.Load().Parties, new IndexedPutTests.LaterTime(TimeSpan.FromHours(-1)));
        Assert.Equal(2, (await new Depositing(patient.Account).ListAsync(None)).Count);
    }

    [Fact, Attack("S11")]
    public async Task ARecordThatIsLostHidesNoOtherAndIsWrittenOffByItsOwner()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var other = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        var (lost, kept) = (await patient.PutAsync(Extensions.RandomBytes(100), name: "lost.bin"), await patient.PutAsync(Extensions.RandomBytes(100)));
        await patient.Records.ListAsync(None);
        var row = await patient.Account.Cloud.RecordAsync(lost.Record, None);
        await using var cloud = await BetweenAsync(patient);
        cloud.Change = InventoryTests.Without(lost.Record);
        var (records, complaints) = await patient.Records.OwnAsync(None);
        Assert.Equal(kept.Record, Assert.Single(records).Record);
        Assert.Contains("lost.bin", Assert.Single(complaints));
        Assert.Equal(complaints, patient.Account.TakeRaised().Select(alarm => alarm.Message));
        // Nobody deletes it by mistake, or what is not lost.
        await InventoryTests.AlarmAsync(AlarmKind.Withheld, () => patient.Records.DeleteAsync(lost.Record, Person.NoKey, None));
        Assert.Equal(Reasons.NotLost, (await Assert.ThrowsAsync<CannotException>(() => patient.Records.WriteOffAsync(kept.Record, None))).Code);
        await patient.Records.WriteOffAsync(lost.Record, None);
        Assert.Equal(kept.Record, Assert.Single(await patient.Records.ListAsync(None)).Record);
        await new AccountCheck(patient.Account).RunAsync(None);
        cloud.Change = _ => Task.CompletedTask;
        Assert.Equal(kept.Record, Assert.Single(await patient.Records.ListAsync(None)).Record);
        Assert.Equal(kept.Record, Assert.Single(await other.Records.ListAsync(None)).Record);
        // It had been kept back, and comes again: it hides nothing either.
        cloud.Change = InventoryTests.On(Paths.Records, exchange => exchange.Set(new CataloguePage([.. exchange.Json<CataloguePage>().Records, row], null)));
        Assert.Equal(kept.Record, Assert.Single((await patient.Records.OwnAsync(None)).Records).Record);
        Assert.Equal(AlarmKind.Revived, Assert.Single(patient.Account.TakeRaised()).Kind);
        await InventoryTests.AlarmAsync(AlarmKind.Revived, () => patient.Records.ListAsync(None));
        await patient.Records.WriteOffAsync(lost.Record, None);
    }

    [Fact, Attack("S11")]
    public async Task ARecordThatIsShownToWhoeverAsksForItIsListed()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var hidden = await patient.PutAsync(Extensions.RandomBytes(100));
        await patient.Records.ListAsync(None);
        await using var cloud = await BetweenAsync(patient);
        cloud.Change = InventoryTests.On(Paths.Records, exchange => exchange.Set(new CataloguePage([], null)));
        Assert.Equal(hidden.Record, Assert.Single(await patient.Records.ListAsync(None)).Record);
    }

    [Fact]
    public async Task WithoutTwoTrusteesNothingProvesThatTheAccountIsNotAnOldOne()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        Assert.True((await new AccountCheck(patient.Account).RunAsync(None)).IsProvenNewest);
        await using var first = await Middleman.BeforeAsync(salus.Parties.UrlOf("trustee-1"));
        await using var second = await Middleman.BeforeAsync(salus.Parties.UrlOf("trustee-2"));
        first.Instead = second.Instead = exchange =>
        {
            exchange.Status = 503;
            return Task.FromResult(true);
        };
        await patient.ThroughAsync(salus.Parties.With("trustee-1", first.Url).With("trustee-2", second.Url));
        Assert.False((await new AccountCheck(patient.Account).RunAsync(None)).IsProvenNewest);
        Assert.Contains(patient.Account.Warnings, warning => warning.Code == Warning.NotProvenNewest);
    }

    /// <summary>Another record of that author, at that time.</summary>
    private static SealedRecord Of(SealedRecord record, Person author, DateTimeOffset at)
    {
        var header = record.Header with { Context = record.Header.Context with { Record = Identifier.Random<RecordId>() }, Author = author.Account.Keys.Identity.PublicKey, SealedAt = at };
        return SealedRecord.Create(author.Account.Keys.Identity, header, record.SealedMetadata);
    }

    private async Task<Middleman> BetweenAsync(Person person)
    {
        var between = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await person.ThroughAsync(salus.Parties.With("cloud", between.Url));
        return between;
    }
}
