namespace Salus.Client.Statistics;

/// <summary>A number of an answer with what the noise makes uncertain about it. What the choice of participants makes uncertain is not in it.</summary>
/// <param name="Name">What it is: "mean", a category, a bucket "60..100", "intercept", a variable.</param>
/// <param name="Error">One standard error; 0 for what is exact.</param>
public sealed record Estimate(string Name, double Value, double Error)
{
    /// <summary>The ends of the interval that holds the value without noise in 95 of 100 answers.</summary>
    public double Low => Value - 1.96 * Error;

    /// <inheritdoc cref="Low"/>
    public double High => Value + 1.96 * Error;
}

/// <summary>An answer that two trustees gave alike.</summary>
/// <param name="Participants">How many took part, with noise; null when they were too few to be answered about, and for a measure that does not say.</param>
/// <param name="Values">None when too few took part, or when the noise leaves no answer (<paramref name="Why"/>).</param>
/// <param name="At">When it was computed: a question that was asked before has its old answer.</param>
/// <param name="SpentMicros">Of the budget, when it was computed.</param>
/// <param name="Complaints">What was wrong with a trustee while two sufficed.</param>
public sealed record StatisticsResult(
    AskedStatistic Asked, Estimate? Participants, IReadOnlyList<Estimate> Values, string? Why, long RhoMicros, DateTimeOffset At, long BudgetMicros, long SpentMicros,
    IReadOnlyList<string> Complaints);
