using Salus.Crypto.Statistics.Rows;
using Salus.Protocol.Studies;

namespace Salus.Protocol.Statistics;

/// <summary>
/// A study's rows as <see cref="RowLayout"/> knows them. Any variable may be absent, and an attribute has a category more than it declares, the last one: unknown. So what
/// is not there counts as not there.
/// </summary>
public static class StudyRows
{
    public static RowLayout Layout(this StudyTerms terms) =>
        new([.. terms.Variables.Select(Of)], [.. terms.Attributes.Select(attribute => attribute.Categories.Count + 1)]);

    public static RowVariable Of(StudyVariable variable) => new(variable.Lower, variable.Upper, variable.Bounds, Presence.Optional);
}
