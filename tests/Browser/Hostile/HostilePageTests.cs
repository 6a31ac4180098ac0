using System.Security.Cryptography;
using System.Text;
using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Client.Records;
using Salus.EndToEnd.Tests;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Browser.Tests.Hostile;

/// <summary>A patient with two records and a doctor who may read them, made on the command line.</summary>
public sealed class PatientAndDoctor(SalusInstallation salus) : IAsyncLifetime
{
    internal const string First = "first words of a secret letter";
    internal const string Second = "second words of another letter";

    internal Person Patient { get; private set; } = null!;

    internal Person Doctor { get; private set; } = null!;

    internal Person Eve { get; private set; } = null!;

    internal RecordId One { get; private set; }

    internal RecordId Two { get; private set; }

    public async ValueTask InitializeAsync()
    {
        (Patient, Doctor, Eve) = (await Person.RegisterAsync(salus, "patient"), await Person.RegisterAsync(salus, "doctor"), await Person.RegisterAsync(salus, "eve"));
        One = (await Patient.PutAsync(Encoding.UTF8.GetBytes(First), name: "first.txt")).Record;
        Two = (await Patient.PutAsync(Encoding.UTF8.GetBytes(Second), name: "second.txt")).Record;
        await Patient.ShareAsync(Doctor, ["medical"]);
    }

    public ValueTask DisposeAsync()
    {
        Patient.Dispose();
        Doctor.Dispose();
        Eve.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Servers that lie to the page. It shows an alarm, shows nothing unverified, and keeps the alarm.</summary>
public class HostilePageTests(SalusInstallation salus, Chromium chromium, PatientAndDoctor people) : IClassFixture<PatientAndDoctor>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task ARecordThatIsNotItsAuthorsIsNotShown()
    {
        await using var visitor = await Visitor.LogInAsync(chromium, people.Patient, salus);
        var between = await Interception.OfAsync(visitor);
        var (one, two) = (await people.Patient.SealedAsync(people.One), await people.Patient.SealedAsync(people.Two));
        var forged = SealedRecord.Create(people.Eve.Account.Keys.Identity, one.Header with { Author = people.Eve.Account.Keys.Identity.PublicKey }, one.SealedMetadata);
        var plain = Encoding.UTF8.GetBytes(PatientAndDoctor.First);
        foreach (var row in new[]
        {
            new CatalogueRecord(one.Signed.Flipped(150), one.SealedMetadata), // S01: the capsule
            new CatalogueRecord(two.Signed, two.SealedMetadata),              // S03: another record in its place
            new CatalogueRecord(one.Signed, one.SealedMetadata.Flipped(40)),  // S05: name, type and source
            new CatalogueRecord(forged.Signed, forged.SealedMetadata),        // S06: written by somebody whom the patient does not let write
            new CatalogueRecord(plain, plain),                                // D05: not encrypted at all
        })
        {
            between.On($"{Paths.Records}/{people.One}", exchange => exchange.Set(row));
            await visitor.GoAsync($"/record/{people.One}");
            await visitor.Alarms.ToldAsync(AlarmKind.Integrity);
            await AssertNothingShownAsync(visitor);
            await visitor.Alarms.StandsAsync(AlarmKind.Integrity);
        }
        between.Honest();
        await visitor.GoAsync($"/record/{people.One}");
        Assert.Equal(PatientAndDoctor.First, Encoding.UTF8.GetString(await visitor.Records.DownloadAsync()));
    }

    [Fact]
    public async Task StoresThatGiveOtherBytesAreFoundOut()
    {
        await using var visitor = await Visitor.LogInAsync(chromium, people.Patient, salus);
        var between = await Interception.OfAsync(visitor);
        // All stores: nothing is shown, by flipped bytes (S01) and by another fragment's (S13).
        foreach (var change in new Action<Exchange>[]
        {
            exchange => exchange.Body = exchange.Body.Flipped(exchange.Body.Length / 2), exchange => exchange.Body = [.. exchange.Body.Reverse()],
        })
        {
            between.Change = (_, exchange) =>
            {
                if (IsFragment(exchange) && exchange.Body.Length > 0)
                    change(exchange);
                return Task.CompletedTask;
            };
            await visitor.GoAsync($"/record/{people.One}");
            await visitor.Alarms.ToldAsync(AlarmKind.Integrity);
            await AssertNothingShownAsync(visitor);
            await visitor.Alarms.StandsAsync(AlarmKind.Integrity);
        }
        // One of them: the record opens, and the store is named.
        var hostile = (await people.Patient.FragmentsAsync(people.One))[0].Store;
        var address = salus.Parties.UrlOf(hostile).Authority;
        between.Change = (url, exchange) =>
        {
            if (url.Authority == address && IsFragment(exchange) && exchange.Body.Length > 0)
                exchange.Body = RandomNumberGenerator.GetBytes(exchange.Body.Length);
            return Task.CompletedTask;
        };
        await visitor.GoAsync($"/record/{people.One}");
        await visitor.Page.GetByText("It was put together, with remarks").SeenAsync();
        await visitor.Page.GetByText(hostile).First.SeenAsync();
        Assert.Equal(PatientAndDoctor.First, Encoding.UTF8.GetString(await visitor.Records.DownloadAsync()));
    }

    [Fact]
    public async Task AnOlderVersionThanWasSeenIsARollback()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var stored = await patient.PutAsync("old words"u8.ToArray(), name: "versions.txt");
        var old = await patient.Account.Cloud.RecordAsync(stored.Record, None);
        using (var opened = await new Catalogue(patient.Account).OneAsync(stored.Record, None))
        {
            var header = opened.Sealed.Header;
            var metadata = await opened.Metadata.SealAsync(opened.ContentKey, header.Context, 2);
            await patient.Account.Cloud.AddRecordAsync(SealedRecord.Create(patient.Account.Keys.Identity, header with { Version = 2, MetadataHash = SHA256.HashData(metadata) }, metadata), None);
        }
        await using var visitor = await Visitor.LogInAsync(chromium, patient, salus);
        var between = await Interception.OfAsync(visitor);
        await visitor.GoAsync($"/record/{stored.Record}");
        await visitor.Page.GetByText("About this record").SeenAsync();
        // S08
        between.On($"{Paths.Records}/{stored.Record}", exchange => exchange.Set(old));
        await visitor.GoAsync($"/record/{stored.Record}");
        await visitor.Alarms.ToldAsync(AlarmKind.Rollback);
        await visitor.Alarms.StandsAsync(AlarmKind.Rollback);
        // K09: the epochs of before a revocation.
        between.Honest();
        var medical = (await new PartitionKeys(patient.Account).AllAsync(None)).Single(partition => partition.Name == "medical");
        await new PartitionKeys(patient.Account).AdvanceAsync(medical, None);
        await visitor.Records.HomeAsync();
        await visitor.Records.Entry("versions.txt").SeenAsync();
        between.On(Paths.Epochs, exchange => exchange.Set(new SignedList(
            [.. exchange.Json<SignedList>().Signed.Where(signed => EpochHeader.TryVerify(signed, out var header) && header.Epoch == EpochNumber.First)])));
        await visitor.Records.HomeAsync();
        await visitor.Alarms.ToldAsync(AlarmKind.Rollback);
        await visitor.Alarms.StandsAsync(AlarmKind.Rollback);
    }

    [Fact]
    public async Task WhatIsWithheldIsNeverAnEmptyList()
    {
        await using var visitor = await Visitor.LogInAsync(chromium, people.Patient, salus);
        await visitor.Records.Entry("first.txt").SeenAsync();
        var between = await Interception.OfAsync(visitor);
        // S11: partitions that were there before.
        between.On(Paths.Epochs, exchange => exchange.Set(new SignedList([])));
        await visitor.Records.HomeAsync();
        await visitor.Alarms.ToldAsync(AlarmKind.Withheld);
        Assert.Equal(0, await visitor.Page.GetByText("There are no records here yet").CountAsync());
        await visitor.Alarms.StandsAsync(AlarmKind.Withheld);
    }

    [Fact]
    public async Task AGrantThatNobodyGaveIsNotTaken()
    {
        await using var visitor = await Visitor.LogInAsync(chromium, people.Doctor, salus);
        var between = await Interception.OfAsync(visitor);
        // S07: a grant to somebody else, and one that was changed on the way.
        using var friend = await Person.RegisterAsync(salus, "friend");
        await people.Patient.ShareAsync(friend, ["medical"]);
        var others = await friend.Account.Cloud.ReceivedGrantsAsync(None);
        foreach (var change in new Func<IReadOnlyList<GrantView>, IReadOnlyList<GrantView>>[]
        {
            _ => [.. others], grants => [.. grants.Select(grant => grant with { Signed = grant.Signed.Flipped(70) })],
        })
        {
            between.On(Paths.ReceivedGrants, exchange => exchange.Set(new GrantList(change(exchange.Json<GrantList>().Grants))));
            await visitor.Records.HomeAsync();
            await visitor.Alarms.ToldAsync(AlarmKind.Integrity);
            Assert.Equal(0, await visitor.Records.Timeline.CountAsync());
            await visitor.Alarms.StandsAsync(AlarmKind.Integrity);
        }
    }

    [Fact]
    public async Task AnotherKeyThanTheKnownOneIsNotSharedWith()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var visitor = await Visitor.LogInAsync(chromium, patient, salus);
        await visitor.Sharing.ProposeAsync(people.Doctor.Mail);
        await visitor.Page.Button("Share now").SeenAsync();
        var between = await Interception.OfAsync(visitor);
        // K01
        between.On(Paths.CardLookup, exchange => exchange.Set(new SignedBytes(people.Eve.Account.Card.Signed)));
        await visitor.Sharing.ProposeAsync(people.Doctor.Mail);
        await visitor.Alarms.ToldAsync(AlarmKind.KeyChanged);
        Assert.Equal(0, await visitor.Page.Button("Share now").CountAsync());
        await visitor.Alarms.StandsAsync(AlarmKind.KeyChanged);
        Assert.Empty(await patient.Granting.ListAsync(None));
        Assert.Empty(await people.Eve.SharedAsync());
    }

    [Fact]
    public async Task AStoreThatSaysItHasWhatItHasNotIsNotCounted()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var visitor = await Visitor.LogInAsync(chromium, patient, salus);
        var between = await Interception.OfAsync(visitor);
        using var key = new SigningKey(await File.ReadAllBytesAsync(salus.In("store-1", "identity.key")));
        var hostile = salus.Parties.UrlOf("store-1").Authority;
        // S12: a receipt for bytes that it throws away.
        between.Instead = (url, exchange) =>
        {
            if (url.Authority != hostile || exchange.Method != "PUT")
                return Task.FromResult(false);
            var address = Convert.FromHexString(url.AbsolutePath[(url.AbsolutePath.LastIndexOf('/') + 1)..]);
            exchange.Status = 201;
            exchange.Headers[Paths.UploadOffsetHeader] = $"{exchange.Request.Length}";
            var receipt = StoreReceipt.Create(key, address, exchange.Request.Length, SHA256.HashData(exchange.Request), DateTimeOffset.UtcNow);
            exchange.Headers[Paths.ReceiptHeader] = Convert.ToBase64String(receipt.Signed);
            exchange.Headers["access-control-allow-origin"] = salus.Parties.Cloud.Url.GetLeftPart(UriPartial.Authority);
            exchange.Headers["access-control-expose-headers"] = $"{Paths.UploadOffsetHeader}, {Paths.ReceiptHeader}";
            return Task.FromResult(true);
        };
        await visitor.Records.AddAsync(new FilePayload { Name = "kept.txt", MimeType = "text/plain", Buffer = RandomNumberGenerator.GetBytes(20_000) });
        await visitor.Page.GetByText("These stores have not taken their fragments yet: store-1").SeenAsync();
        // Once it behaves it gets them.
        between.Honest();
        await visitor.Page.ReloadAsync();
        await visitor.Entrance.UnlockAsync();
        await visitor.Page.Button("Resume").ClickAsync();
        await visitor.Page.GetByText("One record is complete now.").SeenAsync();
    }

    [Fact]
    public async Task AWeakerPassphraseHashIsADowngrade()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, salus, "weak", people.Patient);
        var between = await Interception.OfAsync(visitor);
        // D01
        between.Change = (_, exchange) =>
        {
            if (exchange.Path.StartsWith(Paths.Logins, StringComparison.Ordinal) && exchange.Path.EndsWith("/complete", StringComparison.Ordinal) && exchange.Status == 200)
            {
                var session = exchange.Json<SessionStarted>();
                var weak = session.Account.Secrets.Select(secret => secret with { MemoryKiB = Math.Min(secret.MemoryKiB, 8) });
                exchange.Set(session with { Account = session.Account with { Secrets = [.. weak] } });
            }
            return Task.CompletedTask;
        };
        await visitor.Page.Button("I have an account").ClickAsync();
        await visitor.Entrance.AskForLogInCodeAsync();
        await visitor.Page.Field("Passphrase").FillAsync(visitor.Passphrase);
        await visitor.Page.Button("Log in").ClickAsync();
        await visitor.Alarms.ToldAsync(AlarmKind.Downgrade);
        Assert.Equal(0, await visitor.Page.Title("Your records").CountAsync());
    }

    [Fact]
    public async Task ASearchIndexThatIsCutChangedOrOldIsAnAlarmAndNeverNothingFound()
    {
        await using var visitor = await Visitor.LogInAsync(chromium, people.Patient, salus);
        var between = await Interception.OfAsync(visitor);
        await visitor.Records.FindAsync("letter");
        await visitor.Records.Hits.CountAsync(2);
        foreach (var (kind, path, change) in new (AlarmKind, string, Action<Exchange>)[]
        {
            (AlarmKind.Withheld, Paths.IndexUpdates, exchange => exchange.Set(exchange.Json<IndexUpdatePage>() with { Updates = [] })), // X03
            (AlarmKind.Integrity, Paths.IndexUpdates, exchange =>
            {
                var page = exchange.Json<IndexUpdatePage>();
                exchange.Set(page with { Updates = [.. page.Updates.Select(update => update.Flipped(100))] });
            }),
            (AlarmKind.Withheld, Paths.RecordLookup, exchange => exchange.Set(new FoundRecords([], []))), // X01, X02
        })
        {
            between.On(path, change);
            await visitor.Records.FindAsync("words");
            await visitor.Alarms.ToldAsync(kind);
            Assert.Equal(0, await visitor.Page.GetByText("Nothing found", new() { Exact = true }).CountAsync());
            await visitor.Alarms.StandsAsync(kind);
        }
        between.Honest();
        await visitor.Records.FindAsync("another letter");
        await visitor.Records.Hits.CountAsync(1);
    }

    private static bool IsFragment(Exchange exchange) => exchange.Method == "GET" && exchange.Path.StartsWith("/v1/fragments/", StringComparison.Ordinal);

    private static async Task AssertNothingShownAsync(Visitor visitor)
    {
        Assert.Equal(0, await visitor.Page.Locator("iframe").CountAsync());
        Assert.DoesNotContain("words of a", await visitor.Page.ContentAsync(), StringComparison.Ordinal);
        if (await visitor.Page.Button("Download").CountAsync() > 0)
            await Assertions.Expect(visitor.Page.Button("Download")).ToBeDisabledAsync();
    }
}
