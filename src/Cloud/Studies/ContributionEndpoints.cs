using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

namespace Salus.Cloud.Studies;

/// <summary>
/// Contributions: they come and go without a session, under a key that is used for nothing else, and only the study's custodian reads them. Neither who sent one nor when is
/// kept anywhere. What they take up counts as their researcher's.
/// </summary>
internal static class ContributionEndpoints
{
    private const string Octets = "application/octet-stream";
    private const int PageSize = 256;

    /// <summary>Anonymous requests of one address in a minute: 600 contributions, for an organisation sends many.</summary>
    private const int PerMinute = 600;

    /// <summary>Uploads at once, from everywhere and from one address: each may hold a copy of 16 MiB.</summary>
    private const int AtOnce = 32;
    private const int AtOnceOfOne = 4;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut(Paths.Contribution, Put).LimitBody(ContributionUpload.MaxSize).LimitByAddress(PerMinute, TimeSpan.FromMinutes(1)).LimitAtOnce(AtOnce, AtOnceOfOne).Accepts<Stream>(Octets);
        routes.MapGet(Paths.ContributionState, State).LimitByAddress(PerMinute, TimeSpan.FromMinutes(1));
        routes.MapPost(Paths.Withdrawals, Withdraw).LimitByAddress(PerMinute, TimeSpan.FromMinutes(1)).Accepts<Stream>(Octets);
        routes.MapGet(Paths.Contributions, List).NeedSession();
        routes.MapGet(Paths.Contribution, Get).NeedSession();
    }

    private static async Task<NoContent> Put(
        string id, string contribution, HttpRequest http, CloudDatabase database, CloudOptions options, TimeProvider time, CancellationToken cancellation)
    {
        // 1. For a study that takes contributions, before its bytes are read.
        var study = await StudyAsync(id, database, cancellation);
        if (!Identifier.TryParse(contribution, out ContributionId named))
            throw ProblemException.BadRequest("contribution: 32 hexadecimal digits.");
        var now = time.GetUtcNow();
        var terms = study.Read();
        if (now < terms.Terms.Opens || now >= study.Ends)
            throw new ProblemException(Problems.StudyClosed, StatusCodes.Status409Conflict, "The study takes no contributions now.");

        // 2. Signed and paid for at two trustees, before its copy is read; then whole.
        CheckType(http);
        var first = new byte[ContributionUpload.MaxStart];
        var got = await http.Body.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancellation);
        if (!ContributionUpload.TryReadStart(first.AsSpan(0, got), out var upload, out var start) || upload.Header.Id != named)
            throw NoUpload();
        if (!ContributionReceipt.Suffice(terms, upload.Header, upload.Receipts))
            throw ProblemException.NotYours("The receipts are not those of two trustees of the study for this contribution.");
        if (upload.Header.CopySize > 0 && !terms.Terms.WantsCopies)
            throw ProblemException.BadRequest("The study wants no copies.");
        if (got - start > upload.Header.CopySize)
            throw NoUpload();
        var copy = new byte[upload.Header.CopySize];
        first.AsSpan(start, got - start).CopyTo(copy);
        if (await http.Body.ReadAtLeastAsync(copy.AsMemory(got - start), copy.Length - (got - start), throwOnEndOfStream: false, cancellation) + got - start < copy.Length
            || await http.Body.ReadAsync(first.AsMemory(0, 1), cancellation) > 0 || !upload.Header.Fits(copy))
            throw NoUpload();

        // 3. The only one of its name, once and for all, where its researcher has room.
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var usage = await database.LockOwnerAsync(study.Researcher, cancellation);
        var kept = await database.Contributions.AsNoTracking().Where(row => row.Study == study.Id && row.Id == named)
            .Select(row => new { row.Header, IsWithdrawn = row.Withdrawal != null }).SingleOrDefaultAsync(cancellation);
        if (kept is { IsWithdrawn: true })
            throw Gone();
        if (kept is not null)
            return upload.Header.Signed.AsSpan().SequenceEqual(kept.Header)
                ? TypedResults.NoContent()
                : throw ProblemException.Conflict("There is another contribution of this identifier.");
        if (!usage.TryTake(1, copy.Length, options.Quota))
            throw ProblemException.NoSpace("The study's researcher holds as much here as an account may: no more contributions fit.");
        database.Add(new ContributionRow
        {
            Study = study.Id, Id = named, Header = upload.Header.Signed, Receipts = [.. upload.Receipts], Copy = copy.Length > 0 ? copy : null, HasBeen = true,
        });
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<ContributionStateView>> State(string id, string contribution, CloudDatabase database, CancellationToken cancellation) =>
        Identifier.TryParse(id, out StudyId study) && Identifier.TryParse(contribution, out ContributionId named)
            && await database.Contributions.AsNoTracking().Where(row => row.Study == study && row.Id == named)
                .Select(row => new ContributionStateView(row.Withdrawal != null)).SingleOrDefaultAsync(cancellation) is { } state
            ? TypedResults.Ok(state)
            : throw ProblemException.NotFound();

    private static async Task<NoContent> Withdraw(string id, HttpRequest http, CloudDatabase database, CancellationToken cancellation)
    {
        // 1. By its key, and of what was paid for when it is not here yet.
        CheckType(http);
        using var body = new MemoryStream();
        await http.Body.CopyToAsync(body, cancellation);
        if (!WithdrawalRequest.TryRead(body.ToArray(), out var request) || !Identifier.TryParse(id, out StudyId named) || named != request.Withdrawal.Study)
            throw ProblemException.BadRequest("The body is no withdrawal from this study signed by its key.");
        var study = await StudyAsync(id, database, cancellation);

        // 2. The mark takes the contribution's place in the count of rows.
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var usage = await database.LockOwnerAsync(study.Researcher, cancellation);
        var kept = await database.Contributions.AsNoTracking().Where(row => row.Study == study.Id && row.Id == request.Withdrawal.Id)
            .Select(row => new { Size = row.Copy == null ? 0 : row.Copy.Length }).SingleOrDefaultAsync(cancellation);
        if (kept is not null)
        {
            var (key, contribution) = (new Guid(study.Id.ToBytes(), bigEndian: true), new Guid(request.Withdrawal.Id.ToBytes(), bigEndian: true));
            await database.Database.ExecuteSqlAsync(
                $"""
                UPDATE cloud.contributions SET withdrawal = {request.Withdrawal.Signed}, header = NULL, receipts = NULL, copy = NULL WHERE study = {key} AND id = {contribution}
                """, cancellation);
            usage.Bytes -= kept.Size;
        }
        else if (request.IsPaidFor(study.Read()))
        {
            usage.Rows++; // whoever withdraws is not asked whether there is room
            database.Add(new ContributionRow { Study = study.Id, Id = request.Withdrawal.Id, Withdrawal = request.Withdrawal.Signed, HasBeen = false });
        }
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<ContributionPage>> List(Caller caller, string id, string? after, CloudDatabase database, CancellationToken cancellation)
    {
        var study = await OfCustodianAsync(caller, id, database, cancellation);
        if (!Identifier.TryParse(after ?? default(ContributionId).ToString(), out ContributionId last))
            throw ProblemException.BadRequest("after: the cursor of a page.");
        var (key, cursor) = (new Guid(study.Id.ToBytes(), bigEndian: true), new Guid(last.ToBytes(), bigEndian: true));
        var rows = await database.Contributions.FromSql($"SELECT * FROM cloud.contributions WHERE study = {key} AND id > {cursor} AND has_been").AsNoTracking()
            .OrderBy(row => row.Id).Take(PageSize + 1).Select(row => new { row.Id, row.Header, row.Receipts, row.Withdrawal }).ToListAsync(cancellation);
        return TypedResults.Ok(new ContributionPage([.. rows.Take(PageSize).Select(row => new ContributionView(row.Header, row.Receipts ?? [], row.Withdrawal))],
            rows.Count > PageSize ? rows[PageSize - 1].Id.ToString() : null));
    }

    /// <summary>200 with the sealed copy, in octets.</summary>
    private static async Task<FileContentHttpResult> Get(Caller caller, string id, string contribution, CloudDatabase database, CancellationToken cancellation)
    {
        var study = await OfCustodianAsync(caller, id, database, cancellation);
        if (!Identifier.TryParse(contribution, out ContributionId named))
            throw ProblemException.NotFound();
        var row = await database.Contributions.AsNoTracking().SingleOrDefaultAsync(row => row.Study == study.Id && row.Id == named, cancellation);
        return row switch
        {
            { Withdrawal: not null } => throw Gone(),
            { Copy: { } copy } => TypedResults.Bytes(copy, Octets),
            _ => throw ProblemException.NotFound(),
        };
    }

    private static async Task<StudyRow> StudyAsync(string id, CloudDatabase database, CancellationToken cancellation) =>
        Identifier.TryParse(id, out StudyId study) && await database.Studies.AsNoTracking().SingleOrDefaultAsync(row => row.Id == study, cancellation) is { } row
            ? row
            : throw ProblemException.NotFound();

    private static async Task<StudyRow> OfCustodianAsync(Caller caller, string id, CloudDatabase database, CancellationToken cancellation)
    {
        var study = await StudyAsync(id, database, cancellation);
        return study.Custodian == caller.Account ? study : throw ProblemException.NotGranted("The study has another custodian.");
    }

    private static void CheckType(HttpRequest request)
    {
        if (request.ContentType is not Octets)
            throw ProblemException.BadRequest($"The body is {Octets}.");
    }

    private static ProblemException NoUpload() => ProblemException.BadRequest("The body is a contribution's signed head, two receipts and the copy that the head names.");

    private static ProblemException Gone() => new(Problems.Withdrawn, StatusCodes.Status410Gone, "The contribution was withdrawn, for good.");
}
