using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Salus.Cli;

/// <summary>
/// Where a verb speaks: results on stdout, everything else on stderr; with `--json` stdout carries exactly one JSON document.
/// </summary>
internal sealed class Terminal(bool json)
{
    private bool _answered;

    public bool Json => json;

    /// <summary>A line of the result. Dropped with `--json`, where the document says it.</summary>
    public void Print(string line)
    {
        if (!json)
            Console.Out.WriteLine(Clean(line));
    }

    /// <summary>The one JSON document of the verb; without `--json` nothing.</summary>
    public void Answer<T>(T document, JsonTypeInfo<T> type)
    {
        if (!json)
            return;
        if (_answered)
            throw new InvalidOperationException("One document only.");
        _answered = true;
        using var stdout = Console.OpenStandardOutput();
        // For people and programs: what a web page would need escaped stays readable.
        using (var writer = new Utf8JsonWriter(stdout, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            JsonSerializer.Serialize(writer, document, type);
        stdout.Write("\n"u8);
    }

    /// <summary>A line about what goes on.</summary>
    public static void Say(string line) => Console.Error.WriteLine(Clean(line));

    /// <summary>The end of a verb that failed.</summary>
    public int Fail(Exception error)
    {
        var (exitCode, message) = Failures.Describe(error);
        Say("salus: " + message);
        if (!_answered)
            Answer(new Problem(message, exitCode), CliJson.Default.Problem);
        return exitCode;
    }

    /// <summary>Names and notes come from other people: what could steer a terminal or turn text around is shown as a space.</summary>
    public static string Clean(string text)
    {
        var steers = text.Any(Steers);
        if (!steers)
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
            clean.Append(Steers(c) ? ' ' : c);
        return clean.ToString();
    }

    private static bool Steers(char c) => c is not ('\n' or '\t') && (char.IsControl(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
