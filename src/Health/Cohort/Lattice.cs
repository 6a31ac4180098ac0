namespace Salus.Health.Cohort;

/// <summary>
/// All ways to generalise each column to one of its levels. A node is a level for each column; one lies above another when no level is lower. The loss of a node,
/// the sum of its columns' losses, never falls on the way up.
/// </summary>
internal sealed class Lattice
{
    private readonly int[] levels;
    private readonly int[] strides;
    private readonly double[][] losses;

    public Lattice(IReadOnlyList<Generalisation> columns)
    {
        levels = [.. columns.Select(column => column.Levels)];
        strides = new int[levels.Length];
        long nodes = 1;
        // The last column counts fastest, so that among equals the first columns stay the more exact.
        for (var column = levels.Length - 1; column >= 0; column--)
        {
            strides[column] = (int)nodes;
            nodes *= levels[column];
            if (nodes > CohortLimits.MaxNodes)
                throw new CohortException(CohortFault.TooLarge, $"The hierarchies give more than {CohortLimits.MaxNodes} ways to generalise: take fewer columns or levels.");
        }
        Nodes = (int)nodes;
        losses = [.. columns.Select(column => column.Losses())];
    }

    public int Nodes { get; }

    public int Columns => levels.Length;

    public int Level(int node, int column) => node / strides[column] % levels[column];

    public int[] Levels(int node) => [.. Enumerable.Range(0, Columns).Select(column => Level(node, column))];

    public double Loss(int node)
    {
        double loss = 0;
        for (var column = 0; column < levels.Length; column++)
            loss += losses[column][Level(node, column)];
        return loss;
    }

    /// <summary>The node one level up in a column, or -1 at its top.</summary>
    public int Up(int node, int column) => Level(node, column) + 1 < levels[column] ? node + strides[column] : -1;

    /// <summary>The node one level down in a column, or -1 at its bottom.</summary>
    public int Down(int node, int column) => Level(node, column) > 0 ? node - strides[column] : -1;

    /// <summary>All nodes, the least loss first; of equal loss the fewest levels, then the lowest number.</summary>
    public int[] ByLoss()
    {
        var order = new int[Nodes];
        var keys = new (double Loss, int Height, int Node)[Nodes];
        for (var node = 0; node < Nodes; node++)
            (order[node], keys[node]) = (node, (Loss(node), Levels(node).Sum(), node));
        Array.Sort(keys, order);
        return order;
    }
}
