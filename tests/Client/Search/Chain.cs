using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Tests.Search;

/// <summary>The index updates of one source, each after the one before it.</summary>
internal sealed class Chain(SigningKey source, AccountId owner, PartitionId partition)
{
    private static readonly DelegatingKey Key = DelegatingKey.FromSeed(Enumerable.Repeat((byte)7, 64).ToArray());

    public static readonly DateTimeOffset At = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public List<IndexUpdate> Updates { get; } = [];

    public VerifyingKey Source => source.PublicKey;

    public IndexHead? Head => Updates.Count == 0 ? null : Updates[^1].Head;

    public IndexUpdate Add(params SegmentInfo[] added) => Append(null, added.Length > 0 ? added : [Segment()]);

    /// <summary>A base that keeps these segments and stands after these chains.</summary>
    public IndexUpdate AddBase(SegmentInfo[] kept, params Chain[] after) =>
        Append(new IndexBase([.. after.Select(chain => new IndexWatermark(chain.Source, chain.Head!))], kept), []);

    public SegmentInfo Segment()
    {
        var id = Identifier.Random<SegmentId>();
        var context = new RecordContext(owner, partition, EpochNumber.First, new RecordId(id.Value)).ToBytes();
        var capsule = Capsule.Encapsulate(Key.PublicKey, context, out var key);
        using (key)
        using (var content = Secret.Random(32))
        {
            var wrapped = WrappedKey.WrapAsync(key, content, context).AsTask().GetAwaiter().GetResult();
            return new SegmentInfo(id, source.PublicKey, EpochNumber.First, capsule, wrapped, 100, SHA256.HashData(id.ToBytes()), 0);
        }
    }

    private IndexUpdate Append(IndexBase? newBase, SegmentInfo[] added)
    {
        Updates.Add(IndexUpdate.Create(source, owner, partition, Head, At.AddMinutes(Updates.Count), added, newBase));
        return Updates[^1];
    }
}
