using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Crypto.Primitives;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// A trustee's word which key it holds a share of: who the three are, the public shares, and from which contributions the key came. All three say the same but for
/// their name and signature; a client takes the key when those that it pins agree.
/// Wire: "salus hardening key 1\n" | trustee 32 | members 192 | group key and three public shares 128 | SHA-256 of the contributions 32 | signature 64.
/// </summary>
public sealed class HardeningKey
{
    private HardeningKey(byte[] signed, VerifyingKey trustee, HardeningMembers members, ThresholdKey key, byte[] contributions) =>
        (Signed, Trustee, Members, Key, Contributions) = (signed, trustee, members, key, contributions);

    private static ReadOnlySpan<byte> Magic => "salus hardening key 1\n"u8;

    public VerifyingKey Trustee { get; }

    public HardeningMembers Members { get; }

    public ThresholdKey Key { get; }

    /// <summary>SHA-256 of the three signed contributions in the order of the members.</summary>
    public byte[] Contributions { get; }

    public byte[] Signed { get; }

    public static HardeningKey Create(SigningKey trustee, IReadOnlyList<HardeningContribution> contributions, ThresholdKey key)
    {
        var hash = SHA256.HashData([.. contributions.SelectMany(contribution => contribution.Signed)]);
        var payload = contributions[0].Members.Write(new WireWriter().Bytes(Magic).Key(trustee.PublicKey)).Bytes(key.ToBytes()).Bytes(hash).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignHardeningKey, trustee, payload), out var made) ? made : throw SignedMessage.Mistake(nameof(HardeningKey));
    }

    /// <summary>False unless it is <paramref name="trustee"/>'s word.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, VerifyingKey trustee, [NotNullWhen(true)] out HardeningKey? key)
    {
        if (TryRead(signed, out key) && key.Trustee.Equals(trustee) && SignedMessage.Verify(Domains.SignHardeningKey, trustee, signed))
            return true;
        key = null;
        return false;
    }

    /// <summary>Whether both trustees hold shares of one key.</summary>
    public bool AgreesWith(HardeningKey other) => Members.Equals(other.Members) && Key.Equals(other.Key) && Contributions.AsSpan().SequenceEqual(other.Contributions);

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out HardeningKey? key)
    {
        key = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey trustee) || !HardeningMembers.TryRead(ref reader, out var members) || members.IndexOf(trustee) < 0
            || !reader.Bytes(ThresholdKey.Size, out var bytes) || !ThresholdKey.TryParse(bytes, out var shares)
            || !reader.Bytes(Sha256.Size, out var hash) || !reader.AtEnd)
            return false;
        key = new HardeningKey(signed.ToArray(), trustee, members, shares, hash.ToArray());
        return true;
    }
}
