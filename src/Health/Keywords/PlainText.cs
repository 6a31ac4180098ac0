using System.Text;

namespace Salus.Health.Keywords;

/// <summary>Text of any length, read in pieces that end between words. UTF-8 unless a byte order mark says UTF-16; what is neither reads as gaps.</summary>
internal static class PlainText
{
    private const int Piece = 32 * 1024;

    /// <summary>Characters of a page with markup that are read; tags may part anywhere, so it is read at once.</summary>
    private const int MaxMarkup = 4 * 1024 * 1024;

    public static void Read(Stream content, ITermSink sink)
    {
        using var reader = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        // A note takes no more than it is long: there are millions of them.
        var buffer = new char[Math.Clamp(content.Length - content.Position + 1, 1, Piece)];
        var kept = 0;
        while (reader.ReadBlock(buffer, kept, buffer.Length - kept) is > 0 and var read)
        {
            var filled = kept + read;
            var end = filled < buffer.Length ? filled : EndOfWords(buffer.AsSpan(0, filled));
            sink.Text(new string(buffer, 0, end));
            kept = filled - end;
            buffer.AsSpan(end, kept).CopyTo(buffer);
        }
        if (kept > 0)
            sink.Text(new string(buffer, 0, kept));
    }

    public static void ReadMarkup(Stream content, ITermSink sink)
    {
        using var reader = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var markup = new StringBuilder();
        var buffer = new char[Piece];
        while (markup.Length < MaxMarkup && reader.ReadBlock(buffer) is > 0 and var read)
            markup.Append(buffer, 0, read);
        sink.Text(MarkupText.Of(markup.ToString()));
    }

    /// <summary>Where a piece can end without parting a word; all of it when it is one word.</summary>
    public static int EndOfWords(ReadOnlySpan<char> text)
    {
        for (var at = text.Length; at > 0; at--)
            if (char.IsWhiteSpace(text[at - 1]))
                return at;
        return text.Length;
    }
}
