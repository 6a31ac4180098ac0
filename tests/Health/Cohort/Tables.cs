using System.Text;
using Salus.Health.Cohort;
using Salus.Testing;

namespace Salus.Health.Tests.Cohort;

internal static class Tables
{
    public static string GoldFolder => Path.Combine(Places.Data, "gold", "cohort");

    public static string AdultFolder => Path.Combine(Places.Data, "gold", "arx");

    /// <summary>The quasi-identifiers of the adult data set in the order of its header.</summary>
    public static readonly string[] AdultColumns = ["sex", "age", "race", "marital-status", "education", "native-country", "workclass", "occupation", "salary-class"];

    public static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    public static CohortTable Read(string text, string[] quasi, string? sensitive = null) => CohortTable.Read(Stream(text), quasi, sensitive);

    public static CohortTable Adult(string[] quasi, string? sensitive = null)
    {
        using var file = File.OpenRead(Path.Combine(AdultFolder, "adult_subset.csv"));
        return CohortTable.Read(file, quasi, sensitive);
    }

    public static Hierarchy AdultHierarchy(string column)
    {
        using var file = File.OpenRead(Path.Combine(AdultFolder, $"adult_hierarchy_{column}.csv"));
        return TableHierarchy.Read(file, column);
    }

    public static Hierarchy HierarchyOf(string goldColumn) => goldColumn switch
    {
        "birthYear" => BuiltInHierarchy.Year,
        "zip" => BuiltInHierarchy.Zip,
        _ => BuiltInHierarchy.Suppress,
    };

    public static CohortFault FaultOf(Action action) => Assert.Throws<CohortException>(action).Fault;

    public static CohortTable Of(IEnumerable<string[]> rows, int quasi, bool sensitive)
    {
        string[] names = [.. Enumerable.Range(0, quasi).Select(i => $"q{i}")];
        return CohortTable.Of(rows.Select(row => names.Append("s").Zip(row).ToDictionary(pair => pair.First, pair => pair.Second)), names, sensitive ? "s" : null);
    }
}
