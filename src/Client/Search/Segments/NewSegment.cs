using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Crypto.Search;
using Salus.Protocol;

namespace Salus.Client.Search.Segments;

/// <summary>Identifier and key of a segment about to be built, and the key wrapped for whoever may read its partition and epoch.</summary>
public sealed class NewSegment : IDisposable
{
    private NewSegment(SegmentId id, EpochNumber epoch, Secret key, Capsule capsule, WrappedKey wrapped) =>
        (Id, Epoch, Key, Capsule, Wrapped) = (id, epoch, key, capsule, wrapped);

    public SegmentId Id { get; }

    public EpochNumber Epoch { get; }

    /// <summary>S; disposed with this.</summary>
    public Secret Key { get; }

    public Capsule Capsule { get; }

    public WrappedKey Wrapped { get; }

    /// <summary>Draws both. <paramref name="delegatingKey"/> is the one of that partition and epoch, from its verified header.</summary>
    public static async ValueTask<NewSegment> CreateAsync(AccountId owner, PartitionId partition, EpochNumber epoch, PublicKey delegatingKey)
    {
        var id = Identifier.Random<SegmentId>();
        var context = new RecordContext(owner, partition, epoch, new RecordId(id.Value)).ToBytes();
        var key = Secret.Random(SegmentKey.Size);
        var capsule = Capsule.Encapsulate(delegatingKey, context, out var wrapping);
        using (wrapping)
            return new NewSegment(id, epoch, key, capsule, await WrappedKey.WrapAsync(wrapping, key, context));
    }

    /// <summary>What an index update says of the segment when it is built.</summary>
    public SegmentInfo Info(VerifyingKey source, BuiltSegment built)
    {
        if (built.Id != Id)
            throw new ArgumentException("That is another segment.", nameof(built));
        return new SegmentInfo(Id, source, Epoch, Capsule, Wrapped, built.DictionaryLength, built.DictionaryHash, built.Blocks);
    }

    public void Dispose() => Key.Dispose();
}
