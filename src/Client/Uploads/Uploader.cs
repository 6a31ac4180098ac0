using System.Security.Cryptography;
using Salus.Client.Accounts;
using Salus.Client.Transport;
using Salus.Crypto.Primitives;
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
/// Brings staged fragments to their stores. A fragment counts as durable when the store has signed for exactly its bytes and a read-back of random places gave them back;
/// "stored" is said when the record would survive the loss of any one store that took part. Resumes where each store stands.
/// </summary>
internal sealed class Uploader(Account account, Outbox outbox)
{
    private const int AppendSize = 4 * 1024 * 1024;
    private const int ReadBackSize = 4096;
    private const int ReadBackPlaces = 3;
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
                await UploadAsync(store, plan, fragment, ticket, counter, cancel);
                counter.Land(fragment.Index, store.Name);
                return null;
            }
            catch (UnreachableException) when (attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), account.Clock, cancel);
            }
            catch (Exception failure) when (failure is UnreachableException or RefusedException or AlarmException)
            {
                return failure;
            }
    }

    private async Task UploadAsync(StoreApi store, UploadPlan plan, PlannedFragment fragment, UploadTicket ticket, Counter counter, CancellationToken cancel)
    {
        await using var file = new FileStream(outbox.FragmentPath(plan.Record, fragment.Index), FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
        if (file.Length != fragment.Bytes)
            throw new AlarmException(AlarmKind.Integrity, $"The staged fragment {file.Name} has changed. Move its folder away and put the file again.");
        var offset = await store.UploadOffsetAsync(fragment.Address, cancel);
        var buffer = new byte[(int)Math.Min(AppendSize, fragment.Bytes)];
        UploadProgress reached;
        var stalled = 0;
        do
        {
            if (offset >= fragment.Bytes)
                offset = 0; // complete there already: ask for the receipt by sending the first bytes again
            file.Position = offset;
            var count = await file.ReadAtLeastAsync(buffer, (int)Math.Min(buffer.Length, fragment.Bytes - offset), cancellationToken: cancel);
            reached = await store.AppendAsync(fragment.Address, ticket, fragment.OwnerHash, offset, fragment.Bytes, buffer.AsMemory(0, count), cancel);
            stalled = reached.Offset > offset ? 0 : stalled + 1;
            if (stalled > Attempts)
                throw new AlarmException(AlarmKind.Integrity, $"{store.Name} keeps asking for bytes that it has acknowledged.");
            counter.Set(fragment.Index, store.Name, reached.Offset);
            offset = reached.Offset;
        }
        while (reached.Receipt is null);
        await CheckAsync(store, fragment, reached.Receipt, file, cancel);
    }

    /// <summary>The store's word, its signature, and its bytes: three different things, and all are wanted.</summary>
    private static async Task CheckAsync(StoreApi store, PlannedFragment fragment, byte[] signed, FileStream file, CancellationToken cancel)
    {
        file.Position = 0;
        var hash = await Sha256.HashAsync(file, cancel);
        if (!StoreReceipt.TryVerify(signed, store.Key, out var receipt) || !receipt.Address.AsSpan().SequenceEqual(fragment.Address)
            || receipt.Bytes != fragment.Bytes || !receipt.Hash.AsSpan().SequenceEqual(hash))
            throw new AlarmException(AlarmKind.Integrity, $"{store.Name} signed for other bytes than it was sent.");
        for (var place = 0; place < ReadBackPlaces; place++)
        {
            var length = (int)Math.Min(ReadBackSize, fragment.Bytes);
            var offset = RandomOffset(fragment.Bytes - length + 1);
            var (back, sent) = (new byte[length], new byte[length]);
            file.Position = offset;
            await file.ReadExactlyAsync(sent, cancel);
            if (await store.ReadAsync(fragment.Address, offset, back, cancel) != length || !back.AsSpan().SequenceEqual(sent))
                throw new AlarmException(AlarmKind.Integrity, $"{store.Name} signed for a fragment and does not give its bytes back.");
        }
    }

    private static long RandomOffset(long exclusive)
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return (long)(BitConverter.ToUInt64(bytes) % (ulong)exclusive);
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
