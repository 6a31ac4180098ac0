using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Salus.Client.Accounts;
using Salus.Client.Keys;
using Salus.Client.Profiles;
using Salus.Client.Records;
using Salus.Client.Sharing;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Testing;
using Salus.Trustee.Tests;

namespace Salus.Client.Tests.Records;

/// <summary>Content keys under a grant, by trustees in this process that re-encrypt as they should.</summary>
public sealed class GrantedKeysTests : IDisposable
{
    private static readonly PartitionId Medical = new(7);

    private readonly TemporaryFolder _folder = new();
    private readonly Keyring _owner = Keyring.Generate();
    private readonly Keyring _reader = Keyring.Generate();
    private readonly DelegatingKey _key = DelegatingKey.FromSeed(Enumerable.Repeat((byte)5, 64).ToArray());
    private readonly Trustees _trustees = new();

    public void Dispose()
    {
        _key.Dispose();
        _owner.Dispose();
        _trustees.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task OneThatIsSealedWronglyCostsTheOthersNothing()
    {
        using var account = await AccountAsync();
        var grant = Give();
        var items = new List<SealedKey>();
        for (var i = 0; i < Limits.MaxReencryptionItems + 2; i++)
            items.Add(await ItemAsync());
        var (elsewhere, uncommitted) = (await ItemAsync(capsuleOf: Identifier.Random<RecordId>()), await ItemAsync(isCommitted: false));
        items.Insert(1, elsewhere);
        items.Insert(3, uncommitted);
        var keys = await new ContentKeys(account).GrantedAsync(AccessKind.Open, items, grant, [], CancellationToken.None);
        for (var i = 0; i < items.Count; i++)
        {
            var isWrong = ReferenceEquals(items[i], elsewhere) || ReferenceEquals(items[i], uncommitted);
            Assert.Equal(isWrong, keys[i].Key is null);
            Assert.Equal(isWrong ? AlarmKind.Integrity : null, keys[i].Fault?.Kind);
            keys[i].Key?.Dispose();
        }
        // Two requests to each trustee for all of them, and none about a capsule that this client sees to be wrong.
        Assert.InRange(_trustees.Requests.Count, 4, 6);
        Assert.DoesNotContain(_trustees.Requests.SelectMany(request => request.Items), item => item.Record == elsewhere.Context.Record);
        await CheckTracesAsync(grant, AccessKind.Open);
        Assert.Empty(await new ContentKeys(account).GrantedAsync(AccessKind.Open, [], grant, [], CancellationToken.None));
    }

    [Fact]
    public async Task OneTrusteeThatHasTooManyRequestsIsDoneWithout()
    {
        _trustees.Refuse = (trustee, _) => trustee == 0 ? TooMany(1) : null;
        var complaints = new List<string>();
        await OpensAsync(complaints);
        Assert.Empty(complaints);
        Assert.InRange(_trustees.Requests.Count, 2, 3);
    }

    [Fact]
    public async Task TwoThatHaveTooManyRequestsAreAskedAgainAfterTheWhileThatTheyName()
    {
        var since = Stopwatch.GetTimestamp();
        _trustees.Refuse = (trustee, attempt) => trustee < 2 && attempt == 1 ? TooMany(1) : null;
        await OpensAsync([]);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(30));
        // The one that answered is not asked again.
        Assert.Single(_trustees.Requests, request => request.Trustee.Equals(_trustees.Keys[2].PublicKey));
    }

    [Theory]
    [InlineData(1, "in 1 second", 3)]
    [InlineData(90, "in 90 seconds", 1)]
    [InlineData(301, "in 6 minutes", 1)]
    [InlineData(86_400, "in 24 hours", 1)]
    [InlineData(null, "later", 3)]
    public async Task TwoThatGoOnRefusingAreNamedWithHowLongToWait(int? seconds, string wait, int attempts)
    {
        _trustees.Refuse = (trustee, _) => trustee == 1 ? null : TooMany(seconds);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => OpensAsync([]));
        Assert.Equal((Problems.TooMany, "trustee 0 and trustee 2"), (refused.Code, refused.Party));
        Assert.Equal($"Too many requests: try again {wait}. Two of the three trustees have to answer.", refused.Message);
        Assert.Equal(attempts, _trustees.Requests.Count(request => request.Trustee.Equals(_trustees.Keys[0].PublicKey)));
    }

    [Fact]
    public async Task WaitingIsNotAdvisedWhereItDoesNotHelp()
    {
        _trustees.Refuse = (trustee, _) => trustee == 0 ? TooMany(1) : new HttpResponseMessage(HttpStatusCode.NotFound);
        Assert.Equal(Problems.NotFound, (await Assert.ThrowsAsync<RefusedException>(() => OpensAsync([]))).Code);
        Assert.Equal(3, _trustees.Requests.Count);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("a part")]
    [InlineData("of another entry")]
    public async Task ACloudThatDoesNotShowTheAccessInTheLogOpensNothing(string shown)
    {
        _trustees.Log.Append(LogEntry.Of(LogKind.Roots, [1]));
        _trustees.Proof = proof => shown switch
        {
            "nothing" => [],
            "a part" => proof[..^5],
            _ => _trustees.Log.Proof(0, DateTimeOffset.UtcNow, _trustees.Log.Witnesses),
        };
        Assert.Equal(AlarmKind.Unlogged, (await Assert.ThrowsAsync<AlarmException>(() => OpensAsync([]))).Kind);
        Assert.Empty(_trustees.Requests);
    }

    [Fact]
    public async Task AnAccessThatOneTrusteeAloneHasSeenInTheLogOpensNothing()
    {
        _trustees.Proof = _ => _trustees.Log.Proof(_trustees.Log.Size - 1, DateTimeOffset.UtcNow, _trustees.Log.Witnesses[0]);
        Assert.Equal(Reasons.TooFewTrustees, (await Assert.ThrowsAsync<CannotException>(() => OpensAsync([]))).Code);
        Assert.Empty(_trustees.Requests);
    }

    /// <summary>Every request shows that the owner will find in the log what is asked for: one entry for all trustees.</summary>
    private async Task CheckTracesAsync(ReceivedGrant grant, AccessKind kind)
    {
        foreach (var request in _trustees.Requests)
        {
            Assert.True(AccessTrace.TryParse(request.Trace, out var trace));
            Assert.True(LogProof.TryRead(trace.Proof, _trustees.Log.Keys, out var proof));
            var subject = trace.Statement.Subject;
            Assert.Equal((kind, grant.Owner.Account, grant.Grant.Terms.Id, Medical, (EpochNumber?)EpochNumber.First),
                (subject.Kind, subject.Owner, subject.Grant, subject.Partition, subject.Epoch));
            Assert.Equal(request.Items.Select(item => item.Record), subject.Items);
            using var seed = Secret.CopyOf(trace.Seed);
            var entry = await AccessEntry.SealAsync(trace.Statement, grant.Owner.Box, seed);
            Assert.True(proof.Includes(entry));
            Assert.Equal(trace.Statement.Signed, (await AccessEntry.OpenAsync(entry, _owner.Box, _owner.Card.Account))!.Signed);
        }
        Assert.Equal(_trustees.Log.Size, _trustees.Requests.Select(request => AccessTrace.TryParse(request.Trace, out var trace) ? Convert.ToHexString(trace.Statement.Hash) : "").Distinct().Count());
    }

    private async Task OpensAsync(List<string> complaints)
    {
        using var account = await AccountAsync();
        var grant = Give();
        var key = Assert.Single(await new ContentKeys(account).GrantedAsync(AccessKind.Search, [await ItemAsync()], grant, complaints, CancellationToken.None));
        Assert.NotNull(key.Key);
        key.Key.Dispose();
    }

    private static HttpResponseMessage TooMany(int? seconds)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        if (seconds is { } given)
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(given));
        return answer;
    }

    private async Task<Account> AccountAsync()
    {
        var parties = new PartyDirectory(new Party("cloud", new Uri("http://localhost"), new string('0', 64), _trustees.Log.Signer.Key.ToString()),
            [.. _trustees.Keys.Select((key, i) => new TrusteeParty($"trustee {i}", new Uri($"http://trustee{i}"), key.PublicKey.ToString(), Convert.ToHexString(_owner.Card.Box.Bytes),
                _trustees.Log.Witnesses[i].Key.ToString()))], []);
        var profile = new Profile(_folder.File("reader"));
        var content = new ProfileContent(2, "reader@example.org", _reader.Card.Account.ToString(), _reader.Card.Signed, parties, [], null, null);
        return new Account(profile, content, _reader, await LocalState.OpenAsync(profile, _reader.Local, _reader.Card.Account), new ManualTime(), new HttpClient(_trustees, disposeHandler: false));
    }

    private ReceivedGrant Give()
    {
        var terms = new GrantTerms(Identifier.Random<GrantId>(), 1, _owner.Identity.PublicKey, _reader.Identity.PublicKey, _reader.Card.Receiving, GrantRole.Doctor, Purpose.Treatment,
            DateTimeOffset.UnixEpoch, Limits.NoEnd);
        _trustees.Key = _key.PublicKey;
        _trustees.Shares = Delegation.Split(_key, _reader.Card.Receiving, terms.Policy(Medical, EpochNumber.First).Common());
        var entry = new GrantEntry(Medical, EpochNumber.First, _key.PublicKey,
            [.. _trustees.Keys.Zip(_trustees.Shares, (trustee, share) => new TrusteeShare(trustee.PublicKey, share.Public))]);
        return new ReceivedGrant(Grant.Create(_owner.Identity, terms, [entry], []), _owner.Card, "owner@example.org", false, new Dictionary<PartitionId, string> { [Medical] = "medical" });
    }

    private async Task<SealedKey> ItemAsync(RecordId? capsuleOf = null, bool isCommitted = true)
    {
        var context = new RecordContext(_owner.Card.Account, Medical, EpochNumber.First, Identifier.Random<RecordId>());
        var made = Capsule.Encapsulate(_key.PublicKey, (context with { Record = capsuleOf ?? context.Record }).ToBytes(), out var key);
        using var content = Secret.Random(32);
        using var other = Secret.Random(32);
        using (key)
            return new SealedKey(context, made, await WrappedKey.WrapAsync(isCommitted ? key : other, content, context.ToBytes()), $"The record {context.Record}");
    }

    private sealed class Trustees : HttpMessageHandler
    {
        public SigningKey[] Keys { get; } = [SigningKey.Generate(), SigningKey.Generate(), SigningKey.Generate()];

        public KeyShare[] Shares { get; set; } = [];

        public PublicKey? Key { get; set; }

        public List<ReencryptionRequest> Requests { get; } = [];

        /// <summary>The cloud's.</summary>
        public TestLog Log { get; } = new();

        /// <summary>What becomes of the cloud's proofs.</summary>
        public Func<byte[], byte[]> Proof { get; set; } = proof => proof;

        /// <summary>A trustee's answer to a request, the first, second and so on, in the place of the right one; null gives that.</summary>
        public Func<int, int, HttpResponseMessage?> Refuse { get; set; } = (_, _) => null;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Host == "localhost")
                return await CloudAsync(request, cancellationToken);
            Assert.True(ReencryptionRequest.TryVerify(await request.Content!.ReadAsByteArrayAsync(cancellationToken), out var asked));
            int attempt;
            lock (Requests)
            {
                Requests.Add(asked);
                attempt = Requests.Count(other => other.Trustee.Equals(asked.Trustee));
            }
            var trustee = Array.FindIndex(Keys, key => key.PublicKey.Equals(asked.Trustee));
            if (Refuse(trustee, attempt) is { } refusal)
                return refusal;
            var share = Shares[trustee];
            var answer = asked.Items.Select(item =>
                item.Capsule.TryVerify(Key!, asked.Context(item).ToBytes(), out var capsule) ? Delegation.ReEncrypt(capsule, share, asked.Binding(item)) : null);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(ReencryptionRequest.EncodeAnswer(answer)) };
        }

        private async Task<HttpResponseMessage> CloudAsync(HttpRequestMessage request, CancellationToken cancel)
        {
            byte[]? answer;
            if (request.RequestUri!.AbsolutePath == Paths.LogAccesses)
            {
                Assert.True(LogEntry.TryParse(await request.Content!.ReadAsByteArrayAsync(cancel), out var entry));
                answer = Proof(Log.Proof(Log.Append(entry), DateTimeOffset.UtcNow, Log.Witnesses));
            }
            else
                answer = Log.Answer(request.RequestUri.AbsolutePath, null, DateTimeOffset.UtcNow, Log.Witnesses);
            return answer is null ? new HttpResponseMessage(HttpStatusCode.NotFound) : new HttpResponseMessage { Content = new ByteArrayContent(answer) };
        }

        protected override void Dispose(bool disposing)
        {
            foreach (var key in Keys)
                key.Dispose();
            foreach (var share in Shares)
                share.Dispose();
            base.Dispose(disposing);
        }
    }
}
