namespace Salus.Health.Fhir;

/// <summary>
/// The values that name the patient (of the Patient resources of an import), looked for in the bytes of the other slices. Structure does not find a
/// name in a note or in a narrative; this does. Values written otherwise (escaped, abbreviated, in another case) are not found: a fact that is not
/// listed is not promised to be absent.
/// </summary>
internal sealed class PatientNeedles
{
    private const int MaxPatients = 4, MaxNeedles = 32, MaxLength = 64, Chunk = 64 * 1024;

    private readonly List<(byte[] Value, PersonalFacts Fact)> needles = [];

    /// <summary>The values, as text.</summary>
    public IReadOnlyList<string> Values => [.. needles.Select(n => System.Text.Encoding.UTF8.GetString(n.Value)).Distinct()];

    /// <summary>Bulk files with many patients have none: a thousand names would be searched for in vain.</summary>
    public static PatientNeedles Of(SourceBytes source, IReadOnlyList<Unit> units)
    {
        var found = new PatientNeedles();
        var patients = units.Where(u => u.Type == "Patient" && u.ResourceEnd > u.ResourceStart).Take(MaxPatients + 1).ToList();
        if (patients.Count <= MaxPatients)
            foreach (var patient in patients)
                found.Collect(new JsonScanner(source, patient.ResourceStart, patient.ResourceEnd, buffer: JsonScanner.SmallBuffer));
        return found;
    }

    /// <summary>The facts, and those of them that stand in the slice as words of their own.</summary>
    public PersonalFacts Find(Stream slice, PersonalFacts facts)
    {
        var missing = needles.Where(n => !facts.HasFlag(n.Fact)).ToList();
        if (missing.Count == 0)
            return facts;
        var buffer = new byte[Chunk + MaxLength + 2];
        var kept = 0;
        int read;
        while ((read = slice.ReadAtLeast(buffer.AsSpan(kept), Chunk, throwOnEndOfStream: false)) > 0)
        {
            var window = buffer.AsSpan(0, kept + read);
            foreach (var (value, fact) in missing)
                if (!facts.HasFlag(fact) && ContainsWord(window, value))
                    facts |= fact;
            kept = Math.Min(window.Length, MaxLength + 2);
            window[^kept..].CopyTo(buffer);
        }
        return facts;
    }

    private static bool ContainsWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        for (var from = 0; text[from..].IndexOf(word) is >= 0 and var at;)
        {
            var start = from + at;
            var end = start + word.Length;
            if ((start == 0 || !IsLetter(text[start - 1])) && (end == text.Length || !IsLetter(text[end])))
                return true;
            from = start + 1;
        }
        return false;

        static bool IsLetter(byte b) => char.IsAsciiLetterOrDigit((char)b) || b >= 0x80;
    }

    private void Collect(JsonScanner scanner)
    {
        scanner.Read();
        Collect(scanner, Element.None, Element.None);
    }

    private void Collect(JsonScanner scanner, Element of, Element property)
    {
        switch (scanner.Token)
        {
            case JsonToken.StartObject:
                while (scanner.Read() == JsonToken.Name)
                {
                    var inner = Elements.Find(scanner.Text, scanner.NameHash);
                    scanner.Read();
                    Collect(scanner, property, inner);
                }
                break;
            case JsonToken.StartArray:
                while (scanner.Read() != JsonToken.EndArray)
                    Collect(scanner, of, property);
                break;
            case JsonToken.String:
                Add(scanner.Text, FactOf(of, property));
                break;
        }
    }

    private static PersonalFacts FactOf(Element of, Element property) => (of, property) switch
    {
        (Element.Name, Element.Family or Element.Given or Element.Text) => PersonalFacts.Names,
        (Element.None, Element.BirthDate) => PersonalFacts.BirthDate,
        (Element.Address, Element.Line) => PersonalFacts.Address,
        (Element.Telecom, Element.Value) => PersonalFacts.Telephone,
        (Element.Identifier, Element.Value) => PersonalFacts.OtherIdentifiers,
        _ => PersonalFacts.None,
    };

    private void Add(ReadOnlySpan<byte> value, PersonalFacts fact)
    {
        if (fact != PersonalFacts.None && value.Length is >= 3 and <= MaxLength && needles.Count < MaxNeedles)
            needles.Add((value.ToArray(), fact));
    }
}
