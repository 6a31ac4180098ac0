using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;

namespace Salus.Crypto.Tests.Reencryption;

/// <summary>One owner, one reader, three shares and one capsule, verified; what a test then bends.</summary>
internal sealed class Scenario
{
    public byte[] Context { get; } = "owner|partition 1|epoch 7|record 9"u8.ToArray();
    public byte[] Policy { get; } = "grant 3|partition 1|epoch 7|2026|2027|treatment"u8.ToArray();
    public byte[] Request { get; } = "grant 3|record 9|nonce 1|12:00"u8.ToArray();
    public DelegatingKey Owner { get; } = NewOwner();
    public ReceivingKey Reader { get; } = NewReader();
    public Capsule Capsule { get; }
    public Secret Key { get; }
    public VerifiedCapsule Verified { get; }
    public KeyShare[] Shares { get; }

    public Scenario()
    {
        Capsule = Capsule.Encapsulate(Owner.PublicKey, Context, out var key);
        Key = key;
        Verified = Verify(Capsule, Owner.PublicKey, Context);
        Shares = Delegation.Split(Owner, Reader.PublicKey, Policy);
    }

    public static DelegatingKey NewOwner()
    {
        using var seed = Secret.Random(DelegatingKey.SeedSize);
        return DelegatingKey.FromSeed(seed.Bytes);
    }

    public static ReceivingKey NewReader()
    {
        using var seed = Secret.Random(ReceivingKey.SeedSize);
        return ReceivingKey.FromSeed(seed.Bytes);
    }

    public static VerifiedCapsule Verify(Capsule capsule, PublicKey key, byte[] context)
    {
        Assert.True(capsule.TryVerify(key, context, out var verified));
        return verified;
    }

    /// <summary>The verified answer of one trustee to the scenario's capsule or another.</summary>
    public VerifiedCFrag Answer(KeyShare share, VerifiedCapsule? capsule = null)
    {
        var cfrag = Delegation.ReEncrypt(capsule ?? Verified, share, Request);
        Assert.True(CFrag.TryParse(cfrag.Bytes, out var parsed));
        Assert.True(parsed.TryVerify(capsule ?? Verified, share.Public, Request, out var verified));
        return verified;
    }

    public bool TryOpen(VerifiedCFrag first, VerifiedCFrag second, out Secret? key) =>
        Delegation.TryOpen(Verified, Reader, Owner.PublicKey, Policy, first, second, out key);

    /// <summary>L, the group order, little-endian.</summary>
    public static readonly byte[] Order = Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

    /// <summary>scalar + L, which a careless parser takes for the same scalar.</summary>
    public static byte[] PlusOrder(ReadOnlySpan<byte> scalar)
    {
        var sum = new byte[32];
        var carry = 0;
        for (var i = 0; i < 32; i++)
        {
            carry += scalar[i] + Order[i];
            sum[i] = (byte)(carry & 0xff);
            carry >>= 8;
        }
        return sum;
    }

    public static byte[] Replace(ReadOnlySpan<byte> bytes, int at, ReadOnlySpan<byte> part)
    {
        var altered = bytes.ToArray();
        part.CopyTo(altered.AsSpan(at));
        return altered;
    }

    public static byte[] FlipBit(ReadOnlySpan<byte> bytes, int bit)
    {
        var altered = bytes.ToArray();
        altered[bit / 8] ^= (byte)(1 << (bit % 8));
        return altered;
    }

    public static byte[] Multiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point)
    {
        var product = new byte[32];
        Assert.True(Ristretto255.TryMultiply(scalar, point, product));
        return product;
    }
}
