namespace Salus.Health.Fhir;

/// <summary>A file that was refused: why, where, and what to do. Never carries a value of the file.</summary>
public sealed class FhirFormatException(FhirFault fault, string what, long line, long offset)
    : FormatException($"{what} (line {line}, byte {offset}). {RemedyFor(fault)}")
{
    public FhirFault Fault { get; } = fault;

    /// <summary>Line, the first one is 1.</summary>
    public long Line { get; } = line;

    /// <summary>Offset of the byte in the file, the first one is 0.</summary>
    public long Offset { get; } = offset;

    /// <summary>What the person can do about it.</summary>
    public string Remedy => RemedyFor(Fault);

    private static string RemedyFor(FhirFault fault) => fault switch
    {
        FhirFault.Empty => "Export the file again: this one holds nothing.",
        FhirFault.NotJson => "Ask the sender for the file as it was exported, unedited; or store it as a document instead of importing it.",
        FhirFault.Truncated => "The copy is incomplete: fetch the file again and compare its size.",
        FhirFault.InvalidUtf8 => "FHIR JSON is UTF-8: export again as UTF-8, or store the file as a document.",
        FhirFault.NotUtf8 => "FHIR JSON is UTF-8: save the file as UTF-8 and import it again.",
        FhirFault.DuplicateProperty =>
            "Two readers could understand this differently: ask the sender to correct it, or store the file as a document.",
        FhirFault.TooDeep => "No FHIR resource nests like this: check where the file comes from, or store it as a document.",
        FhirFault.TooLarge => "Split the export into several files and import each of them.",
        FhirFault.NotFhir => "Import FHIR R4 JSON: a Bundle, one resource, or NDJSON; store anything else as a document.",
        FhirFault.Xml => "Export as FHIR JSON (application/fhir+json), or store the XML file as a document.",
        _ => "Store the file as a document.",
    };
}
