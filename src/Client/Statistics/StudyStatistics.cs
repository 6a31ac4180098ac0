using Salus.Client.Accounts;
using Salus.Client.Transport;
using Salus.Protocol.Http;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;

namespace Salus.Client.Statistics;

/// <summary>What is left of a study's privacy budget, as the trustee that remembers most of it says; millionths of rho.</summary>
public sealed record BudgetLeft(long Micros, long SpentMicros)
{
    public long LeftMicros => Micros - SpentMicros;
}

/// <summary>A researcher's questions about a study. The trustees compute each together; what two of them sign alike is believed.</summary>
public sealed class StudyStatistics(Account account)
{
    /// <summary>Questions that a budget is thought to be for when the asker names no price.</summary>
    private const int UsualQuestions = 50;

    public static long UsualRhoMicros(StudyTerms terms) => Math.Max(Bounds.MinRhoMicros, terms.BudgetMicros / UsualQuestions);

    /// <summary>Asks at a price, in millionths of rho. The same question at the same price has the same answer, free.</summary>
    public async Task<StatisticsResult> AskAsync(Study study, AskedStatistic asked, long rhoMicros, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(asked);
        if (study.Terms.Researcher.Account != account.Id)
            throw new CannotException("Only the researcher who has opened a study asks about it.", Reasons.NotYours);
        if (rhoMicros < Bounds.MinRhoMicros || rhoMicros > study.Terms.BudgetMicros)
            throw new CannotException($"A question costs from {Rho(Bounds.MinRhoMicros)} to {Rho(study.Terms.BudgetMicros)} of rho, the whole budget of this study.", Reasons.BadQuery);
        var query = StatisticsQuery.Create(account.Keys.Identity, study.Id, asked.Question, rhoMicros, account.Now);

        // All three at once: each waits for the others.
        var (answers, complaints, refusals) = (new List<StatisticsAnswer>(), new List<string>(), new List<Exception>());
        foreach (var (trustee, answering) in Trustees(study).Select(trustee => (trustee, trustee.AskAsync(query, cancel))).ToList())
            try
            {
                answers.Add(await answering);
            }
            catch (Exception failure) when (failure is RefusedException or UnreachableException or AlarmException)
            {
                refusals.Add(failure);
                complaints.Add($"{trustee.Name}: {failure.Message}");
            }
        var believed = answers.FirstOrDefault(answer => answers.Any(answer.Agrees));
        if (believed is not null)
        {
            if (answers.Exists(answer => answer != believed && !answer.Agrees(believed)))
                complaints.Add("One trustee answers otherwise than the two others.");
            return Finish(study, asked, rhoMicros, believed, complaints);
        }
        throw answers.Count > 1
            ? new AlarmException(AlarmKind.Integrity, "The trustees answer differently: nothing of it is believed.")
            : refusals.OrderBy(Weight).First();
    }

    public async Task<BudgetLeft> BudgetAsync(Study study, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(study);
        var (words, failures) = (new List<StatisticsBudget>(), new List<Exception>());
        foreach (var asking in Trustees(study).Select(trustee => trustee.BudgetAsync(study.Id, cancel)).ToList())
            try
            {
                words.Add(await asking);
            }
            catch (Exception failure) when (failure is RefusedException or UnreachableException)
            {
                failures.Add(failure);
            }
        return words.Count > 0 ? new BudgetLeft(study.Terms.BudgetMicros, Math.Min(study.Terms.BudgetMicros, words.Max(word => word.SpentMicros))) : throw failures[0];
    }

    private static StatisticsResult Finish(Study study, AskedStatistic asked, long rhoMicros, StatisticsAnswer answer, IReadOnlyList<string> complaints)
    {
        var finishing = new Finishing(asked, study.Terms);
        var sums = answer.Sums.Count == asked.Question.Moves(study.Terms).Count || answer.IsRefusal
            ? answer.Sums
            : throw new AlarmException(AlarmKind.Integrity, "The trustees' answer is not one to the question.");
        var values = answer.IsRefusal ? [] : finishing.Values(sums, rhoMicros);
        return new StatisticsResult(asked, answer.IsRefusal ? null : finishing.Participants(sums, rhoMicros), values,
            answer.IsRefusal ? Finishing.TooFew : values.Count == 0 ? Finishing.TooNoisy : null, rhoMicros, answer.At, answer.BudgetMicros, answer.SpentMicros, complaints);
    }

    private List<TrusteeApi> Trustees(Study study) => [.. study.Terms.Trustees.Select(key => account.Trustees.FirstOrDefault(trustee => trustee.Key.Equals(key))
        ?? throw new CannotException("The study has other trustees than this installation.", Reasons.BadQuery))];

    /// <summary>What was refused says more than who was away, and that more than that the others were.</summary>
    private static int Weight(Exception failure) => failure switch
    {
        AlarmException => 0,
        RefusedException { Code: Problems.Cheated } => 1,
        RefusedException { Code: Problems.PeerAway } => 4,
        RefusedException => 2,
        _ => 3,
    };

    internal static string Rho(long micros) => (micros / 1_000_000m).ToString("0.######", System.Globalization.CultureInfo.InvariantCulture);
}
