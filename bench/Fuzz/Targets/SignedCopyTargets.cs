using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Salus.Client;
using Salus.Client.Sanitised;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol;
using Salus.Protocol.Tests;

namespace Salus.Bench.Fuzz.Targets;

/// <summary>
/// Signed copies. An input is the claims and then the disclosures, a line of JSON each, in which <c>"#2"</c> is the digest of line 2; it is encoded and signed before it is read, as a
/// hostile signer would.
/// </summary>
internal static class SignedCopyTargets
{
    private static readonly AttestationKey Key = MakeKey();

    private static readonly string Copy =
        $$$"""
        {"iss":"{{{Key.Issuer}}}","_sd_alg":"sha-256","resource":{"resourceType":"Patient","_sd":["#1","#2","#4","AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]}}
        ["2GLC42sKQveCfGfryNRN9w","birthDate","1957-03-02"]
        ["eluV5Og3gSNII8EYnsxA_A","name",[{"...":"#3"}]]
        ["6Ij7tM-a5iVPGboS5tmvVA",{"_sd":["#6"]}]
        ["eI8ZWm9QnKPpNPeNenHdhQ","address",{"_sd":["#5"]}]
        ["Qg_O64zqAxe412a108iroA","postalCode","3007"]
        ["AJx-095VPrpTtN4QMOqROA","family","Muster"]
        """;

    public static IReadOnlyList<Target> All { get; } =
    [
        new("signed copy/claims", () => [Encoding.UTF8.GetBytes(Copy)], bytes =>
        {
            var isRead = SdJwt.TryVerify(Encoded(Encoding.UTF8.GetString(bytes)), Key.Attester, out var copy, out var fault);
            return new Verdict(isRead, null, isRead ? $"{copy!.Disclosures} {copy.Revealed.GetRawText().Length / 8}" : fault);
        }) { Shape = Shape.Text, Allowance = (1 << 20, 400) },
        new("signed copy/text", () => [Encoding.ASCII.GetBytes(Encoded(Copy))],
            bytes => new Verdict(SdJwt.TryVerify(Encoding.UTF8.GetString(bytes), Key.Attester, out _, out var fault), null, fault)) { Shape = Shape.Text, Allowance = (1 << 20, 400) },
        new("signed copy/disclosure", () => [Encoding.ASCII.GetBytes(Base64("""["2GLC42sKQveCfGfryNRN9w","birthDate","1957-03-02"]"""))],
            bytes => Verdict.When(Disclosure.TryRead(Encoding.UTF8.GetString(bytes), out _))) { Shape = Shape.Text },
        new("signed copy/head of a file", () => [Encoding.UTF8.GetBytes(SignedCopies.Header(Key.Attester))], bytes => Verdict.When(SignedCopies.ReadHeader(Encoding.UTF8.GetString(bytes)) is not null))
        {
            Shape = Shape.Text,
        },
        new("signed copy/resources of a file", () => [HealthTargets.Bundle, """{"resourceType":"Patient"}"""u8.ToArray(), "{\"resourceType\":\"A\"}\n{\"resourceType\":\"B\"}\n"u8.ToArray()],
            bytes => Verdict.Taken($"{FhirFile.Read(bytes, "a file").Count()}"))
        {
            Shape = Shape.Text,
            Documented = static failure => failure is CannotException,
            Allowance = (2 << 20, 400),
        },
        Target.OfText("signed copy/base 64", text => SdJson.TryDecode(text, out var bytes) ? Base64Url.EncodeToString(bytes) : null, "AAECAwQFBgcICQ"),
        new("signed copy/attester", () => [[.. Key.Attester.Key, .. Key.Attester.Certificate, .. Key.Attester.Card.Signed]], bytes => Verdict.When(bytes.Length > 96
            && Attester.TryVerify(bytes[96..], bytes[..32], bytes[32..96], out _))),
    ];

    private static string Encoded(string lines)
    {
        var parts = lines.Split('\n');
        var encoded = new string[parts.Length];
        for (var i = parts.Length - 1; i > 0; i--)
        {
            encoded[i] = Base64(parts[i]);
            var digest = Base64Url.EncodeToString(Sha256.Hash(Encoding.ASCII.GetBytes(encoded[i])));
            for (var j = 0; j < i && parts.Length < 64; j++)
                parts[j] = parts[j].Replace(string.Create(CultureInfo.InvariantCulture, $"\"#{i}\""), $"\"{digest}\"", StringComparison.Ordinal);
        }
        var signed = $"{Base64($$$"""{"alg":"EdDSA","typ":"{{{SdJwtIssuer.Type}}}","kid":"{{{Key.Issuer}}}"}""")}.{Base64(parts[0])}";
        return $"{signed}.{Base64Url.EncodeToString(Key.Sign(Encoding.ASCII.GetBytes(signed)))}~{string.Concat(encoded[1..].Select(one => one + "~"))}";
    }

    private static string Base64(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static AttestationKey MakeKey()
    {
        var identity = Parts.Signing(1);
        return new(Secret.CopyOf(Parts.Seed(7, 32)), identity, AccountCard.CreateOrganisation(identity, Parts.Receiving(1).PublicKey, Parts.Box(1).PublicKey, "City Hospital", 1));
    }
}
