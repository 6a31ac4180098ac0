using Salus.Client;
using Salus.Client.Deposits;
using Salus.Client.Inventory;
using Salus.Client.Profiles;
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
        foreach (var (made, kind) in new[] { (header with { Version = 2 }, AlarmKind.Injected), (header with { Context = header.Context with { Record = unknown } }, AlarmKind.Withheld) })
        {
            var row = new CatalogueRecord(SealedRecord.Create(stranger.Account.Keys.Identity, made, record.SealedMetadata).Signed, record.SealedMetadata);
            cloud.Change = InventoryTests.On(Paths.Records, exchange => exchange.Set(new CataloguePage([], null)), InventoryTests.On(Paths.RecordLookup, exchange => exchange.Set(new FoundRecords([row], []))));
            await InventoryTests.AlarmAsync(kind, () => patient.Records.ListAsync(None));
        }
        cloud.Change = _ => Task.CompletedTask;
        Assert.Equal(1u, Assert.Single(await patient.Records.ListAsync(None)).Version);
        Assert.Empty((await patient.Account.Inventory.ReadAsync(None))!.Find(ItemKind.Record, ItemId.Of(unknown)));
    }

    [Fact, Attack("S10")]
    public async Task WhatComesAfterAPermissionIsOverIsNotTheirsWhateverTimeItBears()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        var depositing = new Depositing(patient.Account);
        var permission = await depositing.ConfirmAsync(await depositing.ProposeAsync(hospital.Mail, ["medical"], null, patient.Account.Now.AddMinutes(10), None), None);
        var letter = await hospital.PutAsync(Extensions.RandomBytes(100), patient: patient);
        var record = await patient.SealedAsync(letter.Record);
        var context = record.Header.Context with { Record = Identifier.Random<RecordId>() };
        var late = SealedRecord.Create(hospital.Account.Keys.Identity, record.Header with { Context = context, Author = hospital.Account.Keys.Identity.PublicKey }, record.SealedMetadata);
        await using var cloud = await BetweenAsync(patient, new IndexedPutTests.LaterTime(TimeSpan.FromMinutes(21)));
        Assert.Equal(letter.Record, Assert.Single(await patient.Records.ListAsync(None)).Record);
        Assert.Equal("expired", Assert.Single(await new Depositing(patient.Account).ListAsync(None)).State);
        cloud.Change = InventoryTests.On(Paths.Records, exchange => exchange.Set(new CataloguePage([.. exchange.Json<CataloguePage>().Records, new CatalogueRecord(late.Signed, late.SealedMetadata)], null)));
        var (records, complaints) = await patient.Records.OwnAsync(None);
        Assert.Equal(letter.Record, Assert.Single(records).Record);
        Assert.Contains(context.Record.ToString(), Assert.Single(complaints));
        Assert.Equal(AlarmKind.Injected, new AlarmLog(patient.Account).List()[0].Kind);
        Assert.True((await patient.Account.Inventory.ReadAsync(None))!.IsEnded(ItemKind.Deposit, ItemId.Of(permission.Terms.Id)));
    }

    [Fact, Attack("S11")]
    public async Task ARecordThatIsLostHidesNoOtherAndIsWrittenOffByItsOwner()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var other = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        var (lost, kept) = (await patient.PutAsync(Extensions.RandomBytes(100), name: "lost.bin"), await patient.PutAsync(Extensions.RandomBytes(100)));
        await patient.Records.ListAsync(None);
        await using var cloud = await BetweenAsync(patient);
        cloud.Change = InventoryTests.Without(lost.Record);
        cloud.Instead = exchange =>
        {
            exchange.Status = 404;
            return Task.FromResult(exchange.Path.StartsWith($"{Paths.Records}/{lost.Record}/", StringComparison.Ordinal));
        };
        Assert.Equal(kept.Record, Assert.Single((await patient.Records.OwnAsync(None)).Records).Record);
        Assert.Contains("lost.bin", Assert.Single(patient.Account.TakeRaised()).Message);
        Assert.False((await patient.Records.DeleteAsync(kept.Record, Person.NoKey, None)).WasLost);
        Assert.True((await patient.Records.DeleteAsync(lost.Record, Person.NoKey, None)).WasLost);
        Assert.Empty(await patient.Records.ListAsync(None));
        Assert.Empty(patient.Account.TakeRaised());
        await new AccountCheck(patient.Account).RunAsync(None);
        Assert.True((await other.Account.Inventory.ReadAsync(None))!.IsEnded(ItemKind.Record, ItemId.Of(lost.Record)));
        // It had been kept back, and comes again.
        await InventoryTests.AlarmAsync(AlarmKind.Revived, () => other.Records.ListAsync(None));
    }

    private async Task<Middleman> BetweenAsync(Person person, TimeProvider? clock = null)
    {
        var between = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await person.ThroughAsync(salus.Parties.With("cloud", between.Url), clock);
        return between;
    }
}
