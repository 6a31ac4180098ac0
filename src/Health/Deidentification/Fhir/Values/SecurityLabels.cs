using Salus.Health.Deidentification.Fhir.Tree;
using Salus.Health.Deidentification.Fhir.Types;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir.Values;

/// <summary>Says in meta.security what was done, in the words of Microsoft's tool (whose CRYTOHASH is HL7's own code, misspelt there).</summary>
internal static class SecurityLabels
{
    private const string System = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

    private static readonly (Labels Label, string? System, string Code, string Display)[] All =
    [
        (Labels.Redacted, System, "REDACTED", "redacted"), (Labels.Abstracted, System, "ABSTRED", "abstracted"),
        (Labels.CryptoHashed, System, "CRYTOHASH", "cryptographic hash function"), (Labels.Masked, System, "MASKED", "masked"),
        (Labels.Perturbed, null, "PERTURBED", "exact value is replaced with another exact value"),
        (Labels.Substituted, null, "SUBSTITUTED", "exact value is replaced with a predefined value"),
        (Labels.Generalized, null, "GENERALIZED", "exact value is replaced with a general value"),
    ];

    public static void Add(FhirNode resource, Labels labels)
    {
        if (labels == Labels.None)
            return;
        var meta = MetaOf(resource);
        foreach (var (label, system, code, display) in All)
            if (labels.HasFlag(label) && !Has(meta, code))
            {
                var coding = new FhirNode(meta, "security", FhirTypes.Find("Coding"));
                foreach (var (name, value) in ((string, string?)[])[("system", system), ("code", code), ("display", display)])
                    if (value is not null)
                        AddText(coding, name, value);
                SecurityOf(meta).Items.Add(coding);
            }
    }

    private static bool Has(FhirNode meta, string code) =>
        meta.Members.Where(member => member.Name == "security").SelectMany(member => member.Items).SelectMany(coding => coding.Children)
            .Any(node => node.Name == "code" && string.Equals(node.Text, code, StringComparison.OrdinalIgnoreCase));

    private static FhirMember SecurityOf(FhirNode meta)
    {
        var member = meta.Members.Find(m => m.Json == "security" && m.Type is not null);
        if (member is null)
            meta.Members.Add(member = new FhirMember("security", "security", FhirTypes.Find("Coding"), isArray: true));
        member.IsArray = true;
        return member;
    }

    private static FhirNode MetaOf(FhirNode resource)
    {
        var type = FhirTypes.Find("Meta");
        var member = resource.Members.Find(m => m.Json == "meta");
        if (member is null)
            resource.Members.Insert(resource.Members is [{ Json: "id" }, ..] ? 1 : 0, member = new FhirMember("meta", "meta", type, isArray: false));
        if (member.Items.Count == 0)
            member.Items.Add(new FhirNode(resource, "meta", type));
        return member.Items[0];
    }

    private static void AddText(FhirNode owner, string name, string value)
    {
        var element = owner.Type!.OfJson(name)!;
        var member = new FhirMember(name, name, element.Type, isArray: false);
        var node = new FhirNode(owner, name, element.Type) { IsDone = true };
        node.Set(JsonToken.String, value);
        member.Items.Add(node);
        owner.Members.Add(member);
    }
}
