using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Cloud.Grants;
using Salus.Cloud.Log;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Protocol.Studies;

namespace Salus.Cloud.Studies;

/// <summary>
/// Studies as everybody sees them. They are read without a session: who looks at which study is nobody's business, and the list of one study is the same for all.
/// </summary>
internal static class StudyEndpoints
{
    private const int PageSize = 16;

    /// <summary>A study in base64 with the three words.</summary>
    private const int MaxOpening = (Limits.MaxStudy * 4 / 3) + (8 * 1024);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.Studies, Open).NeedSession().LimitBody(MaxOpening);
        routes.MapGet(Paths.Studies, List);
        routes.MapGet(Paths.Study, Get);
        routes.MapPost(Paths.StudyEnd, End).NeedSession();
    }

    private static async Task<NoContent> Open(
        Caller caller, OpenStudy request, TrusteeKeys trustees, CloudDatabase database, CloudOptions options, TimeProvider time, CancellationToken cancellation)
    {
        // 1. The researcher's word, and those of the three trustees of this installation.
        if (!Study.TryVerify(request.Signed, out var study))
            throw ProblemException.BadRequest("signed: no study signed by the researcher within.");
        var terms = study.Terms;
        if (!terms.Researcher.Identity.Equals(caller.Identity))
            throw ProblemException.NotYours("The study is signed by another identity than the session's.");
        if (!terms.Trustees.All(trustees.Contains))
            throw ProblemException.BadRequest("signed: one of the trustees is none of this cloud.");
        if (request.TokenKeys.Count != Study.TrusteeCount
            || !terms.Trustees.Zip(request.TokenKeys).All(pair => TokenKey.TryVerify(pair.Second, pair.First, study, out _)))
            throw ProblemException.BadRequest("tokenKeys: the words of the study's three trustees about it, in its order.");
        if (terms.Ends <= time.GetUtcNow())
            throw new ProblemException(Problems.StudyClosed, StatusCodes.Status409Conflict, "The study is over.");
        if (await database.CardAsync(terms.Custodian.Account, cancellation) is null)
            throw new ProblemException(Problems.NotFound, StatusCodes.Status404NotFound, "The custodian has no account here.");

        // 2. The only one of its name: what people consent to does not change.
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var usage = await database.LockOwnerAsync(caller.Account, cancellation);
        if (await database.Studies.AsNoTracking().SingleOrDefaultAsync(row => row.Id == study.Id, cancellation) is { } stored)
            return stored.Signed.AsSpan().SequenceEqual(study.Signed) ? TypedResults.NoContent() : throw Taken();

        // 3. Entered.
        if (!usage.TryTake(1, study.Signed.Length, options.Quota))
            throw UsageRow.Full();
        database.Add(new StudyRow
        {
            Id = study.Id, Researcher = caller.Account, Custodian = terms.Custodian.Account, Signed = study.Signed, TokenKeys = [.. request.TokenKeys], Ends = terms.Ends,
        });
        database.Log(LogEntry.Of(LogKind.Study, study.Signed));
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Taken();
        }
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>In the order of their identifiers, which are random: the list says nothing that its studies do not.</summary>
    private static async Task<Ok<StudyPage>> List(string? after, CloudDatabase database, CancellationToken cancellation)
    {
        var studies = database.Studies.AsNoTracking();
        if (after is not null)
        {
            if (!Identifier.TryParse(after, out StudyId last))
                throw ProblemException.BadRequest("after: the cursor of a page.");
            var cursor = new Guid(last.ToBytes(), bigEndian: true);
            studies = database.Studies.FromSql($"SELECT * FROM cloud.studies WHERE id > {cursor}").AsNoTracking();
        }
        var rows = await studies.OrderBy(row => row.Id).Take(PageSize + 1).ToListAsync(cancellation);
        return TypedResults.Ok(new StudyPage([.. rows.Take(PageSize).Select(row => row.ToView())], rows.Count > PageSize ? rows[PageSize - 1].Id.ToString() : null));
    }

    private static async Task<Ok<StudyView>> Get(string id, CloudDatabase database, CancellationToken cancellation) =>
        Identifier.TryParse(id, out StudyId study) && await database.Studies.AsNoTracking().SingleOrDefaultAsync(row => row.Id == study, cancellation) is { } row
            ? TypedResults.Ok(row.ToView())
            : throw ProblemException.NotFound();

    private static async Task<NoContent> End(Caller caller, string id, SignedBytes request, CloudDatabase database, CancellationToken cancellation)
    {
        if (!StudyEnd.TryVerify(request.Signed, out var end) || !Identifier.TryParse(id, out StudyId named) || named != end.Study)
            throw ProblemException.BadRequest("signed: no end of this study signed by its researcher.");
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        await database.LockOwnerAsync(caller.Account, cancellation);
        var row = await database.Studies.SingleOrDefaultAsync(row => row.Id == named && row.Researcher == caller.Account, cancellation) ?? throw ProblemException.NotFound();
        if (!end.IsOf(row.Read()))
            throw ProblemException.NotYours("The end is signed by another identity than the study's.");
        if (row.End is null)
        {
            (row.End, row.Ends) = (end.Signed, end.At < row.Ends ? end.At : row.Ends);
            database.Log(LogEntry.Of(LogKind.Study, end.Signed));
        }
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static ProblemException Taken() => ProblemException.Conflict("There is another study of this identifier: make a new one.");
}
