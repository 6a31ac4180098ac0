namespace Salus.Crypto.Statistics.Sharing;

/// <summary>The three parties of a replicated sharing x = x0 + x1 + x2, in a ring: party i holds x_i and x_(i+1).</summary>
public static class Parties
{
    public const int Count = 3;

    public static int Next(int party) => (party + 1) % Count;

    public static int Previous(int party) => (party + Count - 1) % Count;

    internal static void Check(int party)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(party);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(party, Count);
    }
}
