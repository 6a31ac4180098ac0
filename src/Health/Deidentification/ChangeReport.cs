using System.Globalization;

namespace Salus.Health.Deidentification;

/// <summary>What was done to a file: counts by method and path, never a value.</summary>
public sealed class ChangeReport
{
    /// <summary>Different pairs of method and path that are told apart; what comes after is counted under <see cref="Elsewhere"/>.</summary>
    public const int MaxEntries = 10_000;

    public const string Elsewhere = "(elsewhere)";

    /// <summary>The "method" of places where a value that was removed from a patient still stands, when the rules keep what they do not name.</summary>
    public const string Left = "left";

    /// <summary>The "method" of values that name a person and that the rules leave as they are.</summary>
    public const string Kept = "kept";

    private readonly SortedDictionary<(string Method, string Path), long> counts = new(Comparer<(string Method, string Path)>.Create(static (a, b) =>
        string.CompareOrdinal(a.Method, b.Method) is not 0 and var order ? order : string.CompareOrdinal(a.Path, b.Path)));

    /// <summary>Resources, instances or images that were read.</summary>
    public long Items { get; set; }

    public IEnumerable<Change> Changes => counts.Select(entry => new Change(entry.Key.Method, entry.Key.Path, entry.Value));

    /// <summary>How many values were treated by a method.</summary>
    public long CountOf(string method) => counts.Where(entry => entry.Key.Method == method).Sum(entry => entry.Value);

    /// <summary>Counts one value at <paramref name="path"/>, which names a place in the format and holds nothing of the record.</summary>
    public void Add(string method, string path, long count = 1)
    {
        var key = (method, path);
        if (!counts.TryGetValue(key, out var before) && counts.Count >= MaxEntries)
            counts.TryGetValue(key = (method, Elsewhere), out before);
        counts[key] = before + count;
    }

    public void Add(ChangeReport other)
    {
        Items += other.Items;
        foreach (var change in other.Changes)
            Add(change.Method, change.Path, change.Count);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Items} items, {counts.Values.Sum()} changes");
}

/// <summary>How often a method was used at a path.</summary>
public sealed record Change(string Method, string Path, long Count);
