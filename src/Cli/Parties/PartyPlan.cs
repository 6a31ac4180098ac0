namespace Salus.Cli.Parties;

internal enum PartyKind
{
    Cloud,
    Trustee,
    Store,
}

/// <summary>One of the servers that `up` starts: its name, which is also that of its folder, log and configuration, and its place among the ports.</summary>
/// <param name="Offset">Added to the base port.</param>
/// <param name="Role">Its PostgreSQL role and schema; null for a store, which has no database.</param>
internal sealed record PartyPlan(string Name, PartyKind Kind, int Offset, string? Role)
{
    public const int DefaultPort = 7100;

    /// <summary>PostgreSQL's port, after those of the servers.</summary>
    public const int PostgresOffset = 8;

    public const int Ports = PostgresOffset + 1;

    public static readonly PartyPlan Cloud = new("cloud", PartyKind.Cloud, 0, "cloud");

    public static readonly IReadOnlyList<PartyPlan> Trustees =
        [.. Enumerable.Range(1, 3).Select(i => new PartyPlan($"trustee-{i}", PartyKind.Trustee, i, $"trustee{i}"))];

    public static readonly IReadOnlyList<PartyPlan> Stores =
        [.. Enumerable.Range(1, 4).Select(i => new PartyPlan($"store-{i}", PartyKind.Store, 3 + i, null))];

    public static readonly IReadOnlyList<PartyPlan> All = [Cloud, .. Trustees, .. Stores];

    /// <summary>The executable: "Salus.Store".</summary>
    public string Program => "Salus." + Kind;

    public Uri Url(int basePort, bool tls) => new($"{(tls ? "https" : "http")}://localhost:{basePort + Offset}");
}
