using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Statistics.Sharing;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;
using Salus.Trustee.Reencryption;
using Salus.Trustee.Tokens;

namespace Salus.Trustee.Statistics;

/// <summary>
/// Rows of shares come without a session, paid for by tokens; a researcher's question is computed by the three trustees among themselves, and what each answers carries its
/// noise already. No trustee sees a value, a sum or a count.
/// </summary>
internal static class StatisticsEndpoints
{
    /// <summary>Rows that one address may send in a minute: an organisation sends many.</summary>
    private const int RowsPerMinute = 6000;

    public static void AddStatistics(this IServiceCollection services, ServerIdentity identity, NoiseAdder noise, CohortThreshold threshold)
    {
        services.AddSingleton(_ => new RowKey(identity.Derive(Domains.StatisticsRest, Aead.KeySize)));
        services.AddSingleton(noise);
        services.AddSingleton(threshold);
        services.AddSingleton<Computations>();
        services.AddScoped<SharedAnswer>();
    }

    public static void MapStatistics(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.StatisticsRows, KeepAsync).LimitBody(RowDelivery.MaxSize).LimitByAddress(RowsPerMinute, TimeSpan.FromMinutes(1))
            .WithSummary("Keeps a contribution's row of shares: sealed, with the receipts of its tokens. 204.");
        routes.MapPost(Paths.StatisticsQueries, AnswerAsync).WithSummary("Answers a researcher's signed question together with the two other trustees. 200, the signed answer.");
        routes.MapGet(Paths.StatisticsBudget, ShowBudgetAsync).WithSummary("What is left of a study's privacy budget. 200, the trustee's signed word.");
    }

    /// <summary>204: the row is kept, or was before.</summary>
    private static async Task<IResult> KeepAsync(
        HttpRequest http, ServerIdentity self, RowKey key, TrusteeDatabase database, TimeProvider time, CancellationToken cancel)
    {
        // 1 Sealed to this trustee, of a contribution to a study that is open, which tokens have paid for.
        if (!RowDelivery.TryUnseal(self.Unboxing, await http.BytesAsync(cancel), out var delivery))
            throw ProblemException.BadRequest("This is no row sealed to this trustee.");
        var (id, contribution) = (delivery.Header.Study, delivery.Header.Id);
        var kept = await database.StudyAsync(id, cancel) ?? throw ProblemException.NotFound();
        var party = Place(kept.Study, self);
        if (!kept.Study.Terms.WantsRows || !delivery.Fits(kept.Study))
            throw ProblemException.NotYours("The row is of another study than this trustee keeps, or its tokens were not spent on it.");
        if (!kept.IsOpen(time.GetUtcNow()))
            throw new ProblemException(Problems.StudyClosed, StatusCodes.Status409Conflict, "The study takes no contributions now.");
        if (await database.IsWithdrawnAsync(id, contribution, cancel))
            throw new ProblemException(Problems.Withdrawn, StatusCodes.Status410Gone, "The contribution was withdrawn.");

        // 2 Shares of the study's rows, as the contributor has committed to them.
        if (!SharePair.TryParse(party, kept.Study.Terms.Layout().Count, delivery.Parcel, out var pair) || !pair.Fits(delivery.Commitments))
            throw ProblemException.BadRequest("The shares are not those of the commitments, or not of a row of this study.");

        // 3 Kept for good, one for each contribution.
        var row = new ShareRow { Study = id, Contribution = contribution, Commitments = delivery.Commitments.Bytes.ToArray(), SealedParcel = [] };
        row = new ShareRow { Study = id, Contribution = contribution, Commitments = row.Commitments, SealedParcel = await key.SealAsync(delivery.Parcel, row) };
        return (await database.KeepAsync(row, cancel)).AsSpan().SequenceEqual(row.Commitments)
            ? TypedResults.NoContent()
            : throw ProblemException.Conflict("The contribution has another row.");
    }

    /// <summary>200 with the <see cref="StatisticsAnswer"/>; the same for the same question at the same price, free.</summary>
    private static async Task<IResult> AnswerAsync(
        HttpRequest http, ServerIdentity self, RequesterLimits limits, Computations computations, SharedAnswer shared, TrusteeDatabase database, TimeProvider time,
        CancellationToken cancel)
    {
        // 1 Signed by the researcher of a study that is not over, now, about what the study declares.
        if (!StatisticsQuery.TryVerify(await http.BytesAsync(cancel), out var query))
            throw ProblemException.BadRequest("This is no question signed by a researcher.");
        if (!limits.TryTake(query.Researcher))
            throw ProblemException.TooMany(TimeSpan.FromSeconds(1));
        var now = time.GetUtcNow();
        if ((now - query.At).Duration() > Limits.ClockTolerance)
            throw ProblemException.ClockSkew("The question's time is more than five minutes from this trustee's clock.");
        var kept = await database.StudyAsync(query.Study, cancel) ?? throw ProblemException.NotFound();
        if (!kept.Study.Terms.Researcher.Identity.Equals(query.Researcher))
            throw ProblemException.NotYours("The study is another researcher's.");
        _ = Place(kept.Study, self);
        if (now >= kept.Ends)
            throw new ProblemException(Problems.StudyClosed, StatusCodes.Status409Conflict, "The study is over.");
        if (!query.Question.Fits(kept.Study.Terms))
            throw ProblemException.BadRequest("The study does not declare what is asked for.");

        // 2 Answered before, at that price: nothing new is to be learnt.
        if (await database.AnswerAsync(query.Study, query.Name, cancel) is { } before)
            return TypedResults.Bytes(before, Octets.ContentType);
        if (await database.HasComputedAsync(query, cancel))
            throw ProblemException.Replayed();
        if (await database.SpentAsync(query.Study, cancel) + query.RhoMicros > kept.Study.Terms.BudgetMicros)
            throw SharedAnswer.BudgetSpent();

        // 3 Computed with the others; from here on it does not matter whether anybody waits.
        using var place = computations.Take(query.Study);
        return TypedResults.Bytes(await shared.RunAsync(query, kept.Study, place), Octets.ContentType);
    }

    private static async Task<IResult> ShowBudgetAsync(string study, ServerIdentity self, TrusteeDatabase database, TimeProvider time, CancellationToken cancel)
    {
        if (!Identifier.TryParse(study, out StudyId id) || await database.StudyAsync(id, cancel) is not { } kept)
            throw ProblemException.NotFound();
        var budget = kept.Study.Terms.BudgetMicros;
        var spent = Math.Min(await database.SpentAsync(id, cancel), budget);
        return TypedResults.Bytes(StatisticsBudget.Create(self.Signing, id, time.GetUtcNow(), budget, spent).Signed, Octets.ContentType);
    }

    private static int Place(Study study, ServerIdentity self) => study.Terms.Trustees.ToList().IndexOf(self.Key) is var place and >= 0
        ? place
        : throw new ProblemException(Problems.Misdirected, StatusCodes.Status421MisdirectedRequest, "The study has other trustees.");
}
