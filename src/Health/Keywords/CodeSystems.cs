namespace Salus.Health.Keywords;

/// <summary>Short names of code systems, by the addresses, OIDs and HL7 v2 names under which records carry them.</summary>
public static class CodeSystems
{
    private static readonly Dictionary<string, string> Names = Build(
    [
        "loinc http://loinc.org 2.16.840.1.113883.6.1 LN",
        "snomed http://snomed.info/sct 2.16.840.1.113883.6.96 SCT SNM SNM3 SNOMED-CT SRT",
        "rxnorm http://www.nlm.nih.gov/research/umls/rxnorm 2.16.840.1.113883.6.88 RXN",
        "icd10 http://hl7.org/fhir/sid/icd-10 2.16.840.1.113883.6.3 I10 ICD10",
        "icd10cm http://hl7.org/fhir/sid/icd-10-cm 2.16.840.1.113883.6.90 I10C ICD10CM",
        "icd10pcs http://www.cms.gov/Medicare/Coding/ICD10 2.16.840.1.113883.6.4 I10P",
        "icd10gm http://fhir.de/CodeSystem/bfarm/icd-10-gm http://fhir.de/CodeSystem/dimdi/icd-10-gm 1.2.276.0.76.5.482",
        "icd9 http://hl7.org/fhir/sid/icd-9 2.16.840.1.113883.6.42 I9",
        "icd9cm http://hl7.org/fhir/sid/icd-9-cm 2.16.840.1.113883.6.103 2.16.840.1.113883.6.104 I9C I9M I9CDX I9CP",
        "icd11 http://id.who.int/icd/release/11/mms",
        "cvx http://hl7.org/fhir/sid/cvx 2.16.840.1.113883.12.292 CVX",
        "mvx http://hl7.org/fhir/sid/mvx 2.16.840.1.113883.12.227 MVX",
        "ndc http://hl7.org/fhir/sid/ndc 2.16.840.1.113883.6.69 NDC",
        "atc http://www.whocc.no/atc http://fhir.de/CodeSystem/bfarm/atc 2.16.840.1.113883.6.73 ATC",
        "ucum http://unitsofmeasure.org 2.16.840.1.113883.6.8 UCUM",
        "cpt http://www.ama-assn.org/go/cpt 2.16.840.1.113883.6.12 C4 CPT",
        "hcpcs https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets 2.16.840.1.113883.6.285 HCPCS",
        "cdt http://www.ada.org/cdt 2.16.840.1.113883.6.13",
        "ops http://fhir.de/CodeSystem/bfarm/ops http://fhir.de/CodeSystem/dimdi/ops 1.2.276.0.76.5.488",
        "pzn http://fhir.de/CodeSystem/ifa/pzn 1.2.276.0.76.4.6",
        "nci http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl 2.16.840.1.113883.3.26.1.1 NCIT",
        "unii http://fdasis.nlm.nih.gov 2.16.840.1.113883.4.9",
        "ndfrt http://hl7.org/fhir/ndfrt 2.16.840.1.113883.3.26.1.5",
        "radlex http://radlex.org http://www.radlex.org 2.16.840.1.113883.6.256",
        "dcm http://dicom.nema.org/resources/ontology/DCM 1.2.840.10008.2.16.4 DCM",
    ]);

    /// <summary>All short names.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. Names.Values.Distinct().Order(StringComparer.Ordinal)];

    private static readonly string[] Hl7Prefixes =
        ["http://terminology.hl7.org/codesystem/", "http://terminology.hl7.org/", "http://hl7.org/fhir/v3/", "http://hl7.org/fhir/v2/", "http://hl7.org/fhir/"];

    /// <summary>
    /// The short name; <c>hl7:actcode</c> for a system of HL7's own terminology; else the system itself in lower case. White space around it and
    /// <c>urn:oid:</c> before it do not count.
    /// </summary>
    public static string ShortName(string system)
    {
        system = system.Trim().TrimEnd('/').ToLowerInvariant();
        if (system.StartsWith("urn:oid:", StringComparison.Ordinal))
            system = system["urn:oid:".Length..];
        if (Names.TryGetValue(system, out var name))
            return name;
        foreach (var prefix in Hl7Prefixes)
            if (system.StartsWith(prefix, StringComparison.Ordinal) && system.Length > prefix.Length)
                return $"hl7:{system[(system.LastIndexOf('/') + 1)..]}";
        return system;
    }

    private static Dictionary<string, string> Build(string[] lines)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parts in lines.Select(line => line.Split(' ')))
            foreach (var part in parts)
                names[part.ToLowerInvariant()] = parts[0];
        return names;
    }
}
