namespace Salus.Health.Fhir;

/// <summary>One entry of a bundle, or one bare resource: the smallest piece that is given to a partition as it is.</summary>
internal sealed class Unit
{
    /// <summary>Byte range in the file, end exclusive.</summary>
    public long Start, End;

    /// <summary>The line on which it ends.</summary>
    public long LastLine;

    /// <summary>Byte range of the resource in it; the same range for a bare resource, empty for an entry without one.</summary>
    public long ResourceStart, ResourceEnd;

    /// <summary>Resource type; of <c>request.url</c> for an entry without a resource; else empty.</summary>
    public string Type = "";

    public string? Id;

    /// <summary>Targets under which other resources refer to this one; -1 when there is none.</summary>
    public int FullUrl = -1, TypeAndId = -1;

    /// <summary>Its references are consecutive in <see cref="FhirReader.References"/>.</summary>
    public int FirstReference, ReferenceCount;

    public PersonalFacts Facts;

    public ResourceSummary Summary;

    /// <summary>One bit for each slice that holds it.</summary>
    public uint Slices;

    /// <summary>A follower whose targets are in several partitions.</summary>
    public bool IsMixed;
}

[Flags]
internal enum ReferenceTraits : byte
{
    None = 0,

    /// <summary>What a follower is about: Provenance.target, List.entry.item, Task.focus, Binary.securityContext.</summary>
    About = 1,

    /// <summary>What a follower rests on, when it names nothing that it is about.</summary>
    Because = 2,

    /// <summary>The object has a display, which stays when the reference is withheld.</summary>
    HasDisplay = 4,

    /// <summary>The object has <c>_reference</c> already.</summary>
    HasShadow = 8,

    /// <summary>An attachment's <c>url</c>, not a Reference.</summary>
    IsUrl = 16,
}

/// <summary>Where a reference stands: <c>"reference": "Patient/1"</c>, from the name's quote to the value's.</summary>
internal readonly record struct FoundReference(long ValueStart, int NameBack, int ValueLength, int Target, ReferenceTraits Traits)
{
    public long NameStart => ValueStart - NameBack;

    public long ValueEnd => ValueStart + ValueLength;
}

/// <summary>A <c>data</c> property with base64 that becomes a record of its own.</summary>
internal sealed class FoundAttachment(Unit unit)
{
    /// <summary>Of both quotes of <c>"data"</c>.</summary>
    public const int NameLength = 6;

    public Unit Unit { get; } = unit;

    public long NameStart, ValueStart, ValueEnd;

    public string? MediaType, Title;

    /// <summary>Bytes after decoding.</summary>
    public long Length;

    public long Base64Start => ValueStart + 1;

    public long Base64Length => ValueEnd - ValueStart - 2;
}
