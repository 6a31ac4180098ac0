using Microsoft.EntityFrameworkCore;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Trustee.Release;
using Salus.Trustee.Witness;

namespace Salus.Trustee.Reencryption;

/// <summary>
/// The three messages of re-encryption: a key arrives, a delegatee asks, an owner revokes. The bodies are the binary messages of <see cref="Salus.Protocol"/>;
/// who may do what is decided by the signature within and by nothing else. No record bytes, names or addresses of people reach a trustee.
/// Changes to a grant and answers under it exclude each other (<see cref="ReencryptionTables.LockGrantAsync"/>), so that no answer leaves after the receipt of a
/// revocation does.
/// </summary>
internal static class ReencryptionEndpoints
{
    /// <summary>The longest that a reader who does not read can hold off a revocation.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(5);

    public static void AddReencryption(this IServiceCollection services, TrusteeOptions options, ServerIdentity identity)
    {
        services.AddSingleton(_ => new RestKey(identity.Derive(Domains.TrusteeRest, Aead.KeySize)));
        services.AddSingleton(_ => new RequesterLimits(options.RequestsAtOncePerKey, options.RequestsPerSecondAndKey));
        services.AddHostedService<Sweep>();
    }

    public static void MapReencryption(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.KFrags, KeepAsync).WithSummary("Keeps a re-encryption key: a sealed kfrag. 204.");
        routes.MapPost(Paths.Reencryptions, ReEncryptAsync).WithSummary("Re-encrypts capsules for a delegatee: a signed request. 200, octets.");
        routes.MapPost(Paths.Revocations, RevokeAsync).WithSummary("Ends a grant: a signed revocation. 200, the signed receipt.");
    }

    /// <summary>204: the key is kept, or was before.</summary>
    private static async Task<IResult> KeepAsync(
        HttpRequest request, ServerIdentity self, RestKey rest, RequesterLimits limits, TrusteeDatabase database, TimeProvider time, CancellationToken cancel)
    {
        // 1 A key for this trustee, signed by the owner, within its time.
        if (!KFrag.TryOpen(self.Unboxing, self.Key, await request.BytesAsync(cancel), out var kfrag))
            throw ProblemException.BadRequest("This is no re-encryption key sealed to this trustee and signed by its owner.");
        using var opened = kfrag;
        var policy = kfrag.Policy;
        var now = time.GetUtcNow();
        if (!limits.TryTake(policy.Owner))
            throw ProblemException.TooMany(TimeSpan.FromSeconds(1));
        if (policy.Until <= now)
            throw ProblemException.BadRequest("The grant has ended already.");

        // 2 Of a grant that nobody has revoked, not even while this request was under way.
        var owner = policy.Owner.Account;
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await database.LockGrantAsync(ReencryptionTables.GrantLock(self.Key, owner, policy.Grant), cancel);
        if (await database.TombstoneAsync(owner, policy.Grant, cancel) is not null)
            throw ProblemException.Conflict("The grant was revoked.");

        if (kfrag.Lock is { } releaseLock && !await database.TryKeepLockAsync(kfrag, releaseLock, now, cancel))
            throw new ProblemException(Problems.LockClosed, StatusCodes.Status409Conflict, "The grant's code was not shown in time, or a wrong one too often.");

        // 3 One key for each grant, partition and epoch; the same again changes nothing, and one that has expired gives way.
        if (await database.KFragAsync(owner, policy.Grant, policy.Partition, policy.Epoch, cancel) is { } kept)
        {
            if (RestKey.Keeps(kept, kfrag))
                return TypedResults.NoContent();
            if (kept.Until > now)
                throw ProblemException.Conflict("Another key is kept for this grant, partition and epoch.");
            await database.KFrags.Where(row => row.Owner == owner && row.Grant == policy.Grant && row.Partition == policy.Partition && row.Epoch == policy.Epoch)
                .ExecuteDeleteAsync(cancel);
        }
        database.KFrags.Add(await rest.SealAsync(kfrag));
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.NoContent();
    }

    /// <summary>200 with the answer of <see cref="ReencryptionRequest.EncodeAnswer"/>, in octets.</summary>
    private static async Task<IResult> ReEncryptAsync(
        HttpContext http, ServerIdentity self, RestKey rest, RequesterLimits limits, AccessTraces traces, TrusteeDatabase database, TimeProvider time, CancellationToken cancel)
    {
        // 1 Signed by the requester, for this trustee, not too often, now.
        if (!ReencryptionRequest.TryVerify(await http.Request.BytesAsync(cancel), out var request))
            throw ProblemException.BadRequest("This is no request signed by its requester.");
        if (!request.Trustee.Equals(self.Key))
            throw new ProblemException(Problems.Misdirected, StatusCodes.Status421MisdirectedRequest, "The request names another trustee.");
        if (!limits.TryTake(request.Requester))
            throw ProblemException.TooMany(TimeSpan.FromSeconds(1));
        if ((time.GetUtcNow() - request.At).Duration() > Limits.ClockTolerance)
            throw ProblemException.ClockSkew("The request's time is more than five minutes from this trustee's clock.");

        // 2 In the log, where the owner will find it.
        var access = await traces.CheckAsync(request.Trace, request.Requester, request.Subject, database, time.GetUtcNow(), cancel);

        // 3 Neither the request nor the statement was seen before. From here to the answer the grant stays as it is.
        await using var held = await database.ShareGrantAsync(ReencryptionTables.GrantLock(self.Key, request.Owner, request.Grant), cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (!await database.SpendNonceAsync(request.Requester, request.Nonce, request.At, cancel)
            || !await database.SpendNonceAsync(request.Requester, access.Statement.Nonce, access.Statement.At, cancel))
            throw ProblemException.Replayed();

        // 4 Under a live grant of that owner to the requester; one answer whatever is missing, as who was granted what is nobody else's business.
        var row = await database.LiveAsync(request, cancel);
        var now = time.GetUtcNow();
        if (row is null || row.OwnerKey.Account != request.Owner || !row.Delegatee.Equals(request.Requester) || now < row.From || row.Until <= now
            || !await database.IsReleasedAsync(row, cancel))
        {
            await transaction.CommitAsync(cancel);
            throw ProblemException.NotGranted("No live grant of that owner covers this.");
        }

        // 5 The capsules that are of this owner, partition, epoch and their record.
        using var share = await rest.OpenAsync(row);
        var cfrags = request.Items.Select(item => ReEncrypt(request, item, row.DelegatingKey, share)).ToArray();

        // 6 Journal first, then answer.
        if (cfrags.Any(cfrag => cfrag is not null) && !await database.TryJournalAsync(access, now, cancel))
            throw ProblemException.Replayed();
        await transaction.CommitAsync(cancel);
        await http.WriteAsync(ReencryptionRequest.EncodeAnswer(cfrags), WriteTimeout, cancel);
        return TypedResults.Empty;
    }

    /// <summary>200 with the signed receipt, in octets; the same for the same revocation, however often it comes.</summary>
    private static async Task<IResult> RevokeAsync(
        HttpRequest request, ServerIdentity self, RequesterLimits limits, TrusteeDatabase database, TimeProvider time, CancellationToken cancel)
    {
        // 1 Signed by an owner.
        if (!Revocation.TryVerify(await request.BytesAsync(cancel), out var revocation))
            throw ProblemException.BadRequest("This is no revocation signed by its owner.");
        if (!limits.TryTake(revocation.Owner))
            throw ProblemException.TooMany(TimeSpan.FromSeconds(1));

        // 2 Of that owner's grant: keys and tombstones are kept by owner, so another's grant of the same number is out of reach. The grant may be unknown here:
        //   its keys may be on the way.
        var owner = revocation.Owner.Account;
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await database.LockGrantAsync(ReencryptionTables.GrantLock(self.Key, owner, revocation.Grant), cancel);
        var tombstone = await database.TombstoneAsync(owner, revocation.Grant, cancel);
        if (tombstone is null)
        {
            var deleted = await database.KFrags.Where(row => row.Owner == owner && row.Grant == revocation.Grant).ExecuteDeleteAsync(cancel);
            await database.Locks.Where(row => row.Owner == owner && row.Grant == revocation.Grant).ExecuteDeleteAsync(cancel);
            tombstone = new TombstoneRow
            {
                Owner = owner,
                Grant = revocation.Grant,
                At = time.GetUtcNow(),
                KeysDeleted = deleted,
                Revocation = revocation.Signed,
            };
            database.Tombstones.Add(tombstone);
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }

        // 3 The receipt says what the tombstone says; signatures are deterministic, so it need not be kept.
        var receipt = RevocationReceipt.Create(self.Signing, revocation, (uint)tombstone.KeysDeleted, tombstone.At);
        return TypedResults.Bytes(receipt.Signed, Octets.ContentType);
    }

    private static CFrag? ReEncrypt(ReencryptionRequest request, ReencryptionItem item, PublicKey delegatingKey, KeyShare share) =>
        item.Capsule.TryVerify(delegatingKey, request.Context(item).ToBytes(), out var capsule) ? Delegation.ReEncrypt(capsule, share, request.Binding(item)) : null;
}
