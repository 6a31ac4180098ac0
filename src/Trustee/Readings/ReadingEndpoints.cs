using Microsoft.EntityFrameworkCore;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Protocol.Readings;
using Salus.Trustee.Reencryption;
using Salus.Trustee.Release;
using Salus.Trustee.Witness;

namespace Salus.Trustee.Readings;

/// <summary>
/// Readings in secret shares: an owner's device brings them, the owner or somebody with a live grant of the partition fetches a span of time. A trustee learns who keeps
/// readings, when they were taken and how many they are; no value, no name and no unit.
/// </summary>
internal static class ReadingEndpoints
{
    /// <summary>The longest that a reader who does not read can hold off a revocation.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);

    public static void AddReadings(this IServiceCollection services, ServerIdentity identity)
    {
        services.AddSingleton(_ => new ReadingRest(identity.Derive(Domains.TrusteeReadings, Aead.KeySize)));
        services.AddScoped<ReadingIntake>();
        services.AddScoped<ReadingShelf>();
    }

    public static void MapReadings(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.Readings, TakeAsync).LimitBody(Limits.MaxReadingUpload)
            .WithSummary("Takes series, batches of shares and deletions in: a signed upload. 200, the signed receipt: all of it is durable.");
        routes.MapPost(Paths.ReadingRequests, AnswerAsync).WithSummary("Hands out this trustee's shares of a span of time, or the list of series: a signed request. 200, octets.");
    }

    /// <summary>200 with the receipt. The same items again are acknowledged again.</summary>
    private static async Task<IResult> TakeAsync(HttpRequest http, ServerIdentity self, TrusteeOptions options, RequesterLimits limits, ReadingIntake intake,
        TrusteeDatabase database, TimeProvider time, CancellationToken cancel)
    {
        // 1 Signed by the owner, for this trustee, not too often, now, by an account.
        if (!ReadingUpload.TryVerify(await http.BytesAsync(cancel), out var upload))
            throw ProblemException.BadRequest("This is no upload of readings signed by its owner.");
        Check(upload.Trustee, upload.Owner, upload.At, self, limits, time.GetUtcNow());
        if (!HardeningTicket.TryVerify(upload.Ticket, options.Cloud, out var ticket) || !ticket.Account.Equals(upload.Owner) || !ticket.IsGoodAt(time.GetUtcNow()))
            throw ProblemException.NotYours("The cloud's ticket is not for this key, or too old.");

        // 2 Sealed to this trustee, and what the owner committed to.
        var items = await upload.OpenAsync(self.Unboxing) ?? throw ProblemException.BadRequest("The shares are not sealed to this trustee's box key.");
        var good = await intake.CheckAsync(upload.Owner, items);

        // 3 All of it in one transaction, which is on the disk before the receipt is signed.
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await database.LockReadingsAsync(self.Key, upload.Owner.Account, cancel);
        if (!await database.SpendNonceAsync(upload.Owner, upload.Nonce, upload.At, cancel))
            throw ProblemException.Replayed();
        await intake.TakeAsync(upload.Owner.Account, good, cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.Bytes(ReadingReceipt.Create(self.Signing, upload, time.GetUtcNow()).Signed, Octets.ContentType);
    }

    /// <summary>200 with the <see cref="ReadingAnswer"/>, in octets.</summary>
    private static async Task<IResult> AnswerAsync(HttpContext http, ServerIdentity self, RestKey rest, RequesterLimits limits, AccessTraces traces, ReadingShelf shelf,
        TrusteeDatabase database, TimeProvider time, CancellationToken cancel)
    {
        // 1 Signed by the requester, for this trustee, not too often, now.
        if (!ReadingRequest.TryVerify(await http.Request.BytesAsync(cancel), out var request))
            throw ProblemException.BadRequest("This is no request for readings signed by its requester.");
        Check(request.Trustee, request.Requester, request.At, self, limits, time.GetUtcNow());

        // 2 When somebody else reads: in the log, where the owner will find it. One statement serves all pages of a span, or the list.
        var access = request.Access;
        var logged = access.IsOwn ? null : await traces.CheckAsync(request.Trace, request.Requester, request.Subject, database, time.GetUtcNow(), cancel);

        // 3 Never seen. From here to the answer the grant stays as it is.
        await using var held = access.IsOwn ? null : await database.ShareGrantAsync(ReencryptionTables.GrantLock(self.Key, access.Owner, access.Grant), cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (!await database.SpendNonceAsync(request.Requester, request.Nonce, request.At, cancel))
            throw ProblemException.Replayed();

        // 4 By the owner, or under live grants; one answer whatever is missing.
        var now = time.GetUtcNow();
        var epochs = access.IsOwn ? null : await EpochsAsync(database, rest, request, now, cancel);
        if (access.IsOwn ? request.Requester.Account != access.Owner : epochs!.Count == 0)
        {
            await transaction.CommitAsync(cancel);
            throw ProblemException.NotGranted("No live grant of that owner covers this.");
        }

        // 5 Journal first, then answer. An owner's own reading is nobody else's access.
        if (logged is not null && !await database.TryJournalAsync(logged, now, cancel)
            && !await database.Accesses.AnyAsync(row => row.Index == logged.Index && row.Leaf == logged.Leaf, cancel))
            throw ProblemException.Replayed();
        var content = request.Span is { } span ? (await shelf.PageAsync(access, span, epochs, cancel)).Encode() : await shelf.SeriesAsync(access, epochs, cancel);
        await transaction.CommitAsync(cancel);
        await http.WriteAsync((await ReadingAnswer.CreateAsync(self.Signing, request, content)).Signed, WriteTimeout, cancel);
        return TypedResults.Empty;
    }

    private static void Check(VerifyingKey trustee, VerifyingKey signer, DateTimeOffset at, ServerIdentity self, RequesterLimits limits, DateTimeOffset now)
    {
        if (!trustee.Equals(self.Key))
            throw new ProblemException(Problems.Misdirected, StatusCodes.Status421MisdirectedRequest, "The request names another trustee.");
        if (!limits.TryTake(signer))
            throw ProblemException.TooMany(TimeSpan.FromSeconds(1));
        if ((now - at).Duration() > Limits.ClockTolerance)
            throw ProblemException.ClockSkew("The request's time is more than five minutes from this trustee's clock.");
    }

    /// <summary>The epochs of the partition that live keys of the grant open for the requester. The key is opened too: it shows that its policy is as the owner signed it.</summary>
    private static async Task<IReadOnlyList<EpochNumber>> EpochsAsync(TrusteeDatabase database, RestKey rest, ReadingRequest request, DateTimeOffset now, CancellationToken cancel)
    {
        var (owner, grant, partition) = (request.Access.Owner, request.Access.Grant, request.Access.Partition);
        var epochs = new List<EpochNumber>();
        foreach (var row in await database.KFrags.AsNoTracking().Where(row => row.Owner == owner && row.Grant == grant && row.Partition == partition
            && !database.Tombstones.Any(tombstone => tombstone.Owner == row.Owner && tombstone.Grant == row.Grant)).ToListAsync(cancel))
        {
            if (row.OwnerKey.Account != owner || !row.Delegatee.Equals(request.Requester) || now < row.From || row.Until <= now || !await database.IsReleasedAsync(row, cancel))
                continue;
            using var share = await rest.OpenAsync(row);
            epochs.Add(row.Epoch);
        }
        return epochs;
    }
}
