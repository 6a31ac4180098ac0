using System.Text;

namespace Salus.Health.Cohort;

/// <summary>
/// Reads comma-separated values (RFC 4180) row by row, from bytes that anyone may have made: UTF-8 with or without a byte order mark, lines ended by CRLF or LF,
/// parted by `,` or `;`, whichever the first line holds more of outside its quotes. Only one row is held at a time.
/// </summary>
public sealed class CsvReader : IDisposable
{
    private const int None = -1;
    private const int BufferSize = 64 * 1024;

    private readonly StreamReader text;
    private readonly char[] buffer = new char[BufferSize];
    private readonly StringBuilder field = new();
    private int at;
    private int end;
    private int rowLength;

    /// <summary>Does not close <paramref name="stream"/>.</summary>
    public CsvReader(Stream stream)
    {
        text = new StreamReader(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        if (Peek() == '\uFEFF')
            at++;
        while (end < buffer.Length && Fill())
        {
        }
        Separator = Detect(buffer.AsSpan(at, end - at));
    }

    public char Separator { get; }

    /// <summary>Number of the row read last; the first one, the header, is 1.</summary>
    public int Row { get; private set; }

    /// <summary>The next row; null after the last. Lines without anything on them are passed over.</summary>
    public List<string>? Read()
    {
        while (Peek() is '\r' or '\n')
            if (!SkipLineEnd())
                throw Fault(CohortFault.Quote, "a carriage return stands alone");
        if (Peek() == None)
            return null;
        Row++;
        rowLength = 0;
        var fields = new List<string>();
        while (true)
        {
            if (fields.Count == CohortLimits.MaxColumns)
                throw Fault(CohortFault.TooLarge, $"more than {CohortLimits.MaxColumns} columns");
            fields.Add(Peek() == '"' ? Quoted() : Plain());
            var next = Peek();
            if (next == Separator)
                at++;
            else if (next == None || SkipLineEnd())
                return fields;
            else
                throw Fault(CohortFault.Quote, $"something follows the closing quote of field {fields.Count}, or a carriage return stands alone");
        }
    }

    public void Dispose() => text.Dispose();

    private string Plain()
    {
        field.Clear();
        for (var c = Peek(); c != None && c != Separator && c is not ('\r' or '\n'); c = Peek())
        {
            if (c == '"')
                throw Fault(CohortFault.Quote, "a quote stands inside a field that has none around it");
            Append((char)c);
        }
        return field.ToString();
    }

    private string Quoted()
    {
        field.Clear();
        at++;
        while (true)
        {
            var c = Peek();
            if (c == None)
                throw Fault(CohortFault.Quote, "a quote is never closed");
            if (c == '"')
            {
                at++;
                if (Peek() != '"')
                    return field.ToString();
            }
            Append((char)c);
        }
    }

    /// <summary>Takes the character in front.</summary>
    private void Append(char c)
    {
        at++;
        if (c == '\0')
            throw Fault(CohortFault.NotUtf8, "a zero byte: this is no text");
        if (field.Length == CohortLimits.MaxField || ++rowLength > CohortLimits.MaxRow)
            throw Fault(CohortFault.TooLarge, $"a field longer than {CohortLimits.MaxField} characters, or a row longer than {CohortLimits.MaxRow}");
        field.Append(c);
    }

    private bool SkipLineEnd()
    {
        if (Peek() == '\r')
        {
            at++;
            if (Peek() == None)
                return true;
        }
        if (Peek() != '\n')
            return false;
        at++;
        return true;
    }

    private int Peek()
    {
        if (at == end)
        {
            at = end = 0;
            if (!Fill())
                return None;
        }
        return buffer[at];
    }

    private bool Fill()
    {
        try
        {
            var read = text.Read(buffer, end, buffer.Length - end);
            end += read;
            return read > 0;
        }
        catch (DecoderFallbackException)
        {
            throw Fault(CohortFault.NotUtf8, "not UTF-8 here or soon after");
        }
    }

    private static char Detect(ReadOnlySpan<char> start)
    {
        int commas = 0, semicolons = 0;
        var quoted = false;
        foreach (var c in start)
        {
            if (c == '"')
                quoted = !quoted;
            else if (!quoted && c is '\r' or '\n')
                break;
            else if (!quoted && c == ',')
                commas++;
            else if (!quoted && c == ';')
                semicolons++;
        }
        return semicolons > commas ? ';' : ',';
    }

    private CohortException Fault(CohortFault fault, string what) => new(fault, $"Row {Math.Max(1, Row)}: {what}.");
}
