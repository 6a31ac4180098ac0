using Salus.Protocol.Statistics;

namespace Salus.Client.Statistics;

/// <summary>What can be asked, each by its name in small letters.</summary>
public enum StatisticsFunction
{
    /// <summary>Participants; with a variable, those who have it.</summary>
    Count,
    Sum,
    Mean,
    Variance,
    Min,
    Max,
    Median,
    Quantile,
    Histogram,
    Covariance,
    Correlation,
    Regression,
    ChiSquared,
}

/// <summary>Names and measures of functions.</summary>
public static class StatisticsFunctions
{
    private static readonly Dictionary<string, StatisticsFunction> ByName = Enum.GetValues<StatisticsFunction>().ToDictionary(Name, StringComparer.Ordinal);

    public static IEnumerable<string> Names => ByName.Keys;

    public static string Name(this StatisticsFunction function) => function == StatisticsFunction.ChiSquared ? "chi-squared" : function.ToString().ToLowerInvariant();

    internal static bool TryFind(string name, out StatisticsFunction function) => ByName.TryGetValue(name, out function);

    /// <summary>What the trustees add up for a function of variables; several functions share a measure and so an answer.</summary>
    internal static Measure Measure(this StatisticsFunction function, bool ofNothing, bool ofAttribute) => function switch
    {
        StatisticsFunction.Count => ofNothing ? Protocol.Statistics.Measure.Count : Protocol.Statistics.Measure.Total,
        StatisticsFunction.Sum or StatisticsFunction.Mean => Protocol.Statistics.Measure.Total,
        StatisticsFunction.Variance => Protocol.Statistics.Measure.Spread,
        StatisticsFunction.Covariance or StatisticsFunction.Correlation => Protocol.Statistics.Measure.Joint,
        StatisticsFunction.Regression => Protocol.Statistics.Measure.Gram,
        StatisticsFunction.ChiSquared => Protocol.Statistics.Measure.Table,
        _ => ofAttribute ? Protocol.Statistics.Measure.Categories : Protocol.Statistics.Measure.Buckets,
    };
}
