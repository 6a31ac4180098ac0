using System.Net;
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
using Salus.Testing;

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
        var keys = await new ContentKeys(account).GrantedAsync(items, grant, [], CancellationToken.None);
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
        Assert.Empty(await new ContentKeys(account).GrantedAsync([], grant, [], CancellationToken.None));
    }

    private async Task<Account> AccountAsync()
    {
        var parties = new PartyDirectory(new Party("cloud", new Uri("http://localhost"), new string('0', 64)),
            [.. _trustees.Keys.Select((key, i) => new TrusteeParty($"trustee {i}", new Uri($"http://trustee{i}"), key.PublicKey.ToString(), Convert.ToHexString(_owner.Card.Box.Bytes)))], []);
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

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.True(ReencryptionRequest.TryVerify(await request.Content!.ReadAsByteArrayAsync(cancellationToken), out var asked));
            lock (Requests)
                Requests.Add(asked);
            var share = Shares[Array.FindIndex(Keys, key => key.PublicKey.Equals(asked.Trustee))];
            var answer = asked.Items.Select(item =>
                item.Capsule.TryVerify(Key!, asked.Context(item).ToBytes(), out var capsule) ? Delegation.ReEncrypt(capsule, share, asked.Binding(item)) : null);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(ReencryptionRequest.EncodeAnswer(answer)) };
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
