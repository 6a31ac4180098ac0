using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// The cloud's word that an identity key is that of an account. Trustees count evaluations by account, and a key alone costs nothing.
/// Wire: "salus hardening ticket 1\n" | cloud 32 | account's identity 32 | issued at u64 | signature 64.
/// </summary>
public sealed class HardeningTicket
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    private static ReadOnlySpan<byte> Magic => "salus hardening ticket 1\n"u8;

    private HardeningTicket(byte[] signed, VerifyingKey cloud, VerifyingKey account, DateTimeOffset issuedAt) =>
        (Signed, Cloud, Account, IssuedAt) = (signed, cloud, account, issuedAt);

    public VerifyingKey Cloud { get; }

    /// <summary>The account's identity key.</summary>
    public VerifyingKey Account { get; }

    public DateTimeOffset IssuedAt { get; }

    public byte[] Signed { get; }

    /// <summary>Whether the ticket is good at <paramref name="now"/>: for <see cref="Life"/>, and for clocks that are a little behind the cloud's.</summary>
    public bool IsGoodAt(DateTimeOffset now) => now - IssuedAt < Life && IssuedAt - now <= Limits.ClockTolerance;

    public static HardeningTicket Create(SigningKey cloud, VerifyingKey account, DateTimeOffset issuedAt)
    {
        var payload = new WireWriter().Bytes(Magic).Key(cloud.PublicKey).Key(account).Time(issuedAt).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignHardeningTicket, cloud, payload), out var ticket) ? ticket : throw SignedMessage.Mistake(nameof(HardeningTicket));
    }

    /// <summary>False unless it is <paramref name="cloud"/>'s ticket. The trustee checks that it names the requester, and <see cref="IsGoodAt"/>.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, VerifyingKey cloud, [NotNullWhen(true)] out HardeningTicket? ticket)
    {
        if (TryRead(signed, out ticket) && ticket.Cloud.Equals(cloud) && SignedMessage.Verify(Domains.SignHardeningTicket, cloud, signed))
            return true;
        ticket = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out HardeningTicket? ticket)
    {
        ticket = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey cloud) || !reader.Key(out VerifyingKey account) || !reader.Time(out var issuedAt) || !reader.AtEnd)
            return false;
        ticket = new HardeningTicket(signed.ToArray(), cloud, account, issuedAt);
        return true;
    }
}
