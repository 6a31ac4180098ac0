namespace Salus.Health.Fhir;

/// <summary>Bounds on what one import may make this machine hold; far above anything a health system writes.</summary>
public static class FhirLimits
{
    /// <summary>Objects and arrays inside each other.</summary>
    public const int Depth = 128;

    /// <summary>Bundles inside each other, the outermost counted.</summary>
    public const int NestedBundles = 4;

    /// <summary>UTF-8 bytes of one property name; FHIR's longest is below 64.</summary>
    public const int PropertyName = 256;

    /// <summary>Properties of one object.</summary>
    public const int Properties = 1024;

    /// <summary>Resources in one import.</summary>
    public const int Resources = 1_000_000;

    /// <summary>References in one import.</summary>
    public const int References = 8_000_000;

    /// <summary>Different targets that those references have.</summary>
    public const int Targets = 2_000_000;

    /// <summary>Bytes of a file that belong to no resource, repeats counted once.</summary>
    public const int Envelope = 4 * 1024 * 1024;

    /// <summary>Leading bytes of a text that are looked at (all of them are kept).</summary>
    internal const int Text = 2048;
}
