namespace Salus.Bench.Plots;

/// <summary>One row of bars: its name and a figure for each series (null: none).</summary>
internal sealed record BarGroup(string Name, IReadOnlyList<double?> Figures);

/// <summary>A line: its name and its points.</summary>
internal sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>The two kinds of plot: lying bars in groups, and curves over two logarithmic axes.</summary>
internal static class Charts
{
    private const int Width = 760;
    private const int Top = 92;
    private const int Right = 724;
    private const int BarHeight = 14;

    /// <param name="series">Names of the bars of a group, ours first.</param>
    /// <param name="mark">A dashed line at this figure: the goal.</param>
    public static string Bars(string title, string subtitle, string[] series, IReadOnlyList<BarGroup> groups, bool logarithmic, double? mark = null)
    {
        const int left = 190;
        var groupHeight = BarHeight * series.Length + 12;
        var bottom = Top + groupHeight * groups.Count;
        var svg = new Svg(Width, bottom + 40, title, subtitle);
        var figures = groups.SelectMany(group => group.Figures).OfType<double>().Concat(mark is { } at ? [at] : []).ToArray();
        var axis = logarithmic ? Axis.Logarithmic(figures, left, Right - 50) : Axis.Linear(figures.Max(), left, Right - 50);

        if (series.Length > 1)
            svg.Legend(24, 74, series.Select((name, i) => (name, Svg.Palette[i])));
        foreach (var tick in axis.Ticks())
        {
            svg.Line(axis.At(tick), Top - 4, axis.At(tick), bottom);
            svg.Text(axis.At(tick), bottom + 18, Axis.Label(tick), size: 11, anchor: "middle", colour: "#666666");
        }
        for (var g = 0; g < groups.Count; g++)
        {
            var y = Top + g * groupHeight;
            svg.Text(left - 10, y + groupHeight / 2.0 - 2, groups[g].Name, anchor: "end");
            for (var s = 0; s < series.Length; s++)
                if (groups[g].Figures[s] is { } figure)
                {
                    svg.Rectangle(axis.Origin, y + s * BarHeight, axis.At(figure) - axis.Origin, BarHeight - 2, Svg.Palette[s]);
                    svg.Text(axis.At(figure) + 5, y + s * BarHeight + 10, Axis.Label(figure), size: 11, colour: "#444444");
                }
        }
        if (mark is { } goal)
            svg.Line(axis.At(goal), Top - 8, axis.At(goal), bottom, "#d55e00", "5 4");
        return svg.ToString();
    }

    public static string Curves(string title, string subtitle, string xName, IReadOnlyList<Curve> curves)
    {
        const int left = 70, bottom = 430;
        var svg = new Svg(Width, bottom + 56, title, subtitle);
        var xs = Axis.Logarithmic(curves.SelectMany(curve => curve.Points).Select(point => point.X), left, Right - 20);
        var ys = Axis.Logarithmic(curves.SelectMany(curve => curve.Points).Select(point => point.Y), bottom, Top);

        svg.Legend(24, 74, curves.Select((curve, i) => (curve.Name, Colour(i))));
        foreach (var tick in xs.Ticks())
        {
            svg.Line(xs.At(tick), Top, xs.At(tick), bottom);
            svg.Text(xs.At(tick), bottom + 18, Axis.Label(tick), size: 11, anchor: "middle", colour: "#666666");
        }
        foreach (var tick in ys.Ticks())
        {
            svg.Line(left, ys.At(tick), Right - 20, ys.At(tick));
            svg.Text(left - 8, ys.At(tick) + 4, Axis.Label(tick), size: 11, anchor: "end", colour: "#666666");
        }
        svg.Text((left + Right) / 2.0, bottom + 40, xName, anchor: "middle", colour: "#666666");
        for (var i = 0; i < curves.Count; i++)
            svg.Path(curves[i].Points.Select(point => (xs.At(point.X), ys.At(point.Y))), Colour(i));
        return svg.ToString();
    }

    // Grey is the peer's in bars; among curves there is no peer.
    private static string Colour(int i) => Svg.Palette[i == 0 ? 0 : i + 1];
}
