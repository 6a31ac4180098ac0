using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Hosting;
using Salus.Protocol.Http;

namespace Salus.Cloud.Requests;

/// <summary>An account's own entry in the directory. Nobody else reads it: others match tags, by <see cref="RequestEndpoints"/>.</summary>
internal static class DirectoryEndpoints
{
    public const int TagSize = 32;
    public const int MaxSealed = 8 * 1024;
    private const int MaxSealedOwn = 4 * 1024;
    private const int MaxFindRows = 4096;
    private const int MaxBody = 24 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut(Paths.Directory, PutEntry).NeedSession().LimitBody(MaxBody).LimitBySession(20, TimeSpan.FromMinutes(1));
        routes.MapGet(Paths.Directory, GetEntry).NeedSession();
        routes.MapDelete(Paths.Directory, DeleteEntry).NeedSession();
    }

    private static async Task<NoContent> PutEntry(Caller caller, DirectoryEntry request, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        if (request.Tag.Length != TagSize)
            throw ProblemException.BadRequest($"tag: {TagSize} bytes.");
        if (request.SealedOwn.Length > MaxSealedOwn)
            throw ProblemException.BadRequest($"sealedOwn: {MaxSealedOwn} bytes at most.");
        if (request.Find.Count > MaxFindRows || request.Find.Any(find => find?.Tag is not { Length: TagSize } || find.Sealed is not { Length: <= MaxSealed }))
            throw ProblemException.BadRequest($"find: at most {MaxFindRows} rows with a tag of {TagSize} bytes and at most {MaxSealed} sealed bytes.");
        if (request.Find.DistinctBy(find => Convert.ToHexString(find.Tag)).Count() != request.Find.Count)
            throw ProblemException.BadRequest("find: two rows have the same tag.");
        // Another tag than one's own: the answer tells whether somebody has it, so it is one of the day's tries.
        if (!await database.Directory.AnyAsync(row => row.Account == caller.Account && row.Tag == request.Tag, cancellation))
            await database.TakeTryAsync(caller.Account, time.GetUtcNow(), cancellation);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        await database.LockOwnerAsync(caller.Account, cancellation);
        await database.RemoveDirectoryAsync(caller.Account, cancellation);
        try
        {
            await database.AddDirectoryAsync(caller.Account, request, cancellation);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw ProblemException.Conflict("Another account has this tag.");
        }
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<DirectoryView>> GetEntry(Caller caller, CloudDatabase database, CancellationToken cancellation)
    {
        var entry = await database.Directory.AsNoTracking().SingleOrDefaultAsync(row => row.Account == caller.Account, cancellation) ?? throw ProblemException.NotFound();
        return TypedResults.Ok(new DirectoryView(entry.Tag, entry.SealedOwn));
    }

    private static async Task<NoContent> DeleteEntry(Caller caller, CloudDatabase database, CancellationToken cancellation)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        await database.LockOwnerAsync(caller.Account, cancellation);
        await database.RemoveDirectoryAsync(caller.Account, cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }
}
