using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Salus.Client.Sanitised;

/// <summary>
/// Makes the SD-JWT of one FHIR resource: everything in it but its type becomes a disclosure of its own, members within members too, with the coarser values of <see cref="Generalised"/>.
/// Digests are sorted and filled up with decoys to a power of two, so that their number and order say little of what is hidden.
/// </summary>
/// <remarks>
/// Source: RFC 9901, sections 4.1 to 4.2. A coding and a quantity stay whole: half of one says something else than its signer said.
/// </remarks>
internal static class SdJwtIssuer
{
    public const string Type = "salus-fhir+sd-jwt";
    public const string Resource = "resource";
    public const string ResourceType = "resourceType";
    public const string HashAlgorithm = "sha-256";

    private const int FewestDigests = 4;

    private static readonly HashSet<string>[] Whole =
    [
        ["system", "version", "code", "display", "userSelected"],
        ["value", "comparator", "unit", "system", "code"],
    ];

    /// <returns>The compact serialisation: JWT ~ disclosure ~ … ~</returns>
    public static string Issue(JsonElement resource, AttestationKey key)
    {
        if (resource.ValueKind != JsonValueKind.Object || !resource.TryGetProperty(ResourceType, out var type) || type.ValueKind != JsonValueKind.String)
            throw new ArgumentException("This is no FHIR resource.", nameof(resource));
        var disclosures = new List<Disclosure>();
        var payload = SdJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("iss", key.Issuer);
            json.WriteString("_sd_alg", HashAlgorithm);
            json.WritePropertyName(Resource);
            json.WriteStartObject();
            json.WriteString(ResourceType, type.GetString());
            WriteHidden(json, resource.EnumerateObject().Where(member => member.Name != ResourceType), disclosures);
            json.WriteEndObject();
            json.WriteEndObject();
        });
        var header = SdJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("alg", "EdDSA");
            json.WriteString("typ", Type);
            json.WriteString("kid", key.Issuer);
            json.WriteEndObject();
        });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        var text = new StringBuilder(signed).Append('.').Append(Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))).Append('~');
        foreach (var disclosure in disclosures)
            text.Append(disclosure.Encoded).Append('~');
        return text.ToString();
    }

    private static byte[] Hide(JsonElement value, List<Disclosure> disclosures) => SdJson.Write(json =>
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when !IsWhole(value):
                json.WriteStartObject();
                WriteHidden(json, value.EnumerateObject(), disclosures);
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                var count = 0;
                foreach (var element in value.EnumerateArray())
                {
                    WriteElement(json, Add(Disclosure.Make(null, Hide(element, disclosures)), disclosures));
                    count++;
                }
                for (; count < Padded(count); count++)
                    WriteElement(json, Disclosure.Decoy());
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    });

    private static void WriteHidden(Utf8JsonWriter json, IEnumerable<JsonProperty> members, List<Disclosure> disclosures)
    {
        var digests = new List<string>();
        var coarser = new List<(string Name, List<(string Name, string Value)> Values)>();
        foreach (var member in members)
        {
            if (Disclosure.IsReserved(member.Name) || member.Name == Generalised.Member)
                throw new CannotException($"A resource has a member called {member.Name}, which signed copies need themselves. Nothing was signed.");
            digests.Add(Add(Disclosure.Make(member.Name, Hide(member.Value, disclosures)), disclosures));
            if (Generalised.Of(member.Name, member.Value).ToList() is { Count: > 0 } values)
                coarser.Add((member.Name, values));
        }
        if (coarser.Count > 0)
        {
            var within = SdJson.Write(inner => WriteObject(inner, coarser, entry => Disclosure.Make(entry.Name, Coarser(entry.Values, disclosures)), disclosures));
            digests.Add(Add(Disclosure.Make(Generalised.Member, within), disclosures));
        }
        WriteDigests(json, digests);
    }

    private static byte[] Coarser(IEnumerable<(string Name, string Value)> values, List<Disclosure> disclosures) => SdJson.Write(json =>
        WriteObject(json, values, value => Disclosure.Make(value.Name, SdJson.Write(text => text.WriteStringValue(value.Value))), disclosures));

    private static void WriteObject<T>(Utf8JsonWriter json, IEnumerable<T> members, Func<T, Disclosure> disclose, List<Disclosure> disclosures)
    {
        json.WriteStartObject();
        WriteDigests(json, [.. members.Select(member => Add(disclose(member), disclosures))]);
        json.WriteEndObject();
    }

    private static void WriteDigests(Utf8JsonWriter json, List<string> digests)
    {
        while (digests.Count < Padded(digests.Count))
            digests.Add(Disclosure.Decoy());
        digests.Sort(StringComparer.Ordinal);
        json.WriteStartArray(Disclosure.Digests);
        foreach (var digest in digests)
            json.WriteStringValue(digest);
        json.WriteEndArray();
    }

    private static void WriteElement(Utf8JsonWriter json, string digest)
    {
        json.WriteStartObject();
        json.WriteString(Disclosure.Element, digest);
        json.WriteEndObject();
    }

    private static string Add(Disclosure disclosure, List<Disclosure> disclosures)
    {
        disclosures.Add(disclosure);
        return disclosure.Digest;
    }

    private static bool IsWhole(JsonElement value) => Whole.Any(names => value.EnumerateObject().All(member => names.Contains(member.Name)
        && member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)));

    private static int Padded(int count) => Math.Max(FewestDigests, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count));
}
