using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Trustee.Reencryption;

namespace Salus.Trustee.Release;

/// <summary>A delegatee claims a grant whose keys are locked, with the secret that its code gives for this trustee.</summary>
internal static class ReleaseEndpoints
{
    public static void MapRelease(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Paths.Claims, ClaimAsync).WithSummary("Releases a locked grant: a signed claim with the trustee's secret. 204.");

    /// <summary>204: the grant is released here, now or before. Everything else about the grant is one refusal.</summary>
    private static async Task<IResult> ClaimAsync(
        HttpRequest request, ServerIdentity self, RequesterLimits limits, TrusteeDatabase database, TimeProvider time, CancellationToken cancel)
    {
        // 1 Signed by the claimant, for this trustee, not too often, now.
        if (!ReleaseClaim.TryVerify(await request.BytesAsync(cancel), out var claim))
            throw ProblemException.BadRequest("This is no claim signed by its claimant.");
        if (!claim.Trustee.Equals(self.Key))
            throw new ProblemException(Problems.Misdirected, StatusCodes.Status421MisdirectedRequest, "The claim names another trustee.");
        if (!limits.TryTake(claim.Claimant))
            throw ProblemException.TooMany(TimeSpan.FromSeconds(1));
        var now = time.GetUtcNow();
        if ((now - claim.At).Duration() > Limits.ClockTolerance)
            throw ProblemException.ClockSkew("The claim's time is more than five minutes from this trustee's clock.");

        // 2 Never seen, and one claim on a grant after the other: so many at once are counted one by one.
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await database.LockGrantAsync(ReencryptionTables.GrantLock(self.Key, claim.Owner, claim.Grant), cancel);
        if (!await database.SpendNonceAsync(claim.Claimant, claim.Nonce, claim.At, cancel))
            throw ProblemException.Replayed();

        // 3 Right, and released for good; or wrong, and counted.
        var released = await TryReleaseAsync(database, claim, now, cancel);
        await transaction.CommitAsync(cancel);
        return released ? TypedResults.NoContent() : throw ProblemException.CodeRefused();
    }

    private static async Task<bool> TryReleaseAsync(TrusteeDatabase database, ReleaseClaim claim, DateTimeOffset now, CancellationToken cancel)
    {
        var kept = await database.LockAsync(claim.Owner, claim.Grant, cancel);
        if (kept is null || !kept.Delegatee.Equals(claim.Claimant) || kept.IsClosed(now))
            return false;
        if (kept.Secret is { } opened)
            return CryptographicOperations.FixedTimeEquals(opened, claim.Secret);
        var row = database.Locks.Where(found => found.Owner == claim.Owner && found.Grant == claim.Grant);
        if (kept.Lock.IsOpenedBy(claim.Secret))
        {
            await row.ExecuteUpdateAsync(update => update.SetProperty(found => found.Secret, claim.Secret), cancel);
            return true;
        }
        await row.ExecuteUpdateAsync(update => update.SetProperty(found => found.Tries, found => found.Tries + 1), cancel);
        if (kept.Tries + 1 >= ReleaseLock.MaxTries)
            await database.DeleteLockedAsync(claim.Owner, claim.Grant, cancel);
        return false;
    }
}
