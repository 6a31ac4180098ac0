using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Log;

/// <summary>
/// What an owner asks of one trustee: what it has handed out of the owner's, to whom and why, since a moment.
/// Wire: "salus journal ask 1\n" | owner 32 | trustee 32 | since u64 | from u64 | at u64 | nonce 32 | signature 64.
/// </summary>
public sealed class JournalRequest
{
    private static ReadOnlySpan<byte> Magic => "salus journal ask 1\n"u8;

    private JournalRequest(byte[] signed, VerifyingKey owner, VerifyingKey trustee, DateTimeOffset since, long from, DateTimeOffset at, byte[] nonce)
    {
        (Signed, Owner, Trustee, Since) = (signed, owner, trustee, since);
        (From, At, Nonce) = (from, at, nonce);
    }

    public VerifyingKey Owner { get; }

    public VerifyingKey Trustee { get; }

    /// <summary>The first moment of interest, by the trustee's clock.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>The first place in the log of interest; behind that of the last line for a next page.</summary>
    public long From { get; }

    public DateTimeOffset At { get; }

    /// <summary>Random; a trustee answers a nonce once.</summary>
    public byte[] Nonce { get; }

    public byte[] Signed { get; }

    public byte[] Hash => SHA256.HashData(Signed);

    public static JournalRequest Create(SigningKey owner, VerifyingKey trustee, DateTimeOffset since, long from, DateTimeOffset at)
    {
        var payload = new WireWriter().Bytes(Magic).Key(owner.PublicKey).Key(trustee).Time(since).UInt64((ulong)from).Time(at)
            .Bytes(RandomNumberGenerator.GetBytes(ReencryptionRequest.NonceSize)).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignJournalAsk, owner, payload), out var request) ? request : throw SignedMessage.Mistake(nameof(JournalRequest));
    }

    /// <summary>False when the bytes are no request or not signed by the owner named within.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out JournalRequest? request)
    {
        if (TryRead(signed, out request) && SignedMessage.Verify(Domains.SignJournalAsk, request.Owner, signed))
            return true;
        request = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out JournalRequest? request)
    {
        request = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey owner) || !reader.Key(out VerifyingKey trustee) || !reader.Time(out var since)
            || !reader.UInt64(out var from) || from > long.MaxValue || !reader.Time(out var at) || !reader.Bytes(ReencryptionRequest.NonceSize, out var nonce) || !reader.AtEnd)
            return false;
        request = new JournalRequest(signed.ToArray(), owner, trustee, since, (long)from, at, nonce.ToArray());
        return true;
    }
}
