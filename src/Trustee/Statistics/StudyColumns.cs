using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Rows;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;

namespace Salus.Trustee.Statistics;

/// <summary>What questions ask for, as sums of the elements of a row.</summary>
internal sealed class StudyColumns(StudyTerms terms)
{
    private readonly RowLayout _layout = terms.Layout();

    public LinearForm Present(int variable) => LinearForm.Element(_layout.Present(variable));

    /// <summary>The variable, counted from the middle of its range; zero in rows without.</summary>
    public LinearForm Centred(int variable) =>
        LinearForm.Element(_layout.Value(variable)).Plus(Present(variable).Times(Field61.FromSigned(-terms.Variables[variable].Middle())));

    public IEnumerable<LinearForm> Buckets(int variable) =>
        Enumerable.Range(0, terms.Variables[variable].BucketCount()).Select(bucket => LinearForm.Element(_layout.Bucket(variable, bucket)));

    /// <summary>The unknown one last.</summary>
    public IEnumerable<LinearForm> Categories(int attribute) =>
        Enumerable.Range(0, _layout.Categories[attribute]).Select(category => LinearForm.Element(_layout.Category(attribute, category)));

    /// <summary>One for the rows that pass the filter: they are in one category or bucket at most.</summary>
    public LinearForm Members(Filter filter) => (filter.Kind == FilterKind.Attribute ? Categories(filter.Index) : Buckets(filter.Index))
        .Where((_, member) => (filter.Members >> member & 1) == 1).Aggregate((sum, member) => sum.Plus(member));
}
