using System.CommandLine;
using System.Globalization;
using Salus.Client.Cohorts;

namespace Salus.Cli.Verbs;

/// <summary>`cohort FILE.csv`: how well the rows of a table hide the people in it, and the least generalisation that hides them well enough.</summary>
internal sealed class CohortVerb : Verb
{
    private readonly Argument<string> _file = new("FILE") { Description = "comma- or semicolon-separated values with a header; a row is a person" };

    private readonly Option<string[]> _quasi = new("--quasi")
    {
        Description = "the columns by which others could know a person; may be repeated", HelpName = "COLUMN", Required = true, AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _sensitive = new("--sensitive") { Description = "the column that nobody should learn of a person", HelpName = "COLUMN" };

    private readonly Option<string[]> _hierarchy = new("--hierarchy")
    {
        Description = $"how to generalise a column: {string.Join(", ", CohortFiles.BuiltIn)}, or a file, one row for each value; else suppress", HelpName = "COLUMN=FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int?> _k = new("--k") { Description = "the gate: rows that share their quasi-identifiers, at least", HelpName = "N" };
    private readonly Option<int?> _l = new("--l") { Description = "different sensitive values among them, at least", HelpName = "N" };
    private readonly Option<double?> _t = new("--t") { Description = "how far their sensitive values are from those of all, at most: 0 to 1", HelpName = "X" };
    private readonly Option<decimal> _suppress = new("--suppress") { Description = "the share of rows that may be left out: 0 to 1; else none", HelpName = "X" };
    private readonly Option<string?> _out = new("--out") { Description = "where the generalised table goes: quasi-identifiers and sensitive column only", HelpName = "FILE" };

    public CohortVerb() : base("cohort", "how well a table hides the people in it")
    {
        Add(_file);
        foreach (var option in new Option[] { _quasi, _sensitive, _hierarchy, _k, _l, _t, _suppress, _out })
            Add(option);
        _k.Validators.Add(result => { if (result.GetValueOrDefault<int?>() is < 1) result.AddError("--k takes a number from 1 on"); });
        _l.Validators.Add(result => { if (result.GetValueOrDefault<int?>() is < 1) result.AddError("--l takes a number from 1 on"); });
        _t.Validators.Add(result => { if (result.GetValueOrDefault<double?>() is < 0 or > 1 or double.NaN) result.AddError("--t takes a number from 0 to 1"); });
        _suppress.Validators.Add(result => { if (result.GetValueOrDefault<decimal>() is < 0 or > 1) result.AddError("--suppress takes a number from 0 to 1"); });
        Validators.Add(result =>
        {
            if (result.GetResult(_k) is null && new Option[] { _l, _t, _suppress, _out, _hierarchy }.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } without)
                result.AddError($"{without.Name} is for the gate: give --k too");
        });
    }

    protected override Task<int> RunAsync(Call call)
    {
        var quasi = call.Value(_quasi)!.SelectMany(columns => columns.Split(',', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var question = new CohortQuestion(call.Value(_file)!, quasi, call.Value(_sensitive));
        var figures = CohortFiles.Measure(question);
        CohortOptimum? optimum = null;
        if (call.Value(_k) is { } k)
        {
            var hierarchies = (call.Value(_hierarchy) ?? []).Select(Hierarchy).ToList();
            if (hierarchies.GroupBy(pair => pair.Key).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new StoppedException($"Column {twice.Key} has two hierarchies.", Cli.ExitCode.Usage);
            var gate = new CohortGateQuestion(k, call.Value(_l), call.Value(_t), call.Value(_suppress), new Dictionary<string, string>(hierarchies), call.Value(_out));
            optimum = CohortFiles.Gate(question, gate, call.Cancel)
                ?? throw new StoppedException("Refused: no generalisation of these columns meets what you ask within the share that may be left out. Nothing was written. "
                    + "A coarser hierarchy, a larger --suppress, fewer columns or more rows may help.");
        }
        Print(call.Terminal, figures, optimum, call.Value(_out));
        call.Terminal.Answer(CohortDocument.Of(figures, optimum), CliJson.Default.CohortDocument);
        return Task.FromResult(ExitCode.Done);
    }

    private static KeyValuePair<string, string> Hierarchy(string given)
    {
        var parts = given.Split('=', 2);
        return parts is [{ Length: > 0 } column, { Length: > 0 } file]
            ? new(column, file)
            : throw new StoppedException("--hierarchy takes COLUMN=FILE.", Cli.ExitCode.Usage);
    }

    private static void Print(Terminal terminal, CohortFigures figures, CohortOptimum? optimum, string? file)
    {
        Print(terminal, figures);
        if (optimum is null)
            return;
        terminal.Print("");
        Print(terminal, optimum);
        if (file is not null)
            terminal.Print($"Written to {file}.");
    }

    public static void Print(Terminal terminal, CohortOptimum optimum)
    {
        terminal.Print(string.Create(CultureInfo.InvariantCulture, $"Least generalisation of {optimum.Nodes} that meets this (loss {optimum.Loss:0.0} bits), {optimum.Suppressed} rows left out:"));
        foreach (var level in optimum.Levels)
            terminal.Print($"  {level.Column}: level {level.Level} of {level.Highest}");
        Print(terminal, optimum.Figures);
    }

    private static void Print(Terminal terminal, CohortFigures figures)
    {
        terminal.Print(string.Create(CultureInfo.InvariantCulture, $"{figures.Rows} rows in {figures.Classes} classes; the smallest has {figures.K} (k); {figures.Uniques} rows are alone."));
        if (figures is { L: { } l, T: { } t })
            terminal.Print(string.Create(CultureInfo.InvariantCulture, $"Sensitive values: at least {l} different in each class (l); the farthest class is {t:0.###} from all (t)."));
        terminal.Print(string.Create(CultureInfo.InvariantCulture,
            $"Re-identification risk: {figures.HighestRisk:P1} at most, {figures.AverageRisk:P1} on average; {figures.Below5} rows in classes below 5, {figures.Below10} below 10."));
    }
}
