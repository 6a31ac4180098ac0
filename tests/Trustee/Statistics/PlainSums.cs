using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;

namespace Salus.Trustee.Tests.Statistics;

/// <summary>The same sums over the values in the clear.</summary>
internal static class PlainSums
{
    public static long[] Of(Question question, StudyTerms terms, IEnumerable<Participant> participants)
    {
        var passing = participants.Where(participant => question.Filters.All(filter => Passes(filter, terms, participant))).ToList();
        var operands = question.Operands.Select(operand => (int)operand).ToArray();
        switch (question.Measure)
        {
            case Measure.Count:
                return [passing.Count];
            case Measure.Buckets:
                return [.. Enumerable.Range(0, terms.Variables[operands[0]].BucketCount()).Select(bucket => (long)passing.Count(row => Bucket(terms, row, operands[0]) == bucket))];
            case Measure.Categories:
                return [.. Enumerable.Range(0, terms.Attributes[operands[0]].Categories.Count + 1).Select(category => (long)passing.Count(row => row.Categories[operands[0]] == category))];
            case Measure.Table:
                return [.. from a in Enumerable.Range(0, terms.Attributes[operands[0]].Categories.Count)
                           from b in Enumerable.Range(0, terms.Attributes[operands[1]].Categories.Count)
                           select (long)passing.Count(row => row.Categories[operands[0]] == a && row.Categories[operands[1]] == b)];
        }
        var complete = passing.Where(row => operands.All(operand => row.Numbers[operand] is not null)).ToList();
        int[] ordered = question.Measure == Measure.Gram ? [.. operands.Skip(1), operands[0]] : operands;
        long Sum(params int[] factors) => complete.Sum(row => factors.Aggregate(1L, (product, operand) => product * Centred(terms, row, operand)));
        return question.Measure switch
        {
            Measure.Total => [complete.Count, Sum(ordered[0])],
            _ => [complete.Count, .. ordered.Select(operand => Sum(operand)),
                .. from i in Enumerable.Range(0, ordered.Length) from j in Enumerable.Range(i, ordered.Length - i) select Sum(ordered[i], ordered[j])],
        };
    }

    private static long Centred(StudyTerms terms, Participant row, int variable) =>
        row.Numbers[variable]!.Value - (terms.Variables[variable].Lower + (terms.Variables[variable].Upper - terms.Variables[variable].Lower) / 2);

    private static int? Bucket(StudyTerms terms, Participant row, int variable) =>
        row.Numbers[variable] is { } value ? terms.Variables[variable].Bounds.Count(bound => value >= bound) : null;

    private static bool Passes(Filter filter, StudyTerms terms, Participant row)
    {
        int? member = filter.Kind == FilterKind.Attribute ? row.Categories[filter.Index] : Bucket(terms, row, filter.Index);
        return member is { } found && (filter.Members >> found & 1) == 1;
    }
}
