using Salus.Client.Records;
using Salus.Client.Sealing;

namespace Salus.Client.Repair;

/// <summary>A fragment at one place and nowhere else.</summary>
internal sealed class PlacedFragment(FragmentPlace place) : FragmentSource
{
    public override string Name => place.Store.Name;

    public override async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation) =>
        await place.Store.ReadAsync(place.Address, offset, buffer, cancellation) ?? throw new FileNotFoundException($"{place.Store.Name} has no such fragment.");
}
