using System.Security.Cryptography;
using Salus.Client.Search.Segments;
using Salus.Crypto.Reencryption;
using Salus.Protocol;

namespace Salus.Client.Tests.Search.Segments;

public class NewSegmentTests
{
    private static readonly AccountId Owner = BuiltIndex.Owner;
    private static readonly PartitionId Partition = new(0x77);
    private static readonly EpochNumber Epoch = new(3);

    [Fact]
    public async Task ItsKeyOpensWithTheDelegatingKeyOfItsEpochAlone()
    {
        using var delegating = DelegatingKey.FromSeed(SHA512.HashData("right"u8));
        using var another = DelegatingKey.FromSeed(SHA512.HashData("wrong"u8));
        using var segment = await NewSegment.CreateAsync(Owner, Partition, Epoch, delegating.PublicKey);
        using var source = SigningKey.Generate();
        var built = new BuiltSegment(segment.Id, 100, SHA256.HashData([1]), 3, "dictionary", "blocks");
        var info = segment.Info(source.PublicKey, built);
        Assert.Equal((segment.Id, source.PublicKey, Epoch, 100, 3), (info.Id, info.Source, info.Epoch, info.DictionaryLength, info.Blocks));

        var context = info.Context(Owner, Partition).ToBytes();
        Assert.True(info.Capsule.TryVerify(delegating.PublicKey, context, out var capsule));
        Assert.False(info.Capsule.TryVerify(another.PublicKey, context, out _));
        Assert.False(info.Capsule.TryVerify(delegating.PublicKey, (info with { Id = new SegmentId(1) }).Context(Owner, Partition).ToBytes(), out _));
        Assert.False(info.Capsule.TryVerify(delegating.PublicKey, (info with { Epoch = Epoch.Next() }).Context(Owner, Partition).ToBytes(), out _));
        using var wrapping = capsule.Open(delegating);
        using var key = await info.Key.UnwrapAsync(wrapping, context);
        Assert.Equal(segment.Key.Bytes.ToArray(), key!.Bytes.ToArray());
    }

    [Fact]
    public async Task NoTwoSegmentsHaveAnythingInCommon()
    {
        using var delegating = DelegatingKey.FromSeed(SHA512.HashData("right"u8));
        using var first = await NewSegment.CreateAsync(Owner, Partition, Epoch, delegating.PublicKey);
        using var second = await NewSegment.CreateAsync(Owner, Partition, Epoch, delegating.PublicKey);
        Assert.NotEqual(first.Id, second.Id);
        Assert.NotEqual(first.Key.Bytes.ToArray(), second.Key.Bytes.ToArray());
        using var source = SigningKey.Generate();
        Assert.Throws<ArgumentException>(() => first.Info(source.PublicKey, new BuiltSegment(second.Id, 100, SHA256.HashData([1]), 3, "dictionary", "blocks")));
    }

    [Fact]
    public async Task OneCorpusUnderTwoKeysHasNoAddressOrBlockInCommon()
    {
        var documents = SegmentParts.Zipf(8000, 40, 3000, 1);
        using var first = await BuiltIndex.OfAsync(documents);
        using var second = await BuiltIndex.OfAsync(documents);
        Assert.Equal(first.Info.Blocks, second.Info.Blocks);
        Assert.Empty(first.Cloud.Keys.Intersect(second.Cloud.Keys));
        Assert.Empty(first.Cloud.Values.Select(value => Convert.ToHexString(value.Span)).Intersect(second.Cloud.Values.Select(value => Convert.ToHexString(value.Span))));
    }
}
