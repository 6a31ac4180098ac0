using Salus.Client.Records;
using Salus.Client.Transport;
using Salus.Client.Uploads;
using Salus.Protocol;

namespace Salus.Client.Audit;

/// <summary>
/// One audit of many fragments: all stores at once, the fragments of a store one after another. A fragment that its own store does not give is asked for at the others, where a repair may
/// have moved it, before it counts as missing.
/// </summary>
internal sealed class Auditing(IReadOnlyList<StoreApi> stores, AuditSettings settings)
{
    private readonly FragmentPlaces _places = new(stores);
    private readonly Dictionary<VerifyingKey, StoreAuditor> _auditors = stores.ToDictionary(store => store.Key,
        store => new StoreAuditor(store, new StoreTally(store.Name, settings), settings));
    private readonly List<AuditFinding> _findings = [];
    private readonly Dictionary<string, StoreTally> _gone = [];
    private readonly Lock _noting = new();
    private long _asked, _answered;

    public async Task<AuditReport> RunAsync(IReadOnlyList<AuditTarget> targets, AuditSeed seed, IReadOnlyList<string> skipped, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var leaves = targets.Sum(target => target.Leaves);
        // A sample as large as all there is is better spent on each leaf once.
        var isWhole = settings.Sample is not { } sample || sample >= leaves;
        var challenges = isWhole ? TargetChallenge.All(targets) : TargetChallenge.Draw(targets, seed, settings.Sample!.Value);
        var (done, total) = (0L, challenges.Sum(challenge => challenge.Draws));
        await Task.WhenAll(challenges.GroupBy(challenge => challenge.Target.Store).Select(async group =>
        {
            foreach (var challenge in group)
            {
                await AuditAsync(challenge, cancel);
                progress?.Report(new TransferProgress("auditing", null, Interlocked.Add(ref done, challenge.Draws), total));
            }
        }));
        return new AuditReport(settings.Clock.GetUtcNow(), seed, isWhole, targets.Count, leaves, _asked, _answered,
            isWhole ? _answered == _asked ? 1 : AuditReport.ProbabilityOf(_answered) : AuditReport.ProbabilityOf(_answered),
            [.. _auditors.Values.Select(auditor => auditor.Tally).Concat(_gone.Values).Select(tally => tally.Health()).OrderBy(health => health.Store, StringComparer.Ordinal)],
            [.. _findings.Take(AuditReport.MaxFindings)], skipped);
    }

    private async Task AuditAsync(TargetChallenge challenge, CancellationToken cancel)
    {
        var (target, own) = (challenge.Target, _auditors.GetValueOrDefault(challenge.Target.Store));
        // Draws count for the probability; each leaf was asked for once.
        var distinct = challenge.Leaves.TryGetNonEnumeratedCount(out var count) ? count : challenge.Draws;
        var outcome = own is null ? new FragmentOutcome(FindingKind.Unreachable, 0, 0, "not in this installation any more") : await own.AskAsync(target, target.Address, challenge.Leaves, cancel);
        if (outcome.Fault is FindingKind.Missing or FindingKind.Unreachable or FindingKind.Late
            && await ElsewhereAsync(challenge, distinct, cancel))
            return;
        var tally = own?.Tally ?? TallyOf(target.Store);
        tally.Count(outcome.Fault, challenge.Draws, Scaled(outcome.Held), isMoved: false);
        Count(Scaled(outcome.Answered));
        if (outcome.Fault is { } fault)
            Note(new AuditFinding(tally.Name, fault, target.Name, (target as OwnTarget)?.Record.ToString(), (target as OwnTarget)?.Index, outcome.Detail));

        long Scaled(long leaves) => leaves == distinct ? challenge.Draws : leaves;

        void Count(long answered)
        {
            Interlocked.Add(ref _asked, challenge.Draws);
            Interlocked.Add(ref _answered, answered);
        }
    }

    /// <summary>Whether a store has the fragment where a repair puts it, and proves it.</summary>
    private async Task<bool> ElsewhereAsync(TargetChallenge challenge, long distinct, CancellationToken cancel)
    {
        var target = challenge.Target;
        foreach (var place in await _places.FindMovedAsync(target.Address, target.FileBytes, cancel))
        {
            var outcome = await _auditors[place.Store.Key].AskAsync(target, place.Address, challenge.Leaves, cancel);
            if (outcome.Fault is not null || outcome.Held != distinct)
                continue;
            _auditors[place.Store.Key].Tally.Count(null, challenge.Draws, challenge.Draws, isMoved: !place.Store.Key.Equals(target.Store));
            Interlocked.Add(ref _asked, challenge.Draws);
            Interlocked.Add(ref _answered, challenge.Draws);
            return true;
        }
        return false;
    }

    private StoreTally TallyOf(VerifyingKey gone)
    {
        lock (_noting)
        {
            var name = $"store {gone.ToString()[..8]}";
            return _gone.TryGetValue(name, out var known) ? known : _gone[name] = new StoreTally(name, settings);
        }
    }

    private void Note(AuditFinding finding)
    {
        lock (_noting)
            _findings.Add(finding);
    }
}
