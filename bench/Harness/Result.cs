using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Salus.Bench.Harness;

/// <summary>One figure, printed as one line of JSON.</summary>
/// <param name="Bench">Name, with the case after slashes: <c>erasure/encode/3-of-5</c>.</param>
/// <param name="Ours">Median of ours, in <paramref name="Unit"/>.</param>
/// <param name="Peer">Median of the peer's in the same run, null where the goal is an absolute one.</param>
/// <param name="Ratio">Ours divided by peer's.</param>
/// <param name="Goal">Of the ratio, or of ours where there is no peer; null for figures without a goal.</param>
/// <param name="Holds">False also when the bench could not be run; null only without a goal.</param>
internal sealed record Result(string Bench, double? Ours, double? Peer, string Unit, double? Ratio, string? Goal, bool? Holds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note)
{
    /// <summary>Ours against a peer, the goal being that of the ratio.</summary>
    public static Result Against(string bench, double ours, double peer, string unit, Goal? goal, string? note = null) =>
        new(bench, Round(ours), Round(peer), unit, Round(ours / peer), goal?.ToString(), goal?.Holds(ours / peer), note);

    /// <summary>Ours alone, the goal being an absolute one.</summary>
    public static Result Alone(string bench, double ours, string unit, Goal? goal, string? note = null) =>
        new(bench, Round(ours), null, unit, null, goal?.ToString(), goal?.Holds(ours), note);

    /// <summary>A bench that could not be run: its goal does not hold.</summary>
    public static Result NotRun(string bench, string why) => new(bench, null, null, "", null, null, false, "not run: " + why);

    [JsonIgnore]
    public bool WasRun => Ours is not null;

    public string ToJson() => JsonSerializer.Serialize(this, Readable.Result);

    public static Result FromJson(string line) =>
        JsonSerializer.Deserialize(line, ResultJson.Default.Result) ?? throw new FormatException("Not a result: " + line);

    /// <summary>Lines for a terminal, not for a web page: <c>&lt;=</c> stays as it is.</summary>
    private static readonly ResultJson Readable = new(new JsonSerializerOptions(ResultJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Four significant digits: the rest is noise.</summary>
    private static double Round(double figure) => double.Parse(figure.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

[JsonSerializable(typeof(Result))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ResultJson : JsonSerializerContext;
