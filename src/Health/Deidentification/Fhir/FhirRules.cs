using System.Text;
using Salus.Health.Deidentification.Fhir.Rules;
using Salus.Health.Deidentification.Fhir.Types;

namespace Salus.Health.Deidentification.Fhir;

/// <summary>
/// Rules for FHIR R4, in the format of Microsoft's FHIR anonymizer: the first rule that names an element decides. What no rule names is redacted,
/// unless the rules or the caller say otherwise.
/// </summary>
public sealed class FhirRules
{
    private static readonly Lazy<FhirRules> BuiltIn = new(() =>
    {
        using var stream = typeof(FhirRules).Assembly.GetManifestResourceStream("Salus.Health.SafeHarbor")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Read(bytes);
    });

    private readonly Dictionary<FhirType, List<FhirRule>> byType = [];

    /// <summary>A person of whom everything is known, to see what rules keep.</summary>
    private static ReadOnlySpan<byte> Somebody =>
        """
        {"id":"d2f0c6b1-somebody","identifier":[{"system":"urn:number","value":"4711081547110815"}],"name":[{"use":"official","text":"Zyx Wvuts","family":"Wvuts","given":["Zyx"]}],
        "telecom":[{"system":"phone","value":"+1 555 0100 4711"}],"birthDate":"1970-02-03",
        "address":[{"use":"home","text":"4711 Zyx Road","line":["4711 Zyx Road"],"city":"Zyxville","district":"Wvuts County","postalCode":"47118"}]}
        """u8;

    internal FhirRules(IReadOnlyList<FhirRule> rules, FhirParameters parameters, Unmatched unmatched, IReadOnlyList<string> notes)
    {
        (All, Parameters, Unmatched, Notes) = (rules, parameters, unmatched, notes);
        foreach (var type in FhirTypes.Resources)
            byType[type] = [.. rules.Where(rule => rule.Concerns(type))];
    }

    /// <summary>The rules that are built in: Safe Harbor of HIPAA, 45 CFR 164.514(b)(2).</summary>
    public static FhirRules SafeHarbor => BuiltIn.Value;

    public Unmatched Unmatched { get; }

    /// <summary>What was read otherwise than it is written.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Whether pseudonyms are made with the caller's key, because the rules have none.</summary>
    public bool UsesPseudonyms => Parameters.CryptoHashKey.Length == 0 && Has(FhirMethod.CryptoHash);

    /// <summary>Whether dates are shifted with the caller's key, because the rules have none.</summary>
    public bool UsesDateShift => Parameters.DateShiftKey.Length == 0 && Has(FhirMethod.DateShift);

    /// <summary>Whether a rule encrypts: <see cref="DeidentificationKeys.Encrypt"/> is then needed.</summary>
    public bool UsesEncryption => Has(FhirMethod.Encrypt);

    /// <summary>The key that the rules want values encrypted with; empty when they have none. The caller makes the function of it.</summary>
    public string EncryptKey => Parameters.EncryptKey;

    /// <summary>Whether they are a study's: what they keep of a person is then refused, whatever it is.</summary>
    internal bool IsOfStudy { get; private init; }

    internal IReadOnlyList<FhirRule> All { get; }

    internal FhirParameters Parameters { get; }

    /// <summary>Reads a configuration (JSON, UTF-8). Throws <see cref="RulesException"/>, which names the rule.</summary>
    /// <param name="json">The configuration.</param>
    /// <param name="unmatched">What becomes of elements without a rule; null for what the configuration says ("unmatched"), which is redacting when it says nothing.</param>
    public static FhirRules Read(ReadOnlyMemory<byte> json, Unmatched? unmatched = null) => RulesReader.Read(json, unmatched);

    /// <summary>
    /// Reads the rules of a study, which its participants follow under keys of their own: throws <see cref="RulesException"/> also for rules that bring
    /// keys, that encrypt, that keep what they do not name, or that keep what names a person where that shows without anybody's record. Where it shows in
    /// the record only, <see cref="FhirDeidentifier.Run"/> throws it.
    /// </summary>
    public static FhirRules ReadForStudy(ReadOnlyMemory<byte> json)
    {
        var rules = Read(json);
        if (rules.Unmatched == Unmatched.Keep)
            throw new RulesException("", "a study redacts what its rules do not name, so 'unmatched' cannot be keep");
        if (rules.Parameters is not { CryptoHashKey: "", DateShiftKey: "", EncryptKey: "", DateShiftScope: DateShiftScope.Resource })
            throw new RulesException("", "pseudonyms and shifts of dates in a study are under the participants' keys and by patient, so its rules have no keys and no scope");
        if (rules.All.FirstOrDefault(rule => rule.Method == FhirMethod.Encrypt) is { } encrypts)
            throw new RulesException(encrypts.Name, "in a study nothing is encrypted: nobody would have the key");
        var ofStudy = new FhirRules(rules.All, rules.Parameters, rules.Unmatched, rules.Notes) { IsOfStudy = true };
        TryOut(ofStudy);
        return ofStudy;
    }

    private static void TryOut(FhirRules rules)
    {
        KeyedHash anyKey = static (_, tag) => tag.Fill(0xA5);
        try
        {
            foreach (var type in (string[])["Patient", "Person", "RelatedPerson"])
                new FhirDeidentifier(rules, new(anyKey, anyKey)).Run(new MemoryStream([.. Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}","""), .. Somebody[1..]]), Stream.Null);
        }
        catch (IdentifiersLeftException left)
        {
            throw new RulesException("", $"in a study nothing that names a person is kept. {left.Message}");
        }
    }

    internal IReadOnlyList<FhirRule> For(FhirType resource) => byType[resource];

    private bool Has(FhirMethod method) => All.Any(rule => rule.Method == method);
}
