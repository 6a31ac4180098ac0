using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Tests;

/// <summary>A key with a lock is a message of its own: the lock is signed, and neither is taken for the other.</summary>
public class LockedKFragTests
{
    private static readonly SigningKey Owner = Parts.Signing(1);
    private static readonly SigningKey Trustee = Parts.Signing(3);
    private static readonly UnboxingKey Box = Parts.Box(3);
    private static readonly ReleaseLock Lock = ReleaseLock.Of(Parts.Seed(7, 32), Parts.Now.AddDays(1));

    [Fact]
    public void ReadsWhatWasWritten()
    {
        using var read = Read(Signed(Lock));
        Assert.Equal(Lock, read!.Lock);
        Assert.Equal(Parts.Policy(Owner, Parts.Signing(2)), read.Policy);
        using var free = Read(Signed(null));
        Assert.Null(free!.Lock);
    }

    [Fact]
    public void RefusesEveryTruncationAndEveryFlippedBit()
    {
        var signed = Signed(Lock);
        for (var length = 0; length < signed.Length; length++)
            Assert.Null(Read(signed[..length]));
        for (var bit = 0; bit < 8 * signed.Length; bit++)
        {
            signed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(Read(signed));
            signed[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void RefusesALockOfAnotherLengthThoughTheOwnerSignedIt()
    {
        var payload = Signed(Lock)[..^SigningKey.SignatureSize];
        using (var read = Read(SignedMessage.Sign(Domains.SignKFrag, Owner, payload)))
            Assert.NotNull(read);
        Assert.Null(Read(SignedMessage.Sign(Domains.SignKFrag, Owner, [.. payload.AsSpan(0, 14), .. payload.AsSpan(14 + 40)])));
        Assert.Null(Read(SignedMessage.Sign(Domains.SignKFrag, Owner, [.. payload, 0])));
        byte[] unlocked = [.. "salus kfrag 1\n"u8, .. payload.AsSpan(14)];
        Assert.Null(Read(SignedMessage.Sign(Domains.SignKFrag, Owner, unlocked)));
        byte[] unknown = [.. "salus kfrag 3\n"u8, .. payload.AsSpan(14)];
        Assert.Null(Read(SignedMessage.Sign(Domains.SignKFrag, Owner, unknown)));
        payload[14 + 32] = 0xff;
        Assert.Null(Read(SignedMessage.Sign(Domains.SignKFrag, Owner, payload))); // after the year 9999
    }

    private static byte[] Signed(ReleaseLock? releaseLock)
    {
        var message = KFrag.Seal(Owner, Parts.Policy(Owner, Parts.Signing(2)), Parts.Delegating(1).PublicKey, Trustee.PublicKey, Box.PublicKey,
            Parts.Shares(Owner, Parts.Signing(2))[0], releaseLock);
        Assert.True(Box.TryOpen(message, out var signed));
        return signed;
    }

    private static KFrag? Read(byte[] signed) => KFrag.TryOpen(Box, Trustee.PublicKey, Box.PublicKey.Seal(signed), out var kfrag) ? kfrag : null;
}
