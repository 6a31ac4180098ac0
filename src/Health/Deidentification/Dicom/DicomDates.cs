using System.Buffers;
using System.Globalization;
using System.Text;
using Salus.Health.Dicom;

namespace Salus.Health.Deidentification.Dicom;

/// <summary>Dates moved by days: of a date and time the time stays, a time of day stays whole. What is not written as the standard has it is not kept.</summary>
internal static class DicomDates
{
    private static readonly SearchValues<char> OfTime = SearchValues.Create("0123456789.:"), OfDateTime = SearchValues.Create("0123456789.+-");

    /// <summary>False of a value that is not a date or time, or shows too little (a year alone) to be moved.</summary>
    public static bool TryShift(Vr vr, ReadOnlySpan<byte> value, int days, out byte[] shifted)
    {
        shifted = [];
        var parts = Encoding.ASCII.GetString(value).Split('\\');
        for (var i = 0; i < parts.Length; i++)
            if (!TryShiftOne(vr, parts[i].Trim(' ', '\0'), days, out parts[i]))
                return false;
        shifted = Encoding.ASCII.GetBytes(string.Join('\\', parts));
        return true;
    }

    private static bool TryShiftOne(Vr vr, string text, int days, out string shifted)
    {
        shifted = text;
        if (text.Length == 0)
            return true;
        if (vr == Vr.TM)
            return text.Length <= 16 && text.AsSpan().IndexOfAnyExcept(OfTime) < 0;
        // Older files write dates with points.
        var isDotted = vr == Vr.DA && text.Length == 10 && text[4] == '.' && text[7] == '.';
        var rest = text.AsSpan(Math.Min(isDotted ? 10 : 8, text.Length));
        if (rest.Length > 18 || (vr == Vr.DA && rest.Length > 0) || rest.IndexOfAnyExcept(OfDateTime) >= 0
            || !DateOnly.TryParseExact(isDotted ? text : text[..Math.Min(8, text.Length)], isDotted ? "yyyy.MM.dd" : "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            || date.DayNumber + days < 0 || date.DayNumber + days > DateOnly.MaxValue.DayNumber)
            return false;
        shifted = date.AddDays(days).ToString("yyyyMMdd", CultureInfo.InvariantCulture) + rest.ToString();
        return true;
    }
}
