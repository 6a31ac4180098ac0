using Salus.Client.Accounts;
using Salus.Client.Audit;
using Salus.Client.Records;
using Salus.Client.Sealing;
using Salus.Client.Transport;
using Salus.Client.Uploads;
using Salus.Crypto.Dispersal;
using Salus.Protocol;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Repair;

/// <summary>What is to be repaired.</summary>
/// <param name="Gone">Names of stores that will not come back: what was there goes to others. A store that only does not answer is waited for.</param>
/// <param name="Only">These records; null for all.</param>
public sealed record RepairOptions(IReadOnlyCollection<string> Gone, IReadOnlyCollection<RecordId>? Only = null);

/// <summary>
/// Finds what the stores have lost of the account's own records, and has it rebuilt from what is left: the owner's keys go into finding and into the plan (order, headers, labels,
/// addresses), the rebuilding itself needs none (<see cref="PlanRunner"/>).
/// </summary>
public sealed class Repairing(Account account)
{
    private const string Folder = "repair";

    /// <summary>Looks at every byte of every fragment, and rebuilds what is missing or rotten. Record by record, so that a kill costs one of them at most.</summary>
    public async Task<RepairReport> RunAsync(RepairOptions options, Func<SequenceKey>? sequenceKey, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        using var held = OutboxLock.Take(account.Profile.Outbox);
        return await EachAsync(options, sequenceKey, async (plan, silent) =>
        {
            using var runner = new PlanRunner(account.CloudKey, account.Stores, silent, Path.Combine(account.Profile.Folder, Folder), account.Clock);
            return await runner.RunAsync([plan], progress, cancel);
        }, progress, cancel);
    }

    /// <summary>Looks as <see cref="RunAsync"/> does, and leaves the rebuilding to whoever gets the plan.</summary>
    public async Task<(RepairPlan Plan, RepairReport Report)> PlanAsync(RepairOptions options, Func<SequenceKey>? sequenceKey, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var records = new List<RecordPlan>();
        var report = await EachAsync(options, sequenceKey, (plan, _) =>
        {
            records.Add(plan);
            return Task.FromResult(new RepairReport(1, plan.Lost.Count, [], [], [], []) { Planned = [$"{plan.Name}: {plan.Lost.Count} fragments are in the plan."] });
        }, progress, cancel);
        return (RepairPlan.Of(account.Content.Parties, records), report);
    }

    private async Task<RepairReport> EachAsync(RepairOptions options, Func<SequenceKey>? sequenceKey, Func<RecordPlan, IReadOnlyCollection<StoreApi>, Task<RepairReport>> carryOut,
        IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        foreach (var name in options.Gone)
            if (account.Stores.All(store => store.Name != name))
                throw new CannotException($"There is no store {name}. They are: {string.Join(", ", account.Stores.Select(store => store.Name))}. Nothing was changed.");
        var (repaired, planned, waiting, lost, fragments) = (new List<RepairedFragment>(), new List<string>(), new List<string>(), new List<LostRecord>(), 0);
        var own = new OwnFragments(account);
        var checkup = new Checkup(account.Stores, options.Gone, new OpenSettings { Time = account.Clock });
        var bodies = await own.OpenAsync(sequenceKey, options.Only, cancel);
        try
        {
            foreach (var (body, at) in bodies.Select((body, at) => (body, at)))
            {
                try
                {
                    await RepairAsync(body);
                }
                catch (Exception failure) when (failure is CannotException or RefusedException or UnreachableException or AlarmException)
                {
                    // What was found of the others is told all the same.
                    waiting.Add($"{body.Record.Id}: {failure.Message}");
                    if (failure is AlarmException alarm)
                        account.Raise(alarm);
                }
                progress?.Report(new TransferProgress("checking", null, at + 1, bodies.Count));
            }
        }
        finally
        {
            foreach (var body in bodies)
                body.Dispose();
        }
        return new RepairReport(bodies.Count, fragments, repaired, waiting, lost, own.Skipped)
        {
            Planned = planned, Silent = [.. checkup.Silent.Select(store => store.Name).Order(StringComparer.Ordinal)],
        };

        async Task RepairAsync(OwnBody body)
        {
            var (id, header) = (body.Record.Id.ToString(), body.Record.Sealed.Header);
            var found = await checkup.RunAsync(body, cancel);
            fragments += found.Count;
            foreach (var fragment in found.Where(fragment => fragment.Leftover is not null))
                await ClearAsync(body, fragment, waiting, cancel);
            var silent = found.Where(fragment => fragment.IsSilent).ToArray();
            if (silent.Length > 0)
                waiting.Add(Waiting(body, silent));
            if (!found.Any(fragment => fragment.IsLost))
                return;
            // Whoever does not answer may still have what is needed, and what is rotten in places serves with the rest.
            var left = found.Count(fragment => (fragment.Place ?? fragment.Unasked) is not null);
            if (left < header.RestoreFrom)
            {
                lost.Add(new LostRecord(id, body.Record.Metadata.Name, $"{left} of its {header.Fragments} fragments are left, and it takes {header.RestoreFrom}."));
                return;
            }
            var outcome = await carryOut(await PlanAsync(body, found, options, checkup.Silent, cancel), checkup.Silent);
            repaired.AddRange(outcome.Repaired);
            planned.AddRange(outcome.Planned);
            waiting.AddRange(outcome.Waiting);
            if (found.Count(fragment => !fragment.IsLost) < header.RestoreFrom)
                lost.AddRange(outcome.Lost.Select(one => one with { Name = body.Record.Metadata.Name }));
            else
                waiting.AddRange(outcome.Lost.Select(one => $"{one.Record}: {one.Why}"));
        }
    }

    /// <summary>Deletes rotten bytes whose place another has taken. Those of a body that is shared within another account's domain go with the body: its author alone can delete them.</summary>
    private async Task ClearAsync(OwnBody body, CheckedFragment fragment, List<string> waiting, CancellationToken cancel)
    {
        if (RecordReader.OwnerOf(account, body.Record, body.Keys, fragment.Index) is not { } owner)
            return;
        var place = fragment.Leftover!;
        try
        {
            await place.Store.DeleteAsync(place.Address, owner, cancel);
        }
        catch (Exception failure) when (failure is UnreachableException or RefusedException)
        {
            waiting.Add($"{body.Record.Id}: rotten bytes of fragment {fragment.Index + 1} could not be deleted: {failure.Message}");
        }
    }

    private static string Waiting(OwnBody body, CheckedFragment[] silent)
    {
        string[] names = [.. silent.Select(fragment => fragment.Own?.Name ?? "a store").Distinct().Order(StringComparer.Ordinal)];
        return $"{body.Record.Id}: {string.Join(", ", names)} did not answer, so {silent.Length} fragments could not be looked at.";
    }

    private async Task<RecordPlan> PlanAsync(OwnBody body, IReadOnlyList<CheckedFragment> found, RepairOptions options, IReadOnlyCollection<StoreApi> silent, CancellationToken cancel)
    {
        var header = body.Record.Sealed.Header;
        var sources = found.Select(fragment =>
        {
            var blind = new byte[FragmentKeys.ValueSize];
            body.Keys.RootBlind(fragment.Index, blind);
            var place = fragment.Place ?? fragment.Unasked;
            return new PlannedSource(place?.Address ?? fragment.Address, blind, header.FragmentCommitments[fragment.Index], place?.Store.Key.ToString());
        });
        var lost = found.Where(fragment => fragment.IsLost).ToArray();
        var places = PlacesFor(found, lost, [.. account.Stores.Where(store => !options.Gone.Contains(store.Name) && !silent.Contains(store))]);
        var tickets = await account.Cloud.TicketsAsync([.. places.Select(place => place.Store.Key)], body.Record.Layout.FileLength, cancel);
        if (tickets.Count != lost.Length)
            throw new AlarmException(AlarmKind.Integrity, "The cloud sent an answer that is not what the protocol says.");
        return new RecordPlan(body.Record.Id.ToString(), header.BodyLength, header.RestoreFrom, [.. sources], [.. lost.Select((fragment, i) => Lost(body, fragment, places[i], tickets[i]))]);
    }

    private LostFragment Lost(OwnBody body, CheckedFragment fragment, FragmentPlace to, byte[] ticket)
    {
        var (label, next) = (new byte[FragmentLayout.LabelSize], new byte[FragmentLayout.LabelSize]);
        body.Keys.Label(fragment.Index, label);
        body.Keys.NextLabel(fragment.Index, next);
        return new LostFragment(fragment.Index, label, next, to.Store.Key.ToString(), to.Store != fragment.Own, to.Address, RecordReader.OwnerHashOf(body.Record, body.Keys, fragment.Index),
            ticket, fragment.Fault is FragmentFault.Damaged or FragmentFault.WrongLabel ? RecordReader.OwnerOf(account, body.Record, body.Keys, fragment.Index) : null);
    }

    /// <summary>
    /// Its own store, where that is still there and can hand it out; else the one that has the fewest fragments of the record, so that as many stores as before may be lost. Never where its
    /// rotten bytes are: they may be what others are made from, and stay until the new ones are durable.
    /// </summary>
    private static List<FragmentPlace> PlacesFor(IReadOnlyList<CheckedFragment> found, IReadOnlyList<CheckedFragment> lost, IReadOnlyList<StoreApi> stores)
    {
        var load = stores.ToDictionary(store => store, store => found.Count(fragment => fragment.Place?.Store == store || (fragment.Place is null && fragment.Own == store)));
        var chosen = new List<FragmentPlace>();
        foreach (var fragment in lost)
        {
            if (fragment.Own is { } own && !fragment.Unreadable.Contains(own))
            {
                var isTaken = fragment.Place is { } rotten && rotten.Store == own && rotten.Address.AsSpan().SequenceEqual(fragment.Address);
                chosen.Add(new FragmentPlace(own, isTaken ? MovedAddress.Of(fragment.Address, own.Key.Bytes) : fragment.Address));
                continue;
            }
            // Of those that have equally many, any; but after a kill the same again.
            var store = stores.Where(candidate => candidate != fragment.Place?.Store && !fragment.Unreadable.Contains(candidate)).OrderBy(candidate => load[candidate])
                .ThenBy(candidate => Convert.ToHexStringLower(MovedAddress.Of(fragment.Address, candidate.Key.Bytes)), StringComparer.Ordinal).FirstOrDefault()
                ?? throw new CannotException("No store answers that could take a fragment of it.");
            load[store]++;
            chosen.Add(new FragmentPlace(store, MovedAddress.Of(fragment.Address, store.Key.Bytes)));
        }
        return chosen;
    }
}
