using System.Diagnostics.CodeAnalysis;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Studies;

/// <summary>
/// The body of a withdrawal: the signed <see cref="ContributionWithdrawal"/>, alone or followed by the contribution's head and its two receipts (variable each). With them
/// a server that does not have the contribution yet keeps it out; without them it would have to believe anybody.
/// </summary>
public sealed record WithdrawalRequest(ContributionWithdrawal Withdrawal, ContributionUpload? Contribution)
{
    public byte[] ToBytes() => [.. Withdrawal.Signed, .. Contribution is null ? [] : (Contribution with { SealedCopy = [] }).ToBytes()];

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out WithdrawalRequest? request)
    {
        request = null;
        if (bytes.Length < ContributionWithdrawal.Size || !ContributionWithdrawal.TryVerify(bytes[..ContributionWithdrawal.Size], out var withdrawal))
            return false;
        var rest = bytes[ContributionWithdrawal.Size..];
        ContributionUpload? contribution = null;
        if (!rest.IsEmpty && (!ContributionUpload.TryReadStart(rest, out contribution, out var start) || start != rest.Length || contribution.Header.Id != withdrawal.Id))
            return false;
        request = new WithdrawalRequest(withdrawal, contribution);
        return true;
    }

    /// <summary>Whether it comes with receipts of two of the study's trustees.</summary>
    public bool IsPaidFor(Study study) => Contribution is not null && ContributionReceipt.Suffice(study, Contribution.Header, Contribution.Receipts);
}
