using Microsoft.AspNetCore.Http.HttpResults;
using Salus.Cloud.Accounts;
using Salus.Hosting;
using Salus.Protocol.Http;

namespace Salus.Cloud.Parties;

/// <summary>Who belongs to this installation, as configured: what a client pins when it registers.</summary>
internal static class PartyEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Paths.Parties, GetParties);

    /// <summary>Built once, at start.</summary>
    public static PartyDirectory Directory(CloudOptions options, ServerIdentity identity)
    {
        using var log = identity.LogKey();
        using var tags = new CardTags(identity);
        return new PartyDirectory(
            new Party("cloud", options.PublicUrl ?? options.Url, identity.Key.ToString(), log.Key.ToString(), tags.Key),
            options.Trustees,
            options.Stores,
            options.Authority is { } file ? File.ReadAllText(file) : null);
    }

    private static Ok<PartyDirectory> GetParties(PartyDirectory directory) => TypedResults.Ok(directory);
}
