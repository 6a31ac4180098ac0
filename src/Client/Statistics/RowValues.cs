using Salus.Protocol.Studies;

namespace Salus.Client.Statistics;

/// <summary>What is known of one participant for a study: numbers and categories by the names of the study. What is not there is absent, and counts as such.</summary>
public sealed record RowValues(IReadOnlyDictionary<string, decimal> Numbers, IReadOnlyDictionary<string, string> Categories)
{
    /// <summary>The category of an attribute that nothing is known of.</summary>
    public const string Unknown = "unknown";

    /// <summary>The number in the study's scale, rounded to the nearest and clipped to its range; null when there is none.</summary>
    internal long? Scaled(StudyVariable variable)
    {
        if (!Numbers.TryGetValue(variable.Name, out var number))
            return null;
        var scale = StatisticsParser.Scale(variable);
        var (lower, upper) = (variable.Lower / scale, variable.Upper / scale);
        return number <= lower ? variable.Lower : number >= upper ? variable.Upper : (long)Math.Round(number * scale, MidpointRounding.AwayFromZero);
    }

    /// <summary>The bucket of a scaled number: how many bounds it has reached.</summary>
    internal static int Bucket(StudyVariable variable, long scaled) => variable.Bounds.Count(bound => scaled >= bound);

    /// <summary>The place of the participant's category; after all declared ones for unknown.</summary>
    internal int Category(StudyAttribute attribute)
    {
        var index = Categories.TryGetValue(attribute.Name, out var category) ? attribute.Categories.ToList().IndexOf(category) : -1;
        return index >= 0 ? index : attribute.Categories.Count;
    }
}
