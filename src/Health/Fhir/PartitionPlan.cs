using System.Numerics;

namespace Salus.Health.Fhir;

/// <summary>
/// Gives each unit to its slices.
/// 1. A type with a partition goes there.
/// 2. A follower goes where its targets are. Provenance: target; List: items; Task: focus, else what it is based on; Binary: where it is referred to,
/// else its    security context. A target that is not in the file counts by the type in its literal. Targets in several partitions, or none: medical.
/// 3. A directory entry is copied into every slice that refers to it, directly or through another directory entry, and into no other: a slice of
/// prescriptions    must not tell that there is an oncologist. One that nobody refers to is medical.
/// </summary>
internal sealed class PartitionPlan
{
    private const int MaxPartitions = 32, MaxRounds = 8;

    private readonly FhirReader file;
    private readonly PartitionTable table;
    private readonly List<string> partitions = [];

    private PartitionPlan(FhirReader file, PartitionTable table)
    {
        this.file = file;
        this.table = table;
    }

    /// <summary>
    /// Sets <see cref="Unit.Slices"/> of every unit; returns the partitions that have a slice, sorted, bit i for the i-th. At least one.
    /// </summary>
    public static IReadOnlyList<string> Make(FhirReader file, FhirImportOptions options)
    {
        var plan = new PartitionPlan(file, options.Partitions);
        if (options.WholePartition is { } whole)
        {
            PartitionTable.RequireName(whole);
            plan.BitOf(whole);
            foreach (var unit in file.Units)
                unit.Slices = 1;
            return plan.partitions;
        }
        plan.PlaceTypes();
        plan.PlaceFollowers();
        plan.PlaceDirectory();
        return plan.Sort();
    }

    private uint BitOf(string partition)
    {
        var i = partitions.IndexOf(partition);
        if (i < 0)
        {
            if (partitions.Count == MaxPartitions)
                throw new ArgumentException($"One import goes into at most {MaxPartitions} partitions.");
            i = partitions.Count;
            partitions.Add(partition);
        }
        return 1u << i;
    }

    private void PlaceTypes()
    {
        foreach (var unit in file.Units)
            if (!PartitionTable.IsDirectory(unit.Type) && !PartitionTable.IsFollower(unit.Type))
                unit.Slices = BitOf(table.PartitionOf(unit.Type));
    }

    private void PlaceFollowers()
    {
        var followers = file.Units.Where(u => PartitionTable.IsFollower(u.Type)).ToList();
        if (followers.Count == 0)
            return;
        var referrers = ReferrersOfBinaries();
        // A follower of a follower is placed a round later; a circle of followers never, and ends up medical.
        for (var round = 0; round < MaxRounds && followers.Count > 0; round++)
        {
            var waiting = new List<Unit>();
            foreach (var unit in followers)
            {
                var slices = unit.Type == "Binary" && referrers.TryGetValue(unit, out var from) ? from : About(unit);
                if (slices == 0)
                    waiting.Add(unit);
                else
                    Place(unit, slices);
            }
            if (waiting.Count == followers.Count)
                break;
            followers = waiting;
        }
        foreach (var unit in followers)
            unit.Slices = BitOf(PartitionTable.Medical);
    }

    private void Place(Unit unit, uint slices)
    {
        unit.IsMixed = !BitOperations.IsPow2(slices);
        unit.Slices = unit.IsMixed ? BitOf(PartitionTable.Medical) : slices;
    }

    private Dictionary<Unit, uint> ReferrersOfBinaries()
    {
        var found = new Dictionary<Unit, uint>();
        foreach (var unit in file.Units.Where(u => u.Slices != 0))
            foreach (var reference in ReferencesOf(unit))
                if (file.Targets.OwnerOf(reference.Target) is >= 0 and var owner && file.Units[owner] is { Type: "Binary" } binary)
                    found[binary] = found.GetValueOrDefault(binary) | unit.Slices;
        return found;
    }

    private uint About(Unit unit)
    {
        var slices = About(unit, ReferenceTraits.About);
        return slices != 0 ? slices : About(unit, ReferenceTraits.Because);
    }

    private uint About(Unit unit, ReferenceTraits trait)
    {
        var slices = 0u;
        foreach (var reference in ReferencesOf(unit))
        {
            if (!reference.Traits.HasFlag(trait))
                continue;
            var owner = file.Targets.OwnerOf(reference.Target);
            if (owner >= 0)
                slices |= file.Units[owner].Slices;
            else if (file.Targets.TypeOf(reference.Target) is { } type && !PartitionTable.IsDirectory(type) && !PartitionTable.IsFollower(type))
                slices |= BitOf(table.PartitionOf(type));
        }
        return slices;
    }

    private void PlaceDirectory()
    {
        var next = new Queue<(Unit Entry, uint Slices)>();
        foreach (var unit in file.Units)
            if (!PartitionTable.IsDirectory(unit.Type))
                Follow(unit, unit.Slices);
        while (next.TryDequeue(out var step))
            Follow(step.Entry, step.Slices);
        foreach (var unit in file.Units)
            if (unit.Slices == 0)
                unit.Slices = BitOf(PartitionTable.Medical);

        void Follow(Unit from, uint slices)
        {
            foreach (var reference in ReferencesOf(from))
            {
                // What spans partitions lists everything: it must not draw every doctor into its own.
                if (from.IsMixed && reference.Traits.HasFlag(ReferenceTraits.About))
                    continue;
                var owner = file.Targets.OwnerOf(reference.Target);
                if (owner < 0 || !PartitionTable.IsDirectory(file.Units[owner].Type) || (slices & ~file.Units[owner].Slices) == 0)
                    continue;
                file.Units[owner].Slices |= slices;
                next.Enqueue((file.Units[owner], slices));
            }
        }
    }

    private IEnumerable<FoundReference> ReferencesOf(Unit unit)
    {
        for (var i = 0; i < unit.ReferenceCount; i++)
            yield return file.References[unit.FirstReference + i];
    }

    /// <summary>Drops partitions that a literal named and no unit is in, and numbers the rest by name.</summary>
    private List<string> Sort()
    {
        var used = file.Units.Aggregate(0u, (all, unit) => all | unit.Slices);
        if (used == 0)
            return [PartitionTable.Medical];
        var sorted = partitions.Where((_, i) => (used & (1u << i)) != 0).Order(StringComparer.Ordinal).ToList();
        foreach (var unit in file.Units)
        {
            var slices = 0u;
            for (var rest = unit.Slices; rest != 0; rest &= rest - 1)
                slices |= 1u << sorted.IndexOf(partitions[BitOperations.TrailingZeroCount(rest)]);
            unit.Slices = slices;
        }
        return sorted;
    }
}
