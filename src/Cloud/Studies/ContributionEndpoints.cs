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
/// kept anywhere.
/// </summary>
internal static class ContributionEndpoints
{
    private const string Octets = "application/octet-stream";
    private const int PageSize = 256;

    /// <summary>Anonymous requests of one address in a minute: 600 contributions, for an organisation sends many.</summary>
    private const int PerMinute = 600;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut(Paths.Contribution, Put).LimitBody(ContributionUpload.MaxSize).LimitByAddress(PerMinute, TimeSpan.FromMinutes(1)).Accepts<Stream>(Octets);
        routes.MapGet(Paths.ContributionState, State).LimitByAddress(PerMinute, TimeSpan.FromMinutes(1));
        routes.MapPost(Paths.Withdrawals, Withdraw).LimitByAddress(PerMinute, TimeSpan.FromMinutes(1)).Accepts<Stream>(Octets);
        routes.MapGet(Paths.Contributions, List).NeedSession();
        routes.MapGet(Paths.Contribution, Get).NeedSession();
    }

    private static async Task<NoContent> Put(
        string id, string contribution, HttpRequest http, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        // 1. For a study that takes contributions, before its bytes are read.
        var study = await StudyAsync(id, database, cancellation);
        if (!Identifier.TryParse(contribution, out ContributionId named))
            throw ProblemException.BadRequest("contribution: 32 hexadecimal digits.");
        var now = time.GetUtcNow();
        var terms = study.Read();
        if (now < terms.Terms.Opens || now >= study.Ends)
            throw new ProblemException(Problems.StudyClosed, StatusCodes.Status409Conflict, "The study takes no contributions now.");

        // 2. Signed, whole, paid for at two trustees.
        if (!ContributionUpload.TryRead(await BodyAsync(http, cancellation), out var upload) || upload.Header.Id != named)
            throw ProblemException.BadRequest("The body is a contribution's signed head, two receipts and the copy that the head names.");
        if (!ContributionReceipt.Suffice(terms, upload.Header, upload.Receipts))
            throw ProblemException.NotYours("The receipts are not those of two trustees of the study for this contribution.");
        if (upload.Header.CopySize > 0 && !terms.Terms.WantsCopies)
            throw ProblemException.BadRequest("The study wants no copies.");

        // 3. The only one of its name, once and for all.
        var (studyKey, key) = (new Guid(study.Id.ToBytes(), bigEndian: true), new Guid(named.ToBytes(), bigEndian: true));
        var (header, receipts, copy) = (upload.Header.Signed, upload.Receipts.ToArray(), upload.Header.CopySize > 0 ? upload.SealedCopy : null);
        await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO cloud.contributions (study, id, header, receipts, copy, has_been) VALUES ({studyKey}, {key}, {header}, {receipts}, {copy}, true) ON CONFLICT DO NOTHING
            """, cancellation);
        var kept = await database.Contributions.AsNoTracking().Where(row => row.Study == study.Id && row.Id == named)
            .Select(row => new { row.Header, IsWithdrawn = row.Withdrawal != null }).SingleAsync(cancellation);
        if (kept.IsWithdrawn)
            throw Gone();
        return header.AsSpan().SequenceEqual(kept.Header) ? TypedResults.NoContent() : throw ProblemException.Conflict("There is another contribution of this identifier.");
    }

    private static async Task<Ok<ContributionStateView>> State(string id, string contribution, CloudDatabase database, CancellationToken cancellation) =>
        Identifier.TryParse(id, out StudyId study) && Identifier.TryParse(contribution, out ContributionId named)
            && await database.Contributions.AsNoTracking().Where(row => row.Study == study && row.Id == named)
                .Select(row => new ContributionStateView(row.Withdrawal != null)).SingleOrDefaultAsync(cancellation) is { } state
            ? TypedResults.Ok(state)
            : throw ProblemException.NotFound();

    private static async Task<NoContent> Withdraw(string id, HttpRequest http, CloudDatabase database, CancellationToken cancellation)
    {
        if (!ContributionWithdrawal.TryVerify(await BodyAsync(http, cancellation), out var withdrawal) || !Identifier.TryParse(id, out StudyId named) || named != withdrawal.Study)
            throw ProblemException.BadRequest("The body is no withdrawal from this study signed by its key.");
        _ = await StudyAsync(id, database, cancellation);
        var (study, contribution) = (new Guid(withdrawal.Study.ToBytes(), bigEndian: true), new Guid(withdrawal.Id.ToBytes(), bigEndian: true));
        await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO cloud.contributions (study, id, withdrawal, has_been) VALUES ({study}, {contribution}, {withdrawal.Signed}, false)
            ON CONFLICT (study, id) DO UPDATE SET withdrawal = excluded.withdrawal, header = NULL, receipts = NULL, copy = NULL
            """, cancellation);
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

    private static async Task<byte[]> BodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentType is not Octets)
            throw ProblemException.BadRequest($"The body is {Octets}.");
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }

    private static ProblemException Gone() => new(Problems.Withdrawn, StatusCodes.Status410Gone, "The contribution was withdrawn, for good.");
}
