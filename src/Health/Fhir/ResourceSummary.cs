using System.Text;

namespace Salus.Health.Fhir;

/// <summary>
/// One line for a list: "Hemoglobin A1c 6.3 %", and the date and code it is looked up by. Gathered while the resource streams by; best source wins
/// whatever the order of the properties.
/// </summary>
internal struct ResourceSummary
{
    private const int MaxTitle = 96, MaxSmall = 40, MaxCode = 96;

    private int titleRank, dateRank;
    private string? title, family, given, value, unit, codeSystem, code;

    public string? Date { get; private set; }

    /// <summary><c>loinc|4548-4</c>, <c>snomed|…</c>, <c>rxnorm|…</c>, else the system's address.</summary>
    public readonly string? Code => code is null ? null : SmallText.Of($"{ShortSystem(codeSystem)}|{code}", MaxCode);

    public readonly string Line
    {
        get
        {
            var name = family is null && given is null ? null : string.Join(' ', new[] { given, family }.Where(s => s is not null));
            var head = name ?? title ?? "";
            return value is null ? head : SmallText.Of($"{head} {value} {unit}".Trim(), MaxTitle + 2 * MaxSmall);
        }
    }

    /// <summary>A property of the resource itself.</summary>
    public void NoteRoot(Element property, ReadOnlySpan<byte> text)
    {
        switch (property)
        {
            case Element.Name:
                Title(30, text);
                break;
            case Element.Title:
                Title(24, text);
                break;
            case Element.Description:
                Title(10, text);
                break;
            case Element.ValueString:
                value ??= SmallText.Of(text, MaxSmall);
                break;
            default:
                NoteDate(property, text);
                break;
        }
    }

    /// <summary>A property of an object of the resource: <c>code.text</c>, <c>valueQuantity.value</c>, <c>period.start</c>.</summary>
    public void NoteChild(Element parent, Element property, ReadOnlySpan<byte> text)
    {
        if (property == Element.Text && Rank(parent) is > 0 and var rank)
            Title(rank + 2, text);
        switch (parent, property)
        {
            case (Element.ValueQuantity, Element.Value):
                value ??= SmallText.Of(text, MaxSmall);
                break;
            case (Element.ValueQuantity, Element.Unit):
                unit ??= SmallText.Of(text, MaxSmall);
                break;
            case (Element.ValueCodeableConcept, Element.Text):
                value = SmallText.Of(text, MaxSmall);
                break;
            case (Element.Name, Element.Family):
                family ??= SmallText.Of(text, MaxSmall);
                break;
            case (Element.Name, Element.Given):
                given ??= SmallText.Of(text, MaxSmall);
                break;
            case (Element.MedicationReference, Element.Display):
                Title(21, text);
                break;
            case (_, Element.Start):
                NoteDate(parent, text);
                break;
        }
    }

    /// <summary>A property of a coding: <c>code.coding[].display</c>.</summary>
    public void NoteCoding(Element parent, Element property, ReadOnlySpan<byte> text)
    {
        if (parent == Element.ValueCodeableConcept && property == Element.Display)
            value ??= SmallText.Of(text, MaxSmall);
        var rank = Rank(parent);
        if (rank == 0)
            return;
        if (property == Element.Display)
            Title(rank + 1, text);
        else if (property == Element.Code)
            Title(rank, text);
        if (parent is not (Element.Code or Element.MedicationCodeableConcept or Element.VaccineCode))
            return;
        // The first coding counts: its system and code come before the second one's in any order of properties.
        if (property == Element.System)
            codeSystem ??= SmallText.Of(text, MaxCode);
        else if (property == Element.Code)
            code ??= SmallText.Of(text, MaxSmall);
    }

    /// <summary>The first thing that a claim is for says more than the claim's type.</summary>
    public void NoteItem(ReadOnlySpan<byte> text) => Title(22, text);

    private static int Rank(Element parent) => parent switch
    {
        Element.Code or Element.MedicationCodeableConcept or Element.VaccineCode or Element.ProcedureCodeableConcept => 20,
        Element.Type => 15,
        Element.Category => 5,
        _ => 0,
    };

    private void Title(int rank, ReadOnlySpan<byte> text)
    {
        if (rank <= titleRank || text.IsEmpty)
            return;
        titleRank = rank;
        title = SmallText.Of(text, MaxTitle);
    }

    private void NoteDate(Element property, ReadOnlySpan<byte> text)
    {
        var rank = property switch
        {
            Element.EffectiveDateTime or Element.EffectivePeriod or Element.PerformedDateTime or Element.PerformedPeriod or Element.OccurrenceDateTime
                or Element.OnsetDateTime or Element.AuthoredOn or Element.BillablePeriod or Element.Period => 3,
            Element.Date or Element.DateAsserted or Element.Created or Element.Recorded => 2,
            Element.RecordedDate or Element.Issued => 1,
            _ => 0,
        };
        // Dates of FHIR are ASCII and 4 to about 35 characters; anything else is no date.
        if (rank <= dateRank || text.Length is < 4 or > MaxSmall || text.IndexOfAnyExceptInRange((byte)'+', (byte)'Z') >= 0)
            return;
        dateRank = rank;
        Date = Encoding.ASCII.GetString(text);
    }

    private static string ShortSystem(string? system) => system switch
    {
        null => "",
        "http://loinc.org" => "loinc",
        "http://snomed.info/sct" => "snomed",
        "http://www.nlm.nih.gov/research/umls/rxnorm" => "rxnorm",
        "http://hl7.org/fhir/sid/cvx" => "cvx",
        "http://hl7.org/fhir/sid/icd-10" or "http://hl7.org/fhir/sid/icd-10-cm" => "icd10",
        _ => system,
    };
}
