namespace Salus.Health.Cohort;

/// <summary>
/// Looks for the node of the lattice that loses least of all those that meet a rule, exactly. Nodes are tried by ascending loss, so the first that
/// meets the rule is the optimum. What spares most of the tries: a class only gains rows and sensitive values by generalisation, so a node that fails k or l
/// with its rows to suppress fails with every node below it (Samarati 2001; OLA, El Emam et al. 2009; Flash, Kohlmayer et al. 2012), and the
/// highest such node on a path upwards is found by halving it. t-closeness has this property only where nothing may be suppressed, so it is asked of each node.
/// </summary>
public sealed class ReleaseGate
{
    private enum State : byte
    {
        Unknown,
        Fails,
        MeetsMonotone,
    }

    private readonly CohortTable table;
    private readonly GateRule rule;
    private readonly Generalisation[] columns;
    private readonly CohortCells cells;
    private readonly Lattice lattice;
    private readonly State[] states;
    private readonly int maxSuppressed;

    private ReleaseGate(CohortTable table, IReadOnlyList<Hierarchy> hierarchies, GateRule rule)
    {
        if (hierarchies.Count != table.Quasi.Count)
            throw new ArgumentException("One hierarchy for each quasi-identifier.", nameof(hierarchies));
        rule.Require(table);
        (this.table, this.rule) = (table, rule);
        columns = [.. table.Quasi.Zip(hierarchies, (column, hierarchy) => hierarchy.Bind(column))];
        lattice = new Lattice(columns);
        cells = new CohortCells(table, columns);
        states = new State[lattice.Nodes];
        maxSuppressed = rule.MaxSuppressed(table.Rows);
    }

    /// <summary>
    /// The optimum, or null when no node meets the rule. Throws <see cref="CohortException"/> for a rule, hierarchy or table that gives no answer.
    /// </summary>
    /// <param name="table">one row for each person</param>
    /// <param name="hierarchies">one for each quasi-identifier, in the table's order</param>
    /// <param name="rule">what every class of the release must meet</param>
    /// <param name="cancel">ends a long search</param>
    public static CohortRelease? Search(CohortTable table, IReadOnlyList<Hierarchy> hierarchies, GateRule rule, CancellationToken cancel = default) =>
        new ReleaseGate(table, hierarchies, rule).Search(cancel);

    private CohortRelease? Search(CancellationToken cancel)
    {
        if (table.Rows == 0)
            return null;
        foreach (var node in lattice.ByLoss())
        {
            cancel.ThrowIfCancellationRequested();
            if (states[node] == State.Unknown)
                Probe(node);
            if (states[node] == State.MeetsMonotone && Try(node) is { } release)
                return release;
        }
        return null;
    }

    /// <summary>Halves a path from a node to the top, and notes what follows for all others.</summary>
    private void Probe(int node)
    {
        var path = Path(node);
        var (low, high) = (0, path.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (MeetsMonotone(path[middle]))
            {
                NoteAbove(path[middle]);
                high = middle;
            }
            else
            {
                NoteBelow(path[middle]);
                low = middle + 1;
            }
        }
    }

    /// <summary>Upwards over nodes of which nothing is known, by the least loss each time.</summary>
    private List<int> Path(int node)
    {
        var path = new List<int> { node };
        while (true)
        {
            var next = -1;
            for (var column = 0; column < lattice.Columns; column++)
                if (lattice.Up(path[^1], column) is var up and >= 0 && states[up] == State.Unknown && (next < 0 || lattice.Loss(up) < lattice.Loss(next)))
                    next = up;
            if (next < 0)
                return path;
            path.Add(next);
        }
    }

    private bool MeetsMonotone(int node)
    {
        var classes = EquivalenceClasses.Of(cells, lattice.Levels(node));
        long suppressed = 0;
        for (var at = 0; at < classes.Count; at++)
            if (!(maxSuppressed == 0 ? classes.Meets(rule, at) : classes.MeetsMonotone(rule, at)))
                suppressed += classes.Size(at);
        return suppressed <= maxSuppressed && suppressed < table.Rows;
    }

    private void NoteBelow(int node) => Note(node, State.Fails, lattice.Down);

    private void NoteAbove(int node) => Note(node, State.MeetsMonotone, lattice.Up);

    private void Note(int node, State state, Func<int, int, int> neighbour)
    {
        if (states[node] != State.Unknown)
            return;
        states[node] = state;
        var open = new Stack<int>([node]);
        while (open.TryPop(out var at))
            for (var column = 0; column < lattice.Columns; column++)
                if (neighbour(at, column) is var next and >= 0 && states[next] == State.Unknown)
                {
                    states[next] = state;
                    open.Push(next);
                }
    }

    /// <summary>
    /// The release at a node, if it meets all of the rule: each class against the whole table, as t-closeness is defined, and once more against what is left of it, which is
    /// all that a reader sees.
    /// </summary>
    private CohortRelease? Try(int node)
    {
        var levels = lattice.Levels(node);
        var classes = EquivalenceClasses.Of(cells, levels);
        var kept = new bool[table.Rows];
        var suppressed = 0;
        for (var row = 0; row < kept.Length; row++)
            if (!(kept[row] = classes.Meets(rule, classes.ClassOf(cells.CellOf[row]))))
                suppressed++;
        if (suppressed > maxSuppressed || suppressed == table.Rows)
            return null;
        var left = EquivalenceClasses.Of(suppressed == 0 ? cells : new CohortCells(table, columns, kept), levels);
        var meets = Enumerable.Range(0, left.Count).All(at => left.Meets(rule, at));
        return meets ? new CohortRelease(table, columns, levels, kept, suppressed, left.Measures(), lattice.Loss(node), lattice.Nodes) : null;
    }
}
