using System.Globalization;
using Salus.Health.Deidentification.Fhir.Tree;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>An item of a collection: an element, or a value that an expression made (string, bool, decimal, PathDate, PathTime).</summary>
internal readonly record struct PathValue(FhirNode? Node, object? Literal)
{
    public static PathValue Of(FhirNode node) => new(node, null);

    public static PathValue Of(object literal) => new(null, literal);

    /// <summary>The value to compare and compute with; null for an element that has none.</summary>
    public object? Atom => Node is null ? Literal : Node.OriginalKind switch
    {
        JsonToken.True => true,
        JsonToken.False => false,
        JsonToken.Number => NumberOf(Node.Original!),
        JsonToken.String when Node.Type is { IsDate: true } => PathDate.TryParse(Node.Original!, out var date) ? date : Node.Original,
        JsonToken.String when Node.Type is { Name: "time" } => new PathTime(Node.Original!),
        JsonToken.String => Node.Original,
        _ => null,
    };

    /// <summary>As text, the digits of a number as they stand.</summary>
    public string? Text => Node is not null ? Node.OriginalKind switch
    {
        JsonToken.True => "true",
        JsonToken.False => "false",
        _ => Node.Original,
    } : TextOf(Literal);

    public static string? TextOf(object? atom) => atom switch
    {
        null => null,
        string text => text,
        bool truth => truth ? "true" : "false",
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        _ => atom.ToString(),
    };

    /// <summary>A number that decimals cannot hold has no value to compute with.</summary>
    public static object? NumberOf(string text) =>
        text.Length <= 64 && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>A time of day, as it is written.</summary>
internal sealed record PathTime(string Text)
{
    public override string ToString() => Text;
}
