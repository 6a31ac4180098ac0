namespace Salus.Health.Fhir;

/// <summary>How the resources stand in the file.</summary>
public enum FhirForm : byte
{
    /// <summary>One Bundle. Bundles inside it are opened too: their entries are sliced like its own.</summary>
    Bundle = 1,

    /// <summary>One resource that is no Bundle.</summary>
    Resource = 2,

    /// <summary>One resource a line.</summary>
    Ndjson = 3,

    /// <summary>An array of entries or resources, without the Bundle around it.</summary>
    Array = 4,
}
