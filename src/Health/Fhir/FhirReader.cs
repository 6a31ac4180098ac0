using System.Security.Cryptography;
using System.Text;

namespace Salus.Health.Fhir;

/// <summary>
/// Finds the units of a file: the entries of a bundle, the resources of an NDJSON file. A Bundle is never a unit: it is opened wherever it stands (up
/// to <see cref="FhirLimits.NestedBundles"/> deep) and its entries are units, so that a bundle of everything inside a bundle puts nothing into the
/// wrong partition. Everything between units is envelope.
/// </summary>
internal sealed class FhirReader
{
    /// <summary>Where an object stands decides what it may be.</summary>
    private enum Place { Resource, Entry, Either }

    /// <summary>A root that no path of an entry's own properties reaches.</summary>
    private const int NoRoot = 1000;

    private readonly SourceBytes source;
    private readonly JsonScanner scanner;
    private readonly ElementWalker walker;
    private int bundles;
    private long firstStart;

    public FhirReader(
        SourceBytes source, int attachmentFloor, IncrementalHash? hash = null, int buffer = JsonScanner.UsualBuffer,
        CancellationToken cancel = default)
    {
        this.source = source;
        scanner = new JsonScanner(source, 0, source.Length, hash: hash, buffer: buffer, cancel: cancel);
        walker = new ElementWalker(scanner, Targets, References, Attachments, attachmentFloor);
    }

    public FhirForm Form { get; private set; }

    /// <summary>Bundle.type of the outermost bundle.</summary>
    public string? BundleType { get; private set; }

    public List<Unit> Units { get; } = [];

    public List<FoundReference> References { get; } = [];

    public List<FoundAttachment> Attachments { get; } = [];

    public TargetTable Targets { get; } = new();

    /// <summary>Reads a whole file of any form.</summary>
    public void ReadFile()
    {
        scanner.ReadStart();
        scanner.Read();
        if (scanner.Token == JsonToken.StartArray)
        {
            Form = FhirForm.Array;
            while (scanner.Read() != JsonToken.EndArray)
                ReadUnit(Place.Either);
            if (scanner.Read() != JsonToken.End)
                throw scanner.FaultAtToken(FhirFault.NotJson, "Something follows the end of the array");
            return;
        }
        firstStart = scanner.TokenStart;
        Form = ReadUnit(Place.Resource) ? FhirForm.Bundle : FhirForm.Resource;
        while (scanner.Read() != JsonToken.End)
        {
            if (!scanner.NewLineBefore)
                throw scanner.FaultAtToken(FhirFault.NotJson, "Something follows the end of the resource on the same line");
            (Form, BundleType) = (FhirForm.Ndjson, null);
            ReadUnit(Place.Resource);
        }
    }

    /// <summary>Reads the body of a slice: units one after the other, which must stand exactly where the index says.</summary>
    public bool TryReadBody(IReadOnlyList<ResourceEntry> entries)
    {
        try
        {
            foreach (var entry in entries)
            {
                if (scanner.Read() != JsonToken.StartObject || scanner.TokenStart != entry.Offset)
                    return false;
                var units = Units.Count;
                ReadUnit(entry.IsBare ? Place.Resource : Place.Entry);
                if (scanner.TokenEnd != entry.Offset + entry.Length || Units.Count != units + 1)
                    return false;
            }
            return scanner.Read() == JsonToken.End;
        }
        catch (FhirFormatException)
        {
            return false;
        }
    }

    /// <summary>Reads the object whose brace was just read; true when it is a Bundle (or an entry with one), whose entries are the units.</summary>
    private bool ReadUnit(Place place)
    {
        if (scanner.Token != JsonToken.StartObject)
            throw scanner.FaultAtToken(FhirFault.NotFhir, "A FHIR resource is a JSON object, and something else stands here");
        var unit = new Unit { Start = scanner.TokenStart, FirstReference = References.Count };
        var isBundle = place == Place.Entry ? ReadEntry(unit) : ReadResource(unit, place);
        (unit.End, unit.LastLine) = (scanner.TokenEnd, scanner.Line);
        if (!isBundle)
            Keep(unit);
        return isBundle;
    }

    private void Keep(Unit unit)
    {
        if (Units.Count == FhirLimits.Resources)
            throw scanner.FaultAtToken(FhirFault.TooLarge, $"There are more than {FhirLimits.Resources} resources");
        unit.ReferenceCount = References.Count - unit.FirstReference;
        unit.Facts = FactRules.Settle(unit.Facts, unit.Type);
        var number = Units.Count;
        if (unit.FullUrl >= 0)
            Targets.Own(unit.FullUrl, number);
        if (unit.TypeAndId >= 0)
            Targets.Own(unit.TypeAndId, number);
        Units.Add(unit);
    }

    /// <summary>Reads <c>{ "fullUrl": …, "resource": { … }, "request": … }</c>; true when the resource is a Bundle, which was opened.</summary>
    private bool ReadEntry(Unit unit)
    {
        var isBundle = false;
        var root = walker.Root;
        walker.Root = NoRoot;
        walker.Enter(Element.Entry);
        while (scanner.Read() == JsonToken.Name)
        {
            var property = walker.ReadName();
            scanner.Read();
            isBundle |= ReadEntryProperty(unit, property);
        }
        walker.Leave(unit);
        walker.Root = root;
        return isBundle;
    }

    private bool ReadEntryProperty(Unit unit, Element property)
    {
        if (property == Element.Resource)
        {
            if (scanner.Token != JsonToken.StartObject)
                throw scanner.FaultAtToken(FhirFault.NotFhir, "An entry's resource is not an object");
            return ReadResource(unit, Place.Resource);
        }
        if (property == Element.FullUrl && scanner.Token == JsonToken.String && !scanner.TextCut)
        {
            unit.FullUrl = Targets.Of(scanner.Text);
            NameByUrl(unit);
        }
        walker.Value(unit, property);
        return false;
    }

    /// <summary>An entry at <c>https://host/fhir/Patient/1</c> is what <c>Patient/1</c> refers to.</summary>
    private void NameByUrl(Unit unit)
    {
        var url = scanner.Text;
        var type = TargetTable.TypeIn(url);
        if (unit.TypeAndId >= 0 || type.IsEmpty || url.Contains((byte)'?') || !url.StartsWith("http"u8))
            return;
        var last = url.LastIndexOf((byte)'/');
        if (last > type.Length)
            unit.TypeAndId = Targets.Of(url[(last - type.Length)..]);
    }

    /// <summary>Reads a resource (or, where either may stand, an entry); true when it is a Bundle, which was opened.</summary>
    private bool ReadResource(Unit unit, Place place)
    {
        var (start, line) = (scanner.TokenStart, scanner.Line);
        string? type = null, bundleType = null;
        var isEntry = false;
        var isBundleInside = false;
        var oddEntry = false;
        var root = walker.Root;
        walker.Enter(Element.Resource);
        walker.Root = walker.Depth;
        while (scanner.Read() == JsonToken.Name)
        {
            var property = walker.ReadName();
            scanner.Read();
            switch (property)
            {
                case Element.ResourceType:
                    if (scanner.Token != JsonToken.String || scanner.TextCut || !TargetTable.IsTypeName(scanner.Text))
                        throw scanner.FaultAtToken(FhirFault.NotFhir, "The resource type is not the name of one");
                    type = Targets.TypeName(scanner.Text);
                    break;
                case Element.Entry when scanner.Token == JsonToken.StartArray && (type ?? LookAhead(start, line)) == "Bundle":
                    ReadEntries();
                    break;
                case Element.Resource when place == Place.Either && type is null && scanner.Token == JsonToken.StartObject:
                    isEntry = true;
                    isBundleInside = ReadEntryProperty(unit, property);
                    break;
                case Element.FullUrl when place == Place.Either:
                    ReadEntryProperty(unit, property);
                    break;
                case Element.Id when scanner.Token == JsonToken.String && scanner.Text.Length <= ResourceEntry.MaxId:
                    unit.Id = SmallText.Of(scanner.Text, ResourceEntry.MaxId);
                    break;
                case Element.Type when scanner.Token == JsonToken.String:
                    bundleType = SmallText.Of(scanner.Text, 32);
                    break;
                default:
                    oddEntry |= property == Element.Entry;
                    walker.Value(unit, property);
                    break;
            }
        }
        walker.Leave(unit);
        walker.Root = root;
        if (isEntry && type is null)
            return isBundleInside;
        if (type is null)
            throw new FhirFormatException(FhirFault.NotFhir, "A JSON object without a resource type is no FHIR resource", line, start);
        if (isEntry)
            throw new FhirFormatException(FhirFault.NotFhir, "An object is an entry and a resource at once", line, start);
        if (type == "Bundle")
        {
            if (oddEntry)
                throw new FhirFormatException(FhirFault.NotFhir, "The entries of a bundle are not an array", line, start);
            if (start == firstStart)
                BundleType = bundleType;
            return true;
        }
        unit.Type = type;
        (unit.ResourceStart, unit.ResourceEnd) = (start, scanner.TokenEnd);
        if (unit.Id is not null)
            unit.TypeAndId = Targets.Of(Encoding.UTF8.GetBytes($"{type}/{unit.Id}"));
        return false;
    }

    private void ReadEntries()
    {
        if (++bundles > FhirLimits.NestedBundles)
            throw scanner.FaultAtToken(FhirFault.TooDeep, $"Bundles nest deeper than {FhirLimits.NestedBundles}");
        while (scanner.Read() != JsonToken.EndArray)
            ReadUnit(Place.Entry);
        bundles--;
    }

    /// <summary>The type of the object at <paramref name="start"/>, when "entry" comes before "resourceType": List has entries too.</summary>
    private string? LookAhead(long start, long line)
    {
        var ahead = new JsonScanner(source, start, source.Length, line, buffer: JsonScanner.SmallBuffer);
        ahead.Read();
        while (ahead.Read() == JsonToken.Name)
        {
            var isType = ahead.Text.SequenceEqual("resourceType"u8);
            ahead.Read();
            if (isType)
                return ahead.Token == JsonToken.String && TargetTable.IsTypeName(ahead.Text) ? Targets.TypeName(ahead.Text) : null;
            ahead.SkipValue();
        }
        return null;
    }
}
