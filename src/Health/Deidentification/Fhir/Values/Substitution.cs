using Salus.Health.Deidentification.Fhir.Tree;
using Salus.Health.Deidentification.Fhir.Types;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir.Values;

/// <summary>Puts a fixed value in the place of another. What an earlier rule has settled stays as that rule left it.</summary>
internal static class Substitution
{
    public static void Apply(FhirNode node, JsonTree replacement)
    {
        if (HasDone(node) && node.Members.Count == 0)
            return;
        if (node.IsPrimitive)
            SetPrimitive(node, replacement);
        else
            Merge(node, FhirTree.Element(replacement.Kind == JsonToken.StartObject ? replacement : Empty(replacement), node.Parent, node.Name, node.Type));
        Settle(node);
    }

    private static JsonTree Empty(JsonTree like) => new() { Kind = JsonToken.StartObject, Line = like.Line, Offset = like.Offset };

    private static void SetPrimitive(FhirNode node, JsonTree replacement)
    {
        foreach (var member in node.Members)
            member.Items.RemoveAll(child => !HasDone(child));
        var fits = node.Type!.Kind switch
        {
            JsonKind.Number => replacement.Kind == JsonToken.Number,
            JsonKind.Truth => replacement.Kind is JsonToken.True or JsonToken.False,
            _ => replacement.Kind == JsonToken.String,
        };
        if (fits)
            node.Set(replacement.Kind, replacement.Text);
        else if (replacement.Kind == JsonToken.String && (node.Type.Kind == JsonKind.Number ? Paths.PathValue.NumberOf(replacement.Text) is not null : replacement.Text is "true" or "false"))
            node.Set(node.Type.Kind == JsonKind.Number ? JsonToken.Number : replacement.Text == "true" ? JsonToken.True : JsonToken.False, replacement.Text);
        else
            node.Clear();
    }

    private static void Merge(FhirNode node, FhirNode by)
    {
        if (node.IsDone)
            return;
        node.Clear();
        if (by.Text is not null)
            node.Set(by.Kind, by.Text);
        // 1. What the replacement does not have goes, but for what is settled.
        foreach (var member in node.Members)
            if (!by.Members.Exists(m => m.Json == member.Json))
                Empty(member, 0);
        // 2. What it has comes in, place by place.
        foreach (var wanted in by.Members)
        {
            var member = node.Members.Find(m => m.Json == wanted.Json);
            if (member is null)
                node.Members.Add(member = new FhirMember(wanted.Json, wanted.Name, wanted.Type, wanted.IsArray));
            member.IsArray |= wanted.IsArray;
            var both = Math.Min(member.Items.Count, wanted.Items.Count);
            for (var i = 0; i < both; i++)
                Merge(member.Items[i], wanted.Items[i]);
            Empty(member, both);
            member.Items.AddRange(wanted.Items.Skip(both));
        }
    }

    private static void Empty(FhirMember member, int from)
    {
        for (var i = member.Items.Count - 1; i >= from; i--)
            if (!HasDone(member.Items[i]))
                member.Items.RemoveAt(i);
            else
            {
                if (!member.Items[i].IsDone)
                    member.Items[i].Clear();
                foreach (var child in member.Items[i].Members)
                    Empty(child, 0);
            }
    }

    private static bool HasDone(FhirNode node) => node.IsDone || node.Children.Any(HasDone);

    private static void Settle(FhirNode node)
    {
        node.IsDone = true;
        foreach (var child in node.Children)
            Settle(child);
    }
}
