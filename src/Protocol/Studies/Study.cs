using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Studies;

/// <summary>
/// A study, signed by its researcher. An instance exists only after the signature, those of both cards within and the terms were verified, or made.
/// Wire: "salus study 1\n" | id 16 | researcher's card (variable) | custodian's card (variable) | 3 trustees 32 | title, purpose, rules (variable each) | resource types
/// | quasi-identifiers of (column, hierarchy) | sensitive column (variable) | k u32 | l u32 | t u32 | suppression u32 | cohort u32 | budget u64
/// | variables of (name, source, unit, decimals u8, lower i64, upper i64, bounds i64) | attributes of (name, source, categories) | organisations of (account 16, quota u32)
/// | opens u64 | ends u64 | signature 64. A list is a u32 count and its items. At most 256 KiB.
/// </summary>
public sealed class Study
{
    public const int TrusteeCount = 3;

    private Study(byte[] signed, StudyTerms terms) => (Signed, Terms) = (signed, terms);

    private static ReadOnlySpan<byte> Magic => "salus study 1\n"u8;

    public StudyId Id => Terms.Id;

    public StudyTerms Terms { get; }

    public byte[] Signed { get; }

    /// <summary>SHA-256 of the encoding, by which servers see that they keep the same study.</summary>
    public byte[] Hash => SHA256.HashData(Signed);

    /// <summary>Trustees in the order in which a study names them.</summary>
    public static IReadOnlyList<VerifyingKey> InOrder(IEnumerable<VerifyingKey> trustees) => [.. trustees.OrderBy(key => key.ToString(), StringComparer.Ordinal)];

    public static Study Create(SigningKey researcher, StudyTerms terms)
    {
        if (!researcher.PublicKey.Equals(terms.Researcher.Identity))
            throw new ArgumentException("The terms name another researcher.", nameof(terms));
        if (terms.Trustees.Count != TrusteeCount)
            throw new ArgumentException("A study has three trustees.", nameof(terms));
        var writer = new WireWriter().Bytes(Magic);
        StudyWire.Write(writer, terms);
        return TryRead(SignedMessage.Sign(Domains.SignStudy, researcher, writer.ToArray()), out var study) ? study : throw SignedMessage.Mistake(nameof(Study));
    }

    /// <summary>False when the bytes are no study or not signed by the researcher whose card is within. Whether the cards are the right ones, the reader finds out.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out Study? study)
    {
        if (TryRead(signed, out study) && SignedMessage.Verify(Domains.SignStudy, study.Terms.Researcher.Identity, signed))
            return true;
        study = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out Study? study)
    {
        study = null;
        if (signed.Length > Limits.MaxStudy || !SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !StudyWire.TryRead(ref reader, out var terms) || !reader.AtEnd)
            return false;
        study = new Study(signed.ToArray(), terms);
        return true;
    }
}
