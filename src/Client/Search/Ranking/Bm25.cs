namespace Salus.Client.Search.Ranking;

/// <summary>
/// Okapi BM25 (S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009) with k1 = 1.2 and b = 0.75, and the inverse document frequency that
/// stays positive: ln(1 + (N - df + 0.5) / (df + 0.5)). N, df and the mean length are those of all segments of a query together, so that a hit scores the same wherever it is.
/// </summary>
/// <param name="documents">N.</param>
/// <param name="totalLength">The sum of their lengths.</param>
internal sealed class Bm25(long documents, double totalLength)
{
    private const double K1 = 1.2;
    private const double B = 0.75;

    private readonly double _meanLength = totalLength > 0 && documents > 0 ? totalLength / documents : 0;

    /// <param name="documentFrequency">Of all forms of a word together: it may count a document twice, and is cut at N.</param>
    public double InverseDocumentFrequency(long documentFrequency)
    {
        var df = Math.Min(documents, documentFrequency);
        return Math.Log(1 + ((documents - df + 0.5) / (df + 0.5)));
    }

    public double Score(double inverseDocumentFrequency, double frequency, double length)
    {
        var relative = _meanLength > 0 ? length / _meanLength : 1;
        return inverseDocumentFrequency * frequency * (K1 + 1) / (frequency + (K1 * (1 - B + (B * relative))));
    }
}
