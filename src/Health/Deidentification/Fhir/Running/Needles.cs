using Salus.Health.Deidentification.Fhir.Tree;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir.Running;

/// <summary>
/// The identifying values that were removed from patients (and those near to them), to look whether one stands somewhere else in the output: a name in
/// a comment, a number in a title. They are found as whole words, in any case of letters.
/// </summary>
internal sealed class Needles
{
    private const int MaxCount = 2_000_000;

    /// <summary>Shorter names are syllables; shorter numbers stand everywhere.</summary>
    private const int ShortestName = 3, ShortestNumber = 5, ShortestId = 8, Longest = 256;

    [Flags]
    private enum Where : byte { Codes = 1, Dates = 2 }

    private readonly Dictionary<string, Where> all = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>By the first word of a needle, how long those are that begin with it.</summary>
    private readonly Dictionary<string, SortedSet<int>> lengths = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Identifying values that the rules left as they were.</summary>
    public ChangeReport Kept { get; } = new();

    public static bool Concerns(FhirNode resource) => resource.Type!.Name is "Patient" or "RelatedPerson" or "Person";

    /// <summary>Takes what was removed from a settled resource, if it is one of a person.</summary>
    public void Collect(FhirNode resource)
    {
        if (Concerns(resource))
            Take(resource);
        foreach (var inner in ResourceRules.Inner(resource))
            Collect(inner);
    }

    /// <summary>Whether the value that will be written holds one of them.</summary>
    public bool IsIn(FhirNode node)
    {
        if (node.Kind != JsonToken.String || all.Count == 0 || IsKeptOfPerson(node))
            return false;
        return IsIn(node.Text!, where => Applies(node, where));
    }

    /// <summary>Whether a text that goes with the output holds one of them.</summary>
    public bool IsIn(string text) => IsIn(text, _ => true);

    private bool IsIn(string text, Func<Where, bool> applies)
    {
        var byText = all.GetAlternateLookup<ReadOnlySpan<char>>();
        var byWord = lengths.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var from = 0; from < text.Length; from++)
        {
            var end = from;
            while (end < text.Length && char.IsLetterOrDigit(text[end]))
                end++;
            if (end == from)
                continue;
            if (byWord.TryGetValue(text.AsSpan(from, end - from), out var candidates))
                foreach (var length in candidates)
                    if (length <= text.Length - from && IsWordEnd(text, from + length)
                        && byText.TryGetValue(text.AsSpan(from, length), out var where) && applies(where))
                        return true;
            from = end;
        }
        return false;
    }

    private static bool Applies(FhirNode node, Where where) =>
        (node.Type is not { Name: "code" } || where.HasFlag(Where.Codes)) && (node.Type is not { IsDate: true } || where.HasFlag(Where.Dates));

    /// <summary>A rule that keeps the name of a person keeps it knowingly.</summary>
    private static bool IsKeptOfPerson(FhirNode node)
    {
        if (!node.IsKept || node.Type is { IsOpen: true })
            return false;
        for (var owner = node.Parent; owner is not null; owner = owner.Parent)
            if (owner.IsResource)
                return Concerns(owner);
            else if (owner.Type is { IsOpen: true } or { Name: "Annotation" })
                return false;
        return false;
    }

    private static bool IsWordEnd(string text, int end) =>
        end == text.Length || !char.IsLetterOrDigit(text[end - 1]) || !char.IsLetterOrDigit(text[end]);

    private void Take(FhirNode node)
    {
        foreach (var child in node.Children)
        {
            if (child.IsResource)
                continue;
            if (child.OriginalKind == JsonToken.String)
                TakeValue(child, child.Original!.Trim());
            Take(child);
        }
    }

    private void TakeValue(FhirNode node, string text)
    {
        if (IdentityOf(node, text) is not { } identity)
            return;
        // Of some ZIP codes nothing is left to take: they end in zeros already.
        if (node is { Name: "postalCode", IsKept: false } && node.Text == node.Original && text.EndsWith("00", StringComparison.Ordinal))
            return;
        if (node.Kind == JsonToken.String && node.Text == node.Original)
            Kept.Add(ChangeReport.Kept, node.Path);
        else
            Add(identity.Text, identity.Shortest, identity.Where);
    }

    /// <summary>How to look for a value that names a person; null when it does not.</summary>
    private static (string Text, int Shortest, Where Where)? IdentityOf(FhirNode node, string text)
    {
        switch (node.Parent?.Type?.Name, node.Name)
        {
            case ("HumanName", "family" or "given" or "text"):
            case ("Address", "city" or "district" or "text"):
                return (text, ShortestName, 0);
            case ("Address", "line"):
                return (text, ShortestNumber, 0);
            case ("ContactPoint" or "Identifier", "value"):
            case ("Address", "postalCode"):
                return (text, ShortestNumber, Where.Codes);
            case ("Attachment", "url"):
                return (text, ShortestId, Where.Codes);
            case (_, "id") when node.Parent is { IsResource: true }:
                return (text, ShortestId, Where.Codes);
            case (_, "birthDate" or "deceased") when text.Length >= 10:
                // Other dates may fall on that day; in words it is always the same.
                return (text[..10], ShortestNumber, Where.Codes);
            case ("Extension", "value") when node.Parent.TextOf("url") is { } url && url.Contains("maiden", StringComparison.OrdinalIgnoreCase):
                return (text, ShortestName, 0);
            default:
                return null;
        }
    }

    private void Add(string text, int shortest, Where where)
    {
        var (from, end) = (0, text.Length);
        while (from < end && !char.IsLetterOrDigit(text[from]))
            from++;
        while (end > from && !char.IsLetterOrDigit(text[end - 1]))
            end--;
        if (end - from < shortest || end - from > Longest || all.Count >= MaxCount)
            return;
        text = text[from..end];
        all[text] = all.GetValueOrDefault(text) | where;
        var word = string.Concat(text.TakeWhile(char.IsLetterOrDigit));
        if (!lengths.TryGetValue(word, out var list))
            lengths[word] = list = [];
        list.Add(text.Length);
    }
}
