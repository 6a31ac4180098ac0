using Salus.Client.Records;
using Salus.Client.Sealing;
using Salus.Protocol.Http;

namespace Salus.Client.Repair;

/// <summary>A fragment at one place and nowhere else.</summary>
internal sealed class PlacedFragment(FragmentPlace place) : FragmentSource
{
    public override string Name => place.Store.Name;

    /// <exception cref="TimeoutException">The store says nothing, or not now. Any other failure is about this fragment: an answer that breaks off is one.</exception>
    public override async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await place.Store.ReadAsync(place.Address, offset, buffer, cancellation) ?? throw new FileNotFoundException($"{place.Store.Name} has no such fragment.");
        }
        catch (Exception silence) when (silence is UnreachableException { InnerException: not IOException } or RefusedException { Code: Problems.TooMany } && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException(silence.Message, silence);
        }
    }
}
