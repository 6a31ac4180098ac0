using Salus.Health.Deidentification.Fhir.Rules;
using Salus.Health.Deidentification.Fhir.Tree;
using Salus.Health.Deidentification.Fhir.Types;
using Salus.Health.Deidentification.Fhir.Values;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir.Running;

/// <summary>One rule on one element that it names, and on what stands below.</summary>
internal readonly struct RuleUse(FhirRule rule, FhirNode matched, ValueMethods methods, ChangeReport report, FhirNode resource, int days, Unmatched unmatched)
{
    private static readonly string[] Words = [.. Enum.GetNames<FhirMethod>().Select(name => char.ToLowerInvariant(name[0]) + name[1..])];

    public Labels Apply() => Apply(matched);

    /// <summary>What R4 does not know: no type, a value where there is none, a number where text is.</summary>
    public static bool IsOdd(FhirNode node) => node.Type is not { } type || (node.OriginalKind != JsonToken.None && (!type.IsPrimitive || type.Kind != node.OriginalKind switch
    {
        JsonToken.Number => JsonKind.Number,
        JsonToken.True or JsonToken.False => JsonKind.Truth,
        _ => JsonKind.Text,
    })) || IsOddReference(node);

    /// <summary>The type of a reference that is no resource's name could be anything.</summary>
    private static bool IsOddReference(FhirNode node) =>
        node is { Name: "type", Original: { } name, Parent.Type.Name: "Reference" } && FhirTypes.FindResource(name) is null;

    private Labels Apply(FhirNode node)
    {
        if (rule.Method == FhirMethod.Substitute)
            return Substitute(node);
        var labels = Labels.None;
        if (node.Text is not null && !node.IsDone)
        {
            var before = (node.Kind, node.Text);
            var isSettled = true;
            labels = IsOdd(node) ? Clear(node) : Treat(node, ref isSettled);
            node.IsDone = isSettled;
            node.IsKept = isSettled && rule.Method == FhirMethod.Keep && !IsOdd(node);
            if (isSettled && (labels != Labels.None || before != (node.Kind, node.Text)))
                report.Add(Words[(int)rule.Method], node.Path);
        }
        foreach (var member in node.Members)
            foreach (var child in member.Items)
                if (!child.IsResource && IsMeant(child))
                    labels |= Apply(child);
        return labels;
    }

    /// <summary>Who keeps an element has not yet kept the extensions, narratives and attachments in it, which may hold anything.</summary>
    private bool IsMeant(FhirNode child) =>
        rule.Method is not (FhirMethod.Keep or FhirMethod.Perturb) || unmatched == Unmatched.Keep || child.Type is not { IsOpen: true } || matched.Type is { IsOpen: true };

    private static Labels Clear(FhirNode node)
    {
        node.Clear();
        return Labels.Redacted;
    }

    private Labels Treat(FhirNode node, ref bool isSettled)
    {
        var labels = rule.Method switch
        {
            FhirMethod.Keep => Labels.None,
            // Years of dates in an extension that is redacted say nothing without the rest of it.
            FhirMethod.Redact => unmatched == Unmatched.Redact && matched.Type is { IsOpen: true } ? Clear(node) : methods.Redact(node),
            FhirMethod.CryptoHash => methods.CryptoHash(node),
            FhirMethod.DateShift => methods.ShiftDate(node, days),
            FhirMethod.Encrypt => methods.Encrypt(node),
            FhirMethod.Perturb => methods.Perturb(node, rule.Perturbation!),
            _ => node == matched ? ValueMethods.Generalize(node, rule, resource) : methods.Redact(node),
        };
        if (rule.Method == FhirMethod.Perturb && matched.Type?.Is("Quantity") == true)
            // A quantity is perturbed with its unit and code kept.
            return labels;
        // What is no date and no number is left for the rules that follow.
        isSettled = labels != Labels.None || rule.Method == FhirMethod.Keep;
        return labels;
    }

    private Labels Substitute(FhirNode node)
    {
        if (node.IsDone)
            return Labels.None;
        Substitution.Apply(node, rule.Replacement!);
        report.Add(Words[(int)FhirMethod.Substitute], node.Path);
        return Labels.Substituted;
    }
}
