using System.Text;

namespace Salus.Client.Requests;

/// <summary>A telephone number in the international form of E.164: a plus sign and 8 to 15 digits. Everybody who writes it down differently means the same.</summary>
public sealed record PhoneNumber
{
    private const int MinDigits = 8;
    private const int MaxDigits = 15;
    private const string Separators = " -./()\u00a0";

    private PhoneNumber(string text) => Text = text;

    /// <summary>"+41790000000".</summary>
    public string Text { get; }

    /// <summary>
    /// Reads a number that begins with + or 00 and the code of a country; blanks and - . / ( ) count for nothing. A national number is refused, for nobody could tell
    /// whose it is.
    /// </summary>
    /// <exception cref="CannotException">Says what is wrong and what to type.</exception>
    public static PhoneNumber Parse(string typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        var digits = new StringBuilder();
        foreach (var c in typed.Trim())
            if (char.IsAsciiDigit(c) || (c == '+' && digits.Length == 0))
                digits.Append(c);
            else if (!Separators.Contains(c, StringComparison.Ordinal))
                throw new CannotException($"A telephone number has no '{c}' in it: type it like +41 79 000 00 00.", Reasons.BadNumber);
        var text = digits.ToString();
        if (text.StartsWith("00", StringComparison.Ordinal))
            text = "+" + text[2..];
        if (!text.StartsWith('+'))
            throw new CannotException(
                "A number without the code of its country could be anybody's: type it with + and that code, like +41 79 000 00 00 instead of 079 000 00 00.", Reasons.BadNumber);
        if (text.Length is < 1 + MinDigits or > 1 + MaxDigits || text[1] == '0')
            throw new CannotException($"An international number has {MinDigits} to {MaxDigits} digits after the +, and the first is not 0: like +41 79 000 00 00.", Reasons.BadNumber);
        return new PhoneNumber(text);
    }

    /// <summary>Not for logs: the number is nobody's business.</summary>
    public override string ToString() => "[redacted]";
}
