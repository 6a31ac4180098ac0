using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Readings;

/// <summary>
/// A series of readings in one epoch of its partition, signed by the owner: what it measures is sealed, and its key is under a capsule as a record's is. A partition that
/// moves on gets the description once more, under its new key.
/// Wire: "salus series 1\n" | owner 32 | partition 16 | epoch u32 | series 16 | created at u64 | capsule 96 | wrapped key 80 | sealed description (variable) | signature 64.
/// </summary>
public sealed class Series
{
    private static ReadOnlySpan<byte> Magic => "salus series 1\n"u8;

    private Series(byte[] signed, VerifyingKey owner, PartitionId partition, EpochNumber epoch, SeriesId id, DateTimeOffset createdAt, Capsule capsule, WrappedKey key,
        byte[] sealedDescription)
    {
        (Signed, Owner, Partition, Epoch, Id) = (signed, owner, partition, epoch, id);
        (CreatedAt, Capsule, Key, SealedDescription) = (createdAt, capsule, key, sealedDescription);
    }

    public VerifyingKey Owner { get; }

    public PartitionId Partition { get; }

    public EpochNumber Epoch { get; }

    public SeriesId Id { get; }

    public DateTimeOffset CreatedAt { get; }

    public Capsule Capsule { get; }

    public WrappedKey Key { get; }

    public byte[] SealedDescription { get; }

    public byte[] Signed { get; }

    /// <summary>What the capsule and the wrapped key are bound to: trustees re-encrypt for a series as they do for a record.</summary>
    public RecordContext Context => ContextOf(Owner, Partition, Epoch, Id);

    public static RecordContext ContextOf(VerifyingKey owner, PartitionId partition, EpochNumber epoch, SeriesId id) =>
        new(owner.Account, partition, epoch, new RecordId(id.Value));

    public static Series Create(SigningKey owner, PartitionId partition, EpochNumber epoch, SeriesId id, DateTimeOffset createdAt, Capsule capsule, WrappedKey key,
        byte[] sealedDescription)
    {
        var payload = new WireWriter().Bytes(Magic).Key(owner.PublicKey).Id(partition).Epoch(epoch).Id(id).Time(createdAt).Bytes(capsule.Bytes).Bytes(key.Bytes)
            .Variable(sealedDescription).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignSeries, owner, payload), out var series) ? series : throw SignedMessage.Mistake(nameof(Series));
    }

    /// <summary>False when the bytes are no series or not signed by the owner named within. The reader checks that this is the owner it means.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out Series? series)
    {
        if (TryRead(signed, out series) && SignedMessage.Verify(Domains.SignSeries, series.Owner, signed))
            return true;
        series = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out Series? series)
    {
        series = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey owner) || !reader.Id(out PartitionId partition) || !reader.Epoch(out var epoch) || !reader.Id(out SeriesId id)
            || !reader.Time(out var createdAt) || !reader.Bytes(Capsule.Size, out var capsuleBytes) || !Capsule.TryParse(capsuleBytes, out var capsule)
            || !reader.Bytes(WrappedKey.Size, out var keyBytes) || !WrappedKey.TryParse(keyBytes, out var key)
            || !reader.Variable(Limits.MaxSealedDescription, out var description) || !reader.AtEnd)
            return false;
        series = new Series(signed.ToArray(), owner, partition, epoch, id, createdAt, capsule, key, description.ToArray());
        return true;
    }
}
