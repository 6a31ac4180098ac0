using System.Globalization;
using System.Text;

namespace Salus.Bench.Plots;

/// <summary>The few shapes that a plot needs, as SVG text. Numbers are rounded, so that a plot drawn again from the same figures is the same file.</summary>
internal sealed class Svg
{
    /// <summary>Told apart also without colour vision (Okabe and Ito's palette); ours comes first.</summary>
    public static readonly string[] Palette = ["#0072b2", "#b5b5b5", "#e69f00", "#009e73", "#cc79a7", "#56b4e9"];

    private const string Ink = "#222222";

    private readonly StringBuilder _body = new();
    private readonly int _width;
    private readonly int _height;

    public Svg(int width, int height, string title, string subtitle)
    {
        (_width, _height) = (width, height);
        Text(24, 30, title, size: 17, weight: "600");
        Text(24, 50, subtitle, size: 12, colour: "#666666");
    }

    public void Rectangle(double x, double y, double width, double height, string colour) =>
        _body.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{Math.Max(height, 0.5):0.#}\" fill=\"{colour}\"/>\n");

    public void Line(double x1, double y1, double x2, double y2, string colour = "#dddddd", string? dashes = null) =>
        _body.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{colour}\"")
            .Append(dashes is null ? "/>\n" : $" stroke-dasharray=\"{dashes}\"/>\n");

    public void Path(IEnumerable<(double X, double Y)> points, string colour)
    {
        var list = points.ToArray();
        _body.Append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"").Append(colour).Append("\" points=\"")
            .AppendJoin(' ', list.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}"))).Append("\"/>\n");
        foreach (var (x, y) in list)
            _body.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"3.5\" fill=\"{colour}\"/>\n");
    }

    public void Text(double x, double y, string text, int size = 12, string anchor = "start", string colour = Ink, string weight = "400") =>
        _body.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"{colour}\" font-weight=\"{weight}\">")
            .Append(System.Security.SecurityElement.Escape(text)).Append("</text>\n");

    /// <summary>Coloured squares with names, right of <paramref name="x"/>.</summary>
    public void Legend(double x, double y, IEnumerable<(string Name, string Colour)> entries)
    {
        foreach (var (name, colour) in entries)
        {
            Rectangle(x, y - 9, 11, 11, colour);
            Text(x + 16, y, name);
            x += 32 + 6.4 * name.Length;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {_width} {_height}\" font-family=\"system-ui, sans-serif\" role=\"img\">\n" +
        $"<rect width=\"{_width}\" height=\"{_height}\" rx=\"8\" fill=\"#ffffff\"/>\n{_body}</svg>\n");
}
