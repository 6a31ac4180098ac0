using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Testing;
using Salus.Trustee.Reencryption;
using Salus.Trustee.Witness;

namespace Salus.Trustee.Tests;

public class ReencryptionTests
{
    [Fact]
    public async Task TheAnswersOfTwoTrusteesOpenARecordAndOneDoesNot()
    {
        var cluster = await PostgresCluster.SharedAsync();
        var database = await cluster.CreateDatabaseAsync("trustee1", "trustee2");
        await using var first = await TrusteeHost.StartAsync(cluster, database, "trustee1");
        await using var second = await TrusteeHost.StartAsync(cluster, database, "trustee2");
        using var sharing = new Sharing(first.Time);
        await sharing.BringAsync(first, 0);
        await sharing.BringAsync(second, 1);
        var (item, key) = sharing.Seal();

        var one = Assert.Single(await sharing.AnswerAsync(first, [item], 0));
        var two = Assert.Single(await sharing.AnswerAsync(second, [item], 1));

        Assert.Equal(key.Bytes, sharing.Open(item, one!, two!).Bytes);
    }

    [Fact]
    public async Task AnswersManyRecordsInOrderAndJournalsThem()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        var items = Enumerable.Range(0, Limits.MaxReencryptionItems).Select(_ => sharing.Seal().Item).ToArray();
        Assert.All(await sharing.AnswerAsync(trustee, items), Assert.NotNull);
        var row = Assert.Single(await trustee.InDatabaseAsync(database => database.Accesses.ToListAsync()));
        Assert.True(AccessStatement.TryVerify(row.Statement, out var statement));
        Assert.Equal(items.Select(item => item.Record), statement.Subject.Items);
        Assert.Equal((sharing.Delegatee.PublicKey, sharing.Account, sharing.Policy.Grant, sharing.Policy.Partition, sharing.Policy.Epoch),
            (statement.Requester, row.Owner, statement.Subject.Grant, statement.Subject.Partition, statement.Subject.Epoch));
        Assert.Equal(trustee.Time.Now, row.At);
    }

    [Fact]
    public async Task ACapsuleOfAnotherPlaceIsAnsweredWithNothingAndNotJournalled()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        using var other = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        var right = sharing.Seal().Item;
        var answer = await sharing.AnswerAsync(trustee,
        [
            right,
            sharing.Seal(boundTo: Identifier.Random<RecordId>()).Item,
            sharing.Seal(partition: Identifier.Random<PartitionId>()).Item,
            sharing.Seal(epoch: sharing.Policy.Epoch.Next()).Item,
            sharing.Seal(owner: other.Account).Item,
            other.Seal(sharing.Account, sharing.Policy.Partition, sharing.Policy.Epoch).Item, // right in all but the key it is sealed to
            right with { Record = Identifier.Random<RecordId>() },
        ]);
        Assert.NotNull(answer[0]);
        Assert.All(answer.Skip(1), Assert.Null);
        Assert.Equal(1, await trustee.CountAsync<AccessRow>());
        Assert.Null(Assert.Single(await sharing.AnswerAsync(trustee, [sharing.Seal(boundTo: Identifier.Random<RecordId>()).Item])));
        Assert.Equal(1, await trustee.CountAsync<AccessRow>());
    }

    [Fact]
    public async Task EveryMissingGrantGetsTheSameAnswer()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        using var stranger = new Sharing(trustee.Time);
        using var future = new Sharing(trustee.Time, from: TimeSpan.FromMilliseconds(1));
        using var revoked = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        await future.BringAsync(trustee);
        await revoked.BringAsync(trustee);
        Assert.Equal(200, (await trustee.PostAsync(Paths.Revocations, revoked.Revoke().Signed)).Status);

        var requests = new Dictionary<string, ReencryptionRequest>
        {
            ["unknown grant"] = sharing.Ask(trustee, grant: Identifier.Random<GrantId>()),
            ["another partition"] = sharing.Ask(trustee, partition: Identifier.Random<PartitionId>()),
            ["another epoch"] = sharing.Ask(trustee, epoch: sharing.Policy.Epoch.Next()),
            ["another owner"] = sharing.Ask(trustee, owner: stranger.Account),
            ["another requester"] = sharing.Ask(trustee, requester: stranger.Delegatee),
            ["the owner"] = sharing.Ask(trustee, requester: sharing.Owner),
            ["not yet"] = future.Ask(trustee),
            ["revoked"] = revoked.Ask(trustee),
        };
        var bodies = new List<string>();
        foreach (var (name, request) in requests)
        {
            var answer = await trustee.PostAsync(Paths.Reencryptions, request.Signed);
            Assert.True((403, Problems.NotGranted) == (answer.Status, answer.Problem), name);
            bodies.Add(WithoutTrace(answer.Bytes));
        }
        trustee.Time.Now = sharing.Policy.Until;
        var expired = await trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee).Signed);
        expired.Refuses(403, Problems.NotGranted);
        bodies.Add(WithoutTrace(expired.Bytes));
        Assert.Single(bodies.Distinct());
        Assert.Equal(0, await trustee.CountAsync<AccessRow>());
    }

    [Fact]
    public async Task AGrantHoldsFromItsFirstInstantToItsLast()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        foreach (var (now, status) in new[]
        {
            (sharing.Policy.From.AddMilliseconds(-1), 403), (sharing.Policy.From, 200), (sharing.Policy.Until.AddMilliseconds(-1), 200), (sharing.Policy.Until, 403),
        })
        {
            trustee.Time.Now = now;
            Assert.Equal(status, (await trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee).Signed)).Status);
        }
    }

    [Fact]
    public async Task RefusesARequestToAnotherTrustee()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var other = SigningKey.Generate();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        (await trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee, addressee: other.PublicKey).Signed)).Refuses(421, Problems.Misdirected);
    }

    [Fact]
    public async Task RefusesAClockThatIsMoreThanFiveMinutesAway()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        var (now, tolerance, more) = (trustee.Time.Now, Limits.ClockTolerance, TimeSpan.FromMilliseconds(1));
        foreach (var at in (DateTimeOffset[])[now - tolerance - more, now + tolerance + more, DateTimeOffset.UnixEpoch, Limits.NoEnd])
            (await trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee, at: at).Signed)).Refuses(403, Problems.ClockSkew);
        foreach (var at in (DateTimeOffset[])[now - tolerance, now + tolerance])
            Assert.Equal(200, (await trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee, at: at).Signed)).Status);
    }

    [Fact]
    public async Task ARequestIsAnsweredOnceForAsLongAsItsTimeIsTolerated()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        var request = sharing.Ask(trustee, at: trustee.Time.Now + Limits.ClockTolerance).Signed;
        Assert.Equal(200, (await trustee.PostAsync(Paths.Reencryptions, request)).Status);
        foreach (var minutes in (int[])[0, 5, 10])
        {
            trustee.Time.Now = sharing.Policy.From.AddHours(1).AddMinutes(minutes);
            await trustee.InDatabaseAsync(async database => { await Sweep.RunAsync(database, trustee.Time.Now, default); return 0; });
            (await trustee.PostAsync(Paths.Reencryptions, request)).Refuses(409, Problems.Replayed);
        }
        trustee.Time.Now = trustee.Time.Now.AddMilliseconds(1);
        (await trustee.PostAsync(Paths.Reencryptions, request)).Refuses(403, Problems.ClockSkew);
    }

    [Fact]
    public async Task OfParallelReplaysOneIsAnswered()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        for (var round = 0; round < 5; round++)
        {
            var request = sharing.Ask(trustee).Signed;
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => trustee.PostAsync(Paths.Reencryptions, request)));
            Assert.Single(answers, answer => answer.Status == 200);
            Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.Refuses(409, Problems.Replayed));
        }
        Assert.Equal(5, await trustee.CountAsync<AccessRow>());
    }

    [Fact]
    public async Task RefusesEveryAlteredByteAndEveryTruncation()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        var request = sharing.Ask(trustee, [sharing.Seal().Item, sharing.Seal().Item]).Signed;
        for (var i = 0; i < request.Length; i += i < 500 ? 1 : 19) // behind the items, the trace, which has tests of its own
        {
            var altered = (byte[])request.Clone();
            altered[i] ^= (byte)(1 << (i % 8));
            (await trustee.PostAsync(Paths.Reencryptions, altered)).Refuses(400, Problems.BadRequest);
            (await trustee.PostAsync(Paths.Reencryptions, request[..i])).Refuses(400, Problems.BadRequest);
        }
        Assert.Equal(0, await trustee.CountAsync<AccessRow>());
        Assert.Equal(200, (await trustee.PostAsync(Paths.Reencryptions, request)).Status);
    }

    [Fact]
    public async Task WithoutAJournalThereIsNoAnswer()
    {
        await using var trustee = await TrusteeHost.StartAsync();
        using var sharing = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        var request = sharing.Ask(trustee).Signed;
        await trustee.SqlAsync("ALTER TABLE accesses RENAME TO elsewhere");
        Assert.Equal(500, (await trustee.PostAsync(Paths.Reencryptions, request)).Status);
        await trustee.SqlAsync("ALTER TABLE elsewhere RENAME TO accesses");
        Assert.Equal(200, (await trustee.PostAsync(Paths.Reencryptions, request)).Status);
    }

    [Fact]
    public async Task WhoAsksTooOftenWaitsAndNobodyElseDoes()
    {
        await using var trustee = await TrusteeHost.StartAsync(requestsAtOncePerKey: 3);
        using var sharing = new Sharing(trustee.Time);
        using var other = new Sharing(trustee.Time);
        await sharing.BringAsync(trustee);
        await other.BringAsync(trustee);
        var answers = new List<Answer>();
        for (var i = 0; i < 8; i++)
            answers.Add(await trustee.PostAsync(Paths.Reencryptions, sharing.Ask(trustee).Signed));
        Assert.All(answers.Take(3), answer => Assert.Equal(200, answer.Status));
        Assert.Contains(answers, answer => (answer.Status, answer.Problem) == (429, Problems.TooMany));
        Assert.Equal(200, (await trustee.PostAsync(Paths.Reencryptions, other.Ask(trustee).Signed)).Status);

        // A request that the key has not signed takes none of its turns.
        var forged = other.Ask(trustee).Signed;
        forged[^1] ^= 1;
        for (var i = 0; i < 8; i++)
            (await trustee.PostAsync(Paths.Reencryptions, forged)).Refuses(400, Problems.BadRequest);
        Assert.Equal(200, (await trustee.PostAsync(Paths.Reencryptions, other.Ask(trustee).Signed)).Status);
    }

    private static string WithoutTrace(byte[] problem) =>
        string.Join(',', JsonDocument.Parse(problem).RootElement.EnumerateObject().Where(member => member.Name != "traceId").Select(member => member.ToString()));
}
