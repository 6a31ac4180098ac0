using Salus.Client.Accounts;
using Salus.Protocol;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies.Custody;

/// <summary>The withdrawals of a study as its trustees keep them, so that no cloud can hide one. Two trustees must answer: whoever withdraws tells all three.</summary>
internal sealed class TrusteeWithdrawals(Account account, Study study)
{
    private const int Needed = 2;

    /// <summary>Trustees that did not answer, or not with withdrawals of this study.</summary>
    public ICollection<string> Complaints { get; } = [];

    public async Task<IReadOnlySet<ContributionId>> ReadAsync(CancellationToken cancel)
    {
        var gone = new HashSet<ContributionId>();
        var answered = 0;
        using var anonymous = account.OpenAnonymous();
        foreach (var trustee in account.Trustees.Where(trustee => study.Terms.Trustees.Contains(trustee.Key)))
            try
            {
                gone.UnionWith(await anonymous.WithdrawalsAsync(trustee, study.Id, cancel));
                answered++;
            }
            catch (Exception failure) when (failure is UnreachableException or RefusedException or AlarmException)
            {
                Complaints.Add($"{trustee.Name} does not say who has withdrawn: {failure.Message}");
            }
        return answered >= Needed ? gone : throw new CannotException(
            $"Two trustees must say who has withdrawn, so that the cloud cannot hide it. Nothing was weighed or released. {string.Join(' ', Complaints)}");
    }
}
