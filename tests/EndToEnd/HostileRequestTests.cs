using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Salus.Client;
using Salus.Client.Requests;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.EndToEnd.Tests;

/// <summary>Trustees and a cloud that lie about numbers, what is found, and who asks: nobody is asked by mistake, and nobody answers somebody else.</summary>
public class HostileRequestTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("element")]
    [InlineData("challenge")]
    [InlineData("response")]
    [InlineData("earlier")]
    [InlineData("empty")]
    public async Task AFalseEvaluationIsWorkedAroundOnceAndAnAlarmTwice(string lie)
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var number = await EnterAsync(patient, "asthma");
        var own = (await patient.Directory.OwnAsync(None))!.Value;
        using var kept = own.Number;
        for (var liars = 1; liars <= 2; liars++)
        {
            await using var first = await Middleman.BeforeAsync(salus.Parties.Trustees[0].Url);
            await using var second = await Middleman.BeforeAsync(salus.Parties.Trustees[1].Url);
            await doctor.ThroughAsync(salus.Parties.With("trustee-1", first.Url).With("trustee-2", second.Url));
            if (lie == "earlier") // true answers to other questions
                await doctor.Requests.AskAsync(number, ["asthma"], GrantRole.Doctor, "before", None);
            foreach (var liar in new[] { first, second }.Take(liars))
                liar.Change = Lie(lie, liar.Passed.FirstOrDefault(exchange => exchange.Path == Paths.HardeningEvaluations)?.Body ?? new byte[96]);
            if (liars == 1)
            {
                // Whom the client asks first is chance: until it meets the liar.
                var hardening = new Hardening(doctor.Account);
                for (var tries = 0; hardening.Complaints.Count == 0 && tries < 12; tries++)
                {
                    using var hardened = await hardening.HardenAsync(number, None);
                    Assert.Equal(own.Number.Tag, hardened.Tag);
                }
                Assert.StartsWith("trustee-1", Assert.Single(hardening.Complaints), StringComparison.Ordinal);
                Assert.Equal(1, (await doctor.Requests.AskAsync(number, ["asthma"], GrantRole.Doctor, "why", None)).Found);
            }
            else
                await Assert.ThrowsAsync<AlarmException>(() => doctor.Requests.AskAsync(number, ["asthma"], GrantRole.Doctor, "why", None));
        }
    }

    [Fact]
    public async Task ATrusteeThatNamesAnotherKeyIsNotedBeforeAnythingIsSent()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var trustee = await Middleman.BeforeAsync(salus.Parties.Trustees[2].Url);
        await patient.ThroughAsync(salus.Parties.With("trustee-3", trustee.Url));
        using var http = new HttpClient();
        var other = await http.GetByteArrayAsync(new Uri(salus.Parties.Trustees[0].Url, Paths.HardeningKey), None);
        foreach (var change in new Func<byte[], byte[]>[] { body => body.Flipped(100), body => body.Flipped(body.Length - 1), _ => other, body => body[..^1], _ => [] })
        {
            trustee.Change = exchange =>
            {
                if (exchange.Path == Paths.HardeningKey)
                    exchange.Body = change(exchange.Body);
                return Task.CompletedTask;
            };
            await Assert.ThrowsAsync<AlarmException>(() => patient.Directory.EnterAsync(NewNumber(), None));
        }
        Assert.DoesNotContain(trustee.Passed, exchange => exchange.Path == Paths.HardeningEvaluations);
    }

    [Fact]
    public async Task ACloudThatAnswersWithOtherHandlesIsCaught()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var number = await EnterAsync(patient, "asthma", "allergy");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await doctor.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        foreach (var change in new Func<IReadOnlyList<byte[]>, IReadOnlyList<byte[]>>[]
        {
            found => [found[1], found[0]], found => [found[0], found[0]], found => [found[0]], found => [found[0].Flipped(80), found[1]], found => [[], found[1]], found => [.. found, found[0]],
        })
        {
            cloud.Change = On<AskedForAccess>(Paths.Requests, answer => answer with { Found = change(answer.Found) });
            Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(
                () => doctor.Requests.AskAsync(number, ["asthma", "allergy"], GrantRole.Doctor, "seen in casualty", None))).Kind);
        }
        // What the cloud was sent holds neither the number nor the words.
        var sent = cloud.Passed.Where(exchange => exchange.Path == Paths.Requests).SelectMany(exchange => exchange.Request).ToArray();
        foreach (var word in new[] { "asthma", "allergy", "seen in casualty", number.Text, number.Text[3..] })
            Assert.Equal(-1, sent.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(word)));
    }

    [Fact]
    public async Task ACloudThatShowsARequestAsAnothersHasItNotOpened()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var thief = await Person.RegisterAsync(salus, "thief");
        var number = await EnterAsync(patient, "asthma");
        var asked = await doctor.Requests.AskAsync(number, ["asthma"], GrantRole.Doctor, "why", None);
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        foreach (var change in new Func<IncomingRequest, IncomingRequest>[]
        {
            row => row with { Asker = thief.Account.Id.ToString() }, row => row with { Sealed = row.Sealed.Flipped(100) }, row => row with { Sealed = row.Sealed[..200] },
            row => row with { Sealed = [] },
        })
        {
            cloud.Change = On<RequestList>(Paths.Requests, list => list with { Incoming = [.. list.Incoming.Select(change)] });
            var row = Assert.Single((await patient.Requests.ListAsync(None)).Incoming);
            Assert.Null(row.Request);
            Assert.NotNull(row.Unopened);
            await Assert.ThrowsAsync<CannotException>(() => patient.Requests.ProposeAsync(asked.Id, null, null, None));
        }
        // The card of the asker's account with other keys than it has asked with.
        cloud.Change = On<SignedBytes>(Paths.Card.Replace("{account}", doctor.Account.Id.ToString(), StringComparison.Ordinal), _ => new SignedBytes(thief.Account.Card.Signed));
        await Assert.ThrowsAsync<AlarmException>(() => patient.Requests.ProposeAsync(asked.Id, null, null, None));
        // The owner's own entry.
        foreach (var change in new Func<DirectoryView, DirectoryView>[]
        {
            view => view with { Tag = view.Tag.Flipped(3) }, view => view with { SealedOwn = view.SealedOwn.Flipped(60) }, view => view with { SealedOwn = [] },
        })
        {
            cloud.Change = On<DirectoryView>(Paths.Directory, change);
            Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => patient.Directory.RefreshAsync(None))).Kind);
        }
    }

    [Fact]
    public async Task AnAskerWithOtherKeysThanItsAccountIsDeniedAndStopsNobodyElse()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var mallory = await Person.RegisterAsync(salus, "mallory");
        var number = await EnterAsync(patient, "asthma");
        using (var hardened = await new Hardening(mallory.Account).HardenAsync(number, None))
        {
            var (keys, card) = (mallory.Account.Keys.Identity, doctor.Account.Card);
            var request = AccessRequest.Create(keys, AccountCard.Create(keys, card.Receiving, card.Box, 2), GrantRole.Doctor, mallory.Account.Now, hardened.Tag, "why", ["asthma"]);
            await mallory.Account.Cloud.Requests.AskAsync(new AskForAccess(hardened.Tag, [hardened.FindTag("asthma")], await hardened.SealAsync(request)), None);
        }
        var asked = await doctor.Requests.AskAsync(number, ["asthma"], GrantRole.Doctor, "why", None);
        var rows = (await patient.Requests.ListAsync(None)).Incoming;
        Assert.Equal(2, rows.Count);
        Assert.Null(rows[0].Request);
        Assert.Contains("other keys", rows[0].Unopened, StringComparison.Ordinal);
        Assert.Equal((asked.Id, null), (rows[1].Id, rows[1].Unopened));
        Assert.Contains("other keys", (await Assert.ThrowsAsync<CannotException>(() => patient.Requests.ProposeAsync(rows[0].Id, null, null, None))).Message, StringComparison.Ordinal);
        var (opened, proposal) = await patient.Requests.ProposeAsync(asked.Id, ["medical"], null, None);
        await patient.Requests.ApproveAsync(opened, proposal, None);
        await patient.Requests.DenyAsync(rows[0].Id, None);
        rows = (await patient.Requests.ListAsync(None)).Incoming;
        Assert.Equal([RequestStates.Denied, RequestStates.Approved], rows.Select(row => row.State));
        Assert.Equal("it is over", rows[0].Unopened);
    }

    [Fact]
    public async Task ARequestShownAgainUnderAnotherIdentifierOrTimeIsNotOpened()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var number = await EnterAsync(patient, "asthma");
        var denied = await doctor.Requests.AskAsync(number, ["asthma"], GrantRole.Doctor, "why", None);
        var approved = await doctor.Requests.AskAsync(number, ["asthma"], GrantRole.Doctor, "why else", None);
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        foreach (var minutes in new[] { -6, 6 })
        {
            cloud.Change = On<RequestList>(Paths.Requests, list => list with { Incoming = [.. list.Incoming.Select(row => row with { CreatedAt = row.CreatedAt.AddMinutes(minutes) })] });
            Assert.All((await patient.Requests.ListAsync(None)).Incoming, row => Assert.Contains("damaged", row.Unopened, StringComparison.Ordinal));
        }
        cloud.Change = _ => Task.CompletedTask;
        await patient.Requests.DenyAsync(denied.Id, None);
        var (opened, proposal) = await patient.Requests.ProposeAsync(approved.Id, ["medical"], null, None);
        await patient.Requests.ApproveAsync(opened, proposal, None);
        // Remembered by the device, in its state: also after it was opened anew.
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        foreach (var state in new[] { RequestStates.Pending, RequestStates.Approved })
        {
            cloud.Change = On<RequestList>(Paths.Requests, list => list with
            {
                Incoming = [.. list.Incoming.Select((row, i) => row with { Id = new string((char)('a' + i), 32), State = state })],
            });
            foreach (var row in (await patient.Requests.ListAsync(None)).Incoming)
            {
                Assert.Null(row.Request);
                Assert.Contains("shown again", row.Unopened, StringComparison.Ordinal);
                await Assert.ThrowsAsync<CannotException>(() => patient.Requests.ProposeAsync(row.Id, null, null, None));
            }
        }
        // One that nobody has answered, kept back until it is too old.
        var late = await doctor.Requests.AskAsync(number, ["asthma"], GrantRole.Doctor, "late", None);
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url), new IndexedPutTests.LaterTime(TimeSpan.FromDays(14) + TimeSpan.FromMinutes(1)));
        cloud.Change = On<RequestList>(Paths.Requests, list => list with { Incoming = [.. list.Incoming.Select(row => row with { CreatedAt = patient.Account.Now })] });
        var old = (await patient.Requests.ListAsync(None)).Incoming.Single(row => row.Id == late.Id);
        Assert.Contains("days ago", old.Unopened, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACloudThatShowsAnEarlierDirectoryEntryOrNoneIsNoted()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await EnterAsync(patient, "asthma");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        await patient.Directory.RefreshAsync(None);
        var earlier = cloud.Passed.Last(exchange => exchange is { Method: "GET", Path: Paths.Directory }).Body;
        var number = NewNumber();
        await patient.Directory.EnterAsync(number, None);
        Assert.Equal(number.Text, (await patient.Directory.RefreshAsync(None))!.Number);
        await NotesAsync(AlarmKind.Rollback, 200, earlier);
        await NotesAsync(AlarmKind.Withheld, 404, []);
        await patient.Directory.RemoveAsync(None);
        await NotesAsync(AlarmKind.Rollback, 200, earlier);
        Assert.Null(await patient.Directory.RefreshAsync(None));
        // Changed on another device, which this one cannot know: entered here, it is known again.
        await patient.Directory.EnterAsync(number, None);
        Assert.Equal(number.Text, (await patient.Directory.RefreshAsync(None))!.Number);
        // Refused: what was there is there still, and nothing else is believed.
        using var other = await Person.RegisterAsync(salus, "other");
        var taken = NewNumber();
        await other.Directory.EnterAsync(taken, None);
        await Assert.ThrowsAsync<CannotException>(() => patient.Directory.EnterAsync(taken, None));
        Assert.Single(patient.Account.State.Content.DirectoryTags!);
        Assert.Equal(number.Text, (await patient.Directory.RefreshAsync(None))!.Number);

        async Task NotesAsync(AlarmKind kind, int status, byte[] body)
        {
            cloud.Change = exchange =>
            {
                if (exchange is { Method: "GET", Path: Paths.Directory })
                    (exchange.Status, exchange.Body) = (status, status == 404 ? JsonSerializer.SerializeToUtf8Bytes(new { code = Problems.NotFound }) : body);
                return Task.CompletedTask;
            };
            Assert.Equal(kind, (await Assert.ThrowsAsync<AlarmException>(() => patient.Directory.RefreshAsync(None))).Kind);
            cloud.Change = _ => Task.CompletedTask;
        }
    }

    private static Func<Exchange, Task> Lie(string lie, byte[] earlier) => exchange =>
    {
        if (exchange.Path == Paths.HardeningEvaluations && exchange.Status == 200)
            exchange.Body = lie switch
            {
                "element" => [.. earlier.AsSpan(0, 32), .. exchange.Body.AsSpan(32)],
                "challenge" => exchange.Body.Flipped(32),
                "response" => exchange.Body.Flipped(64),
                "earlier" => earlier,
                _ => [],
            };
        return Task.CompletedTask;
    };

    private static Func<Exchange, Task> On<T>(string path, Func<T, T> change) => exchange =>
    {
        if (exchange.Path == path && exchange.Status is 200 or 201 && exchange.Body.Length > 0)
            exchange.Body = JsonSerializer.SerializeToUtf8Bytes(change(JsonSerializer.Deserialize<T>(exchange.Body, JsonSerializerOptions.Web)!), JsonSerializerOptions.Web);
        return Task.CompletedTask;
    };

    private static async Task<PhoneNumber> EnterAsync(Person patient, params string[] keywords)
    {
        var number = NewNumber();
        await patient.PutAsync(Extensions.RandomBytes(100), findable: keywords);
        await patient.Directory.EnterAsync(number, None);
        return number;
    }

    private static PhoneNumber NewNumber() => PhoneNumber.Parse(string.Create(CultureInfo.InvariantCulture, $"+4178{RandomNumberGenerator.GetInt32(100_000_000):d8}"));
}
