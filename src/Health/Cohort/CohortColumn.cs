using System.Runtime.InteropServices;

namespace Salus.Health.Cohort;

/// <summary>One column: each different value once, in the order of its first row, and for each row the number of its value.</summary>
public sealed class CohortColumn
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<string> values = [];
    private readonly List<int> codes = [];

    internal CohortColumn(string name) => Name = name;

    public string Name { get; }

    public IReadOnlyList<string> Values => values;

    /// <summary>By row: 0 &lt;= code &lt; <see cref="Values"/>.Count.</summary>
    public ReadOnlySpan<int> Codes => CollectionsMarshal.AsSpan(codes);

    /// <summary>The row, from 0, in which a value stands first.</summary>
    internal int FirstRowOf(int code) => codes.IndexOf(code);

    /// <summary>Answers how many characters the column keeps more than before.</summary>
    internal int Add(string value)
    {
        ref var code = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, value, out var known);
        if (!known)
        {
            code = values.Count;
            values.Add(value);
        }
        codes.Add(code);
        return known ? 0 : value.Length;
    }
}
