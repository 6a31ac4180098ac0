using System.Text;
using Salus.Client.Profiles;
using Salus.Client.Records;
using Salus.Health.Cohort;

namespace Salus.Client.Cohorts;

/// <summary>Measures a table in a file, and puts one through the release gate: no account and no server is asked.</summary>
public static class CohortFiles
{
    /// <summary>The table as it is.</summary>
    public static CohortFigures Measure(CohortQuestion question) => Told(() => Figures(CohortMeasures.Of(Read(question))));

    /// <summary>The optimum under a rule, whose table is written where the question says; null when nothing meets the rule: then nothing is written.</summary>
    public static CohortOptimum? Gate(CohortQuestion question, CohortGateQuestion gate, CancellationToken cancel) => Told(() =>
    {
        foreach (var input in gate.Hierarchies.Values.Where(given => BuiltInHierarchy.Named(given) is null).Append(question.File))
            if (gate.Out is { } output)
                WholeFile.RequireOther(input, output);
        var table = Read(question);
        foreach (var column in gate.Hierarchies.Keys)
            if (!question.Quasi.Contains(column))
                throw new CannotException($"There is a hierarchy for column {column}, which is no quasi-identifier of this question.");
        var rule = new GateRule { K = gate.K, L = gate.L, T = gate.T, Suppression = gate.Suppression };
        var release = ReleaseGate.Search(table, [.. question.Quasi.Select(column => HierarchyOf(column, gate))], rule, cancel);
        if (release is null)
            return null;
        if (gate.Out is { } path)
            Write(release, path);
        return Optimum(question.Quasi, release);
    });

    /// <summary>The names that <see cref="CohortGateQuestion.Hierarchies"/> takes instead of a file.</summary>
    public static IEnumerable<string> BuiltIn => BuiltInHierarchy.All.Select(hierarchy => hierarchy.Name);

    internal static CohortFigures Figures(CohortMeasures of) =>
        new(of.Rows, of.Classes, of.K, of.Uniques, of.L, of.T, of.Below5, of.Below10, of.HighestRisk, of.AverageRisk);

    internal static CohortOptimum Optimum(IReadOnlyList<string> columns, CohortRelease release) =>
        new([.. columns.Select((column, i) => new CohortLevel(column, release.Levels[i], release.Highest[i]))], release.Suppressed, release.Loss, release.Nodes, Figures(release.Measures));

    private static CohortTable Read(CohortQuestion question)
    {
        using var stream = Open(question.File);
        return CohortTable.Read(stream, question.Quasi, question.Sensitive);
    }

    private static Hierarchy HierarchyOf(string column, CohortGateQuestion gate)
    {
        if (!gate.Hierarchies.TryGetValue(column, out var given))
            return BuiltInHierarchy.Suppress;
        if (BuiltInHierarchy.Named(given) is { } builtIn)
            return builtIn;
        using var stream = Open(given);
        return TableHierarchy.Read(stream, $"of column {column}");
    }

    private static FileStream Open(string path) => File.Exists(path) ? RecordStore.OpenFile(path) : throw new CannotException($"There is no file {path}.");

    private static void Write(CohortRelease release, string path)
    {
        using var bytes = new MemoryStream();
        using (var writer = new StreamWriter(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true))
            release.WriteCsv(writer);
        DurableFile.Write(Path.GetFullPath(path), bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static T Told<T>(Func<T> answer)
    {
        try
        {
            return answer();
        }
        catch (CohortException fault)
        {
            throw new CannotException(fault.Message);
        }
    }
}
