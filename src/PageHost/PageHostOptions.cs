using Salus.Hosting;
using Salus.Hosting.Pages;
using Salus.Protocol.Http;

namespace Salus.PageHost;

/// <summary>What `salus open` tells the server that it starts.</summary>
internal sealed class PageHostOptions : ServerOptions
{
    public required PageOptions Page { get; init; }

    /// <summary>Where the page finds the cloud.</summary>
    public required CloudAddress Cloud { get; init; }

    /// <summary>The addresses that the page may speak with.</summary>
    public required IReadOnlyList<Uri> Parties { get; init; }

    /// <summary>Whether the server ends when its standard input does: `salus open` holds the other end.</summary>
    public bool EndsWithInput { get; init; }

    public override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults().Concat(Page.Faults()))
            yield return fault;
        if (!Url.IsLoopback || Url.Scheme != Uri.UriSchemeHttp)
            yield return "url: give http://localhost:PORT; this server is for its own machine";
        if (!Cloud.Cloud.IsAbsoluteUri || Parties.Any(party => !party.IsAbsoluteUri))
            yield return "cloud, parties: give absolute addresses";
    }
}
