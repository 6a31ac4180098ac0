using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// The public delegating key of one owner's partition in one epoch, signed by the owner and chained to the header before it. The chain only grows:
/// epoch 1 has a previous hash of zeros, epoch e carries the SHA-256 of the signed header of epoch e-1.
/// Wire: "salus epoch 1\n" | owner 32 | partition 16 | epoch u32 | key 32 | previous 32 | sealed label (variable) | signature 64.
/// The label (the partition's name) is sealed to the owner alone.
/// </summary>
public sealed class EpochHeader
{
    public const int HashSize = 32;

    private static ReadOnlySpan<byte> Magic => "salus epoch 1\n"u8;

    private EpochHeader(byte[] signed, VerifyingKey owner, PartitionId partition, EpochNumber epoch, PublicKey key, byte[] previous, byte[] sealedLabel) =>
        (Signed, Owner, Partition, Epoch, Key, Previous, SealedLabel) = (signed, owner, partition, epoch, key, previous, sealedLabel);

    public VerifyingKey Owner { get; }

    public PartitionId Partition { get; }

    public EpochNumber Epoch { get; }

    /// <summary>pk[p,e]: records of the epoch are sealed to it.</summary>
    public PublicKey Key { get; }

    /// <summary>SHA-256 of the signed header before this one; zeros for the first.</summary>
    public byte[] Previous { get; }

    public byte[] SealedLabel { get; }

    public byte[] Signed { get; }

    public byte[] Hash => SHA256.HashData(Signed);

    public static EpochHeader Create(SigningKey owner, PartitionId partition, EpochNumber epoch, PublicKey key, EpochHeader? previous, byte[] sealedLabel)
    {
        if (previous is null ? epoch != EpochNumber.First : !epoch.Follows(previous.Epoch) || !previous.Owner.Equals(owner.PublicKey) || previous.Partition != partition)
            throw new ArgumentException("A header follows the one before it, of the same owner and partition.", nameof(previous));
        var hash = previous?.Hash ?? new byte[HashSize];
        var payload = new WireWriter().Bytes(Magic).Key(owner.PublicKey).Id(partition).Epoch(epoch).Key(key).Bytes(hash).Variable(sealedLabel).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignEpoch, owner, payload), out var header) ? header : throw SignedMessage.Mistake(nameof(EpochHeader));
    }

    /// <summary>False when the bytes are no epoch header or not signed by the owner named within. The caller checks that this is the owner it means.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out EpochHeader? header)
    {
        if (TryRead(signed, out header) && SignedMessage.Verify(Domains.SignEpoch, header.Owner, signed))
            return true;
        header = null;
        return false;
    }

    /// <summary>Whether this header is the next of the same partition's chain.</summary>
    public bool Follows(EpochHeader? previous) => previous is null
        ? Epoch == EpochNumber.First && Previous.AsSpan().IndexOfAnyExcept((byte)0) < 0
        : Owner.Equals(previous.Owner) && Partition == previous.Partition && Epoch.Follows(previous.Epoch) && Previous.AsSpan().SequenceEqual(previous.Hash);

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out EpochHeader? header)
    {
        header = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey owner) || !reader.Id(out PartitionId partition) || !reader.Epoch(out var epoch)
            || !reader.Key(out PublicKey? key) || !reader.Bytes(HashSize, out var previous) || !reader.Variable(Limits.MaxSealedNote, out var label)
            || !reader.AtEnd)
            return false;
        header = new EpochHeader(signed.ToArray(), owner, partition, epoch, key!, previous.ToArray(), label.ToArray());
        return true;
    }
}
