namespace Salus.Health.Keywords;

/// <summary>A word of a text, or two neighbouring characters of a script without spaces.</summary>
/// <param name="Start">Where it begins, in UTF-16 units of the text.</param>
/// <param name="Length">Its UTF-16 units; tokens of a script without spaces overlap.</param>
/// <param name="Word">Lower case, accents composed and kept; not stemmed.</param>
public readonly record struct Token(int Start, int Length, string Word);
