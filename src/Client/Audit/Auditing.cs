using System.Collections.Concurrent;
using Salus.Client.Records;
using Salus.Client.Transport;
using Salus.Client.Uploads;
using Salus.Protocol;

namespace Salus.Client.Audit;

/// <summary>
/// One audit of many fragments: all stores at once, the fragments of a store one after another, and in the end once more what was not answered. A fragment that its own store does not give
/// is asked for at the others, where a repair may have moved it, before it counts as missing.
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
        var owed = new ConcurrentQueue<TargetChallenge>();

        // 1. All of them.
        await EachStoreAsync(challenges, async (own, challenge) =>
        {
            var outcome = await AskAsync(own, challenge, cancel);
            if (outcome is { IsOwed: true } && own is not null)
            {
                owed.Enqueue(challenge);
                return;
            }
            Count(own, challenge, outcome);
            Report(challenge);
        });

        // 2. What stores owe, once more, and first what they were not asked for any more. Who owes the same again while it proves others before and after has chosen what to answer, and who
        // says again what is no answer has not what it signed for.
        foreach (var auditor in _auditors.Values)
            auditor.AskAgain();
        await EachStoreAsync([.. owed.Reverse()], async (own, challenge) =>
        {
            var outcome = await AskAsync(own, challenge, cancel);
            if (outcome is { IsOwed: true } && await own!.ProvesOthersAsync(cancel))
            {
                outcome = await AskAsync(own, challenge, cancel);
                if (outcome is { IsOwed: true } && await own.ProvesOthersAsync(cancel))
                    outcome = outcome with { Fault = FindingKind.Selective, Detail = $"asked again and again, while it answers for others: {outcome.Detail}" };
            }
            if (outcome is { IsGarbage: true, IsOwed: true })
                outcome = outcome with { Fault = FindingKind.Damaged, Answered = challenge.Distinct, Held = 0 };
            Count(own, challenge, outcome);
            Report(challenge);
        });

        Func<long, long, double> probability = isWhole ? AuditReport.ProbabilityOfAll : AuditReport.ProbabilityOf;
        return new AuditReport(settings.Clock.GetUtcNow(), seed, isWhole, targets.Count, leaves, _asked, _answered, probability(_asked, _asked - _answered),
            [.. _auditors.Values.Select(auditor => auditor.Tally).Concat(_gone.Values).Select(tally => tally.Health(probability)).OrderBy(health => health.Store, StringComparer.Ordinal)],
            [.. _findings.OrderBy(finding => finding.Kind == FindingKind.Replaced).Take(AuditReport.MaxFindings)], skipped);

        void Report(TargetChallenge challenge) => progress?.Report(new TransferProgress("auditing", null, Interlocked.Add(ref done, challenge.Draws), total));
    }

    /// <summary>All stores at once, what is asked of each one after another.</summary>
    private Task EachStoreAsync(IReadOnlyList<TargetChallenge> challenges, Func<StoreAuditor?, TargetChallenge, Task> ask) =>
        Task.WhenAll(challenges.GroupBy(challenge => challenge.Target.Store).Select(async group =>
        {
            var own = _auditors.GetValueOrDefault(group.Key);
            foreach (var challenge in group)
                await ask(own, challenge);
        }));

    /// <summary>How its own store has answered; null when another one proves it all.</summary>
    private async Task<FragmentOutcome?> AskAsync(StoreAuditor? own, TargetChallenge challenge, CancellationToken cancel)
    {
        var target = challenge.Target;
        var outcome = own is null ? new FragmentOutcome(FindingKind.Unreachable, 0, 0, "not in this installation any more") : await own.AskAsync(target, target.Address, challenge.Leaves, cancel);
        var isLeft = outcome.Fault is FindingKind.Damaged or FindingKind.Exchanged;
        if (!(outcome.IsOwed || isLeft || outcome.Fault == FindingKind.Missing) || !await IsElsewhereAsync(challenge, cancel))
            return outcome;
        // Nobody but the author of a shared body can delete what is rotten of it.
        if (isLeft)
            Note(FindingOf(own!.Tally, target, FindingKind.Replaced, $"it is proven at another place, and what is left of it here is not it: {outcome.Detail}"));
        return null;
    }

    private void Count(StoreAuditor? own, TargetChallenge challenge, FragmentOutcome? outcome)
    {
        Interlocked.Add(ref _asked, challenge.Draws);
        Interlocked.Add(ref _answered, outcome is null ? challenge.Draws : Scaled(outcome.Answered));
        if (outcome is null)
            return;
        var (target, tally) = (challenge.Target, own?.Tally ?? TallyOf(challenge.Target.Store));
        tally.Count(outcome.Fault, challenge.Draws, Scaled(outcome.Answered), Scaled(outcome.Held), isMoved: false);
        if (outcome.Fault is { } fault)
            Note(FindingOf(tally, target, fault, outcome.Detail));

        // Draws count for the probability; each leaf was asked for once.
        long Scaled(long leaves) => leaves == challenge.Distinct ? challenge.Draws : leaves;
    }

    /// <summary>Whether a store has the fragment where a repair puts it, and proves it.</summary>
    private async Task<bool> IsElsewhereAsync(TargetChallenge challenge, CancellationToken cancel)
    {
        var target = challenge.Target;
        foreach (var place in await _places.FindMovedAsync(target.Address, target.FileBytes, cancel))
        {
            var outcome = await _auditors[place.Store.Key].AskAsync(target, place.Address, challenge.Leaves, cancel);
            if (outcome.Fault is not null || outcome.Held != challenge.Distinct)
                continue;
            _auditors[place.Store.Key].Tally.Count(null, challenge.Draws, challenge.Draws, challenge.Draws, isMoved: !place.Store.Key.Equals(target.Store));
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

    private static AuditFinding FindingOf(StoreTally tally, AuditTarget target, FindingKind kind, string detail) =>
        new(tally.Name, kind, target.Name, (target as OwnTarget)?.Record.ToString(), (target as OwnTarget)?.Index, detail);

    private void Note(AuditFinding finding)
    {
        lock (_noting)
            _findings.Add(finding);
    }
}
