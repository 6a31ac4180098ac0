using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Index;

/// <summary>A segment as its source builds it: random bytes of the right lengths, for the cloud can tell no difference.</summary>
internal sealed class IndexPart
{
    public const int RowSize = 272;

    private IndexPart(Partition partition, Person source, SegmentId id, int dictionary, int blocks, EpochNumber epoch)
    {
        (Partition, Source) = (partition, source);
        Dictionary = RandomNumberGenerator.GetBytes(dictionary);
        Rows = [.. Enumerable.Range(0, blocks).Select(_ => RandomNumberGenerator.GetBytes(RowSize))];
        var capsule = Capsule.Encapsulate(partition.Headers[^1].Key, new RecordContext(partition.Owner.Id, partition.Id, epoch, new RecordId(id.Value)).ToBytes(), out var key);
        key.Dispose();
        Assert.True(WrappedKey.TryParse(RandomNumberGenerator.GetBytes(WrappedKey.Size), out var wrapped));
        Info = new SegmentInfo(id, source.Key, epoch, capsule, wrapped, dictionary, SHA256.HashData(Dictionary), blocks);
    }

    public Partition Partition { get; }

    public Person Source { get; }

    public byte[] Dictionary { get; }

    public IReadOnlyList<byte[]> Rows { get; }

    public SegmentInfo Info { get; }

    public SegmentId Id => Info.Id;

    public string State => Paths.Segment.Replace("{id}", Id.ToString());

    public string DictionaryPath => Paths.SegmentDictionary.Replace("{id}", Id.ToString());

    public static IndexPart Of(Partition partition, Person? source = null, SegmentId? id = null, int dictionary = 300, int blocks = 6, EpochNumber? epoch = null) =>
        new(partition, source ?? partition.Owner, id ?? Identifier.Random<SegmentId>(), dictionary, blocks, epoch ?? partition.Epoch);

    public Task<HttpResponseMessage> PutDictionaryAsync(long offset, byte[] bytes, Person? by = null) =>
        (by ?? Source).Http.PutAsync($"{DictionaryPath}?owner={Partition.Owner.Id}&partition={Partition.Id}&offset={offset}", Octets(bytes));

    public Task<HttpResponseMessage> PostBlocksAsync(int from, IEnumerable<byte[]> rows, Person? by = null) =>
        (by ?? Source).Http.PostAsync(
            $"{Paths.SegmentBlocks.Replace("{id}", Id.ToString())}?owner={Partition.Owner.Id}&partition={Partition.Id}&from={from}", Octets([.. rows.SelectMany(row => row)]));

    /// <summary>Uploads everything; nothing is published.</summary>
    public async Task<IndexPart> UploadAsync()
    {
        await PutDictionaryAsync(0, Dictionary).ShouldSucceedAsync();
        if (Rows.Count > 0)
            await PostBlocksAsync(0, Rows).ShouldSucceedAsync();
        return this;
    }

    /// <summary>Asks for blocks of this segment.</summary>
    public async Task<HttpResponseMessage> AskAsync(Person by, params byte[][] addresses) => await AskGroupsAsync(by, Group(Id, addresses));

    public static Task<HttpResponseMessage> AskGroupsAsync(Person by, params byte[][] groups) => by.Http.PostAsync(Paths.IndexBlocks, Octets([.. groups.SelectMany(group => group)]));

    public static byte[] Group(SegmentId segment, params byte[][] addresses) =>
        [.. segment.ToBytes(), 0, 0, (byte)(addresses.Length >> 8), (byte)(addresses.Length & 0xff), .. addresses.SelectMany(address => address)];

    public static byte[] Address(byte[] row) => row[..16];

    public static byte[] Present(byte[] row) => [1, .. row[16..]];

    public static ByteArrayContent Octets(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
}

/// <summary>A source's chain of updates of one partition.</summary>
internal sealed class IndexChain(Partition partition, Person source)
{
    public IndexHead? Head { get; set; }

    public IndexUpdate Next(IndexPart[] added, IndexBase? newBase = null, TimeSpan fast = default) =>
        IndexUpdate.Create(source.Identity, partition.Owner.Id, partition.Id, Head, source.Cloud.Time.GetUtcNow() + fast, [.. added.Select(part => part.Info)], newBase);

    /// <summary>Uploads a segment and publishes it.</summary>
    public async Task<IndexPart> AddAsync(int dictionary = 300, int blocks = 6)
    {
        var part = await IndexPart.Of(partition, source, dictionary: dictionary, blocks: blocks).UploadAsync();
        await PublishAsync(Next([part])).ShouldSucceedAsync();
        return part;
    }

    /// <summary>Sends an update; it is the head from then on if it was taken.</summary>
    public async Task<HttpResponseMessage> PublishAsync(IndexUpdate update, Person? by = null)
    {
        var answer = await (by ?? source).Http.PostAsJsonAsync(Paths.IndexUpdates, new SignedBytes(update.Signed));
        if (answer.IsSuccessStatusCode)
            Head = update.Head;
        return answer;
    }

    /// <summary>The owner's updates of this partition as somebody sees them.</summary>
    public static Task<HttpResponseMessage> ListAsync(Partition partition, Person asker, string more = "") =>
        asker.Http.GetAsync($"{Paths.IndexUpdates}?owner={partition.Owner.Id}&partition={partition.Id}{more}");

    public static async Task<IReadOnlyList<IndexUpdate>> SeenAsync(Partition partition, Person asker) =>
        [.. (await ListAsync(partition, asker).ReadAsync<IndexUpdatePage>()).Updates.Select(Read)];

    public static IndexUpdate Read(byte[] signed) => IndexUpdate.TryVerify(signed, out var update) ? update : throw new InvalidDataException("No update.");
}
