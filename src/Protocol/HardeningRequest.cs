using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// What an account asks of one trustee: to evaluate a blinded input with its share of the hardening key. The cloud's ticket says that the key is an account's, so that
/// turns are counted for accounts and not for keys, which cost nothing.
/// Wire: "salus hardening ask 1\n" | requester 32 | trustee 32 | at u64 | nonce 32 | blinded 32 | ticket (variable) | signature 64.
/// The answer is an <see cref="Evaluation"/>, 96 bytes.
/// </summary>
public sealed class HardeningRequest
{
    /// <summary>Bytes of a ticket, at most.</summary>
    public const int MaxTicket = 512;

    private HardeningRequest(byte[] signed, VerifyingKey requester, VerifyingKey trustee, DateTimeOffset at, byte[] nonce, OprfElement blinded, byte[] ticket)
    {
        (Signed, Requester, Trustee, At) = (signed, requester, trustee, at);
        (Nonce, Blinded, Ticket) = (nonce, blinded, ticket);
    }

    private static ReadOnlySpan<byte> Magic => "salus hardening ask 1\n"u8;

    public VerifyingKey Requester { get; }

    public VerifyingKey Trustee { get; }

    public DateTimeOffset At { get; }

    /// <summary>Random; a trustee answers a nonce once.</summary>
    public byte[] Nonce { get; }

    public OprfElement Blinded { get; }

    /// <summary>Not verified here.</summary>
    public byte[] Ticket { get; }

    public byte[] Signed { get; }

    public static HardeningRequest Create(SigningKey requester, VerifyingKey trustee, DateTimeOffset at, OprfElement blinded, byte[] ticket)
    {
        var payload = new WireWriter().Bytes(Magic).Key(requester.PublicKey).Key(trustee).Time(at).Bytes(RandomNumberGenerator.GetBytes(ReencryptionRequest.NonceSize))
            .Bytes(blinded.Bytes).Variable(ticket).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignHardeningAsk, requester, payload), out var request) ? request : throw SignedMessage.Mistake(nameof(HardeningRequest));
    }

    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out HardeningRequest? request)
    {
        if (TryRead(signed, out request) && SignedMessage.Verify(Domains.SignHardeningAsk, request.Requester, signed))
            return true;
        request = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out HardeningRequest? request)
    {
        request = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey requester) || !reader.Key(out VerifyingKey trustee) || !reader.Time(out var at)
            || !reader.Bytes(ReencryptionRequest.NonceSize, out var nonce) || !reader.Bytes(OprfElement.Size, out var bytes) || !OprfElement.TryParse(bytes, out var blinded)
            || !reader.Variable(MaxTicket, out var ticket) || !reader.AtEnd)
            return false;
        request = new HardeningRequest(signed.ToArray(), requester, trustee, at, nonce.ToArray(), blinded, ticket.ToArray());
        return true;
    }
}
