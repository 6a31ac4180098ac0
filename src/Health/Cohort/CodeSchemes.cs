namespace Salus.Health.Cohort;

/// <summary>The published schemes whose codes Safe Harbor keeps (safe-harbor.json): a code or a display of any other may be somebody's own words.</summary>
internal static class CodeSchemes
{
    public static IReadOnlyList<string> Prefixes { get; } =
    [
        "http://snomed.info/sct", "http://loinc.org", "http://unitsofmeasure.org", "http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/", "http://terminology.hl7.org/",
        "http://www.ama-assn.org/go/cpt", "http://dicom.nema.org/resources/ontology/DCM", "http://www.whocc.no/atc", "http://www.genenames.org", "urn:oid:2.16.840.1.113883.6.", "urn:ietf:bcp:",
        "urn:iso:std:iso:",
    ];

    public static bool Keep(string system) => Prefixes.Any(prefix => system.StartsWith(prefix, StringComparison.Ordinal));
}
