using Salus.Protocol;

namespace Salus.Client.Sharing;

/// <summary>One of the owner's own grants, in words.</summary>
/// <param name="State">"active", "not yet", "expired" or "revoked".</param>
public sealed record GrantSummary(GrantId Id, string To, GrantRole Role, Purpose Purpose, IReadOnlyList<string> Partitions, DateTimeOffset From, DateTimeOffset Until,
    string State, int Receipts);
