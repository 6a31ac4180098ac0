using Salus.Health.Deidentification.Fhir.Tree;
using Salus.Health.Deidentification.Fhir.Values;

namespace Salus.Health.Deidentification.Fhir.Running;

/// <summary>Whose a resource is: by the patients of the file and the references to them.</summary>
internal sealed class PatientIndex
{
    private static readonly string[] Preferred = ["subject", "patient", "beneficiary", "individual", "for", "participant"];

    private readonly Dictionary<string, string> byReference = new(StringComparer.Ordinal);
    private string? first;
    private bool isOne = true;

    /// <summary>Learns a patient, by the address of its entry too.</summary>
    public void Add(FhirNode patient, string? fullUrl)
    {
        var id = patient.TextOf("id") ?? (fullUrl is null ? "" : ReferenceText.Identifier(fullUrl));
        byReference.TryAdd(id, id);
        if (fullUrl is not null)
        {
            byReference.TryAdd(fullUrl, id);
            byReference.TryAdd(ReferenceText.Identifier(fullUrl), id);
        }
        isOne &= first is null || first == id;
        first ??= id;
    }

    /// <summary>The identifier of the patient; else the only one of the file, else the resource itself.</summary>
    public string Of(FhirNode resource)
    {
        if (resource.Type!.Name == "Patient")
            return resource.TextOf("id") is { } own ? byReference.GetValueOrDefault(own, own) : Fallback(resource);
        string? found = null;
        var best = int.MaxValue;
        foreach (var child in resource.Children)
            if (child.Type is { Name: "Reference" } && child.TextOf("reference") is { } reference && Patient(reference) is { } patient
                && (Array.IndexOf(Preferred, child.Name) is var rank and >= 0 ? rank : Preferred.Length) is var at && at < best)
                (found, best) = (patient, at);
        return found ?? Fallback(resource);
    }

    private string Fallback(FhirNode resource) => isOne && first is not null ? first : resource.TextOf("id") ?? "";

    private string? Patient(string reference)
    {
        if (byReference.TryGetValue(reference, out var id) || byReference.TryGetValue(ReferenceText.Identifier(reference), out id))
            return id;
        // A patient who is not in the file: NDJSON has each type in a file of its own.
        return reference.StartsWith("Patient/", StringComparison.Ordinal) || reference.Contains("/Patient/", StringComparison.Ordinal)
            ? ReferenceText.Identifier(reference) : null;
    }
}
