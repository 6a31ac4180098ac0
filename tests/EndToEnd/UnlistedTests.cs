using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Inventory;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;

namespace Salus.EndToEnd.Tests;

/// <summary>Changes of an account that do not come into its inventory at once: after a kill, a lost answer, another device that was first, a cloud that refuses.</summary>
public class UnlistedTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task WhatAKillLeftUnlistedIsListedByTheNextCommandOrAnotherDevice()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var other = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        await using var cloud = await BetweenAsync(patient);
        cloud.Instead = exchange =>
        {
            exchange.Status = 503;
            return Task.FromResult(exchange.Method == "PUT" && exchange.Path == Paths.Inventory);
        };
        var stored = await patient.PutAsync(Extensions.RandomBytes(100));
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        Assert.Single(await other.Records.ListAsync(None));
        Assert.True((await other.Account.Inventory.ReadAsync(None))!.IsLive(ItemKind.Record, ItemId.Of(stored.Record)));
        cloud.Instead = _ => Task.FromResult(false);
        await patient.Granting.FinishAsync(None);
        Assert.Empty(patient.Account.State.Content.Unlisted);
        Assert.True((await other.Account.Inventory.ReadAsync(None))!.IsLive(ItemKind.Grant, ItemId.Of(grant.Terms.Id)));
    }

    [Fact]
    public async Task ACloudThatDoesNotTakeTheListHidesNothingFromTheDeviceThatAddedIt()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var cloud = await BetweenAsync(patient);
        cloud.Instead = exchange =>
        {
            exchange.Status = 503;
            return Task.FromResult(exchange.Method == "PUT" && exchange.Path == Paths.Inventory);
        };
        var stored = await patient.PutAsync(Extensions.RandomBytes(100));
        cloud.Change = InventoryTests.Without(stored.Record);
        await InventoryTests.AlarmAsync(AlarmKind.Withheld, () => patient.Records.ListAsync(None));
        cloud.Change = _ => Task.CompletedTask;
        Assert.Single(await patient.Records.ListAsync(None));
        patient.Account.State.Content.UnlistedSince = patient.Account.Now.AddHours(-2);
        await InventoryTests.AlarmAsync(AlarmKind.Withheld, () => patient.Records.ListAsync(None));
        cloud.Instead = _ => Task.FromResult(false);
        Assert.Single(await patient.Records.ListAsync(None));
        Assert.Null(patient.Account.State.Content.UnlistedSince);
    }

    [Fact]
    public async Task AWayInThatIsInForceEndsNoneThatIsAnnounced()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var secret = Person.Secret("another passphrase altogether");
        var announced = InventoryItem.Of(await SecretWrapping.UnderPassphraseAsync(patient.Account.Keys, secret));
        await patient.Account.Inventory.UpdateAsync([announced], None);
        using var device = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        var listed = (await device.Account.Inventory.ReadAsync(None))!;
        Assert.Equal(2, listed.Find(ItemKind.Wrapping, announced.Id).Count(item => item.IsLive));
        // What has ended is not in force again by another device's late word: only by being announced.
        var ended = Items.Ended(announced);
        await device.Account.Inventory.UpdateAsync([ended], None);
        await patient.Account.Inventory.UpdateAsync([announced with { Version = Items.Confirmed }], None);
        Assert.Single((await patient.Account.Inventory.ReadAsync(None))!.Find(ItemKind.Wrapping, announced.Id), item => item.IsLive);
    }

    [Fact]
    public async Task AnAnswerThatIsLostChangesNothingTwice()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var cloud = await BetweenAsync(patient);
        var before = (await patient.Account.Inventory.ReadAsync(None))!.Head.Counter;
        cloud.Change = exchange =>
        {
            exchange.IsLost = exchange.Method == "PUT" && exchange.Path == Paths.Inventory;
            return Task.CompletedTask;
        };
        await patient.PutAsync(Extensions.RandomBytes(100));
        cloud.Change = _ => Task.CompletedTask;
        await patient.Granting.FinishAsync(None);
        Assert.Equal(before + 1, (await patient.Account.Inventory.ReadAsync(None))!.Head.Counter);
        Assert.Empty(patient.Account.State.Content.Unlisted);
    }

    [Fact]
    public async Task DevicesThatChangeTheAccountAtOnceAreAllListed()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var other = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        var stored = await Task.WhenAll(Enumerable.Range(0, 3).SelectMany(_ => new[] { patient, other }).GroupBy(device => device).Select(async group =>
        {
            var records = new List<RecordId>();
            foreach (var device in group)
                records.Add((await device.PutAsync(Extensions.RandomBytes(100))).Record);
            return records;
        }));
        await patient.Account.Inventory.FlushAsync(None);
        await other.Account.Inventory.FlushAsync(None);
        var listed = (await other.Account.Inventory.ReadAsync(None))!;
        Assert.All(stored.SelectMany(records => records), record => Assert.True(listed.IsLive(ItemKind.Record, ItemId.Of(record))));
    }

    private async Task<Middleman> BetweenAsync(Person person)
    {
        var between = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await person.ThroughAsync(salus.Parties.With("cloud", between.Url));
        return between;
    }
}
