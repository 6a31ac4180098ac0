using Microsoft.AspNetCore.Http.HttpResults;
using Salus.Cloud.Data;
using Salus.Hosting;
using Salus.Protocol.Http;

namespace Salus.Cloud.Accounts;

/// <summary>The sessions of an account: where somebody is logged in, and the end of it.</summary>
internal static class SessionEndpoints
{
    /// <summary>Bytes of a session's identifier.</summary>
    private const int IdSize = 16;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapDelete(Paths.Session, End).NeedSession();
        routes.MapGet(Paths.Sessions, List).NeedSession();
        routes.MapDelete(Paths.Sessions, EndAll).NeedSession();
        routes.MapDelete(Paths.OneSession, EndOne).NeedSession();
    }

    private static async Task<NoContent> End(Caller caller, CloudDatabase database, CancellationToken cancellation)
    {
        await database.EndSessionAsync(caller.TokenHash, cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> EndAll(Caller caller, CloudDatabase database, CancellationToken cancellation)
    {
        await database.EndSessionsAsync(caller.Account, cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SessionList>> List(Caller caller, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var sessions = await database.SessionsAsync(caller.Account, time.GetUtcNow(), cancellation);
        return TypedResults.Ok(new SessionList([.. sessions.Select(row =>
            new SessionView(IdOf(row.TokenHash), row.Name, row.CreatedAt, row.LastSeenAt, row.ExpiresAt, row.TokenHash.AsSpan().SequenceEqual(caller.TokenHash)))]));
    }

    private static async Task<NoContent> EndOne(Caller caller, string id, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var session = (await database.SessionsAsync(caller.Account, time.GetUtcNow(), cancellation)).Find(row => IdOf(row.TokenHash) == id) ?? throw ProblemException.NotFound();
        await database.EndSessionAsync(session.TokenHash, cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>Of the hash that the database finds the session by: nobody comes from it to the token.</summary>
    private static string IdOf(byte[] tokenHash) => Convert.ToHexStringLower(tokenHash.AsSpan(0, IdSize));
}
