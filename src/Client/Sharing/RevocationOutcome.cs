using Salus.Protocol;

namespace Salus.Client.Sharing;

/// <summary>What came of a revocation.</summary>
/// <param name="Receipts">Trustees that have signed that the keys are gone; two are enough to make the grant useless.</param>
/// <param name="Pending">Trustees that did not answer; they are told at the next command.</param>
/// <param name="Rekeyed">Grants of others on the same partitions that were carried over to the new epoch.</param>
/// <param name="IsDeposit">Whether it was a permission to add records: no trustee has to do with it.</param>
public sealed record RevocationOutcome(GrantId Grant, int Receipts, IReadOnlyList<string> Pending, IReadOnlyList<string> Moved, int Rekeyed, bool IsDeposit);
