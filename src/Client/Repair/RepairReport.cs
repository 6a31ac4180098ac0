namespace Salus.Client.Repair;

/// <summary>A fragment that was rebuilt and is durable where it belongs.</summary>
/// <param name="What">"fragment 3 of …".</param>
/// <param name="Fault">What was wrong: "missing", "rotten" or "unreadable".</param>
/// <param name="Store">Where it is now.</param>
/// <param name="IsMoved">Whether that is another store than the one that placement names.</param>
public sealed record RepairedFragment(string What, string Fault, string Store, bool IsMoved);

/// <summary>What came of a repair.</summary>
/// <param name="Records">Looked at.</param>
/// <param name="Fragments">Looked at, each byte of them.</param>
/// <param name="Waiting">What is not whole and could not be made so now, and what to do.</param>
/// <param name="Lost">Records of which fewer good fragments are left than it takes.</param>
/// <param name="Skipped">What was not looked at, and why.</param>
public sealed record RepairReport(int Records, int Fragments, IReadOnlyList<RepairedFragment> Repaired, IReadOnlyList<string> Waiting, IReadOnlyList<string> Lost, IReadOnlyList<string> Skipped)
{
    /// <summary>Nothing is missing any more.</summary>
    public bool IsWhole => Waiting.Count == 0 && Lost.Count == 0;
}
