using Microsoft.EntityFrameworkCore;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Trustee.Reencryption;

namespace Salus.Trustee.Hardening;

/// <summary>
/// The hardening key: three trustees make it together and two evaluate under it, so that telephone numbers cannot be tried out by whoever has the cloud's tables. And the key
/// for contents, made in the same way, from which shared bodies have their keys. The operator's relay carries the contributions; it can spoil the making, and learns nothing by it.
/// </summary>
internal static class HardeningEndpoints
{
    public static void AddHardening(this IServiceCollection services) => services.AddSingleton<HardeningShares>();

    public static void MapHardening(this IEndpointRouteBuilder routes)
    {
        Map(routes, KeyPurpose.Numbers, Paths.HardeningContribution, Paths.HardeningKey, Paths.HardeningEvaluations);
        Map(routes, KeyPurpose.Contents, Paths.ContentContribution, Paths.ContentKey, Paths.ContentEvaluations);
    }

    private static void Map(IEndpointRouteBuilder routes, KeyPurpose purpose, string contribution, string key, string evaluations)
    {
        routes.MapGet(contribution, (ServerIdentity self, TrusteeOptions options, TrusteeDatabase database, CancellationToken cancel) =>
            ContributeAsync(purpose, self, options, database, cancel)).WithSummary("This trustee's contribution to the key, made at the first call. 200, octets.");
        routes.MapPut(key, (HttpRequest http, ServerIdentity self, TrusteeOptions options, RestKey rest, TrusteeDatabase database, CancellationToken cancel) =>
            EstablishAsync(purpose, http, self, options, rest, database, cancel)).WithSummary("Takes the three contributions and makes the key of them, once. 200, the trustee's word.");
        routes.MapGet(key, (ServerIdentity self, TrusteeDatabase database, CancellationToken cancel) =>
            ShowAsync(purpose, self, database, cancel)).WithSummary("The trustee's signed word which key it holds a share of. 200, octets.");
        routes.MapPost(evaluations, (HttpRequest http, ServerIdentity self, TrusteeOptions options, HardeningShares shares, RequesterLimits limits, TrusteeDatabase database,
            TimeProvider time, CancellationToken cancel) => EvaluateAsync(purpose, http, self, options, shares, limits, database, time, cancel))
            .WithSummary("Evaluates a blinded input: a signed request with the cloud's ticket. 200, octets.");
    }

    private static async Task<IResult> ContributeAsync(
        KeyPurpose purpose, ServerIdentity self, TrusteeOptions options, TrusteeDatabase database, CancellationToken cancel) =>
        TypedResults.Bytes((await OwnAsync(purpose, self, options, database, cancel)).Signed, Octets.ContentType);

    /// <summary>200 with the word; the same for the same contributions, however often they come.</summary>
    private static async Task<IResult> EstablishAsync(
        KeyPurpose purpose, HttpRequest request, ServerIdentity self, TrusteeOptions options, RestKey rest, TrusteeDatabase database, CancellationToken cancel)
    {
        // 1 Three contributions of the trustees that this one's operator named, its own as it made it.
        if (!HardeningContribution.TryVerifyAll(await request.BytesAsync(cancel), out var three))
            throw ProblemException.BadRequest("These are not the contributions of three trustees, signed and in their order.");
        var own = await OwnAsync(purpose, self, options, database, cancel);
        var index = own.Members.IndexOf(self.Key);
        if (!three[0].Members.Equals(own.Members) || !three[index].Signed.AsSpan().SequenceEqual(own.Signed))
            throw ProblemException.NotYours("The contributions are of other trustees than this one's operator has named, or not with its own.");

        // 2 Every value for this trustee is the one that its contributor is committed to.
        var values = new List<Secret>();
        try
        {
            foreach (var contribution in three)
                values.Add(contribution.TryOpenValue(self.Unboxing, index, out var value)
                    ? value : throw ProblemException.BadRequest($"The value of the trustee {contribution.Trustee} does not fit what it has committed itself to."));
            if (!KeyContribution.TryAdd([.. three.Select(contribution => contribution.Commitments)], out var key)
                || !KeyContribution.TryShare(key, index, values, out var opened))
                throw ProblemException.BadRequest("The contributions do not add up to a key.");
            using var share = opened;

            // 3 Kept for good: there is one key, and the records that people made findable hang on it.
            var word = HardeningKey.Create(self.Signing, three, key);
            await database.KeepAsync(new HardeningKeyRow { Id = purpose.Row, Word = word.Signed, SealedShare = await rest.SealAsync(share, word) }, cancel);
            var kept = HardeningShare.Read(self.Key, await database.HardeningKeys.AsNoTracking().SingleAsync(row => row.Id == purpose.Row, cancel));
            return kept.AgreesWith(word)
                ? TypedResults.Bytes(kept.Signed, Octets.ContentType)
                : throw ProblemException.Conflict("Another hardening key is established already.");
        }
        finally
        {
            foreach (var value in values)
                value.Dispose();
        }
    }

    private static async Task<IResult> ShowAsync(KeyPurpose purpose, ServerIdentity self, TrusteeDatabase database, CancellationToken cancel) =>
        await database.HardeningKeys.AsNoTracking().SingleOrDefaultAsync(row => row.Id == purpose.Row, cancel) is { } row
            ? TypedResults.Bytes(HardeningShare.Read(self.Key, row).Signed, Octets.ContentType)
            : throw ProblemException.NotFound();

    /// <summary>200 with the <see cref="Evaluation"/>, in octets.</summary>
    private static async Task<IResult> EvaluateAsync(
        KeyPurpose purpose, HttpRequest http, ServerIdentity self, TrusteeOptions options, HardeningShares shares, RequesterLimits limits, TrusteeDatabase database,
        TimeProvider time, CancellationToken cancel)
    {
        // 1 Signed by the requester, for this trustee, not too often, now.
        if (!HardeningRequest.TryVerify(await http.BytesAsync(cancel), out var request))
            throw ProblemException.BadRequest("This is no request signed by its requester.");
        if (!request.Trustee.Equals(self.Key))
            throw new ProblemException(Problems.Misdirected, StatusCodes.Status421MisdirectedRequest, "The request names another trustee.");
        if (!limits.TryTake(request.Requester))
            throw ProblemException.TooMany(TimeSpan.FromSeconds(1));
        var now = time.GetUtcNow();
        if ((now - request.At).Duration() > Limits.ClockTolerance)
            throw ProblemException.ClockSkew("The request's time is more than five minutes from this trustee's clock.");

        // 2 By an account, as the cloud says: keys cost nothing, accounts a mail address each.
        if (!HardeningTicket.TryVerify(request.Ticket, options.Cloud, out var ticket) || !ticket.Account.Equals(request.Requester) || !ticket.IsGoodAt(now))
            throw ProblemException.NotYours("The cloud's ticket is not for this key, or too old.");
        var share = await shares[purpose].OpenAsync(database, cancel) ?? throw ProblemException.Conflict("The trustees have no such key yet: `salus up` makes it.");

        // 3 Never seen, and within the turns of the account and of all.
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (!await database.SpendNonceAsync(request.Requester, request.Nonce, request.At, cancel))
            throw ProblemException.Replayed();
        if (!await database.TryTakeTurnAsync(purpose, request.Requester.Account, options, now, cancel))
            throw ProblemException.TooMany(TimeSpan.FromMinutes(60 - now.Minute));
        await transaction.CommitAsync(cancel);
        return TypedResults.Bytes(share.Evaluate(request.Blinded).Bytes.ToArray(), Octets.ContentType);
    }

    /// <summary>What this trustee contributes: made once and kept, for another one would make another key.</summary>
    private static async Task<HardeningContribution> OwnAsync(
        KeyPurpose purpose, ServerIdentity self, TrusteeOptions options, TrusteeDatabase database, CancellationToken cancel)
    {
        if (options.Members.IndexOf(self.Key) < 0)
            throw ProblemException.Conflict("This trustee is not among the three that its configuration names.");
        var row = await database.HardeningParts.AsNoTracking().SingleOrDefaultAsync(row => row.Id == purpose.Row, cancel);
        if (row is null)
        {
            await database.KeepAsync(new HardeningPartRow { Id = purpose.Row, Signed = HardeningContribution.Create(self.Signing, options.Members).Signed }, cancel);
            row = await database.HardeningParts.AsNoTracking().SingleAsync(row => row.Id == purpose.Row, cancel);
        }
        if (!HardeningContribution.TryVerify(row.Signed, out var own) || !own.Trustee.Equals(self.Key))
            throw new InvalidDataException("The contribution in the database is not as this trustee wrote it.");
        return own.Members.Equals(options.Members) ? own : throw ProblemException.Conflict("The contribution was made with other trustees than the configuration names now.");
    }
}
