using Salus.Client.Accounts;
using Salus.Client.Statistics;
using Salus.Client.Transport;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies;

/// <summary>
/// The second half of a contribution, sent as nobody: tokens are spent, head and copy go to the cloud, then the row to the trustees. What is done is noted in the plan, and not
/// done again.
/// </summary>
internal sealed class ContributionDelivery(Account account, ContributionPlans plans, StudyTokens tokens)
{
    /// <summary>Trustees that have not taken the row, and why.</summary>
    public ICollection<string> Complaints { get; } = [];

    /// <returns>The head, and the trustees that have not taken the row yet.</returns>
    public async Task<(ContributionHeader Header, IReadOnlyList<string> Waiting)> SendAsync(KnownStudy study, ContributionPlan plan, CancellationToken cancel)
    {
        if (!ContributionHeader.TryVerify(plan.Header, out var header) || header.Id.ToString() != plan.Contribution || header.Study != study.Id
            || (!plan.IsUploaded && !header.Fits(plan.Copy ?? [])))
            throw Damaged();
        using var anonymous = account.OpenAnonymous();
        if (plan.Receipts is null)
        {
            plan = plan with { Receipts = await tokens.SpendAsync(plan.Tokens ?? [], header, anonymous, cancel) };
            await plans.SaveAsync(plan);
        }
        if (!plan.IsUploaded)
        {
            await anonymous.PutAsync(new ContributionUpload(header, plan.Receipts, plan.Copy ?? []), cancel);
            plan = plan with { IsUploaded = true, Copy = null };
            await plans.SaveAsync(plan);
        }
        return (header, header.Row.Length == 0 ? [] : await SendRowAsync(study, header, plan, anonymous, cancel));
    }

    /// <summary>The row of shares counts when all three trustees have it; one that is away, or refuses, keeps it from the others no longer than until it takes it.</summary>
    private async Task<IReadOnlyList<string>> SendRowAsync(KnownStudy study, ContributionHeader header, ContributionPlan plan, AnonymousApi anonymous, CancellationToken cancel)
    {
        if (!ContributionRow.TryRead(study.Study, plan.Row, out var read) || !read.Commitment.AsSpan().SequenceEqual(header.Row))
            throw Damaged();
        using var row = read;
        var waiting = new List<string>();
        foreach (var trustee in study.Terms.Trustees.Select(key => account.Trustees.First(known => known.Key.Equals(key))))
        {
            if (plan.RowsAt?.Contains(trustee.Key.ToString()) == true)
                continue;
            try
            {
                await anonymous.SendRowAsync(trustee, row.SealFor(trustee.Key, trustee.Box, header, plan.Receipts!), cancel);
                plan = plan with { RowsAt = [.. plan.RowsAt ?? [], trustee.Key.ToString()] };
                await plans.SaveAsync(plan);
            }
            catch (Exception failure) when (failure is UnreachableException || (failure is RefusedException refused && refused.Code != Problems.Withdrawn))
            {
                waiting.Add(trustee.Name);
                Complaints.Add($"{trustee.Name} has not taken the row for statistics, which waits (`salus resume`, or joining again, sends it): {failure.Message}");
            }
        }
        return waiting;
    }

    private static AlarmException Damaged() => new(AlarmKind.Integrity, "The plan of the contribution is damaged. It was not sent.");
}
