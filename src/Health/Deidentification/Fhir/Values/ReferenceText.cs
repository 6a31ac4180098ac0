using System.Buffers;
using Salus.Health.Deidentification.Fhir.Types;

namespace Salus.Health.Deidentification.Fhir.Values;

/// <summary>A literal reference, taken apart into what says where and the identifier in it: "Patient/" and "23", "urn:uuid:" and a number.</summary>
internal static class ReferenceText
{
    private const string Uuid = "urn:uuid:", Oid = "urn:oid:", History = "/_history/";

    private static readonly SearchValues<char> OidText = SearchValues.Create("0123456789.");

    private static readonly SearchValues<char> IdentifierText = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>Start and length of the identifier; the whole text when it has no known form.</summary>
    public static Range IdentifierIn(string reference)
    {
        if (reference.StartsWith('#'))
            return 1..;
        if (reference.StartsWith(Uuid, StringComparison.Ordinal) && Guid.TryParseExact(reference.AsSpan(Uuid.Length), "D", out _))
            return Uuid.Length..;
        if (reference.StartsWith(Oid, StringComparison.Ordinal) && reference.Length > Oid.Length && reference.AsSpan(Oid.Length).IndexOfAnyExcept(OidText) < 0)
            return Oid.Length..;
        var end = reference.IndexOf(History, StringComparison.Ordinal);
        if (end >= 0 && !IsIdentifier(reference.AsSpan(end + History.Length)))
            return ..;
        if (end < 0)
            end = reference.Length;
        var slash = end == 0 ? -1 : reference.LastIndexOf('/', end - 1);
        if (slash <= 0 || !IsIdentifier(reference.AsSpan(slash + 1, end - slash - 1)))
            return ..;
        var type = reference[(reference.LastIndexOf('/', slash - 1) + 1)..slash];
        var server = reference.AsSpan(0, slash - type.Length);
        return FhirTypes.FindResource(type) is not null && (server.IsEmpty || server.StartsWith("http://") || server.StartsWith("https://")) ? (slash + 1)..end : ..;
    }

    /// <summary>What stands before the identifier, without the address of a server: "Patient/".</summary>
    public static string WithoutServer(string before) =>
        before.StartsWith("http", StringComparison.Ordinal) ? before[(before.LastIndexOf('/', before.Length - 2) + 1)..] : before;

    public static string Identifier(string reference) => reference[IdentifierIn(reference)];

    private static bool IsIdentifier(ReadOnlySpan<char> text) =>
        text.Length is >= 1 and <= 64 && text.IndexOfAnyExcept(IdentifierText) < 0;
}
