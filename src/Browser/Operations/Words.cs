using Salus.Protocol;

namespace Salus.Browser.Operations;

/// <summary>Names that the page and the core write differently.</summary>
internal static class Words
{
    private const string Coordination = "coordination";

    public static string Of(GrantRole role) => role.ToString().ToLowerInvariant();

    public static string Of(Purpose purpose) => purpose == Protocol.Purpose.CoordinationOfCare ? Coordination : purpose.ToString().ToLowerInvariant();

    public static GrantRole Role(string text) => Of<GrantRole>(text);

    public static Purpose Purpose(string text) => text == Coordination ? Protocol.Purpose.CoordinationOfCare : Of<Purpose>(text);

    /// <summary>"active" is "live", "not yet" is "future"; a grant to this account that waits for its code is "locked".</summary>
    public static string State(string state, bool isLocked = false) => state switch
    {
        "active" => isLocked ? "locked" : "live",
        "not yet" => "future",
        _ => state,
    };

    /// <summary>Null for what has no end.</summary>
    public static DateTimeOffset? End(DateTimeOffset until) => until == Limits.NoEnd ? null : until;

    /// <summary>"tooShort".</summary>
    public static string Camel<T>(T value) where T : struct, Enum
    {
        var text = value.ToString();
        return char.ToLowerInvariant(text[0]) + text[1..];
    }

    /// <summary>"future", "open" or "ended".</summary>
    public static string StudyState(string state) => state switch { "soon" => "future", "over" => "ended", _ => state };

    public static T Id<T>(string text) where T : struct, IIdentifier<T> => Identifier.TryParse<T>(text, out var id) ? id : throw new System.Text.Json.JsonException();

    private static T Of<T>(string text) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (value.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        throw new System.Text.Json.JsonException();
    }
}
