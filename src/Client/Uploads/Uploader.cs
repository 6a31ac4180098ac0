using System.Collections.Concurrent;
using Salus.Client.Accounts;
using Salus.Client.Transport;
using Salus.Crypto.Dispersal;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Uploads;

/// <summary>How far a transfer is, for a progress bar.</summary>
/// <param name="What">"sealing", "storing" or "fetching".</param>
/// <param name="Party">A store's name, or null for the whole.</param>
public sealed record TransferProgress(string What, string? Party, long Done, long Total)
{
    /// <summary>Where the fragments go: told once for each record, before its first byte is sent; null in all other reports.</summary>
    public Placement? Placement { get; init; }

    /// <summary>The fragment that is durable at <see cref="Party"/> from now on, or was before; null when it is not about one.</summary>
    public int? Landed { get; init; }
}

/// <summary>A fragment and the store that it goes to.</summary>
/// <param name="Index">0 &lt;= index &lt; the number of fragments.</param>
public sealed record PlacedFragment(int Index, string Store, long Bytes);

/// <summary>Where the fragments of one record go, and how many restore it.</summary>
public sealed record Placement(IReadOnlyList<PlacedFragment> Fragments, int RestoreFrom);

/// <summary>What came of an upload.</summary>
/// <param name="Missing">Stores that did not take their fragments; those stay in the outbox and go on at the next command.</param>
/// <param name="Failed">The fragments that they did not take.</param>
/// <param name="Proofs">Of a shared body: stores' signed words for the fragments that were there already and whose possession was proven.</param>
internal sealed record UploadOutcome(IReadOnlyList<string> Missing, IReadOnlyCollection<int> Failed, IReadOnlyList<byte[]> Proofs);

/// <summary>
/// Brings staged fragments to their stores (<see cref="FragmentSender"/>). "Stored" is said when the record would survive the loss of any one store that took part. Resumes where each
/// store stands. Of a shared body what is there already is not brought again: its possession is proven, by bytes that the store draws.
/// </summary>
internal sealed class Uploader(Account account, Outbox outbox)
{
    private const int Attempts = 3;

    public async Task<UploadOutcome> RunAsync(UploadPlan plan, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var waiting = plan.Fragments.Where(fragment => File.Exists(outbox.FragmentPath(plan.Record, fragment.Index))).ToArray();
        var total = waiting.Sum(fragment => fragment.Bytes);
        var counter = new Counter(progress, total);
        counter.Begin([.. plan.Fragments.Select(fragment => new PlacedFragment(fragment.Index, NameOf(fragment), fragment.Bytes))], plan.RestoreFrom,
            plan.Fragments.Except(waiting).Select(fragment => fragment.Index));
        using var gate = new SemaphoreSlim(4);
        var possession = plan is { IsShared: true, IsPublished: false } ? await PossessionTicketsAsync(plan, waiting, gate, cancel) : [];
        var tickets = await TicketsAsync([.. waiting.Where(fragment => !possession.ContainsKey(fragment.Index))], cancel);
        var proofs = new ConcurrentBag<byte[]>();
        var failures = await Task.WhenAll(waiting.Select(fragment => WithinAsync(gate, () => TryAsync(fragment, async store =>
        {
            if (possession.TryGetValue(fragment.Index, out var pass) && await TryProveAsync(store, plan, fragment, pass, cancel) is { } proof)
                proofs.Add(proof);
            else
            {
                var ticket = tickets.GetValueOrDefault(fragment.Index) ?? (await TicketsAsync([fragment], cancel))[fragment.Index];
                await FragmentSender.SendAsync(store, fragment, outbox.FragmentPath(plan.Record, fragment.Index), ticket, reached => counter.Set(fragment.Index, store.Name, reached), cancel);
            }
            counter.Land(fragment.Index, store.Name);
        }, cancel), cancel)));
        var failed = waiting.Where((_, i) => failures[i] is not null).ToArray();
        var alarm = failures.OfType<AlarmException>().FirstOrDefault();
        var durable = plan.Fragments.Except(failed).ToArray();
        if (!plan.IsPublished && !Survives(durable, plan.RestoreFrom, plan.Fragments.Count))
            throw alarm ?? (Exception)new CannotException($"Only {durable.Length} of {plan.Fragments.Count} fragments are durable ({failures.OfType<Exception>().First().Message}). "
                + "The record is not stored yet and nothing of it is visible; the sealed fragments are kept, and the same command or `salus resume` goes on.", Reasons.NotStored);
        if (!plan.IsShared || plan.IsPublished)
            foreach (var fragment in waiting.Except(failed))
                File.Delete(outbox.FragmentPath(plan.Record, fragment.Index));
        return new UploadOutcome([.. failed.Select(NameOf).Distinct()], [.. failed.Select(fragment => fragment.Index)], [.. proofs]);
    }

    /// <summary>Null when the store has lost bytes of its fragment, which it shows by letting go what records refer to: it is brought anew.</summary>
    private async Task<byte[]?> TryProveAsync(StoreApi store, UploadPlan plan, PlannedFragment fragment, PossessionTicket pass, CancellationToken cancel)
    {
        try
        {
            return await FragmentSender.ProveAsync(store, fragment, outbox.FragmentPath(plan.Record, fragment.Index), pass, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotYours)
        {
            await store.DeleteAsync(fragment.Address, SharedContent.Owner(account.Keys.Domain, fragment.Address), cancel);
            return null;
        }
    }

    private static async Task<T> WithinAsync<T>(SemaphoreSlim gate, Func<Task<T>> work, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            return await work();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Whether the record can be restored from the durable fragments even when one more store, the one that has most of them, is lost.</summary>
    private static bool Survives(PlannedFragment[] durable, int k, int n)
    {
        if (durable.Length == n)
            return true;
        var largest = durable.GroupBy(fragment => fragment.Store).Select(group => group.Count()).DefaultIfEmpty().Max();
        return durable.Length - largest >= k;
    }

    /// <summary>By the fragments' indices.</summary>
    private async Task<Dictionary<int, UploadTicket>> TicketsAsync(PlannedFragment[] waiting, CancellationToken cancel)
    {
        if (waiting.Length == 0)
            return [];
        var signed = await account.Cloud.TicketsAsync(KeysOf(waiting), waiting[0].Bytes, cancel);
        return Tickets(waiting, signed, bytes => UploadTicket.TryVerify(bytes, account.CloudKey, out var ticket) ? ticket : null);
    }

    /// <summary>Tickets to prove the possession of those fragments that are at their stores already. None when the claim has ended meanwhile: entering the record will say so.</summary>
    private async Task<Dictionary<int, PossessionTicket>> PossessionTicketsAsync(UploadPlan plan, PlannedFragment[] waiting, SemaphoreSlim gate, CancellationToken cancel)
    {
        var isThere = new ConcurrentDictionary<int, bool>();
        await Task.WhenAll(waiting.Where(fragment => StoreOf(fragment) is not null).Select(fragment => WithinAsync(gate, () => TryAsync(fragment, async store =>
            isThere[fragment.Index] = await store.UploadOffsetAsync(fragment.Address, cancel) >= fragment.Bytes, cancel), cancel)));
        var there = waiting.Where(fragment => isThere.GetValueOrDefault(fragment.Index)).ToArray();
        if (there.Length == 0)
            return [];
        try
        {
            var signed = await account.Cloud.PossessionTicketsAsync(plan.Record, KeysOf(there), cancel);
            return Tickets(there, signed, bytes => PossessionTicket.TryVerify(bytes, account.CloudKey, out var ticket) ? ticket : null);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            return [];
        }
    }

    private VerifyingKey[] KeysOf(PlannedFragment[] fragments) =>
        [.. fragments.Select(fragment => StoreOf(fragment)?.Key ?? throw new CannotException($"The store {fragment.Store[..8]} is not in this installation any more."))];

    private static Dictionary<int, T> Tickets<T>(PlannedFragment[] fragments, IReadOnlyList<byte[]> signed, Func<byte[], T?> verify) where T : class
    {
        if (signed.Count != fragments.Length)
            throw new AlarmException(AlarmKind.Integrity, "The cloud sent an answer that is not what the protocol says.");
        return fragments.Select((fragment, i) => (fragment.Index, Ticket: verify(signed[i])
            ?? throw new AlarmException(AlarmKind.KeyChanged, "The cloud signs with another key than this profile has pinned."))).ToDictionary(one => one.Index, one => one.Ticket);
    }

    /// <summary>Null when it went well.</summary>
    private async Task<Exception?> TryAsync(PlannedFragment fragment, Func<StoreApi, Task> work, CancellationToken cancel)
    {
        var store = StoreOf(fragment)!;
        for (var attempt = 1; ; attempt++)
            try
            {
                await work(store);
                return null;
            }
            catch (UnreachableException failure) when (attempt < Attempts && !failure.IsSilence)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), account.Clock, cancel);
            }
            catch (Exception failure) when (failure is UnreachableException or RefusedException or AlarmException)
            {
                return failure;
            }
    }

    private StoreApi? StoreOf(PlannedFragment fragment) => account.Stores.FirstOrDefault(store => store.Key.ToString() == fragment.Store);

    private string NameOf(PlannedFragment fragment) => StoreOf(fragment)?.Name ?? fragment.Store;

    private sealed class Counter(IProgress<TransferProgress>? progress, long total)
    {
        private readonly Dictionary<int, long> _done = [];

        /// <summary>Tells where all of them go, and which are there already.</summary>
        public void Begin(IReadOnlyList<PlacedFragment> all, int restoreFrom, IEnumerable<int> landed)
        {
            progress?.Report(new TransferProgress("storing", null, 0, total) { Placement = new Placement(all, restoreFrom) });
            foreach (var fragment in landed)
                Land(fragment, all.First(placed => placed.Index == fragment).Store);
        }

        public void Land(int fragment, string store)
        {
            lock (_done)
                progress?.Report(new TransferProgress("storing", store, _done.Values.Sum(), total) { Landed = fragment });
        }

        public void Set(int fragment, string store, long offset)
        {
            lock (_done)
            {
                _done[fragment] = offset;
                progress?.Report(new TransferProgress("storing", store, _done.Values.Sum(), total));
            }
        }
    }
}
