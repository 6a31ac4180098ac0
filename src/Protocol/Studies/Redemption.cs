using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Studies;

/// <summary>
/// A token spent at the trustee that issued it, for one contribution: no account, no signature, no time. Only whoever has the token can make the code, and it is good for
/// this digest alone.
/// Wire: "salus redemption 1\n" | trustee 32 | study 16 | nonce 32 | digest 32 | code 32, HMAC-SHA256 over all before it. The answer is a <see cref="ContributionReceipt"/>.
/// </summary>
public sealed class Redemption
{
    public const int NonceSize = 32;

    private readonly byte[] _encoded;

    private Redemption(byte[] encoded, VerifyingKey trustee, StudyId study, byte[] nonce, byte[] digest)
    {
        _encoded = encoded;
        (Trustee, Study, Nonce, Digest) = (trustee, study, nonce, digest);
    }

    private static ReadOnlySpan<byte> Magic => "salus redemption 1\n"u8;

    public VerifyingKey Trustee { get; }

    public StudyId Study { get; }

    /// <summary>What was blinded when the token was issued. A trustee takes a nonce for one digest.</summary>
    public byte[] Nonce { get; }

    /// <summary>See <see cref="ContributionDigest"/>.</summary>
    public byte[] Digest { get; }

    public byte[] ToBytes() => [.. _encoded];

    /// <summary><paramref name="token"/> is the trustee's function of <paramref name="nonce"/>.</summary>
    public static Redemption Create(VerifyingKey trustee, StudyId study, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> digest, Secret token)
    {
        var message = new WireWriter().Bytes(Magic).Key(trustee).Id(study).Fixed(NonceSize, nonce).Fixed(ContributionDigest.Size, digest).ToArray();
        var code = new byte[Mac.Size];
        using var key = SpendingKey(token);
        Mac.HmacSha256(key.Bytes, message, code);
        return new Redemption([.. message, .. code], trustee, study, nonce.ToArray(), digest.ToArray());
    }

    /// <summary>Reads the fields; whether they were paid for, <see cref="IsPaidWith"/> says.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Redemption? redemption)
    {
        redemption = null;
        var reader = new WireReader(bytes);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey trustee) || !reader.Id(out StudyId study) || !reader.Bytes(NonceSize, out var nonce)
            || !reader.Bytes(ContributionDigest.Size, out var digest) || !reader.Bytes(Mac.Size, out _) || !reader.AtEnd)
            return false;
        redemption = new Redemption(bytes.ToArray(), trustee, study, nonce.ToArray(), digest.ToArray());
        return true;
    }

    /// <summary>Whether the code was made with the token of this nonce.</summary>
    public bool IsPaidWith(Secret token)
    {
        using var key = SpendingKey(token);
        return Mac.Verify(key.Bytes, _encoded.AsSpan(0, _encoded.Length - Mac.Size), _encoded.AsSpan(_encoded.Length - Mac.Size));
    }

    private static Secret SpendingKey(Secret token) => Kdf.Derive(token.Bytes, Domains.TokenSpending, MacKey.KeySize);
}
