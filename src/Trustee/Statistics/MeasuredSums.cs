using Salus.Crypto.Statistics.Computing;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;

namespace Salus.Trustee.Statistics;

/// <summary>
/// A question as sums over rows in shares. Who takes part is a product of secret bits, one for each filter and one for each variable that must be there; a row that does not
/// take part adds zero, and nobody learns which.
/// </summary>
internal sealed class MeasuredSums
{
    private readonly Question _question;
    private readonly List<LinearForm> _forms = [];
    private readonly List<int> _conditions = [];
    private readonly List<int> _columns = [];
    private readonly List<int> _others = [];

    public MeasuredSums(Question question, StudyTerms terms)
    {
        (_question, var study) = (question, new StudyColumns(terms));
        foreach (var filter in question.Filters)
            _conditions.Add(Add(study.Members(filter)));
        var operands = question.Operands;
        switch (question.Measure)
        {
            case Measure.Count:
                break;
            case Measure.Buckets:
                _columns.AddRange(study.Buckets(operands[0]).Select(Add));
                break;
            case Measure.Categories:
                _columns.AddRange(study.Categories(operands[0]).Select(Add));
                break;
            case Measure.Table:
                _columns.AddRange(study.Categories(operands[0]).SkipLast(1).Select(Add));
                _others.AddRange(study.Categories(operands[1]).SkipLast(1).Select(Add));
                break;
            default:
                // The explained variable of a Gram matrix comes last.
                byte[] ordered = question.Measure == Measure.Gram ? [.. operands.Skip(1), operands[0]] : [.. operands];
                _conditions.AddRange(ordered.Select(variable => Add(study.Present(variable))));
                _columns.AddRange(ordered.Select(variable => Add(study.Centred(variable))));
                break;
        }
    }

    /// <summary>The columns that are needed.</summary>
    public IReadOnlyList<LinearForm> Forms => _forms;

    /// <summary>Whether it counts all rows, of which nothing is secret among the trustees.</summary>
    public bool CountsAll => _forms.Count == 0;

    /// <summary>The sums of the measure, in its order, behind one another.</summary>
    public async Task<SecretVector> ComputeAsync(Computation computation, IReadOnlyList<SecretVector> vectors, CancellationToken cancel)
    {
        var (columns, others) = (Of(_columns), Of(_others));
        var members = await Aggregates.MembersAsync(computation, Of(_conditions), cancel);
        return _question.Measure switch
        {
            Measure.Count => members!.Sum(),
            Measure.Total => SecretVector.Concat(members!.Sum(), await Aggregates.SumsAsync(computation, members, columns, cancel)),
            Measure.Buckets or Measure.Categories => await Aggregates.SumsAsync(computation, members, columns, cancel),
            Measure.Table => await Aggregates.TableAsync(computation, members, columns, others, cancel),
            _ => await Aggregates.MomentsAsync(computation, members, columns, cancel),
        };

        SecretVector[] Of(List<int> indices) => [.. indices.Select(index => vectors[index])];
    }

    private int Add(LinearForm form)
    {
        _forms.Add(form);
        return _forms.Count - 1;
    }
}
