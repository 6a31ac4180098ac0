using System.Text.Json;

namespace Salus.Client.Sanitised;

/// <summary>
/// Which disclosures a sanitised form of a resource needs: those of values that stand there, at the same place, as they were signed, and of coarser values where it has one of them. What the
/// rules changed in another way (a pseudonym, a shifted date) was not signed and is left out. In doubt something is left out.
/// </summary>
internal sealed class Choice(IReadOnlyDictionary<string, Disclosure> byDigest)
{
    public List<Disclosure> Of(JsonElement hidden, JsonElement target)
    {
        var chosen = new List<Disclosure>();
        if (target.ValueKind != JsonValueKind.Object)
            return chosen;
        Disclosure? generalised = null;
        var exact = new HashSet<string>(StringComparer.Ordinal);
        foreach (var disclosure in Members(hidden))
            if (disclosure.Name == Generalised.Member)
                generalised = disclosure;
            else if (target.TryGetProperty(disclosure.Name!, out var wanted) && !IsSidecar(disclosure) && Add(disclosure, wanted, chosen))
                exact.Add(disclosure.Name!);
        if (generalised is not null)
            AddCoarser(generalised, target, exact, chosen);
        return chosen;
    }

    /// <summary>The extensions of a list of primitives are told apart by their place in it, which leaving elements out would change.</summary>
    private static bool IsSidecar(Disclosure disclosure) => disclosure.Name![0] == '_' && disclosure.Value.ValueKind == JsonValueKind.Array;

    private bool Add(Disclosure disclosure, JsonElement wanted, List<Disclosure> chosen)
    {
        if (Within(disclosure.Value, wanted) is not { } within)
            return false;
        chosen.Add(disclosure);
        chosen.AddRange(within);
        return true;
    }

    /// <summary>The disclosures within a value that show what is wanted of it; null when it is not to be shown.</summary>
    private List<Disclosure>? Within(JsonElement hidden, JsonElement wanted)
    {
        var within = hidden.ValueKind switch
        {
            JsonValueKind.Object when hidden.TryGetProperty(Disclosure.Digests, out _) => Of(hidden, wanted),
            JsonValueKind.Array when wanted.ValueKind == JsonValueKind.Array => Elements(hidden, wanted),
            _ => null,
        };
        return within is null ? SdJson.AreSame(hidden, wanted) ? [] : null : within.Count > 0 ? within : null;
    }

    private List<Disclosure> Elements(JsonElement hidden, JsonElement wanted)
    {
        var chosen = new List<Disclosure>();
        var elements = Elements(hidden).ToList();
        if (elements.Count == wanted.GetArrayLength())
        {
            foreach (var (element, like) in elements.Zip(wanted.EnumerateArray()))
                Add(element, like, chosen);
            return chosen;
        }
        // Some were taken out: what is left follows in order, each from the first that is exactly like it.
        var next = 0;
        foreach (var like in wanted.EnumerateArray())
        {
            var found = elements.FindIndex(next, element => IsWhole(element.Value, like));
            if (found < 0)
                continue;
            Add(elements[found], like, chosen);
            next = found + 1;
        }
        return chosen;
    }

    /// <summary>Whether everything that is wanted stands there as it was signed.</summary>
    private bool IsWhole(JsonElement hidden, JsonElement wanted)
    {
        if (hidden.ValueKind == JsonValueKind.Object && hidden.TryGetProperty(Disclosure.Digests, out _))
            return wanted.ValueKind == JsonValueKind.Object && wanted.GetPropertyCount() > 0 && Members(hidden).ToDictionary(member => member.Name!) is var members
                && wanted.EnumerateObject().All(member => members.TryGetValue(member.Name, out var signed) && IsWhole(signed.Value, member.Value));
        if (hidden.ValueKind == JsonValueKind.Array && wanted.ValueKind == JsonValueKind.Array)
            return Elements(hidden).ToList() is var elements && elements.Count == wanted.GetArrayLength()
                && elements.Zip(wanted.EnumerateArray()).All(pair => IsWhole(pair.First.Value, pair.Second));
        return SdJson.AreSame(hidden, wanted);
    }

    private void AddCoarser(Disclosure generalised, JsonElement target, HashSet<string> exact, List<Disclosure> chosen)
    {
        var coarser = new List<Disclosure>();
        foreach (var entry in Members(generalised.Value))
            if (!exact.Contains(entry.Name!) && target.TryGetProperty(entry.Name!, out var wanted) && Members(entry.Value).FirstOrDefault(value => SdJson.AreSame(value.Value, wanted)) is { } value)
                coarser.AddRange([entry, value]);
        if (coarser.Count > 0)
            chosen.AddRange([generalised, .. coarser]);
    }

    private IEnumerable<Disclosure> Members(JsonElement hidden) =>
        hidden.ValueKind == JsonValueKind.Object && hidden.TryGetProperty(Disclosure.Digests, out var digests) ? Known(digests.EnumerateArray()) : [];

    private IEnumerable<Disclosure> Elements(JsonElement hidden) => Known(hidden.EnumerateArray().Select(element => element.GetProperty(Disclosure.Element)));

    private IEnumerable<Disclosure> Known(IEnumerable<JsonElement> digests) =>
        digests.Select(digest => byDigest.GetValueOrDefault(digest.GetString()!)).OfType<Disclosure>();
}
