using System.Security.Cryptography;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;

namespace Salus.Protocol.Tests;

/// <summary>Keys and values that the tests share: derived from small numbers, so that a failure can be run again.</summary>
internal static class Parts
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);
    public static readonly PartitionId Partition = new(0x1111);
    public static readonly GrantId GrantNumber = new(0x2222);
    public static readonly RecordId RecordNumber = new(0x3333);

    public static SigningKey Signing(byte number) => new(Seed(number, 32));

    public static UnboxingKey Box(byte number) => new(Seed(number, 32));

    public static ReceivingKey Receiving(byte number) => ReceivingKey.FromSeed(Seed(number, 64));

    public static DelegatingKey Delegating(byte number) => DelegatingKey.FromSeed(Seed(number, 64));

    public static Capsule Capsule { get; } = MakeCapsule();

    public static GrantTerms Terms(SigningKey owner, SigningKey delegatee) => new(GrantNumber, 3, owner.PublicKey, delegatee.PublicKey, Receiving(2).PublicKey,
        GrantRole.Doctor, Purpose.Treatment, Now, Limits.NoEnd);

    public static DepositTerms Deposit(SigningKey owner, SigningKey depositor) => new(GrantNumber, owner.PublicKey, depositor.PublicKey, Now, Now.AddDays(30),
        [Partition, new PartitionId(0x1112)]);

    public static GrantPolicy Policy(SigningKey owner, SigningKey delegatee) => Terms(owner, delegatee).Policy(Partition, EpochNumber.First);

    /// <summary>The shares of one delegation, the same at each call.</summary>
    public static KeyShare[] Shares(SigningKey owner, SigningKey delegatee) =>
        _shares ??= Delegation.Split(Delegating(1), Receiving(2).PublicKey, Policy(owner, delegatee).Common());

    public static GrantEntry Entry(EpochNumber epoch)
    {
        var shares = Delegation.Split(Delegating((byte)epoch.Value), Receiving(2).PublicKey, "policy"u8);
        return new GrantEntry(Partition, epoch, Delegating((byte)epoch.Value).PublicKey,
            [.. shares.Select((share, index) => new TrusteeShare(Signing((byte)(10 + index)).PublicKey, share.Public))]);
    }

    public static RecordHeader Header(SigningKey author, byte[] metadata)
    {
        var context = new RecordContext(author.PublicKey.Account, Partition, EpochNumber.First, RecordNumber);
        return new RecordHeader(context, 2, author.PublicKey, Now, Capsule, Wrapped, 2, ChunkedEncryption.CiphertextLength(100_000), Seed(5, ChunkedEncryption.PrefixSize),
            [Seed(21, 32), Seed(22, 32), Seed(23, 32), Seed(24, 32)], SHA256.HashData(metadata));
    }

    public static SegmentInfo Segment(byte number, SigningKey source) => new(new SegmentId(number), source.PublicKey, new EpochNumber(number), Capsule, Wrapped,
        ChunkedEncryption.CiphertextLength(1000 * number), Seed(number, 32), 10 * number);

    public static byte[] Seed(byte number, int size)
    {
        var seed = new byte[size];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, [number], seed, salt: [], "Salus test parts"u8);
        return seed;
    }

    private static KeyShare[]? _shares;

    private static WrappedKey Wrapped => WrappedKey.TryParse(Seed(77, WrappedKey.Size), out var wrapped) ? wrapped : throw new InvalidOperationException("Any bytes of the size are one.");

    private static Capsule MakeCapsule()
    {
        var capsule = Crypto.Reencryption.Capsule.Encapsulate(Delegating(1).PublicKey, "context"u8, out var key);
        key.Dispose();
        return capsule;
    }
}
