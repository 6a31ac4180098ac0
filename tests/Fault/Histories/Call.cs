namespace Salus.Fault.Tests.Histories;

internal enum Act
{
    Grant,
    Revoke,
    Open,
}

internal enum Result
{
    Done,
    Refused,

    /// <summary>Nobody can tell: a server did not answer, or asked to come later.</summary>
    Unknown,
}

/// <summary>When a trustee's receipt for a revocation was there.</summary>
internal readonly record struct Receipt(string Trustee, long At);

/// <summary>What one client did to what one owner lets one reader read, as that client saw it. Grants and revocations of one pair follow one another; opens come at any time.</summary>
/// <param name="Pair">Owner and reader.</param>
/// <param name="Began">Before anything was sent; times are of one clock that never goes back.</param>
/// <param name="Ended">After the last answer.</param>
/// <param name="Receipts">Of a revocation.</param>
internal sealed record Call(Act Act, string Pair, long Began, long Ended, Result Result, params IReadOnlyList<Receipt> Receipts);
