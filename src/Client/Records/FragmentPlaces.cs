using System.Collections.Concurrent;
using Salus.Client.Sealing;
using Salus.Client.Transport;
using Salus.Crypto.Dispersal;

namespace Salus.Client.Records;

/// <summary>Where a fragment is, and the address that it has there.</summary>
internal sealed record FragmentPlace(StoreApi Store, byte[] Address);

/// <summary>
/// Where fragments are: at the store that the keyed placement names, or, when a repair has moved one, at any store, that one too, under the address that follows from its own and from that
/// store's key (<see cref="MovedAddress"/>). Nobody keeps a map: who misses a fragment asks the stores.
/// </summary>
internal sealed class FragmentPlaces(IReadOnlyList<StoreApi> stores)
{
    /// <summary>Times in a row that a store may let go by: after that it is not asked any more, so that one that stands still holds up a run once and not with each fragment.</summary>
    private const int Patience = 2;

    private readonly ConcurrentDictionary<StoreApi, int> _silences = [];
    private readonly ConcurrentDictionary<StoreApi, bool> _unanswered = [];

    /// <summary>Stores that did not say of some fragment whether they have it: it may be there.</summary>
    public IReadOnlyCollection<StoreApi> Unanswered => [.. _unanswered.Keys];

    /// <summary>The store of a fragment as it was sealed; null when that store is not in this installation any more.</summary>
    public StoreApi? Placed(OpenedRecord record, FragmentKeys keys, int index)
    {
        var placed = record.Metadata.Stores;
        return stores.FirstOrDefault(store => store.Key.ToString() == placed[keys.Store(index, placed.Length)]);
    }

    /// <summary>All places that a moved fragment can be at.</summary>
    public IReadOnlyList<FragmentPlace> Others(byte[] address) => [.. stores.Select(store => new FragmentPlace(store, MovedAddress.Of(address, store.Key.Bytes)))];

    /// <summary>Where stores say that they have a fragment of that length which was moved to them. What they hold is for the asker to check.</summary>
    public async Task<IReadOnlyList<FragmentPlace>> FindMovedAsync(byte[] address, long? bytes, CancellationToken cancel)
    {
        var others = Others(address);
        var have = await Task.WhenAll(others.Select(place => HasAsync(place, bytes, cancel)));
        return [.. others.Where((_, i) => have[i])];
    }

    private async Task<bool> HasAsync(FragmentPlace place, long? bytes, CancellationToken cancel)
    {
        if (_silences.GetValueOrDefault(place.Store) >= Patience)
            return false;
        try
        {
            var has = await place.Store.HasAsync(place.Address, bytes, cancel);
            _silences[place.Store] = 0;
            return has;
        }
        catch (Exception failure) when (failure is UnreachableException or RefusedException)
        {
            if (failure is UnreachableException { IsSilence: true })
                _silences.AddOrUpdate(place.Store, 1, (_, before) => before + 1);
            _unanswered[place.Store] = true;
            return false;
        }
    }

    /// <summary>A fragment to be read from its own store or, when that has it not, from the one that it was moved to.</summary>
    /// <param name="bytes">Length of the fragment's file.</param>
    public FragmentSource Source(StoreApi? own, byte[] address, long bytes) => new StoredFragment(this, own, address, bytes);

    private sealed class StoredFragment(FragmentPlaces places, StoreApi? own, byte[] address, long bytes) : FragmentSource
    {
        private FragmentPlace? _place = own is null ? null : new FragmentPlace(own, address);
        private bool _looked;

        public override string Name => _place?.Store.Name ?? "";

        public override async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
        {
            Exception? failure = null;
            if (_place is { } place)
                try
                {
                    if (await place.Store.ReadAsync(place.Address, offset, buffer, cancellation) is { } read)
                        return read;
                }
                catch (Exception refusal) when (refusal is UnreachableException or RefusedException or AlarmException && !cancellation.IsCancellationRequested)
                {
                    failure = refusal;
                }
            if (await TryElsewhereAsync(cancellation) && await _place!.Store.ReadAsync(_place.Address, offset, buffer, cancellation) is { } elsewhere)
                return elsewhere;
            throw failure ?? new FileNotFoundException(Name.Length == 0 ? "No store has such a fragment." : $"{Name} has no such fragment.");
        }

        internal override async ValueTask<bool> TryElsewhereAsync(CancellationToken cancellation)
        {
            if (_looked)
                return false;
            _looked = true;
            if (await places.FindMovedAsync(address, bytes, cancellation) is not [var moved, ..])
                return false;
            _place = moved;
            return true;
        }
    }
}
