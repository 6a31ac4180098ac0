using System.Collections;
using System.Text.Json.Serialization.Metadata;

namespace Salus.Client.Transport;

/// <summary>
/// Whether what was read from JSON has all its parts: the serialiser leaves null where a server left something out or wrote null, in lists too, and whoever goes on with it falls over that. By the
/// generated metadata alone, for the browser's copy of Salus has no other.
/// </summary>
internal static class WholeAnswer
{
    public static bool Is<T>(T value, JsonTypeInfo<T> type) where T : class => IsWhole(value, type);

    private static bool IsWhole(object value, JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Object => type.Properties.All(property => property.Get is not { } get
            || (get(value) is { } part ? IsWhole(part, type.Options.GetTypeInfo(property.PropertyType)) : property.IsGetNullable)),
        JsonTypeInfoKind.Enumerable => AreWhole((IEnumerable)value, type.Options.GetTypeInfo(type.ElementType!)),
        JsonTypeInfoKind.Dictionary => AreWhole(((IDictionary)value).Values, type.Options.GetTypeInfo(type.ElementType!)),
        _ => true,
    };

    private static bool AreWhole(IEnumerable all, JsonTypeInfo type)
    {
        foreach (var one in all)
            if (one is null || !IsWhole(one, type))
                return false;
        return true;
    }
}
