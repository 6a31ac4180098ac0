using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Sharing;

namespace Salus.Trustee.Statistics;

/// <summary>A sum of a row's elements with public weights: its value is computed on shares without a word to the others.</summary>
internal sealed record LinearForm(IReadOnlyList<(int Index, ulong Weight)> Terms)
{
    public static LinearForm Element(int index) => new([(index, 1)]);

    public LinearForm Plus(LinearForm other) => new([.. Terms, .. other.Terms]);

    public LinearForm Times(ulong factor) => new([.. Terms.Select(term => (term.Index, Field61.Multiply(term.Weight, factor)))]);

    public ulong Of(ReadOnlySpan<ulong> row)
    {
        var sum = 0UL;
        foreach (var (index, weight) in Terms)
            sum = Field61.Add(sum, weight == 1 ? row[index] : Field61.Multiply(row[index], weight));
        return sum;
    }
}

/// <summary>Columns of secret values, read from rows that need not all be kept.</summary>
internal sealed class SecretColumns(int party, IReadOnlyList<LinearForm> forms, int rows)
{
    private readonly ulong[][] _own = [.. forms.Select(_ => new ulong[rows])];
    private readonly ulong[][] _next = [.. forms.Select(_ => new ulong[rows])];
    private int _filled;

    public void Add(SharePair row)
    {
        for (var form = 0; form < forms.Count; form++)
        {
            _own[form][_filled] = forms[form].Of(row.Own.Span);
            _next[form][_filled] = forms[form].Of(row.Next.Span);
        }
        _filled++;
    }

    /// <summary>One for each form. All rows have been added.</summary>
    public IReadOnlyList<SecretVector> Vectors => _filled == rows
        ? [.. Enumerable.Range(0, forms.Count).Select(form => new SecretVector(party, _own[form], _next[form]))]
        : throw new InvalidOperationException("Rows are missing.");
}
