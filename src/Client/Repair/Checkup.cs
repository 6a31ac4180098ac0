using System.Collections.Concurrent;
using Salus.Client.Audit;
using Salus.Client.Records;
using Salus.Client.Sealing;
using Salus.Client.Transport;
using Salus.Crypto.Dispersal;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Repair;

/// <summary>What was found of one fragment.</summary>
/// <param name="Own">The store that placement names; null when it is gone.</param>
/// <param name="Place">Where there is something of it: good, or rotten or unreadable in part.</param>
/// <param name="Fault">None when it is whole there.</param>
/// <param name="Unreadable">Stores that answer and do not hand it out, so that nothing new can be put in its place there.</param>
/// <param name="Leftover">Rotten bytes that have been replaced elsewhere and were not deleted: a repair was interrupted there.</param>
/// <param name="Unasked">Where it may be for all that is known: a store that did not answer.</param>
internal sealed record CheckedFragment(int Index, StoreApi? Own, byte[] Address, FragmentPlace? Place, FragmentFault Fault, IReadOnlyCollection<StoreApi> Unreadable,
    FragmentPlace? Leftover = null, FragmentPlace? Unasked = null)
{
    public bool IsWhole => Fault == FragmentFault.None;

    /// <summary>Its store did not answer, so nobody knows.</summary>
    public bool IsSilent => Fault == FragmentFault.Slow;

    public bool IsLost => !IsWhole && !IsSilent;
}

/// <summary>
/// Reads fragments whole and holds every byte against what was signed. A store that does not answer, not when asked whether it lives or for the next fragment either, is not asked again in
/// this run; one that answers and does not hand out a certain fragment has lost that one.
/// </summary>
internal sealed class Checkup(IReadOnlyList<StoreApi> stores, IReadOnlyCollection<string> gone, OpenSettings settings)
{
    private const int AtOnce = 4;
    private const int StripesAtOnce = 8;
    private const int Patience = 2;

    private readonly FragmentPlaces _places = new([.. stores.Where(store => !gone.Contains(store.Name))]);
    private readonly ConcurrentDictionary<StoreApi, bool> _silent = [];
    private readonly ConcurrentDictionary<StoreApi, int> _stalled = []; // fragments in a row

    /// <summary>Stores that have not answered.</summary>
    public IReadOnlyCollection<StoreApi> Silent => [.. _silent.Keys];

    public async Task<IReadOnlyList<CheckedFragment>> RunAsync(OwnBody body, CancellationToken cancel)
    {
        var found = new CheckedFragment[body.Keys.Count];
        await Parallel.ForAsync(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = OperatingSystem.IsBrowser() ? 1 : AtOnce, CancellationToken = cancel },
            async (i, token) => found[i] = await CheckAsync(body, i, token));
        return found;
    }

    private async Task<CheckedFragment> CheckAsync(OwnBody body, int index, CancellationToken cancel)
    {
        var address = new byte[FragmentKeys.ValueSize];
        body.Keys.Address(index, address);
        var own = _places.Placed(body.Record, body.Keys, index);
        var place = own is null ? null : new FragmentPlace(own, address);
        var fault = place is null ? FragmentFault.Missing : await ScanAsync(body, index, place, cancel);
        if (fault == FragmentFault.None)
            return new CheckedFragment(index, own, address, place, fault, []);
        var rotten = fault is FragmentFault.Damaged or FragmentFault.WrongLabel ? place : null;
        var unasked = fault == FragmentFault.Slow ? place : null;
        var unreadable = new List<FragmentPlace>();
        if (fault == FragmentFault.Unreadable)
            unreadable.Add(place!);
        foreach (var moved in await _places.FindMovedAsync(address, body.Record.Layout.FileLength, cancel))
        {
            var there = await ScanAsync(body, index, moved, cancel);
            if (there == FragmentFault.None)
                return new CheckedFragment(index, own, address, moved, there, [], rotten);
            if (there == FragmentFault.Unreadable)
                unreadable.Add(moved);
            if (there == FragmentFault.Slow)
                unasked ??= moved;
            if (there is FragmentFault.Damaged or FragmentFault.WrongLabel && rotten is null)
                (rotten, fault) = (moved, there);
        }
        unasked ??= _places.Others(address).FirstOrDefault(other => _places.Unanswered.Contains(other.Store));
        return new CheckedFragment(index, own, address, rotten ?? unreadable.FirstOrDefault(), fault, [.. unreadable.Select(one => one.Store)], Unasked: unasked);
    }

    private async Task<FragmentFault> ScanAsync(OwnBody body, int index, FragmentPlace place, CancellationToken cancel)
    {
        if (_silent.ContainsKey(place.Store))
            return FragmentFault.Slow;
        var fault = await ReadAsync(body, index, place, cancel);
        if (fault == FragmentFault.Slow && (!await place.Store.IsLiveAsync(cancel) || _stalled.AddOrUpdate(place.Store, 1, (_, before) => before + 1) >= Patience))
            return Silence(place.Store);
        // What has failed once may have been the line.
        if (fault is FragmentFault.Slow or FragmentFault.Unreadable)
            fault = await ReadAsync(body, index, place, cancel);
        if (fault != FragmentFault.Slow)
            _stalled[place.Store] = 0;
        else if (!await place.Store.IsLiveAsync(cancel))
            return Silence(place.Store);
        return fault == FragmentFault.Slow ? FragmentFault.Unreadable : fault;
    }

    private FragmentFault Silence(StoreApi store)
    {
        _silent[store] = true;
        return FragmentFault.Slow;
    }

    private async Task<FragmentFault> ReadAsync(OwnBody body, int index, FragmentPlace place, CancellationToken cancel)
    {
        var (layout, header) = (body.Record.Layout, body.Record.Sealed.Header);
        using var reader = new FragmentReader(new KeyedTerms(layout, settings, body.Keys, header.FragmentCommitments), index, new PlacedFragment(place));
        if (await reader.IsUsableAsync(cancel))
            await ReadAsync(reader, layout, cancel);
        return reader.Fault;
    }

    private static async Task ReadAsync(FragmentReader reader, FragmentLayout layout, CancellationToken cancel)
    {
        using var hasher = new Salus.Crypto.Merkle.LeafHasher();
        var buffer = new byte[(int)Math.Min(StripesAtOnce, layout.Stripes) * FragmentLayout.UnitSize];
        for (var first = 0L; first < layout.Stripes && reader.Fault == FragmentFault.None; first += StripesAtOnce)
        {
            var stripes = (int)Math.Min(StripesAtOnce, layout.Stripes - first);
            UnitPiece[] pieces = [.. Enumerable.Range(0, stripes).Select(s =>
                new UnitPiece((first + s) * FragmentLayout.UnitSize, buffer.AsMemory(s * FragmentLayout.UnitSize, layout.UnitSizeOf(first + s))))];
            await reader.ReadUnitsAsync(pieces, hasher, new bool[stripes], cancel);
        }
    }
}
