using System.Diagnostics.CodeAnalysis;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Crypto.Primitives;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Studies;

/// <summary>
/// A trustee's word under which public key it issues the tokens of a study. There is one word for all: a trustee that issued to one account under another key could tell
/// that account's token when it is spent, so clients take the word that the cloud lists for everybody and check every token against it.
/// Wire: "salus token key 1\n" | trustee 32 | study 16 | SHA-256 of the study 32 | key 32 | signature 64.
/// </summary>
public sealed class TokenKey
{
    private TokenKey(byte[] signed, VerifyingKey trustee, StudyId study, byte[] studyHash, OprfElement key) =>
        (Signed, Trustee, Study, StudyHash, Key) = (signed, trustee, study, studyHash, key);

    private static ReadOnlySpan<byte> Magic => "salus token key 1\n"u8;

    public VerifyingKey Trustee { get; }

    public StudyId Study { get; }

    /// <summary>The study that the trustee keeps, byte for byte.</summary>
    public byte[] StudyHash { get; }

    public OprfElement Key { get; }

    public byte[] Signed { get; }

    public static TokenKey Create(SigningKey trustee, Study study, OprfElement key)
    {
        var payload = new WireWriter().Bytes(Magic).Key(trustee.PublicKey).Id(study.Id).Bytes(study.Hash).Bytes(key.Bytes).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignTokenKey, trustee, payload), out var word) ? word : throw SignedMessage.Mistake(nameof(TokenKey));
    }

    /// <summary>False unless it is the word of <paramref name="trustee"/> for this very study.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, VerifyingKey trustee, Study study, [NotNullWhen(true)] out TokenKey? word)
    {
        if (TryRead(signed, out word) && word.Trustee.Equals(trustee) && word.Study == study.Id && word.StudyHash.AsSpan().SequenceEqual(study.Hash)
            && SignedMessage.Verify(Domains.SignTokenKey, trustee, signed))
            return true;
        word = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out TokenKey? word)
    {
        word = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey trustee) || !reader.Id(out StudyId study) || !reader.Bytes(Sha256.Size, out var hash)
            || !reader.Bytes(OprfElement.Size, out var bytes) || !OprfElement.TryParse(bytes, out var key) || !reader.AtEnd)
            return false;
        word = new TokenKey(signed.ToArray(), trustee, study, hash.ToArray(), key);
        return true;
    }
}
