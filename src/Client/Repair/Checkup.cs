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
/// <param name="Place">Where there is something of it: good, or rotten in part.</param>
/// <param name="Fault">None when it is whole there.</param>
/// <param name="IsSilent">Its store did not answer, so nobody knows.</param>
/// <param name="Leftover">Rotten bytes that have been replaced elsewhere and were not deleted: a repair was interrupted there.</param>
internal sealed record CheckedFragment(int Index, StoreApi? Own, byte[] Address, FragmentPlace? Place, FragmentFault Fault, bool IsSilent, FragmentPlace? Leftover = null)
{
    public bool IsWhole => Fault == FragmentFault.None;

    public bool IsLost => !IsWhole && !IsSilent;
}

/// <summary>Reads fragments whole and holds every byte against what was signed. A store that does not answer once is not asked again in this run.</summary>
internal sealed class Checkup(IReadOnlyList<StoreApi> stores, IReadOnlyCollection<string> gone, OpenSettings settings)
{
    private const int AtOnce = 4;
    private const int StripesAtOnce = 8;

    private readonly FragmentPlaces _places = new([.. stores.Where(store => !gone.Contains(store.Name))]);
    private readonly ConcurrentDictionary<StoreApi, bool> _silent = [];

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
            return new CheckedFragment(index, own, address, place, fault, IsSilent: false);
        var rotten = fault is FragmentFault.Damaged or FragmentFault.WrongLabel ? place : null;
        foreach (var moved in await _places.FindMovedAsync(address, body.Record.Layout.FileLength, cancel))
        {
            var there = await ScanAsync(body, index, moved, cancel);
            if (there == FragmentFault.None)
                return new CheckedFragment(index, own, address, moved, there, IsSilent: false, rotten);
            if (there is FragmentFault.Damaged or FragmentFault.WrongLabel && rotten is null)
                (rotten, fault) = (moved, there);
        }
        return new CheckedFragment(index, own, address, rotten, fault, fault is FragmentFault.Slow or FragmentFault.Unreadable);
    }

    private async Task<FragmentFault> ScanAsync(OwnBody body, int index, FragmentPlace place, CancellationToken cancel)
    {
        if (_silent.ContainsKey(place.Store))
            return FragmentFault.Slow;
        var (layout, header) = (body.Record.Layout, body.Record.Sealed.Header);
        using var reader = new FragmentReader(new KeyedTerms(layout, settings, body.Keys, header.FragmentCommitments), index, new PlacedFragment(place));
        if (await reader.IsUsableAsync(cancel))
            await ReadAsync(reader, layout, cancel);
        if (reader.Fault is FragmentFault.Slow or FragmentFault.Unreadable)
            _silent[place.Store] = true;
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
