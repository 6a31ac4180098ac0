namespace Salus.Health.Cohort;

/// <summary>Writes comma-separated values (RFC 4180): UTF-8, `,`, CRLF, quotes only where they are needed.</summary>
public static class CsvWriter
{
    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create(",;\"\r\n");

    public static void WriteRow(TextWriter writer, IEnumerable<string> fields)
    {
        var first = true;
        foreach (var field in fields)
        {
            if (!first)
                writer.Write(',');
            first = false;
            if (field.AsSpan().ContainsAny(Special))
            {
                writer.Write('"');
                writer.Write(field.Replace("\"", "\"\"", StringComparison.Ordinal));
                writer.Write('"');
            }
            else
                writer.Write(field);
        }
        writer.Write("\r\n");
    }
}
