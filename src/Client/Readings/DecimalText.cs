using System.Globalization;

namespace Salus.Client.Readings;

/// <summary>Decimal numbers as text, exact: nothing is rounded on the way in or out.</summary>
internal static class DecimalText
{
    /// <summary>Digits of a number, at most: what <see cref="decimal"/> holds without rounding, and more than a reading has.</summary>
    private const int MaxDigits = 24;

    private const int MaxLength = 40;

    /// <summary>Reads "-12.50" or "1.2e2", as JSON writes numbers; false for anything else and for numbers that would be rounded.</summary>
    public static bool TryParse(string text, out decimal value)
    {
        value = 0;
        return text.Length is > 0 and <= MaxLength && (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.') && text.Count(char.IsAsciiDigit) <= MaxDigits
            && IsExponentSmall(text)
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The integer that a value is with so many decimals; false when it has more of them, or is too large to be shared.</summary>
    public static bool TryScale(decimal value, int decimals, out long units)
    {
        units = 0;
        try
        {
            var scaled = value * Power(decimals);
            if (scaled != decimal.Truncate(scaled) || Math.Abs(scaled) > Crypto.Statistics.Field61.MaxMagnitude)
                return false;
            units = (long)scaled;
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    /// <summary>The value of such an integer, with all its decimals written out.</summary>
    public static decimal Value(long units, int decimals)
    {
        var magnitude = (ulong)Math.Abs(units);
        return new decimal(unchecked((int)(uint)magnitude), (int)(magnitude >> 32), 0, units < 0, (byte)decimals);
    }

    // Below 24 digits and within these exponents nothing falls off either end of a decimal.
    private static bool IsExponentSmall(string text)
    {
        var at = text.IndexOfAny(['e', 'E']);
        return at < 0 || (int.TryParse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) && exponent is >= -4 and <= 4);
    }

    private static decimal Power(int decimals)
    {
        var power = 1m;
        for (var i = 0; i < decimals; i++)
            power *= 10;
        return power;
    }
}
