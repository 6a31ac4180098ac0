using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Salus.Client.Sanitised;

/// <summary>
/// A signed copy of one resource with the disclosures that its holder hands on. An instance exists only after its signature was verified and every disclosure was found to be one that was signed:
/// an altered one matches no digest, and one that nothing refers to is refused. Whoever holds it can leave disclosures out, and nothing else.
/// Source: RFC 9901, section 7.1.
/// </summary>
internal sealed class SdJwt
{
    /// <summary>Disclosures of a resource, at most.</summary>
    public const int MaxDisclosures = 200_000;

    private readonly string _jwt;
    private readonly Dictionary<string, Disclosure> _byDigest;
    private readonly JsonElement _resource;

    private SdJwt(string jwt, Dictionary<string, Disclosure> byDigest, JsonElement resource, byte[] revealed)
    {
        (_jwt, _byDigest, _resource) = (jwt, byDigest, resource);
        _ = SdJson.TryParse(revealed, out var parsed);
        Revealed = parsed;
    }

    /// <summary>The resource as it is disclosed.</summary>
    public JsonElement Revealed { get; }

    /// <summary>How many values are disclosed.</summary>
    public int Disclosures => _byDigest.Count;

    /// <summary>Reads one line. Otherwise says what is wrong with it, without anything of its content.</summary>
    public static bool TryVerify(string text, Attester attester, [NotNullWhen(true)] out SdJwt? copy, out string fault)
    {
        copy = null;
        // 1. The parts: the JWT, disclosures, and nothing behind the last mark.
        var parts = text.Split('~');
        if (parts.Length < 2 || parts[^1].Length > 0)
            return Fails("it is no SD-JWT without a key binding", out fault);
        if (parts.Length - 2 > MaxDisclosures)
            return Fails("it has too many disclosures", out fault);
        // 2. The signature, under the key and the algorithm that are expected and no others.
        var dot = parts[0].LastIndexOf('.');
        if (dot < 0 || parts[0].Split('.') is not [var header, var payload, var signature] || !SdJson.TryDecode(header, out var headerJson) || !SdJson.TryParse(headerJson, out var head)
            || !Says(head, "alg", "EdDSA") || !Says(head, "typ", SdJwtIssuer.Type) || !Says(head, "kid", attester.Issuer) || head.TryGetProperty("crit", out _)
            || !SdJson.TryDecode(signature, out var signatureBytes) || !attester.Signed(Encoding.ASCII.GetBytes(parts[0][..dot]), signatureBytes))
            return Fails("its signature is not that of the signer", out fault);
        if (!SdJson.TryDecode(payload, out var payloadJson) || !SdJson.TryParse(payloadJson, out var claims) || claims.ValueKind != JsonValueKind.Object || !Says(claims, "iss", attester.Issuer)
            || !Says(claims, "_sd_alg", SdJwtIssuer.HashAlgorithm) || claims.GetPropertyCount() != 3
            || !claims.TryGetProperty(SdJwtIssuer.Resource, out var resource) || resource.ValueKind != JsonValueKind.Object)
            return Fails("it does not say what a signed copy says", out fault);
        // 3. The disclosures, each once.
        var byDigest = new Dictionary<string, Disclosure>(StringComparer.Ordinal);
        foreach (var encoded in parts[1..^1])
            if (!Disclosure.TryRead(encoded, out var disclosure) || !byDigest.TryAdd(disclosure.Digest, disclosure))
                return Fails("a disclosure is damaged or stands twice", out fault);
        // 4. Every one has its place.
        var revealing = new Revealing(byDigest);
        var revealed = SdJson.Write(json => revealing.Write(json, resource, depth: 0));
        if (revealing.Fault is { } wrong)
            return Fails(wrong, out fault);
        if (revealing.Used != byDigest.Count)
            return Fails("a disclosure was altered, or is of something that was not signed", out fault);
        copy = new SdJwt(parts[0], byDigest, resource, revealed);
        fault = "";
        return true;
    }

    /// <summary>The copy with those of its disclosures alone that a sanitised form of the resource needs; null when that leaves nothing.</summary>
    public string? Sanitised(JsonElement target)
    {
        var chosen = new Choice(_byDigest).Of(_resource, target);
        if (chosen.Count == 0)
            return null;
        var text = new StringBuilder(_jwt).Append('~');
        foreach (var disclosure in chosen)
            text.Append(disclosure.Encoded).Append('~');
        return text.ToString();
    }

    private static bool Says(JsonElement json, string member, string value) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(member, out var said) && said.ValueKind == JsonValueKind.String && said.GetString() == value;

    private static bool Fails(string what, out string fault)
    {
        fault = what;
        return false;
    }
}
