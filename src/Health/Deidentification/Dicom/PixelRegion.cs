using System.Globalization;

namespace Salus.Health.Deidentification.Dicom;

/// <summary>A rectangle of every frame: its upper left corner, counted from 0, and its size, in pixels.</summary>
public readonly record struct PixelRegion(int X, int Y, int Width, int Height)
{
    /// <summary>Reads <c>x,y,w,h</c>; false unless they are four whole numbers, the size at least 1.</summary>
    public static bool TryParse(string text, out PixelRegion region)
    {
        region = default;
        var parts = text.Split(',');
        Span<int> numbers = stackalloc int[4];
        if (parts.Length != 4)
            return false;
        for (var i = 0; i < 4; i++)
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return false;
        region = new(numbers[0], numbers[1], numbers[2], numbers[3]);
        return region is { Width: > 0, Height: > 0 };
    }
}
