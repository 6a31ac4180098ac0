namespace Salus.Health.Keywords;

/// <summary>Keeps the texts of a document, for phrases and snippets, up to a bound.</summary>
internal sealed class TextList(int maxLength) : ITermSink
{
    private readonly List<string> texts = [];
    private int length;

    public IReadOnlyList<string> Texts => texts;

    public void Text(string text)
    {
        text = text.Trim();
        if (text.Length == 0 || length >= maxLength)
            return;
        texts.Add(text.Length <= maxLength - length ? text : text[..(maxLength - length)]);
        length += text.Length;
    }

    public void Code(string? system, string code)
    {
    }

    public void Date(ReadOnlySpan<char> date)
    {
    }

    public void Language(ReadOnlySpan<char> tag)
    {
    }
}
