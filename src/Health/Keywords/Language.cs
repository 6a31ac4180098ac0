namespace Salus.Health.Keywords;

/// <summary>A language whose words are stemmed; any other text is treated as English, which leaves most of its words as they are.</summary>
public enum Language
{
    English,
    German,
    French,
    Spanish,
}
