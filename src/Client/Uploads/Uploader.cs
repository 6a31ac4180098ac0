using Salus.Client.Accounts;
using Salus.Client.Transport;
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
internal sealed record UploadOutcome(bool IsStored, IReadOnlyList<string> Missing);

/// <summary>
/// Brings staged fragments to their stores (<see cref="FragmentSender"/>). "Stored" is said when the record would survive the loss of any one store that took part. Resumes where each
/// store stands.
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
        var tickets = await TicketsAsync(waiting, cancel);
        using var gate = new SemaphoreSlim(4);
        var failures = await Task.WhenAll(waiting.Select(async (fragment, i) =>
        {
            await gate.WaitAsync(cancel);
            try
            {
                return await TryUploadAsync(plan, fragment, tickets[i], counter, cancel);
            }
            finally
            {
                gate.Release();
            }
        }));
        var failed = waiting.Where((_, i) => failures[i] is not null).ToArray();
        var alarm = failures.OfType<AlarmException>().FirstOrDefault();
        var durable = plan.Fragments.Except(failed).ToArray();
        if (!plan.IsPublished && !Survives(durable, plan.RestoreFrom, plan.Fragments.Count))
            throw alarm ?? (Exception)new CannotException($"Only {durable.Length} of {plan.Fragments.Count} fragments are durable ({failures.OfType<Exception>().First().Message}). "
                + "The record is not stored yet and nothing of it is visible; the sealed fragments are kept, and the same command or `salus resume` goes on.", Reasons.NotStored);
        foreach (var fragment in waiting.Except(failed))
            File.Delete(outbox.FragmentPath(plan.Record, fragment.Index));
        return new UploadOutcome(true, [.. failed.Select(NameOf).Distinct()]);
    }

    /// <summary>Whether the record can be restored from the durable fragments even when one more store, the one that has most of them, is lost.</summary>
    private static bool Survives(PlannedFragment[] durable, int k, int n)
    {
        if (durable.Length == n)
            return true;
        var largest = durable.GroupBy(fragment => fragment.Store).Select(group => group.Count()).DefaultIfEmpty().Max();
        return durable.Length - largest >= k;
    }

    private async Task<UploadTicket[]> TicketsAsync(PlannedFragment[] waiting, CancellationToken cancel)
    {
        if (waiting.Length == 0)
            return [];
        var stores = waiting.Select(fragment => StoreOf(fragment)?.Key ?? throw new CannotException($"The store {fragment.Store[..8]} is not in this installation any more.")).ToArray();
        var signed = await account.Cloud.TicketsAsync(stores, waiting[0].Bytes, cancel);
        if (signed.Count != waiting.Length)
            throw new AlarmException(AlarmKind.Integrity, "The cloud sent an answer that is not what the protocol says.");
        return [.. signed.Select(bytes => UploadTicket.TryVerify(bytes, account.CloudKey, out var ticket)
            ? ticket
            : throw new AlarmException(AlarmKind.KeyChanged, "The cloud signs with another key than this profile has pinned."))];
    }

    private async Task<Exception?> TryUploadAsync(UploadPlan plan, PlannedFragment fragment, UploadTicket ticket, Counter counter, CancellationToken cancel)
    {
        var store = StoreOf(fragment)!;
        for (var attempt = 1; ; attempt++)
            try
            {
                await FragmentSender.SendAsync(store, fragment, outbox.FragmentPath(plan.Record, fragment.Index), ticket,
                    reached => counter.Set(fragment.Index, store.Name, reached), cancel);
                counter.Land(fragment.Index, store.Name);
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
