namespace Salus.Client.Repair;

/// <summary>A fragment that was rebuilt and is durable where it belongs.</summary>
/// <param name="What">"fragment 3 of …".</param>
/// <param name="Fault">What was wrong: "missing", "rotten" or "unreadable".</param>
/// <param name="Store">Where it is now.</param>
/// <param name="IsMoved">Whether that is another store than the one that placement names.</param>
public sealed record RepairedFragment(string What, string Fault, string Store, bool IsMoved);

/// <summary>A record that cannot be restored any more.</summary>
/// <param name="Record">Its identifier, or what a plan calls it.</param>
/// <param name="Name">What its owner calls it; by a plan as above.</param>
public sealed record LostRecord(string Record, string Name, string Why)
{
    /// <summary>What the owner is to be alarmed of.</summary>
    public AlarmException Alarm => new(AlarmKind.Integrity, $"LOST: {Record}: {Why}");
}

/// <summary>What came of a repair.</summary>
/// <param name="Records">Looked at.</param>
/// <param name="Fragments">Looked at, each byte of them.</param>
/// <param name="Waiting">What is not whole and could not be made so now, and what to do.</param>
/// <param name="Lost">Records of which fewer good fragments are left than it takes.</param>
/// <param name="Skipped">What was not looked at, and why.</param>
public sealed record RepairReport(int Records, int Fragments, IReadOnlyList<RepairedFragment> Repaired, IReadOnlyList<string> Waiting, IReadOnlyList<LostRecord> Lost, IReadOnlyList<string> Skipped)
{
    /// <summary>What is to be made by the plan that was asked for.</summary>
    public IReadOnlyList<string> Planned { get; init; } = [];

    /// <summary>Stores that did not answer, by name.</summary>
    public IReadOnlyList<string> Silent { get; init; } = [];

    /// <summary>Nothing is missing any more.</summary>
    public bool IsWhole => Waiting.Count == 0 && Lost.Count == 0 && Planned.Count == 0;
}
