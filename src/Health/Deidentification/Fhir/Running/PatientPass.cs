using Salus.Health.Deidentification.Fhir.Tree;
using Salus.Health.Deidentification.Fhir.Types;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir.Running;

/// <summary>The first reading: who the patients are, what identifies them, and what stands around the entries of bundles.</summary>
internal sealed class PatientPass(ResourceRules rules, PatientIndex patients, Needles needles) : IFhirSink
{
    private readonly Queue<JsonTree> headers = new();

    /// <summary>What stands around the entries of each bundle, in the order of the file.</summary>
    public Queue<JsonTree> Headers => headers;

    public void BeginFile(bool isArray)
    {
    }

    public void Resource(JsonTree resource) => Look(FhirTree.Resource(resource), null);

    public void LooseEntry(JsonTree entry) => Entry(entry);

    public void BeginBundle()
    {
    }

    public void Entry(JsonTree entry)
    {
        if (entry.Member("resource") is not { } inner)
            return;
        var fullUrl = entry.Member("fullUrl") is { Kind: JsonToken.String } url ? url.Text : null;
        Look(FhirTree.Resource(inner, null, "resource"), fullUrl);
    }

    public void EndBundle(JsonTree header) => headers.Enqueue(header);

    public void EndFile()
    {
    }

    private void Look(FhirNode resource, string? fullUrl)
    {
        if (!HasPerson(resource))
            return;
        if (resource.Type!.Name == "Patient")
            patients.Add(resource, fullUrl);
        foreach (var inner in ResourceRules.Inner(resource))
            if (inner.Type!.Name == "Patient" && inner.Name != "contained")
                patients.Add(inner, inner.Parent?.TextOf("fullUrl"));
        // By how much dates move makes no difference to what is removed.
        rules.Settle(resource, _ => 1, new ChangeReport());
        needles.Collect(resource);
    }

    private static bool HasPerson(FhirNode resource) => Needles.Concerns(resource) || ResourceRules.Inner(resource).Any(HasPerson);
}
