namespace Salus.Health.Fhir;

/// <summary>Why a file was refused; <see cref="FhirFormatException"/> adds where, and what to do.</summary>
public enum FhirFault
{
    /// <summary>No bytes, or white space only.</summary>
    Empty,

    /// <summary>A byte that JSON does not allow in this place.</summary>
    NotJson,

    /// <summary>The file ends in the middle of a value.</summary>
    Truncated,

    /// <summary>A byte sequence that is not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>UTF-16 or UTF-32, by its byte order mark.</summary>
    NotUtf8,

    /// <summary>One object has the same property twice: readers disagree about which one counts.</summary>
    DuplicateProperty,

    /// <summary>Nested deeper than <see cref="FhirLimits.Depth"/>, or bundles inside bundles inside bundles.</summary>
    TooDeep,

    /// <summary>More resources, references, properties or envelope than <see cref="FhirLimits"/> allows.</summary>
    TooLarge,

    /// <summary>Sound JSON that is not FHIR: no resource type where one belongs.</summary>
    NotFhir,

    /// <summary>XML: FHIR has an XML form, which is not read here.</summary>
    Xml,
}
