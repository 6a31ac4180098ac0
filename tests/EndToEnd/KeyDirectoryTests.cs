using System.Security.Cryptography;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Inventory;
using Salus.Client.Keys;
using Salus.Client.Log;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;
using Salus.Protocol.Log;
using Salus.Testing;

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
            Assert.Equal(doctor.Account.Card.LoggedDigest, Assert.Single(word.Entries).Digest);
        await patient.Account.CheckCardAsync(None);
        Assert.Empty(patient.Account.Warnings);
    }

    [Fact, Attack("K03")]
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

    [Fact, Attack("K03")]
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
    public async Task WhoeverIsKnownUnderTwoCardsIsSharedWithOnlyAfterThatWasConfirmed()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var contacts = new Contacts(patient.Account);
        await contacts.ResolveAsync(doctor.Mail, None);
        var looked = await new CardDirectory(patient.Account).LookUpAsync(doctor.Mail, None);
        using var keys = Keyring.Generate();
        var other = looked with { Card = keys.Card };
        foreach (var isConfirmed in new[] { false, true })
            Assert.Equal(isConfirmed ? AlarmKind.Unlogged : AlarmKind.KeyChanged,
                (await Assert.ThrowsAsync<AlarmException>(() => new CardDirectory(patient.Account, attempts: 1).CheckAsync(doctor.Mail, other, isConfirmed, None))).Kind);
    }

    [Fact, Attack("S09")]
    public async Task OnAFreshDeviceTheTrusteesKnowWhatCameLater()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.PutAsync(Extensions.RandomBytes(100));
        var old = await patient.Account.Cloud.InventoryAsync(null, None);
        Assert.True(InventoryHead.TryVerify(old, out var oldHead));
        var oldPages = await patient.Account.Cloud.InventoryPagesAsync([.. Enumerable.Range(0, oldHead.Pages.Count)], None);
        await patient.PutAsync(Extensions.RandomBytes(100));
        await LoggedAsync(patient);
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        var parties = salus.Parties.With("cloud", cloud.Url);
        foreach (var (shown, kind) in new[] { (old, AlarmKind.Rollback), (null, AlarmKind.Withheld) })
        {
            cloud.Instead = exchange =>
            {
                if (exchange.Method == "PUT" || !exchange.Path.StartsWith(Paths.Inventory, StringComparison.Ordinal))
                    return Task.FromResult(false);
                if (shown is null)
                    exchange.Status = 404;
                else if (exchange.Path == Paths.InventoryPages)
                    exchange.Set(oldPages);
                else
                    exchange.Set(new SignedBytes(shown));
                return Task.FromResult(true);
            };
            Assert.Equal(kind, (await Assert.ThrowsAsync<AlarmException>(() => Person.LogInAsync(salus, patient.Mail, patient.Passphrase, parties))).Kind);
        }
        cloud.Instead = _ => Task.FromResult(false);
        using var device = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase, parties);
        Assert.Equal(2, (await device.Records.ListAsync(None)).Count);
    }

    [Fact]
    public async Task AStateThatNeverCameIntoTheLogIsTold()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var head = (await patient.Account.Inventory.ReadAsync(None))!.Head;
        // A cloud that logs a state elsewhere, so that nobody finds it.
        var elsewhere = InventoryHead.Create(patient.Account.Keys.Identity, head, RandomNumberGenerator.GetBytes(32), patient.Account.Now.AddHours(-2), head.Bits, head.Pages);
        await patient.Account.Cloud.PutInventoryAsync(new InventoryPages(elsewhere.Signed, []), None);
        Assert.Equal(AlarmKind.Unlogged, (await Assert.ThrowsAsync<AlarmException>(() => new AccountCheck(patient.Account).RunAsync(None))).Kind);
    }

    [Fact]
    public async Task StatesInThePublicLogBelongToNobody()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.PutAsync(Extensions.RandomBytes(100));
        var newest = await LoggedAsync(patient);
        var size = (await patient.Account.Log.NewestAsync(None)).Size;
        var states = new List<LogEntry>();
        for (var i = 0L; i < size; i++)
            if (await patient.Account.Log.EntryAsync(i, None) is { Kind: LogKind.State } state)
                states.Add(state);
        Assert.All(states, state => Assert.Equal(0UL, state.Number));
        Assert.Distinct(states.Select(state => Convert.ToHexString(state.Tag.Span)));
        for (var counter = 1UL; counter <= newest.Counter; counter++)
            Assert.Single(states, state => state.Tag.Span.SequenceEqual(LogEntry.StateTag(patient.Account.Keys.StateOpening(counter))));
    }

    /// <summary>All trustees have the account's newest state, and know of none after it.</summary>
    private static async Task<InventoryHead> LoggedAsync(Person person)
    {
        var newest = (await person.Account.Inventory.ReadAsync(None))!.Head;
        await SalusInstallation.UntilAsync(async () =>
        {
            var words = await new Witnesses(person.Account).NewestAsync(LogKind.State, LogEntry.StateTag(person.Account.Keys.StateOpening(newest.Counter)), None);
            return words.Count == 3 && words.All(word => word.Entries is [var entry] && entry.Digest.AsSpan().SequenceEqual(newest.Hash));
        }, "the newest state is in the log");
        return newest;
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
