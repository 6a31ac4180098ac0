using Salus.Hosting;
using Salus.Protocol.Http;

namespace Salus.Trustee.Peers;

/// <summary>A computation ended because another trustee is away, stalls, or takes no part in it. Nothing is said about what was computed.</summary>
internal sealed class PeerException(Peer peer, string what, Exception? inner = null) : Exception($"{peer.Name} {what}.", inner)
{
    public Peer Peer { get; } = peer;

    public ProblemException ToProblem() => new(Problems.PeerAway, StatusCodes.Status503ServiceUnavailable, Message);
}
