using System.Security.Cryptography;
using Salus.Client.Accounts;
using Salus.Client.Keys;
using Salus.Client.Partitions;
using Salus.Client.Profiles;
using Salus.Client.Records;
using Salus.Client.Search;
using Salus.Client.Search.Segments;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Health.Keywords;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Client.Tests.Search;

/// <summary>A patient with one partition at a <see cref="MemoryCloud"/>, and a hospital that may add to it.</summary>
internal sealed class SearchedAccount : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();

    private SearchedAccount()
    {
    }

    public MemoryCloud Cloud { get; } = new();

    public ManualTime Clock { get; } = new();

    public Account Account { get; private set; } = null!;

    public Partition Partition { get; private set; } = null!;

    public SigningKey Own => Account.Keys.Identity;

    public Keyring Hospital { get; } = Keyring.Generate("City Hospital");

    public static async Task<SearchedAccount> CreateAsync()
    {
        var made = new SearchedAccount();
        made.Account = await made.DeviceAsync("one", Keyring.Generate());
        made.Partition = await new PartitionKeys(made.Account).EnsureAsync("medical", None);
        var terms = new DepositTerms(Identifier.Random<GrantId>(), made.Own.PublicKey, made.Hospital.Identity.PublicKey, made.Clock.GetUtcNow().AddDays(-1), Limits.NoEnd,
            [made.Partition.Id]);
        made.Cloud.Deposits.Add(new DepositView(DepositGrant.Create(made.Own, terms, []).Signed, null));
        made.Cloud.Cards[made.Hospital.Card.Account] = made.Hospital.Card;
        return made;
    }

    /// <summary>The account on a device that has seen nothing yet.</summary>
    public async Task<Account> DeviceAsync(string name, Keyring keys)
    {
        var parties = new PartyDirectory(new Party("cloud", new Uri("http://localhost"), new string('0', 64)), [], []);
        var profile = new Profile(_folder.File(name));
        var content = new ProfileContent(2, "patient@example.org", keys.Card.Account.ToString(), keys.Card.Signed, parties, [], null, null);
        return new Account(profile, content, keys, await LocalState.OpenAsync(profile, keys.Local, keys.Card.Account), Clock, Cloud.Client());
    }

    /// <summary>Moves the partition on to its next epoch.</summary>
    public async Task AdvanceAsync() => Partition = await new PartitionKeys(Account).AdvanceAsync(Partition, None);

    /// <summary>Publishes a segment with these documents, each a record of its own with these words, and the records.</summary>
    public async Task<RecordId[]> AddAsync(SigningKey source, params string[] texts)
    {
        var records = await Task.WhenAll(texts.Select(_ => AddRecordAsync(source)));
        await PublishAsync(source, await BuildAsync(source, [.. texts.Zip(records, (text, record) => (record, text))]));
        return records;
    }

    public async Task<SegmentInfo> BuildAsync(SigningKey source, IReadOnlyList<(RecordId Record, string Text)> documents)
    {
        var builder = new SegmentBuilder();
        foreach (var (record, text) in documents)
        {
            var terms = Words.Tokenise(text).SelectMany(token => Words.Terms(token.Word, Language.English)).CountBy(term => term).ToList();
            var length = terms.Sum(term => term.Value);
            terms.Add(KeyValuePair.Create(TermNames.SourcePrefix + source.PublicKey.Account, 1));
            builder.Add(new IndexedDocument(record, IndexedDocument.WholeRecord), terms, length);
        }
        return await SealAsync(source, builder);
    }

    public async Task<SegmentInfo> SealAsync(SigningKey source, SegmentBuilder builder)
    {
        using var segment = await NewSegment.CreateAsync(Account.Id, Partition.Id, Partition.Head.Epoch, Partition.Head.Key);
        var built = await builder.SealAsync(Account.Id, segment.Id, segment.Key, _folder.Path);
        Cloud.Add(built);
        return segment.Info(source.PublicKey, built);
    }

    public Task<IndexUpdate> PublishAsync(SigningKey source, params SegmentInfo[] added)
    {
        var last = Cloud.Updates.Where(update => update.Source.Equals(source.PublicKey)).MaxBy(update => update.Sequence)?.Head
            ?? Cloud.Updates.SelectMany(update => update.Base?.Watermarks ?? []).FirstOrDefault(watermark => watermark.Source.Equals(source.PublicKey))?.Head;
        var update = IndexUpdate.Create(source, Account.Id, Partition.Id, last, Clock.GetUtcNow(), added);
        Cloud.Updates.Add(update);
        return Task.FromResult(update);
    }

    /// <summary>A record whose sequence key its owner holds: nobody looks into it.</summary>
    public async Task<RecordId> AddRecordAsync(SigningKey source)
    {
        var context = new RecordContext(Account.Id, Partition.Id, Partition.Head.Epoch, Identifier.Random<RecordId>());
        using var contentKey = Secret.Random(32);
        var capsule = Capsule.Encapsulate(Partition.Head.Key, context.ToBytes(), out var key);
        WrappedKey wrapped;
        using (key)
            wrapped = await WrappedKey.WrapAsync(key, contentKey, context.ToBytes());
        var metadata = await new RecordMetadata($"note {context.Record}", "text/plain", RecordMetadata.FileKind, Partition.Name, 10, 0, 0, null, null, null, [new string('5', 64)], [])
            .SealAsync(contentKey, context, 1);
        var header = new RecordHeader(context, 1, source.PublicKey, Clock.GetUtcNow(), capsule, wrapped, 4,
            ChunkedEncryption.CiphertextLength(10) - ChunkedEncryption.PrefixSize,
            new byte[ChunkedEncryption.PrefixSize], [.. Enumerable.Range(0, 8).Select(_ => new byte[SealedRecord.CommitmentSize])], SHA256.HashData(metadata));
        var record = SealedRecord.Create(source, header, metadata);
        Cloud.Records[context.Record] = new CatalogueRecord(record.Signed, record.SealedMetadata);
        return context.Record;
    }

    public void Delete(RecordId record, SigningKey? by = null)
    {
        Cloud.Records.Remove(record);
        Cloud.Deletions[record] = Deletion.Create(by ?? Own, record, 1, Clock.GetUtcNow()).Signed;
    }

    public Task<IReadOnlyList<SearchHit>> FindAsync(string query) => FindAsync(Account, query);

    public static async Task<IReadOnlyList<SearchHit>> FindAsync(Account account, string text, int limit = 1000)
    {
        Assert.True(Query.TryParse(text, out var query, out var fault), fault);
        var hits = new List<SearchHit>();
        await foreach (var hit in new Searcher(account).FindAsync(query, null, limit, None))
            hits.Add(hit);
        return hits;
    }

    public void Dispose()
    {
        Account.Dispose();
        Hospital.Dispose();
        Cloud.Dispose();
        _folder.Dispose();
    }
}
