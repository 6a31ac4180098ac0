using Salus.Health.Deidentification.Fhir.Rules;
using Salus.Health.Deidentification.Fhir.Tree;
using Salus.Health.Deidentification.Fhir.Types;
using Salus.Health.Deidentification.Fhir.Values;

namespace Salus.Health.Deidentification.Fhir.Running;

/// <summary>Follows the rules on a resource and those in it: the first rule that names a value settles it.</summary>
internal sealed class ResourceRules(FhirRules rules, ValueMethods methods)
{
    private const string WithoutRule = "unmatched", Unknown = "unknown";

    /// <summary>Settles a resource, those in it, and their labels.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="daysOf">By how many days the dates of a resource move.</param>
    /// <param name="report">What was done.</param>
    public Labels Settle(FhirNode resource, Func<FhirNode, int> daysOf, ChangeReport report)
    {
        var labels = Follow(resource, daysOf, report) | Close(resource, report);
        foreach (var inner in Inner(resource))
            labels |= Settle(inner, daysOf, report);
        if (resource.Name != "contained")
            SecurityLabels.Add(resource, labels);
        return labels;
    }

    /// <summary>Follows the rules for one resource, without those in it.</summary>
    public Labels Follow(FhirNode resource, Func<FhirNode, int> daysOf, ChangeReport report)
    {
        var labels = Labels.None;
        int? days = null;
        foreach (var rule in rules.For(resource.Type!))
            foreach (var match in rule.Match(resource))
                if (match.Node is { } node)
                {
                    if (rule.Method == FhirMethod.DateShift)
                        days ??= daysOf(resource);
                    labels |= new RuleUse(rule, node, methods, report, resource, days ?? 0, rules.Unmatched).Apply();
                }
        return labels;
    }

    /// <summary>Removes what no rule has named, or keeps it; what R4 does not know goes in any case.</summary>
    public Labels Close(FhirNode node, ChangeReport report)
    {
        var labels = Labels.None;
        if (node.Text is not null && !node.IsDone)
        {
            var isOdd = RuleUse.IsOdd(node);
            if (isOdd || rules.Unmatched == Unmatched.Redact)
            {
                report.Add(isOdd ? Unknown : WithoutRule, node.Path);
                node.Clear();
                labels = Labels.Redacted;
            }
            node.IsDone = true;
        }
        foreach (var member in node.Members)
            foreach (var child in member.Items)
                if (!child.IsResource)
                    labels |= Close(child, report);
        return labels;
    }

    public static IEnumerable<FhirNode> Inner(FhirNode node)
    {
        foreach (var member in node.Members)
            foreach (var child in member.Items)
                if (child.IsResource)
                    yield return child;
                else
                    foreach (var inner in Inner(child))
                        yield return inner;
    }
}
