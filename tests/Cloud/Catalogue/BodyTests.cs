using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Catalogue;
using Salus.Cloud.Data;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Catalogue;

/// <summary>Bodies that records share: what refers to them keeps them, and whoever refers to a stored one has proven to have it.</summary>
public sealed class BodyTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task TheLastRecordThatNamesABodyLeavesItUnusedAndTheSameContentGetsAnother()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var content = new Content();
        var (first, second) = (await Shared.ClaimAsync(anna, content), await Shared.ClaimAsync(anna, content));
        Assert.Equal(first.Body, second.Body);
        Assert.False(first.IsStored);
        await first.EnterAsync().ShouldSucceedAsync();
        await second.EnterAsync().ShouldBeAsync(Problems.PossessionNeeded);
        await second.EnterAsync(await second.ProofsAsync(4)).ShouldSucceedAsync();

        await first.DeleteAsync();
        Assert.Empty(await UnusedAsync(anna));
        Assert.True((await Shared.ClaimAsync(anna, content)).IsStored); // a claim that nobody follows up
        await second.DeleteAsync();
        Assert.Empty(await UnusedAsync(anna));
        await ExpireClaimsAsync(anna);
        var unused = Assert.Single(await UnusedAsync(anna));
        Assert.Equal(first.Body.ToString(), unused.Body);
        Assert.Equal(content.Sealed, unused.Sealed);
        // With what their owners have signed to delete them: the stores want to see it.
        Assert.Equal(new[] { first.Record, second.Record }.ToHashSet(), unused.Deletions.Select(signed => Deletion.TryVerify(signed, out var deletion) ? deletion.Record : default).ToHashSet());

        // It is unused for good: what comes now is another body, whether the old one's bytes are gone or not.
        var third = await Shared.ClaimAsync(anna, content);
        Assert.NotEqual(first.Body, third.Body);
        Assert.False(third.IsStored);
        await ForgetAsync(anna, first.Body).ShouldSucceedAsync();
        await ForgetAsync(anna, first.Body).ShouldSucceedAsync();
        await ForgetAsync(anna, third.Body).ShouldBeAsync(Problems.Conflict);
        Assert.Empty(await UnusedAsync(anna));
        await third.EnterAsync().ShouldSucceedAsync();
    }

    [Fact]
    public async Task OtherAccountsSeeAndTouchNothing()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var boris = await Person.RegisterAsync(_cloud);
        var content = new Content();
        var annas = await Shared.ClaimAsync(anna, content);
        await annas.EnterAsync().ShouldSucceedAsync();

        // The same tag, stolen: another body, and nothing says that there is one.
        var his = await Shared.ClaimAsync(boris, content);
        Assert.NotEqual(annas.Body, his.Body);
        Assert.False(his.IsStored);
        // A record of his that names her body, a ticket for her claim, the end of her body.
        await his.EnterAsync(body: annas.Body).ShouldBeAsync(Problems.ClaimEnded);
        var waiting = await Shared.ClaimAsync(anna, content);
        await boris.Http.PostAsJsonAsync(Paths.PossessionTickets, new PossessionTicketRequest(waiting.Record.ToString(), [_cloud.Stores[0].PublicKey.ToString()]))
            .ShouldBeAsync(Problems.NotFound);
        await boris.Http.PostAsJsonAsync(Paths.Bodies, new ClaimBody(content.Tag, waiting.Record.ToString(), annas.Body.ToString(), content.Sealed)).ShouldBeAsync(Problems.Conflict);
        // An identifier that is taken serves nobody else.
        await boris.Http.PostAsJsonAsync(Paths.Bodies, new ClaimBody(new byte[32], Identifier.Random<RecordId>().ToString(), annas.Body.ToString(), content.Sealed)).ShouldBeAsync(Problems.Conflict);
        await annas.DeleteAsync();
        await ExpireClaimsAsync(anna);
        Assert.Empty(await UnusedAsync(boris));
        await ForgetAsync(boris, annas.Body).ShouldSucceedAsync(); // as for one that never was
        Assert.Single(await UnusedAsync(anna));
    }

    [Fact]
    public async Task AStoredBodyIsReferredToWithEnoughProofsOfThisClaimAndTheSameFactsOnly()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var content = new Content();
        var first = await Shared.ClaimAsync(anna, content);
        await first.EnterAsync().ShouldSucceedAsync();
        var (second, other) = (await Shared.ClaimAsync(anna, content), await Shared.ClaimAsync(anna, content));
        using var stranger = SigningKey.Generate();
        var right = await second.ProofsAsync(4);

        await second.EnterAsync(right[..3]).ShouldBeAsync(Problems.PossessionNeeded);
        await second.EnterAsync([right[0], right[0], right[1], right[2]]).ShouldBeAsync(Problems.PossessionNeeded);
        await second.EnterAsync([.. right[..3], (await other.ProofsAsync(4))[3]]).ShouldBeAsync(Problems.PossessionNeeded);
        await second.EnterAsync([.. right[..3], PossessionProof.Create(stranger, await second.NumberAsync(), content.Commitments[3], _cloud.Time.GetUtcNow()).Signed])
            .ShouldBeAsync(Problems.PossessionNeeded);
        await second.EnterAsync([.. right[..3], PossessionProof.Create(_cloud.Stores[0], await second.NumberAsync(), RandomNumberGenerator.GetBytes(32), _cloud.Time.GetUtcNow()).Signed])
            .ShouldBeAsync(Problems.PossessionNeeded);
        await second.EnterAsync([.. right[..3], [1, 2, 3]]).ShouldBeAsync(Problems.PossessionNeeded);
        // Another body under the same name.
        await second.EnterAsync(right, content with { Commitments = new Content().Commitments }).ShouldBeAsync(Problems.Conflict);
        await second.EnterAsync(right).ShouldSucceedAsync();
        await second.EnterAsync(right).ShouldSucceedAsync(); // the answer to the first was lost
        // Without a claim nothing is named, proofs or not.
        var never = new Shared(anna, await Partition.CreateAsync(anna), content, Identifier.Random<RecordId>(), first.Body, true);
        await never.EnterAsync(right).ShouldBeAsync(Problems.ClaimEnded);
    }

    [Fact]
    public async Task ClaimsAndDeletionsAtOnceNeverLeaveARecordWithoutItsBody()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var content = new Content();
        var partition = await Partition.CreateAsync(anna);
        await Parallel.ForAsync(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            var record = await Shared.ClaimAsync(anna, content, partition);
            var entered = await record.EnterAsync(await record.ProofsAsync(4));
            Assert.True(entered.IsSuccessStatusCode, await entered.Content.ReadAsStringAsync(CancellationToken.None));
            await using (var database = _cloud.OpenDatabase())
                Assert.Null((await database.Bodies.SingleAsync(row => row.Id == record.Body, CancellationToken.None)).UnusedSince);
            await record.DeleteAsync();
        });
        await using var after = _cloud.OpenDatabase();
        Assert.Empty(await after.BodyClaims.Where(row => row.Domain == anna.Id).ToListAsync());
        // As many as were unused in between; none is in use, none is lost.
        var bodies = await after.Bodies.Where(row => row.Domain == anna.Id).ToListAsync();
        Assert.NotEmpty(bodies);
        Assert.All(bodies, body => Assert.NotNull(body.UnusedSince));
    }

    [Fact]
    public async Task AnExpiredClaimEntersNothing()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var late = await Shared.ClaimAsync(anna, new Content());
        await ExpireClaimsAsync(anna);
        await late.EnterAsync().ShouldBeAsync(Problems.ClaimEnded);
        Assert.Single(await UnusedAsync(anna));
    }

    [Fact]
    public async Task HostileClaimsAreRefused()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var (tag, id) = (new byte[32], Identifier.Random<RecordId>().ToString());
        foreach (var hostile in new[]
        {
            new ClaimBody([], id, id, [1]), new ClaimBody(new byte[33], id, id, [1]), new ClaimBody(tag, "", id, [1]), new ClaimBody(tag, id, "", [1]), new ClaimBody(tag, id, id, []),
            new ClaimBody(tag, id, id, new byte[Limits.MaxSealedBody + 1]),
        })
            await anna.Http.PostAsJsonAsync(Paths.Bodies, hostile).ShouldBeAsync(Problems.BadRequest);
        await _cloud.Http.PostAsJsonAsync(Paths.Bodies, new ClaimBody(tag, id, id, [1])).ShouldBeAsync(Problems.NoSession);
    }

    private async Task<IReadOnlyList<UnusedBody>> UnusedAsync(Person person) => (await person.Http.GetAsync(Paths.UnusedBodies).ReadAsync<UnusedBodies>()).Bodies;

    private static Task<HttpResponseMessage> ForgetAsync(Person person, BodyId body) =>
        person.Http.DeleteAsync(Paths.UnusedBody.Replace("{id}", body.ToString(), StringComparison.Ordinal));

    /// <summary>What the upkeep does once the claims' time is over; only this person's, for the cloud is shared.</summary>
    private async Task ExpireClaimsAsync(Person person)
    {
        await using var database = _cloud.OpenDatabase();
        var past = _cloud.Time.GetUtcNow() - TimeSpan.FromSeconds(1);
        await database.BodyClaims.Where(row => row.Domain == person.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.ExpiresAt, past));
        await database.SweepBodyClaimsAsync(_cloud.Time.GetUtcNow(), CancellationToken.None);
    }

    /// <summary>What is the same of all records of one content.</summary>
    private sealed record Content
    {
        public byte[] Tag { get; } = RandomNumberGenerator.GetBytes(32);

        public byte[] Sealed { get; } = RandomNumberGenerator.GetBytes(100);

        public byte[] Prefix { get; } = RandomNumberGenerator.GetBytes(56);

        public byte[][] Commitments { get; init; } = [.. Enumerable.Range(0, 8).Select(_ => RandomNumberGenerator.GetBytes(32))];
    }

    /// <summary>A record on its way that has claimed a body.</summary>
    private sealed record Shared(Person Owner, Partition Partition, Content Content, RecordId Record, BodyId Body, bool IsStored)
    {
        private SealedRecord? _sealed;

        public static async Task<Shared> ClaimAsync(Person owner, Content content, Partition? partition = null)
        {
            var record = Identifier.Random<RecordId>();
            var claim = new ClaimBody(content.Tag, record.ToString(), Identifier.Random<BodyId>().ToString(), content.Sealed);
            var claimed = await owner.Http.PostAsJsonAsync(Paths.Bodies, claim).ReadAsync<ClaimedBody>();
            Assert.True(Identifier.TryParse(claimed.Body, out BodyId body));
            return new Shared(owner, partition ?? await Partition.CreateAsync(owner), content, record, body, claimed.IsStored);
        }

        public Task<HttpResponseMessage> EnterAsync(IReadOnlyList<byte[]>? proofs = null, Content? content = null, BodyId? body = null)
        {
            if (_sealed is null || content is not null || body is not null)
            {
                var metadata = RandomNumberGenerator.GetBytes(100);
                var context = new RecordContext(Owner.Id, Partition.Id, Partition.Epoch, Record);
                var capsule = Capsule.Encapsulate(Partition.Headers[^1].Key, context.ToBytes(), out var key);
                key.Dispose();
                Assert.True(WrappedKey.TryParse(RandomNumberGenerator.GetBytes(WrappedKey.Size), out var wrapped));
                var header = new RecordHeader(context, 1, Owner.Key, Owner.Cloud.Time.GetUtcNow(), capsule, wrapped, 4, 1000, Content.Prefix, (content ?? Content).Commitments,
                    SHA256.HashData(metadata), body ?? Body);
                _sealed = SealedRecord.Create(Owner.Identity, header, metadata);
            }
            var record = _sealed;
            if (content is not null || body is not null)
                _sealed = null;
            return Owner.Http.PostAsJsonAsync(Paths.Records, new NewRecord(record.Signed, record.SealedMetadata, proofs));
        }

        /// <summary>What stores would sign for these fragments, under the claim's number that the cloud puts into tickets.</summary>
        public async Task<byte[][]> ProofsAsync(int count)
        {
            var number = await NumberAsync();
            return [.. Enumerable.Range(0, count).Select(i =>
                PossessionProof.Create(Owner.Cloud.Stores[i % 4], number, Content.Commitments[i], Owner.Cloud.Time.GetUtcNow()).Signed)];
        }

        public async Task<UInt128> NumberAsync()
        {
            var store = Owner.Cloud.Stores[0].PublicKey;
            var tickets = await Owner.Http.PostAsJsonAsync(Paths.PossessionTickets, new PossessionTicketRequest(Record.ToString(), [store.ToString()])).ReadAsync<SignedList>();
            var cloud = await Owner.Cloud.KeyAsync();
            Assert.True(PossessionTicket.TryVerify(Assert.Single(tickets.Signed), cloud, out var ticket));
            Assert.Equal(store, ticket.Store);
            return ticket.Claim;
        }

        public Task DeleteAsync() => Partition.DeleteAsync(Record).ShouldSucceedAsync();
    }
}
