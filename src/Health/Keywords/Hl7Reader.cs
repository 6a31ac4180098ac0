using System.Text;
using System.Text.Unicode;

namespace Salus.Health.Keywords;

/// <summary>
/// HL7 v2 messages, also several in one file, framed or in a batch: reads the fields of <see cref="Hl7Rules"/>, segment by segment. PID is read only
/// to know what names the patient.
/// </summary>
internal sealed class Hl7Reader(ITermSink sink)
{
    /// <summary>UTF-16 units of a segment that are read: what follows in it is an embedded file.</summary>
    private const int MaxSegment = 256 * 1024;

    private const int Head = 64 * 1024;

    private readonly PatientValues patient = new();
    private char field = '|', component = '^', repetition = '~', escape = '\\', subcomponent = '&';

    public void Read(Stream content)
    {
        using var reader = new StreamReader(content, EncodingOf(content), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var buffer = new char[16 * 1024];
        var segment = new StringBuilder();
        while (reader.ReadBlock(buffer) is > 0 and var read)
            foreach (var c in buffer.AsSpan(0, read))
                if (c is '\r' or '\n' or '\v' or '\u001C')
                {
                    ReadSegment(segment.ToString());
                    segment.Clear();
                }
                else if (segment.Length < MaxSegment)
                    segment.Append(c);
        ReadSegment(segment.ToString());
    }

    /// <summary>UTF-8, or Latin-1 for a message that is not: MSH-18 is seldom there, and seldom right.</summary>
    private static Encoding EncodingOf(Stream content)
    {
        var head = new byte[Head];
        var start = content.Position;
        var read = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        content.Position = start;
        for (var cut = 0; cut < 4 && cut <= read; cut++)
            if (Utf8.IsValid(head.AsSpan(0, read - cut)))
                return Encoding.UTF8;
        return Encoding.Latin1;
    }

    private void ReadSegment(string segment)
    {
        segment = segment.Trim();
        if (segment.Length < 4)
            return;
        var isHeader = segment.StartsWith("MSH", StringComparison.Ordinal);
        if (isHeader)
            ReadDelimiters(segment);
        if (segment[3] != field)
            return;
        var rules = Hl7Rules.Of(segment.AsSpan(0, 3));
        var isPatient = segment.StartsWith("PID", StringComparison.Ordinal);
        if (rules is null && !isPatient)
            return;
        var fields = segment.Split(field);
        // The separator itself is the first field of MSH.
        var shift = isHeader ? 1 : 0;
        if (rules is null)
        {
            foreach (var (number, components) in Hl7Rules.PatientFields.Where(known => known.Field < fields.Length))
                foreach (var value in fields[number].Split(repetition))
                    foreach (var part in value.Split(component).Take(components).SelectMany(part => part.Split(subcomponent)))
                        patient.Add(Unescape(part));
            return;
        }
        foreach (var (number, kind) in rules)
            if (number - shift < fields.Length)
                foreach (var value in fields[number - shift].Split(repetition))
                    ReadField(value, kind == Hl7Field.Value ? KindOf(fields[2]) : kind);
    }

    private void ReadDelimiters(string header)
    {
        field = header[3];
        var end = header.IndexOf(field, 4);
        var marks = end < 0 ? header[4..] : header[4..end];
        (component, repetition, escape, subcomponent) = (MarkAt(marks, 0, '^'), MarkAt(marks, 1, '~'), MarkAt(marks, 2, '\\'), MarkAt(marks, 3, '&'));
    }

    private static char MarkAt(string marks, int at, char usual) => at < marks.Length && !char.IsLetterOrDigit(marks[at]) ? marks[at] : usual;

    /// <summary>Of an observation's value, by OBX-2; null for numbers, pictures and documents.</summary>
    private static Hl7Field? KindOf(string type) => type switch
    {
        "CE" or "CWE" or "CNE" or "CF" => Hl7Field.Coded,
        "TX" or "FT" or "ST" => Hl7Field.Text,
        "DT" or "TS" or "DTM" => Hl7Field.Date,
        _ => null,
    };

    private void ReadField(string value, Hl7Field? kind)
    {
        if (value.Length == 0 || value == "\"\"")
            return;
        switch (kind)
        {
            case Hl7Field.Text:
                sink.Text(patient.TakenOutOf(Unescape(value.Replace(component, ' ').Replace(subcomponent, ' '))));
                break;
            case Hl7Field.First:
                sink.Text(Unescape(value.Split(component)[0]));
                break;
            case Hl7Field.Date when !patient.Has(value):
                sink.Date(TermNames.OfCompactDate(value));
                break;
            case Hl7Field.Name:
                // A name may also stand in one component, as in OBR-32.
                var parts = value.Split(component);
                foreach (var part in parts[0].Contains(subcomponent) ? parts[0].Split(subcomponent) : parts.Skip(1).Take(3).Prepend(""))
                    if (part.Any(char.IsLetter) && !part.Any(char.IsDigit))
                        sink.Text(Unescape(part.Split(subcomponent)[0]));
                break;
            case Hl7Field.Coded:
                var coded = value.Split(component);
                ReadCode(coded, 0);
                ReadCode(coded, 3);
                if (coded.Length > 8)
                    sink.Text(patient.TakenOutOf(Unescape(coded[8])));
                break;
        }
    }

    /// <summary>Identifier, text and system from a component on. A code without a system is often the text again.</summary>
    private void ReadCode(string[] coded, int at)
    {
        if (at + 1 < coded.Length && coded[at + 1].Length > 0)
            sink.Text(patient.TakenOutOf(Unescape(coded[at + 1])));
        if (at < coded.Length && Unescape(coded[at]).Trim() is { Length: > 0 } code)
        {
            if (code.Contains(' ', StringComparison.Ordinal))
                sink.Text(patient.TakenOutOf(code));
            else
                sink.Code(at + 2 < coded.Length ? Unescape(coded[at + 2]) : null, code);
        }
    }

    /// <summary>Escapes of separators become these, others (line breaks, highlighting, bytes) a space.</summary>
    private string Unescape(string text)
    {
        if (!text.Contains(escape, StringComparison.Ordinal))
            return text;
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var end = text[at] == escape ? text.IndexOf(escape, at + 1) : -1;
            if (end < 0)
            {
                plain.Append(text[at] == escape ? ' ' : text[at]);
                continue;
            }
            plain.Append(text.AsSpan(at + 1, end - at - 1) switch
            {
                "F" => field,
                "S" => component,
                "T" => subcomponent,
                "R" => repetition,
                "E" => escape,
                _ => ' ',
            });
            at = end;
        }
        return plain.ToString();
    }
}
