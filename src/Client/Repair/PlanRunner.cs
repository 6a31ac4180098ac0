using Salus.Client.Profiles;
using Salus.Client.Records;
using Salus.Client.Sealing;
using Salus.Client.Transport;
using Salus.Client.Uploads;
using Salus.Protocol;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Http;

namespace Salus.Client.Repair;

/// <summary>
/// Carries a <see cref="RepairPlan"/> out: rebuilds, checks against the signed roots, and only then touches a store. It has no key and needs no account. After a kill the same again goes
/// on: what is durable is found durable, what a store has half goes on from there.
/// </summary>
public sealed class PlanRunner : IDisposable
{
    private readonly HttpClient? _http;
    private readonly IReadOnlyList<StoreApi> _stores;
    private readonly IReadOnlyCollection<StoreApi> _silent;
    private readonly VerifyingKey _cloud;
    private readonly string _work;
    private readonly OpenSettings _settings;

    /// <param name="parties">The servers of the plan.</param>
    /// <param name="work">A folder for the fragments while they are made; what was left there by a kill is removed.</param>
    public PlanRunner(PartyDirectory parties, string work, TimeProvider clock)
        : this(PartyKeys.Verifying("the cloud", parties.Cloud.Key), [], [], work, clock)
    {
        var http = _http = Web.Open(parties);
        _stores = [.. parties.Stores.Select(store => new StoreApi(http, store))];
    }

    /// <param name="silent">Stores that are not read from: they did not answer a moment ago.</param>
    internal PlanRunner(VerifyingKey cloud, IReadOnlyList<StoreApi> stores, IReadOnlyCollection<StoreApi> silent, string work, TimeProvider clock) =>
        (_cloud, _stores, _silent, _work, _settings) = (cloud, stores, silent, work, new OpenSettings { Time = clock });

    public async Task<RepairReport> RunAsync(IReadOnlyList<RecordPlan> records, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var (repaired, waiting, lost) = (new List<RepairedFragment>(), new List<string>(), new List<LostRecord>());
        foreach (var record in records)
            try
            {
                try
                {
                    await RunAsync(record, repaired, waiting, progress, cancel);
                }
                catch (BodyUnavailableException unavailable) when (unavailable.Bad.Any(bad => bad.Fault == FragmentFault.Unreadable))
                {
                    // An answer broke off: a store that has died meanwhile does not answer any more.
                    await RunAsync(record, repaired, waiting, progress, cancel);
                }
            }
            catch (BodyUnavailableException unavailable)
            {
                // Whoever does not answer, or is not asked because it did not a moment ago, may still have what is needed.
                BadFragment[] bad = [.. unavailable.Bad.Select(one => OfSilent(record.Sources[one.Index]) is { } store ? one with { Name = store, Fault = FragmentFault.Slow } : one)];
                var why = $"{string.Join("; ", bad)}. It takes {record.RestoreFrom} good ones of {record.Sources.Count}.";
                if (bad.Any(one => one.Fault == FragmentFault.Slow))
                    waiting.Add($"{record.Name}: {why}");
                else
                    lost.Add(new LostRecord(record.Name, record.Name, why));
            }
            catch (Exception failure) when (failure is AlarmException or IOException or UnauthorizedAccessException)
            {
                // What was found of the others is told all the same.
                waiting.Add($"{record.Name}: {failure.Message}");
            }
        return new RepairReport(records.Count, records.Sum(record => record.Lost.Count), repaired, waiting, lost, []);
    }

    public void Dispose() => _http?.Dispose();

    private async Task RunAsync(RecordPlan record, List<RepairedFragment> repaired, List<string> waiting, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var layout = new FragmentLayout(record.BodyLength, record.RestoreFrom, record.Sources.Count);
        if (Directory.Exists(_work))
            Directory.Delete(_work, recursive: true);
        DurableFile.CreateFolder(_work);
        try
        {
            // 1. All that is lost of the record is made before anything is sent.
            await RebuildAsync(record, layout, progress, cancel);
            // 2. Each goes to its place; one store that fails holds up nobody else.
            foreach (var fragment in record.Lost)
                if (await TrySendAsync(record, layout, fragment, progress, cancel) is { } failure)
                    waiting.Add($"fragment {fragment.Index + 1} of {record.Name}: {failure}");
                else
                    repaired.Add(new RepairedFragment($"fragment {fragment.Index + 1} of {record.Name}", FaultOf(record, fragment), NameOf(fragment.Store),
                        fragment.IsMoved));
        }
        finally
        {
            Directory.Delete(_work, recursive: true);
        }
    }

    private string FaultOf(RecordPlan record, LostFragment lost) => lost.Owner is not null ? "rotten" : SourceOf(record.Sources[lost.Index]) is null ? "missing" : "unreadable";

    private async Task RebuildAsync(RecordPlan record, FragmentLayout layout, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var outputs = new List<FileStream>();
        try
        {
            var rebuilt = new List<RebuiltFragment>();
            foreach (var lost in record.Lost)
            {
                var output = new FileStream(PathOf(lost), DurableFile.Private(FileMode.CreateNew, FileAccess.ReadWrite));
                outputs.Add(output);
                rebuilt.Add(new RebuiltFragment(lost.Index, lost.Label, lost.NextLabel, output));
            }
            using var rebuild = new FragmentRebuild(new PlanTerms(layout, _settings, record.Sources), [.. record.Sources.Select(SourceOf)], rebuilt);
            var report = progress is null ? null : new Relay(done => progress.Report(new TransferProgress("rebuilding", null, done, layout.BodyLength)));
            await rebuild.RunAsync(report, cancel);
        }
        finally
        {
            foreach (var output in outputs)
                output.Dispose();
        }
    }

    /// <summary>Why a fragment did not get to its place; null when it is durable there.</summary>
    private async Task<string?> TrySendAsync(RecordPlan record, FragmentLayout layout, LostFragment lost, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        if (StoreOf(lost.Store) is not { } store)
            return $"its store {lost.Store[..8]} is not among the plan's.";
        if (!UploadTicket.TryVerify(lost.Ticket, _cloud, out var ticket))
            return "its ticket is not the cloud's.";
        if (ticket.Until <= _settings.Time.GetUtcNow())
            return "its ticket has expired: make a new plan.";
        try
        {
            var planned = new PlannedFragment(lost.Index, lost.Store, lost.Address, lost.OwnerHash, layout.FileLength);
            await FragmentSender.SendAsync(store, planned, PathOf(lost), ticket,
                reached => progress?.Report(new TransferProgress("storing", store.Name, reached, layout.FileLength)), cancel);
            // The new bytes are durable and were read back: only now the rotten ones, at another address, can go.
            if (lost.Owner is { } owner && record.Sources[lost.Index] is { Store: { } key } rotten && StoreOf(key) is { } from && !rotten.Address.AsSpan().SequenceEqual(lost.Address))
                await from.DeleteAsync(rotten.Address, owner, cancel);
            return null;
        }
        catch (Exception failure) when (failure is UnreachableException or RefusedException or AlarmException)
        {
            return failure.Message;
        }
    }

    private PlacedFragment? SourceOf(PlannedSource source) =>
        source.Store is { } key && StoreOf(key) is { } store && !_silent.Contains(store) ? new PlacedFragment(new FragmentPlace(store, source.Address)) : null;

    /// <summary>The name of a source's store that was not asked, because it did not answer before.</summary>
    private string? OfSilent(PlannedSource source) => source.Store is { } key && SourceOf(source) is null ? NameOf(key) : null;

    private StoreApi? StoreOf(string key) => _stores.FirstOrDefault(store => store.Key.ToString() == key);

    private string NameOf(string key) => StoreOf(key)?.Name ?? key[..8];

    private string PathOf(LostFragment lost) => Path.Combine(_work, $"{lost.Index}.fragment");

    private sealed class Relay(Action<long> action) : IProgress<long>
    {
        public void Report(long value) => action(value);
    }
}
