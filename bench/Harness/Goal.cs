using System.Globalization;

namespace Salus.Bench.Harness;

/// <summary>A bound that a figure has to keep: <c>&lt;= 2.2</c> or <c>&gt;= 0.9</c>.</summary>
internal sealed record Goal(string Comparison, double Bound)
{
    public static Goal AtMost(double bound) => new("<=", bound);

    public static Goal AtLeast(double bound) => new(">=", bound);

    public bool Holds(double figure) => Comparison == "<=" ? figure <= Bound : figure >= Bound;

    /// <summary>How much of the goal a figure uses up: 1 is just met, above 1 is missed.</summary>
    public double Share(double figure) => Comparison == "<=" ? figure / Bound : Bound / figure;

    public static Goal Parse(string text)
    {
        var parts = text.Split(' ');
        return new Goal(parts[0], double.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Comparison} {Bound}");
}
