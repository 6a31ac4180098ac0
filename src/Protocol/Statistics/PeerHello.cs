using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Statistics;

/// <summary>
/// A trustee's first message to another in one computation: a fresh secret for all that it will send there, sealed to the other's box key and signed.
/// Wire: "salus peer hello 1\n" | sender 32 | receiver 32 | computation 32 | sealed box of the secret 80 | signature 64.
/// A computation runs once at a trustee, so that a hello heard again finds nothing to say it to.
/// </summary>
public sealed class PeerHello
{
    /// <summary>Bytes of the name of a computation.</summary>
    public const int ComputationSize = 32;

    private const int BoxSize = Aead.KeySize + SealedBox.Overhead;

    private readonly byte[] _box;

    private PeerHello(byte[] signed, VerifyingKey sender, VerifyingKey receiver, byte[] computation, byte[] box) =>
        (Signed, Sender, Receiver, Computation, _box) = (signed, sender, receiver, computation, box);

    private static ReadOnlySpan<byte> Magic => "salus peer hello 1\n"u8;

    public VerifyingKey Sender { get; }

    public VerifyingKey Receiver { get; }

    public byte[] Computation { get; }

    public byte[] Signed { get; }

    /// <summary>Makes the secret and what it enciphers: the messages from the sender to the receiver in this computation.</summary>
    public static PeerHello Create(SigningKey sender, VerifyingKey receiver, BoxKey box, ReadOnlySpan<byte> computation, out PeerCipher cipher)
    {
        using var secret = Secret.Random(Aead.KeySize);
        var payload = new WireWriter().Bytes(Magic).Key(sender.PublicKey).Key(receiver).Fixed(ComputationSize, computation).Bytes(box.Seal(secret.Bytes)).ToArray();
        if (!TryRead(SignedMessage.Sign(Domains.SignPeerHello, sender, payload), out var hello))
            throw SignedMessage.Mistake(nameof(PeerHello));
        cipher = new PeerCipher(secret, hello);
        return hello;
    }

    /// <summary>False unless signed by the sender that it names. Whether that is a peer, and the receiver oneself, the caller checks.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out PeerHello? hello)
    {
        if (TryRead(signed, out hello) && SignedMessage.Verify(Domains.SignPeerHello, hello.Sender, signed))
            return true;
        hello = null;
        return false;
    }

    /// <summary>What deciphers the sender's messages; false when the secret was sealed to another key.</summary>
    public bool TryOpen(UnboxingKey receiver, [NotNullWhen(true)] out PeerCipher? cipher)
    {
        cipher = null;
        if (!receiver.TryOpen(_box, out var opened))
            return false;
        using var secret = Secret.CopyOf(opened);
        CryptographicOperations.ZeroMemory(opened);
        cipher = new PeerCipher(secret, this);
        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out PeerHello? hello)
    {
        hello = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey sender) || !reader.Key(out VerifyingKey receiver) || !reader.Bytes(ComputationSize, out var computation)
            || !reader.Bytes(BoxSize, out var box) || !reader.AtEnd)
            return false;
        hello = new PeerHello(signed.ToArray(), sender, receiver, computation.ToArray(), box.ToArray());
        return true;
    }
}
