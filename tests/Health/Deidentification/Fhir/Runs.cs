using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Salus.Health.Deidentification;
using Salus.Health.Deidentification.Fhir;
using Salus.Testing;

namespace Salus.Health.Tests.Deidentification.Fhir;

/// <summary>De-identifies texts under keys that tests know.</summary>
internal static class Runs
{
    public static readonly DeidentificationKeys Keys = KeysOf("study 1");

    public static string Gold => Path.Combine(Places.Data, "gold");

    public static DeidentificationKeys KeysOf(string study) => new(Hash(study + " pseudonym"), Hash(study + " dates"), value => [.. value.ToArray().Reverse()]);

    public static FhirRules Rules(string json, Unmatched? unmatched = null) => FhirRules.Read(Encoding.UTF8.GetBytes(json), unmatched);

    /// <summary>Rules of paths and methods alone, in their order.</summary>
    public static FhirRules Rules(Unmatched unmatched, params (string Path, string Method)[] rules) =>
        Rules($$"""{"fhirPathRules": [{{string.Join(",", rules.Select(rule => $$"""{"path": {{JsonSerializer.Serialize(rule.Path)}}, "method": "{{rule.Method}}"}"""))}}]}""", unmatched);

    public static (string Text, ChangeReport Report) Run(string json, FhirRules rules, DeidentificationKeys? keys = null, TimeProvider? clock = null) =>
        Run(Encoding.UTF8.GetBytes(json), rules, keys, clock);

    public static (string Text, ChangeReport Report) Run(byte[] file, FhirRules rules, DeidentificationKeys? keys = null, TimeProvider? clock = null)
    {
        using var output = new MemoryStream();
        var report = new FhirDeidentifier(rules, keys ?? Keys, clock).Run(new MemoryStream(file), output, TestContext.Current.CancellationToken);
        return (Encoding.UTF8.GetString(output.ToArray()), report);
    }

    public static JsonElement Json(string json, FhirRules rules, DeidentificationKeys? keys = null) => JsonDocument.Parse(Run(json, rules, keys).Text).RootElement;

    /// <summary>What a file becomes without the labels, as compact JSON.</summary>
    public static string Left(string json, FhirRules rules, DeidentificationKeys? keys = null)
    {
        var document = System.Text.Json.Nodes.JsonNode.Parse(Run(json, rules, keys).Text)!.AsObject();
        document.Remove("meta");
        return document.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    private static KeyedHash Hash(string key) => (message, tag) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), message, tag);
}
