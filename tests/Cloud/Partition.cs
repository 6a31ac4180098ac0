using System.Net.Http.Json;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests;

/// <summary>A partition of somebody, with its chain of epochs, and the messages that its owner sends about it.</summary>
internal sealed class Partition(Person owner)
{
    private readonly List<EpochHeader> _headers = [];

    public PartitionId Id { get; } = Identifier.Random<PartitionId>();

    public Person Owner => owner;

    public EpochNumber Epoch => _headers[^1].Epoch;

    public IReadOnlyList<EpochHeader> Headers => _headers;

    public static async Task<Partition> CreateAsync(Person owner)
    {
        var partition = new Partition(owner);
        await partition.MoveOnAsync();
        return partition;
    }

    /// <summary>The header that would follow; not sent.</summary>
    public EpochHeader Next()
    {
        using var key = DelegatingKey.FromSeed(RandomNumberGenerator.GetBytes(DelegatingKey.SeedSize));
        var previous = _headers.Count == 0 ? null : _headers[^1];
        var epoch = previous?.Epoch.Next() ?? EpochNumber.First;
        return EpochHeader.Create(owner.Identity, Id, epoch, key.PublicKey, previous, RandomNumberGenerator.GetBytes(40));
    }

    /// <summary>Begins the next epoch.</summary>
    public async Task MoveOnAsync()
    {
        var next = Next();
        await owner.Http.PostAsJsonAsync(Paths.Epochs, new SignedBytes(next.Signed)).ShouldSucceedAsync();
        _headers.Add(next);
    }

    /// <summary>A record of this partition; not sent.</summary>
    public SealedRecord Seal(
        RecordId? id = null, uint version = 1, EpochNumber? epoch = null, AccountId? of = null, SigningKey? author = null, int metadataBytes = 100)
    {
        var context = new RecordContext(of ?? owner.Id, Id, epoch ?? Epoch, id ?? Identifier.Random<RecordId>());
        var capsule = Capsule.Encapsulate(_headers[^1].Key, context.ToBytes(), out var key);
        key.Dispose();
        Assert.True(WrappedKey.TryParse(RandomNumberGenerator.GetBytes(WrappedKey.Size), out var contentKey));
        var metadata = RandomNumberGenerator.GetBytes(metadataBytes);
        author ??= owner.Identity;
        var header = new RecordHeader(context, version, author.PublicKey, owner.Cloud.Time.GetUtcNow(), capsule, contentKey, 4, 1000,
            RandomNumberGenerator.GetBytes(56), [.. Enumerable.Range(0, 8).Select(_ => RandomNumberGenerator.GetBytes(32))], SHA256.HashData(metadata));
        return SealedRecord.Create(author, header, metadata);
    }

    /// <summary>Seals and enters a record.</summary>
    public async Task<SealedRecord> AddAsync(RecordId? id = null, uint version = 1)
    {
        var record = Seal(id, version);
        await PostAsync(record).ShouldSucceedAsync();
        return record;
    }

    public Task<HttpResponseMessage> PostAsync(SealedRecord record, Person? by = null) =>
        (by ?? owner).Http.PostAsJsonAsync(Paths.Records, new CatalogueRecord(record.Signed, record.SealedMetadata));

    public Task<HttpResponseMessage> DeleteAsync(RecordId id, uint version = 1, Person? by = null)
    {
        by ??= owner;
        var order = Deletion.Create(by.Identity, id, version, owner.Cloud.Time.GetUtcNow());
        return by.Http.PostAsJsonAsync(Paths.RecordDeletion.Replace("{id}", id.ToString()), new SignedBytes(order.Signed));
    }

    /// <summary>What <paramref name="asker"/> is shown of this partition.</summary>
    public Task<HttpResponseMessage> ListAsync(Person asker, string more = "") =>
        asker.Http.GetAsync($"{Paths.Records}?owner={owner.Id}&partition={Id}{more}");
}
