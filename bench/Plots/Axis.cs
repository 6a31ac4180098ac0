using System.Globalization;

namespace Salus.Bench.Plots;

/// <summary>From figures to places: linear from zero, or logarithmic over whole decades.</summary>
internal sealed class Axis
{
    private readonly bool _logarithmic;
    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;

    private Axis(bool logarithmic, double low, double high, double from, double to) => (_logarithmic, _low, _high, _from, _to) = (logarithmic, low, high, from, to);

    public static Axis Linear(double largest, double from, double to)
    {
        var step = Step(largest);
        return new Axis(false, 0, Math.Ceiling(largest / step) * step, from, to);
    }

    public static Axis Logarithmic(IEnumerable<double> figures, double from, double to)
    {
        var all = figures.ToArray();
        var low = Math.Floor(Math.Log10(all.Min()));
        return new Axis(true, low, Math.Max(low + 1, Math.Ceiling(Math.Log10(all.Max()))), from, to);
    }

    public double At(double figure)
    {
        var value = _logarithmic ? Math.Log10(figure) : figure;
        return _from + (value - _low) / (_high - _low) * (_to - _from);
    }

    /// <summary>Where an axis begins: zero, or its lowest decade.</summary>
    public double Origin => _from;

    public IEnumerable<double> Ticks()
    {
        var step = _logarithmic ? 1 : Step(_high);
        for (var value = _low; value <= _high + step / 1000; value += step)
            yield return _logarithmic ? Math.Pow(10, value) : value;
    }

    /// <summary>Three digits.</summary>
    public static string Label(double figure) => figure switch
    {
        >= 1_000_000 => Label(figure / 1_000_000) + "M",
        >= 10_000 => Label(figure / 1000) + "k",
        >= 100 => figure.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => figure.ToString("0.#", CultureInfo.InvariantCulture),
        >= 1 => figure.ToString("0.##", CultureInfo.InvariantCulture),
        _ => figure.ToString("0.###", CultureInfo.InvariantCulture),
    };

    /// <summary>1, 2 or 5 times a power of ten, so that there are about five.</summary>
    private static double Step(double largest)
    {
        var raw = largest / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return power * (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }
}
