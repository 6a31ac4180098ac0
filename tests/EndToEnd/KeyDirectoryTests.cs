using System.Security.Cryptography;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Log;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.EndToEnd.Tests;

/// <summary>Keys that are used for sharing are those of the log: a cloud that shows another card, or proves another place for it, is caught by whoever shares and by whose card it is.</summary>
public class KeyDirectoryTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task ACardStandsInTheLogUnderTheTagOfItsAddressAlone()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var directory = new CardDirectory(patient.Account);
        var looked = await directory.LookUpAsync(doctor.Mail, None);
        await directory.CheckAsync(doctor.Mail, looked, isConfirmed: false, None);
        Assert.Equal(looked.Tag, (await directory.LookUpAsync(doctor.Mail, None)).Tag);
        Assert.NotEqual(looked.Tag, (await directory.LookUpAsync(patient.Mail, None)).Tag);
        foreach (var word in await new Witnesses(patient.Account).NewestAsync(LogKind.Card, looked.Tag, None))
            Assert.Equal(SHA256.HashData(doctor.Account.Card.Signed), Assert.Single(word.Entries).Digest);
        Assert.True(await directory.CheckOwnAsync(None));
    }

    [Fact]
    public async Task AnotherCardThanTheLoggedOneIsNotSharedWith()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var eve = await Person.RegisterAsync(salus, "eve");
        await using var cloud = await BetweenAsync(patient);
        cloud.Change = OnLookup(found => found with { Signed = eve.Account.Card.Signed });
        Assert.Equal(AlarmKind.KeyChanged, (await Assert.ThrowsAsync<AlarmException>(() => patient.ShareAsync(doctor, ["medical"]))).Kind);
        cloud.Change = OnLookup(found => found with { Evaluation = found.Evaluation!.Flipped(70) });
        Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => patient.ShareAsync(doctor, ["medical"]))).Kind);
        cloud.Change = OnLookup(found => found with { Evaluation = null });
        Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => patient.ShareAsync(doctor, ["medical"]))).Kind);
        Assert.Empty(new Contacts(patient.Account).List());
        cloud.Change = _ => Task.CompletedTask;
        await patient.ShareAsync(doctor, ["medical"]);
    }

    [Fact]
    public async Task AnOwnerLearnsAtLoginThatOthersAreShownOtherKeys()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var eve = await Person.RegisterAsync(salus, "eve");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        cloud.Change = OnLookup(found => found with { Signed = eve.Account.Card.Signed });
        var parties = salus.Parties.With("cloud", cloud.Url);
        Assert.Equal(AlarmKind.KeyChanged, (await Assert.ThrowsAsync<AlarmException>(() => Person.LogInAsync(salus, patient.Mail, patient.Passphrase, parties))).Kind);
        cloud.Change = _ => Task.CompletedTask;
        using var device = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase, parties);
    }

    [Fact]
    public async Task OnAFreshDeviceTheTrusteesKnowHowOftenAnAccountHasChanged()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.PutAsync(Extensions.RandomBytes(100));
        var old = await patient.Account.Cloud.InventoryAsync(null, None);
        await patient.PutAsync(Extensions.RandomBytes(100));
        var newest = (await patient.Account.Inventory.ReadAsync(None))!.Head;
        for (var tries = 0; ; tries++)
        {
            var words = await new Witnesses(patient.Account).NewestAsync(LogKind.State, LogEntry.StateTag(patient.Account.Id), None);
            if (words.Count == 3 && words.All(word => word.Entries is [var entry, ..] && entry.Version == newest.Counter && entry.Digest.AsSpan().SequenceEqual(newest.Hash)))
                break;
            Assert.InRange(tries, 0, 100);
            await Task.Delay(100);
        }
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        var parties = salus.Parties.With("cloud", cloud.Url);
        foreach (var (shown, kind) in new[] { (old, AlarmKind.Rollback), (null, AlarmKind.Withheld) })
        {
            cloud.Instead = exchange =>
            {
                if (exchange.Method != "GET" || !exchange.Path.StartsWith(Paths.Inventory, StringComparison.Ordinal))
                    return Task.FromResult(false);
                if (shown is null)
                    exchange.Status = 404;
                else
                    exchange.Set(new SignedBytes(shown));
                return Task.FromResult(true);
            };
            Assert.Equal(kind, (await Assert.ThrowsAsync<AlarmException>(() => Person.LogInAsync(salus, patient.Mail, patient.Passphrase, parties))).Kind);
        }
    }

    private async Task<Middleman> BetweenAsync(Person person)
    {
        var between = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await person.ThroughAsync(salus.Parties.With("cloud", between.Url));
        return between;
    }

    private static Func<Exchange, Task> OnLookup(Func<FoundCard, FoundCard> change) => exchange =>
    {
        if (exchange is { Status: 200, Path: Paths.CardLookup })
            exchange.Set(change(exchange.Json<FoundCard>()));
        return Task.CompletedTask;
    };
}
