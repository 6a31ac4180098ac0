namespace Salus.Health.Keywords;

/// <summary>What the readers of the formats find: counted as terms (<see cref="TermCollector"/>), or handed out as text to look into (<see cref="TextList"/>).</summary>
internal interface ITermSink
{
    /// <summary>Words for people: a title, a display, a paragraph of a note.</summary>
    void Text(string text);

    /// <summary>A code, and its system by address, OID or name where it has one.</summary>
    void Code(string? system, string code);

    /// <summary>A date, as <see cref="TermNames.Dates"/> takes it.</summary>
    void Date(ReadOnlySpan<char> date);

    /// <summary>The document's language as it states it (a BCP 47 tag); the first one counts.</summary>
    void Language(ReadOnlySpan<char> tag);
}
