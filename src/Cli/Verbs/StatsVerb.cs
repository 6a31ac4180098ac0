using System.CommandLine;
using System.Globalization;
using Salus.Cli.Verbs.Study;
using Salus.Client;
using Salus.Client.Statistics;
using Salus.Protocol.Studies;

namespace Salus.Cli.Verbs;

/// <summary>`stats`: a researcher's question about a study, answered by three trustees on shares; without a question, what can be asked and what is left of the budget.</summary>
internal sealed class StatsVerb : Verb
{
    private readonly StudyArgument _study = new();

    private readonly Argument<string?> _question = new("QUESTION")
    {
        Description = "for example: mean(heart-rate) where sex=female and smoker!=yes", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<decimal?> _rho = new("--rho") { Description = "what the answer may cost of the study's budget: the more, the less noise" };

    public StatsVerb() : base("stats", "ask for statistics of a study of yours")
    {
        _study.AddTo(this);
        Add(_question);
        Add(_rho);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var study = (await _study.FetchAsync(call, account)).Study;
        var statistics = new StudyStatistics(account);
        if (call.Value(_question) is not { Length: > 0 } text)
        {
            Show(call, study, await statistics.BudgetAsync(study, call.Cancel));
            return ExitCode.Done;
        }
        if (!AskedStatistic.TryParse(text, study.Terms, out var asked, out var fault))
            throw new CannotException(fault, Reasons.BadQuery);
        var rho = call.Value(_rho) is { } given ? (long)decimal.Round(Math.Clamp(given, 0, 1_000_000) * 1_000_000) : StudyStatistics.UsualRhoMicros(study.Terms);
        var result = await statistics.AskAsync(study, asked, rho, call.Cancel);
        if (result.Why is { } why)
            call.Terminal.Print(why);
        var width = result.Values.Count > 0 ? result.Values.Max(value => value.Name.Length) : 0;
        foreach (var value in result.Values)
            call.Terminal.Print(value.Name.PadRight(width) + "  " + Text(value));
        if (result.Participants is { } participants && asked.Function != StatisticsFunction.Count)
            call.Terminal.Print($"of about {participants.Value.ToString("0", CultureInfo.InvariantCulture)} participants (± {Number(1.96 * participants.Error)})");
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
            $"computed {result.At:yyyy-MM-dd HH:mm}Z for {Rho(result.RhoMicros)} of rho; {Rho(result.BudgetMicros - result.SpentMicros)} of {Rho(result.BudgetMicros)} were left then"));
        foreach (var complaint in result.Complaints)
            Terminal.Say(complaint);
        call.Terminal.Answer(StatsDocument.Of(study, text, result), CliJson.Default.StatsDocument);
        return ExitCode.Done;
    }

    private static void Show(Call call, Protocol.Studies.Study study, BudgetLeft budget)
    {
        var terms = study.Terms;
        call.Terminal.Print($"Functions: {string.Join(", ", StatisticsFunctions.Names)}");
        foreach (var variable in terms.Variables)
            call.Terminal.Print($"    {variable.Name}  {Bound(variable, variable.Lower)} to {Bound(variable, variable.Upper)} {variable.Unit}"
                + (variable.Bounds.Count > 0 ? $", buckets from {string.Join(", ", variable.Bounds.Prepend(variable.Lower).Select(bound => Bound(variable, bound)))}" : ""));
        foreach (var attribute in terms.Attributes)
            call.Terminal.Print($"    {attribute.Name}  one of {string.Join(", ", attribute.Categories)}, unknown");
        call.Terminal.Print($"Budget: {Rho(budget.LeftMicros)} of {Rho(budget.Micros)} of rho left; a question costs {Rho(StudyStatistics.UsualRhoMicros(terms))} unless --rho says otherwise.");
        call.Terminal.Answer(StatsStudyDocument.Of(study, budget), CliJson.Default.StatsStudyDocument);
    }

    private static string Text(Estimate value) => value.Error == 0 ? Number(value.Value) : $"{Number(value.Value)} ± {Number(1.96 * value.Error)}";

    private static string Bound(StudyVariable variable, long bound) => StatsDocument.Unscaled(variable, bound).ToString(CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("G5", CultureInfo.InvariantCulture);

    private static string Rho(long micros) => (micros / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture);
}
