using Salus.Hosting;
using Salus.Protocol.Http;

namespace Salus.Trustee.Peers;

/// <summary>What trustees say to each other. Whoever else finds these routes learns that they are there.</summary>
internal static class PeerEndpoints
{
    public static void AddPeers(this IServiceCollection services) => services.AddSingleton<PeerNetwork>();

    public static void MapPeers(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.PeerHellos, (HttpRequest request, PeerNetwork network, CancellationToken cancel) => network.HelloAsync(request, cancel))
            .WithSummary("A trustee joins a computation: its signed hello. 204 when the computation runs here.");
        routes.MapPost(Paths.PeerPieces, (HttpRequest request, PeerNetwork network, CancellationToken cancel) => network.PiecesAsync(request, cancel))
            .LimitBody(PeerLine.MaxBody).WithSummary("Pieces of a trustee's messages in a computation, sealed. 204.");
    }
}
