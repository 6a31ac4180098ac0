using Salus.Client.Log;
using Salus.Protocol;

namespace Salus.Client.Deposits;

/// <summary>A deposit grant, verified, and when its owner ended it, if that has happened.</summary>
/// <param name="Ended">The time of the revocation: what the depositor signed for a later time counts no more.</param>
internal sealed record Deposit(DepositGrant Grant, DateTimeOffset? Ended)
{
    public DepositTerms Terms => Grant.Terms;

    /// <summary>
    /// Whether the owner lets that source write there at that time (docs/spec/grant.md), by clocks that differ as much as servers let them: what the cloud took by its own clock is
    /// not refused by the source's.
    /// </summary>
    public bool Allows(VerifyingKey source, PartitionId partition, DateTimeOffset at)
    {
        var end = Ended is { } ended && ended < Terms.Until ? ended : Terms.Until;
        return Terms.Depositor.Equals(source) && Terms.Partitions.Contains(partition) && Terms.From - Limits.ClockTolerance <= at && at - Limits.ClockTolerance < end;
    }

    /// <summary>Whether its time is over by every clock that agrees with the trustees': no server takes anything by it any more.</summary>
    public bool IsOver(DateTimeOffset now) => now - Terms.Until > LogView.MaxAge + Limits.ClockTolerance;

    public bool IsLive(DateTimeOffset now) => Ended is null && Terms.From <= now && now < Terms.Until;

    public string State(DateTimeOffset now) => Ended is not null ? "revoked" : now < Terms.From ? "not yet" : now >= Terms.Until ? "expired" : "active";
}
