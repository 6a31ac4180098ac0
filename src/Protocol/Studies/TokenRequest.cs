using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Studies;

/// <summary>
/// What an account asks of one trustee: to evaluate a blinded nonce under the key of a study, which makes it a token. The cloud's ticket says that the key is an account's.
/// The same blinded nonce has the same answer, so a request may be repeated, and a stranger who repeats it learns nothing without the blind.
/// Wire: "salus token request 1\n" | requester 32 | trustee 32 | study 16 | at u64 | blinded 32 | ticket (variable) | signature 64.
/// The answer is an <see cref="Evaluation"/>, 96 bytes.
/// </summary>
public sealed class TokenRequest
{
    private TokenRequest(byte[] signed, VerifyingKey requester, VerifyingKey trustee, StudyId study, DateTimeOffset at, OprfElement blinded, byte[] ticket)
    {
        (Signed, Requester, Trustee, Study) = (signed, requester, trustee, study);
        (At, Blinded, Ticket) = (at, blinded, ticket);
    }

    private static ReadOnlySpan<byte> Magic => "salus token request 1\n"u8;

    public VerifyingKey Requester { get; }

    public VerifyingKey Trustee { get; }

    public StudyId Study { get; }

    public DateTimeOffset At { get; }

    public OprfElement Blinded { get; }

    /// <summary>Not verified here.</summary>
    public byte[] Ticket { get; }

    public byte[] Signed { get; }

    public static TokenRequest Create(SigningKey requester, VerifyingKey trustee, StudyId study, DateTimeOffset at, OprfElement blinded, byte[] ticket)
    {
        var payload = new WireWriter().Bytes(Magic).Key(requester.PublicKey).Key(trustee).Id(study).Time(at).Bytes(blinded.Bytes).Variable(ticket).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignTokenRequest, requester, payload), out var request) ? request : throw SignedMessage.Mistake(nameof(TokenRequest));
    }

    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out TokenRequest? request)
    {
        if (TryRead(signed, out request) && SignedMessage.Verify(Domains.SignTokenRequest, request.Requester, signed))
            return true;
        request = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out TokenRequest? request)
    {
        request = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey requester) || !reader.Key(out VerifyingKey trustee) || !reader.Id(out StudyId study)
            || !reader.Time(out var at) || !reader.Bytes(OprfElement.Size, out var bytes) || !OprfElement.TryParse(bytes, out var blinded)
            || !reader.Variable(HardeningRequest.MaxTicket, out var ticket) || !reader.AtEnd)
            return false;
        request = new TokenRequest(signed.ToArray(), requester, trustee, study, at, blinded, ticket.ToArray());
        return true;
    }
}
