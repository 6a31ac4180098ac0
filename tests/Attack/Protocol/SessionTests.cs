using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Salus.Attack.Tests.Servers;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Attack.Tests.Protocol;

/// <summary>Messages that are shown again, elsewhere, too late or by somebody else, to the real servers and to the client.</summary>
public class SessionTests(HostileServers servers) : AttackTest(servers)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    [Fact, Attack("P01")]
    public async Task MessagesThatWereTakenAreNotTakenAgain()
    {
        using var patient = await Cast.RegisterAsync("patient");
        using var doctor = await Cast.RegisterAsync("doctor");
        var mark = Servers.Now;
        var (one, two) = (await Cast.PutAsync(patient), await Cast.PutAsync(patient));
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        await OpensAsync(doctor, one);
        await OpensAsync(doctor, two);
        await patient.Records.DeleteAsync(two.Id, Person.NoKey, None);
        await patient.Granting.RevokeAsync(grant.Terms.Id, None);
        var history = Servers.Since(mark);

        // All that changed something, once more and from the end to the beginning, as it was sent: nothing comes back.
        foreach (var seen in history.Where(seen => seen.Exchange.Method is "POST" or "PUT" or "DELETE" && seen.Party != "store").Reverse())
            await SendAgainAsync(seen);
        var listed = Assert.Single(await patient.Records.ListAsync(None));
        Assert.Equal(one.Id, listed.Record);
        Assert.Equal(["revoked"], (await patient.Granting.ListAsync(None)).Select(summary => summary.State));
        Assert.Empty(await doctor.SharedAsync());
        await doctor.FailsToGetAsync<RefusedException>(one.Id);
        await OpensAsync(patient, one);
        // A trustee answers a request once: also while the grant is live.
        var live = await patient.ShareAsync(doctor, ["medical"]);
        mark = Servers.Now;
        await OpensAsync(doctor, one);
        foreach (var seen in Servers.Since(mark).Where(seen => seen.Exchange.Path == Paths.Reencryptions && seen.Status == 200))
        {
            using var again = await SendAgainAsync(seen);
            Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
            // And elsewhere it is not answered at all.
            foreach (var trustee in Servers.Parties.Trustees.Where(trustee => trustee.Name != seen.Party))
            {
                using var content = new ByteArrayContent(seen.Exchange.Request);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                using var elsewhere = await Http.PostAsync(new Uri(trustee.Url, Paths.Reencryptions), content);
                Assert.Equal(HttpStatusCode.MisdirectedRequest, elsewhere.StatusCode);
            }
        }
        // Answers to the client, from another session and in another order.
        Servers.Mutate("trustee", Paths.Reencryptions, exchange => exchange.Body = history.First(seen => seen.Exchange.Path == Paths.Reencryptions && seen.Status == 200).Honest);
        await GetIsCaughtAsync(AlarmKind.Integrity, doctor, one);
        Servers.BeHonest();
        await patient.Granting.RevokeAsync(live.Terms.Id, None);
    }

    [Fact, Attack("P02")]
    public async Task ASignatureForOnePurposeServesNoOther()
    {
        using var patient = await Cast.RegisterAsync("patient");
        var (record, mark) = (await Cast.PutAsync(patient), Servers.Now);
        var grant = await patient.ShareAsync(Doctor, ["medical"]);
        var deposit = await patient.LetAddAsync(Doctor, "insurance");
        var epoch = (await patient.Account.Cloud.EpochsAsync(patient.Account.Id, None))[0];
        var row = await patient.Account.Cloud.RecordAsync(record.Id, None);
        var end = Revocation.Create(patient.Account.Keys.Identity, Identifier.Random<GrantId>(), patient.Account.Now);
        var state = async () => ((await patient.Granting.ListAsync(None)).Count, (await patient.Records.ListAsync(None)).Count,
            (await patient.Account.Cloud.EpochsAsync(patient.Account.Id, None)).Count,
            (await patient.Account.Cloud.DepositsAsync(patient.Account.Id, None)).Count(view => view.Revocation is not null));
        var before = await state();
        // Each message that the patient has signed, where another one is taken; also what a login is answered with: a signature over it never was asked for.
        var signed = new Dictionary<string, byte[]>
        {
            ["card"] = patient.Account.Card.Signed, ["epoch"] = epoch, ["record"] = row.Signed, ["grant"] = grant.Signed, ["deposit"] = deposit.Signed, ["end"] = end.Signed,
        };
        var places = new Dictionary<string, (HttpMethod Method, string Path, Func<byte[], object> Body)>
        {
            ["epoch"] = (HttpMethod.Post, Paths.Epochs, bytes => new SignedBytes(bytes)),
            ["record"] = (HttpMethod.Post, Paths.Records, bytes => new CatalogueRecord(bytes, row.SealedMetadata)),
            ["grant"] = (HttpMethod.Post, Paths.Grants, bytes => new SignedBytes(bytes)),
            ["deposit"] = (HttpMethod.Post, Paths.Deposits, bytes => new SignedBytes(bytes)),
            ["deletion"] = (HttpMethod.Post, For(Paths.RecordDeletion, record.Id), bytes => new SignedBytes(bytes)),
            ["revocation"] = (HttpMethod.Post, Paths.GrantRevocation.Replace("{id}", grant.Terms.Id.ToString(), StringComparison.Ordinal), bytes => new RevokeGrant(bytes, [])),
            ["end"] = (HttpMethod.Post, Paths.DepositRevocation.Replace("{id}", deposit.Terms.Id.ToString(), StringComparison.Ordinal), bytes => new SignedBytes(bytes)),
            ["index"] = (HttpMethod.Post, Paths.IndexUpdates, bytes => new SignedBytes(bytes)),
        };
        foreach (var (name, bytes) in signed)
            foreach (var (place, (method, path, body)) in places.Where(place => place.Key != name))
            {
                using var request = new HttpRequestMessage(method, new Uri(Servers.Parties.Cloud.Url, path)) { Content = JsonContent(body(bytes)) };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", patient.Account.Cloud.Token);
                using var answer = await Http.SendAsync(request);
                Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{name} as {place}: {answer.StatusCode}");
            }
        foreach (var trustee in Servers.Parties.Trustees)
            foreach (var (name, bytes) in signed)
                foreach (var path in new[] { Paths.Revocations, Paths.Reencryptions, Paths.ReadingRequests, Paths.Tokens })
                {
                    using var content = new ByteArrayContent(bytes);
                    content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                    using var answer = await Http.PostAsync(new Uri(trustee.Url, path), content);
                    Assert.True((int)answer.StatusCode is >= 400 and < 500 || (name == "end" && path == Paths.Revocations), $"{name} at {path}: {answer.StatusCode}");
                }
        Assert.Equal(before, await state());
        Assert.True(Servers.Now > mark);
        await OpensAsync(Doctor, record);
    }

    [Fact, Attack("P03")]
    public async Task NobodysClockButTheOwnOneAndTheTrusteesCounts()
    {
        using var patient = await Cast.RegisterAsync("patient");
        using var doctor = await Cast.RegisterAsync("doctor");
        var record = await Cast.PutAsync(patient);
        var ended = await patient.ShareAsync(doctor, ["medical"], until: patient.Account.Now.AddSeconds(2));
        await Task.Delay(TimeSpan.FromSeconds(2.2));
        // Every server says that it is an hour ago: what has ended has ended.
        Servers.Mutate("cloud", "/", exchange => exchange.Headers["Date"] = DateTimeOffset.UtcNow.AddHours(-1).ToString("r"));
        Servers.Mutate("trustee", "/", exchange => exchange.Headers["Date"] = DateTimeOffset.UtcNow.AddHours(-1).ToString("r"));
        await doctor.FailsToGetAsync<RefusedException>(record.Id);
        await doctor.RefusedByTrusteesAsync(ended.Terms.Id, await patient.SealedAsync(record.Id));
        // A device whose own clock is an hour behind believes in the grant: the trustees do not, and say why.
        Servers.BeHonest();
        await patient.ShareAsync(doctor, ["medical"]);
        foreach (var hours in new[] { -1, 1 })
        {
            await doctor.ThroughAsync(Servers.Parties, new ShiftedTime(TimeSpan.FromHours(hours)));
            if (hours > 0)
                Assert.Equal(Problems.ClockSkew, (await doctor.FailsToGetAsync<RefusedException>(record.Id)).Code);
            else
                await doctor.FailsToGetAsync<RefusedException>(record.Id);
        }
        await doctor.ThroughAsync(Servers.Parties);
        await OpensAsync(doctor, record);
    }

    [Fact, Attack("P04")]
    public async Task ASessionThatHasEndedIsRefusedAtOnce()
    {
        using var patient = await Cast.RegisterAsync("patient");
        var record = await Cast.PutAsync(patient);
        var token = patient.Account.Cloud.Token!;
        Assert.Equal(HttpStatusCode.OK, await AskAsync(token));
        var outcome = await CommandAsync(patient, "logout");
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        foreach (var path in new[] { Paths.Account, Paths.Grants, For(Paths.Record, record.Id), Paths.Sessions })
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(token, path));
        Assert.Equal(Problems.NoSession, (await Assert.ThrowsAsync<RefusedException>(() => patient.Records.ListAsync(None))).Code);
        // A cloud that says that the session goes on is believed in nothing that it could not have said before; nor is one that was never begun taken.
        foreach (var other in new[] { new string('A', 43), token[..^1] + (token[^1] == 'A' ? 'B' : 'A'), "" })
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(other));

        // A grant that was revoked: at once as well, at every trustee.
        var (reader, grant) = (Doctor, await Patient.ShareAsync(Eve, ["medical"]));
        await OpensAsync(Eve, Cast.One);
        await Patient.Granting.RevokeAsync(grant.Terms.Id, None);
        await Eve.RefusedByTrusteesAsync(grant.Terms.Id, await Patient.SealedAsync(Cast.One.Id));
        await OpensAsync(reader, Cast.One);
    }

    [Fact, Attack("P06")]
    public async Task NoServersTextIsAScreenAndNoneAsksForTheKit()
    {
        const string Phishing = "SALUS: your session is broken.\u001b[2J\u001b[31m\nPlease re-enter your recovery kit:\r\n> \u202e and your passphrase at https://evil.example";
        var answers = 0;
        Servers.Instead("cloud", exchange =>
        {
            answers++;
            Refuse(exchange, answers % 2 == 0 ? 403 : 500, "re-enter-kit", Phishing + new string('!', 3000));
            return true;
        });
        foreach (var command in new string[][] { ["list"], ["get", Cast.One.Id.ToString(), "--out", Patient.Out("never")], ["find", "asthma"], ["grants"], ["share", "--to", Doctor.Mail, "--yes"] })
        {
            // Whatever would be typed is there to be read: nothing asks for it.
            var outcome = await CommandLine.TypeAsync(Patient.Kit, [.. command, "--data", Salus.Data, "--profile", Patient.Name], ("SALUS_PASSPHRASE", Patient.Passphrase));
            Assert.True(outcome.ExitCode == 1, outcome.ToString());
            var said = outcome.Output + outcome.Errors;
            Assert.DoesNotContain('\u001b', said);
            Assert.DoesNotContain('\u202e', said);
            Assert.DoesNotContain('\r', said);
            // One line, short, and plainly the server's word and not Salus's.
            var line = Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.Contains("recovery kit", StringComparison.Ordinal));
            Assert.StartsWith("salus: cloud refuses: ", line, StringComparison.Ordinal);
            Assert.InRange(line.Length, 1, 500);
            Assert.Empty(outcome.Output);
        }
        Assert.True(answers >= 5);
        Assert.Empty(Patient.Written);
    }

    [Fact, Attack("P07")]
    public async Task WhoStandsInTheMiddleOfEverythingLearnsAndChangesNoMoreThanAServer()
    {
        // All of it relayed by somebody with a certificate of their own, so to speak: reading is all that they can do, and the scan at the end says what they have read.
        using var patient = await Cast.RegisterAsync("patient");
        using var doctor = await Cast.RegisterAsync("doctor");
        var record = await Cast.PutAsync(patient);
        await patient.ShareAsync(doctor, ["medical"]);
        await OpensAsync(doctor, record);
        await patient.PutAsync(Encoding.ASCII.GetBytes("a note about asthma"), name: $"note-{Guid.NewGuid():n}.txt");
        var routes = new List<(string Party, string Path)>();
        // Then each kind of answer that the doctor's opening takes is broken, cut and emptied in turn: never another record, never a crash.
        var mark = Servers.Now;
        await OpensAsync(doctor, record);
        foreach (var seen in Servers.Since(mark).Where(seen => seen is { Status: >= 200 and < 300, Party: "cloud" } && seen.Honest.Length > 0))
            if (!routes.Contains((seen.Party, seen.Exchange.Path)))
                routes.Add((seen.Party, seen.Exchange.Path));
        Assert.True(routes.Count >= 3);
        var random = new Random(6);
        foreach (var (party, path) in routes)
            foreach (var change in new Func<byte[], byte[]>[]
            {
                body => body.Flipped(random.Next(body.Length)), body => body.Flipped(body.Length / 2), body => body[..(body.Length / 2)], _ => [], body => [.. body, .. body],
                _ => "<html>Sign in to the hotel's network</html>"u8.ToArray(),
            })
            {
                Servers.BeHonest();
                Servers.Mutate(party, path.Split('?')[0], exchange => exchange.Body = change(exchange.Body));
                try
                {
                    await OpensAsync(doctor, record); // a changed byte may stand where nothing is read
                }
                catch (Exception failure) when (failure is AlarmException or RefusedException or UnreachableException or CannotException)
                {
                    Assert.Empty(doctor.Written);
                }
            }
    }

    private static async Task<HttpResponseMessage> SendAgainAsync(Seen seen, HttpClient? http = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(seen.Exchange.Method), new Uri(Url(seen), seen.Exchange.Path)) { Content = new ByteArrayContent(seen.Exchange.Request) };
        foreach (var (name, value) in seen.Exchange.RequestHeaders.Where(header => header.Key is not ("Host" or "Content-Length" or "Transfer-Encoding")))
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        return await (http ?? Http).SendAsync(request);
    }

    private static Uri Url(Seen seen) => new($"http://{seen.Exchange.RequestHeaders["Host"]}");

    private static ByteArrayContent JsonContent(object body)
    {
        var content = new ByteArrayContent(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), System.Text.Json.JsonSerializerOptions.Web));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private async Task<HttpStatusCode> AskAsync(string token, string path = Paths.Account)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Servers.Parties.Cloud.Url, path));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var answer = await Http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>A clock that is wrong by so much.</summary>
    private sealed class ShiftedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
