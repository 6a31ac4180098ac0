using Salus.Protocol;

namespace Salus.Client.Deposits;

/// <summary>A deposit grant, verified, and when its owner ended it, if that has happened.</summary>
/// <param name="Ended">The time of the revocation: what the depositor signed for that instant or a later one counts no more.</param>
internal sealed record Deposit(DepositGrant Grant, DateTimeOffset? Ended)
{
    public DepositTerms Terms => Grant.Terms;

    /// <summary>Whether the owner lets that source write there at that time (docs/spec/grant.md).</summary>
    public bool Allows(VerifyingKey source, PartitionId partition, DateTimeOffset at) =>
        Terms.Depositor.Equals(source) && Grant.Covers(partition, at) && (Ended is not { } end || at < end);

    public bool IsLive(DateTimeOffset now) => Ended is null && Terms.From <= now && now < Terms.Until;

    public string State(DateTimeOffset now) => Ended is not null ? "revoked" : now < Terms.From ? "not yet" : now >= Terms.Until ? "expired" : "active";
}
