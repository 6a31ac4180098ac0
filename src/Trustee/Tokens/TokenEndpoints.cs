using Microsoft.EntityFrameworkCore;
using Salus.Crypto.Oprf;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;
using Salus.Trustee.Reencryption;
using Salus.Trustee.Statistics;

namespace Salus.Trustee.Tokens;

/// <summary>
/// Studies and their tokens. Issuing knows the account and not the token; spending knows the token and not the account; the key of the study ties both together and
/// nothing else does.
/// </summary>
internal static class TokenEndpoints
{
    /// <summary>Studies of one researcher that a trustee keeps, at most.</summary>
    private const int StudiesPerResearcher = 256;

    /// <summary>Requests without an account that one address may send in a minute.</summary>
    private const int AnonymousPerMinute = 600;

    private const int WithdrawalsPerPage = 256;

    public static void AddTokens(this IServiceCollection services) => services.AddSingleton<TokenKeys>();

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapPut(Paths.Study, KeepAsync).LimitBody(Limits.MaxStudy).WithSummary("Keeps a study: signed by its researcher, with the cloud's ticket. 200, the trustee's word.");
        routes.MapGet(Paths.StudyTokenKey, ShowAsync).WithSummary("The trustee's word which key it issues the study's tokens under. 200, octets.");
        routes.MapPost(Paths.StudyEnd, EndAsync).WithSummary("Ends a study: the researcher's signed word. 204.");
        routes.MapPost(Paths.Tokens, IssueAsync).WithSummary("Issues a token: a signed request with the cloud's ticket. 200, octets.");
        routes.MapPost(Paths.Redemptions, RedeemAsync).LimitByAddress(AnonymousPerMinute, TimeSpan.FromMinutes(1))
            .WithSummary("Spends a token on a contribution. 200, the trustee's receipt.");
        routes.MapPost(Paths.TrusteeWithdrawals, WithdrawAsync).LimitByAddress(AnonymousPerMinute, TimeSpan.FromMinutes(1))
            .WithSummary("Withdraws a contribution: signed by its withdrawal key. 204.");
        routes.MapGet(Paths.Withdrawals, WithdrawalsAsync).LimitByAddress(AnonymousPerMinute, TimeSpan.FromMinutes(1))
            .WithSummary("The withdrawals of a study after one of them, as their keys signed them. 200, octets, none after the last.");
    }

    /// <summary>200 with the <see cref="TokenKey"/>; the same for the same study, however often it comes.</summary>
    private static async Task<IResult> KeepAsync(
        string id, HttpRequest http, TrusteeOptions options, TokenKeys keys, TrusteeDatabase database, TimeProvider time, CancellationToken cancel)
    {
        // 1 Signed by its researcher, who has an account.
        if (!Study.TryVerify(await http.BytesAsync(cancel), out var study) || !Identifier.TryParse(id, out StudyId named) || named != study.Id)
            throw ProblemException.BadRequest("This is no study of that identifier signed by its researcher.");
        var now = time.GetUtcNow();
        if (!IsAccount(http.Headers[Paths.TicketHeader], study.Terms.Researcher.Identity, options, now))
            throw ProblemException.NotYours("The cloud's ticket is not for the researcher, or too old.");

        // 2 Of the three trustees that this one's operator knows: their answers go together.
        if (!study.Terms.Trustees.All(trustee => options.Members.IndexOf(trustee) >= 0))
            throw ProblemException.NotYours("The study names other trustees than this one's operator.");
        if (study.Terms.Ends <= now)
            throw ProblemException.Conflict("The study is over.");

        // 3 Kept for good: what people consented to does not change.
        if (!await database.KeepAsync(study, StudiesPerResearcher, cancel))
            throw ProblemException.NoSpace("The researcher has as many studies here as may be.");
        var kept = await database.StudyAsync(study.Id, cancel) ?? throw ProblemException.NotFound();
        return kept.Study.Signed.AsSpan().SequenceEqual(study.Signed)
            ? TypedResults.Bytes(keys.Word(study).Signed, Octets.ContentType)
            : throw ProblemException.Conflict("There is another study of this identifier.");
    }

    private static async Task<IResult> ShowAsync(string id, TokenKeys keys, TrusteeDatabase database, CancellationToken cancel) =>
        Identifier.TryParse(id, out StudyId study) && await database.StudyAsync(study, cancel) is { } kept
            ? TypedResults.Bytes(keys.Word(kept.Study).Signed, Octets.ContentType)
            : throw ProblemException.NotFound();

    private static async Task<IResult> EndAsync(string id, HttpRequest http, TrusteeDatabase database, CancellationToken cancel)
    {
        if (!StudyEnd.TryVerify(await http.BytesAsync(cancel), out var end) || !Identifier.TryParse(id, out StudyId named) || named != end.Study)
            throw ProblemException.BadRequest("This is no end of that study signed by a researcher.");
        var kept = await database.StudyAsync(end.Study, cancel) ?? throw ProblemException.NotFound();
        if (!end.IsOf(kept.Study))
            throw ProblemException.NotYours("The study is another researcher's.");
        await database.EndAsync(end, cancel);
        return TypedResults.NoContent();
    }

    /// <summary>200 with the <see cref="Evaluation"/>.</summary>
    private static async Task<IResult> IssueAsync(
        HttpRequest http, ServerIdentity self, TrusteeOptions options, TokenKeys keys, RequesterLimits limits, TrusteeDatabase database, TimeProvider time, CancellationToken cancel)
    {
        // 1 Signed by the requester, for this trustee, not too often, now.
        if (!TokenRequest.TryVerify(await http.BytesAsync(cancel), out var request))
            throw ProblemException.BadRequest("This is no request signed by its requester.");
        if (!request.Trustee.Equals(self.Key))
            throw new ProblemException(Problems.Misdirected, StatusCodes.Status421MisdirectedRequest, "The request names another trustee.");
        if (!limits.TryTake(request.Requester))
            throw ProblemException.TooMany(TimeSpan.FromSeconds(1));
        var now = time.GetUtcNow();
        if ((now - request.At).Duration() > Limits.ClockTolerance)
            throw ProblemException.ClockSkew("The request's time is more than five minutes from this trustee's clock.");

        // 2 By an account, as the cloud says, for a study that is open.
        if (!IsAccount(request.Ticket, request.Requester, options, now))
            throw ProblemException.NotYours("The cloud's ticket is not for this key, or too old.");
        var kept = await OpenAsync(database, request.Study, now, cancel);

        // 3 The same answer to the same question; to another one none, once the account has all its tokens.
        var account = request.Requester.Account;
        var blinded = request.Blinded.Bytes.ToArray();
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var token = await FindAsync();
        if (token is null && await database.TryTakeTokenAsync(request.Study, keys.Mark(request.Study, account), kept.Study.Terms.Quota(account), cancel))
        {
            // Whoever asked the same at the same moment held the count's row until now.
            token = await FindAsync();
            if (token is null)
            {
                using var key = keys.Of(request.Study);
                token = new TokenRow { Study = request.Study, Account = account, Blinded = blinded, Answer = key.Evaluate(request.Blinded).Bytes.ToArray() };
                database.Add(token);
                await database.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
            }
        }
        token ??= await FindAsync(); // the quota of one was taken by the same question
        return token is not null ? TypedResults.Bytes(token.Answer, Octets.ContentType) : throw new ProblemException(Problems.TokensUsed,
            StatusCodes.Status409Conflict, "The account has had its tokens for this study: it contributes once, also after a withdrawal.");

        Task<TokenRow?> FindAsync() =>
            database.Tokens.AsNoTracking().SingleOrDefaultAsync(row => row.Study == request.Study && row.Account == account && row.Blinded == blinded, cancel);
    }

    /// <summary>200 with the <see cref="ContributionReceipt"/>; the same for the same spending.</summary>
    private static async Task<IResult> RedeemAsync(
        HttpRequest http, ServerIdentity self, TokenKeys keys, TrusteeDatabase database, TimeProvider time, CancellationToken cancel)
    {
        if (!Redemption.TryParse(await http.BytesAsync(cancel), out var redemption))
            throw ProblemException.BadRequest("This is no redemption of a token.");
        if (!redemption.Trustee.Equals(self.Key))
            throw new ProblemException(Problems.Misdirected, StatusCodes.Status421MisdirectedRequest, "The redemption names another trustee.");
        await OpenAsync(database, redemption.Study, time.GetUtcNow(), cancel);
        using (var key = keys.Of(redemption.Study))
        using (var token = key.Compute(redemption.Nonce))
            if (!redemption.IsPaidWith(token))
                throw ProblemException.NotYours("The code was not made with a token of this study and trustee.");
        return await database.TrySpendAsync(redemption, cancel)
            ? TypedResults.Bytes(ContributionReceipt.Create(self.Signing, redemption.Study, redemption.Digest).Signed, Octets.ContentType)
            : throw new ProblemException(Problems.TokensUsed, StatusCodes.Status409Conflict, "The token was spent on another contribution.");
    }

    private static async Task<IResult> WithdrawAsync(HttpRequest http, TrusteeDatabase database, CancellationToken cancel)
    {
        if (!WithdrawalRequest.TryRead(await http.BytesAsync(cancel), out var request))
            throw ProblemException.BadRequest("This is no withdrawal signed by its key.");
        var withdrawal = request.Withdrawal;
        _ = await database.StudyAsync(withdrawal.Study, cancel) ?? throw ProblemException.NotFound();
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await database.WithdrawAsync(withdrawal, cancel);
        await database.DeleteRowAsync(withdrawal.Study, withdrawal.Id, cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> WithdrawalsAsync(string id, string? after, TrusteeDatabase database, CancellationToken cancel)
    {
        if (!Identifier.TryParse(after ?? default(ContributionId).ToString(), out ContributionId last))
            throw ProblemException.BadRequest("after: a contribution, 32 hexadecimal digits.");
        if (!Identifier.TryParse(id, out StudyId study) || await database.StudyAsync(study, cancel) is null)
            throw ProblemException.NotFound();
        return TypedResults.Bytes([.. (await database.WithdrawalsAsync(study, last, WithdrawalsPerPage, cancel)).SelectMany(signed => signed)], Octets.ContentType);
    }

    private static async Task<KeptStudy> OpenAsync(TrusteeDatabase database, StudyId study, DateTimeOffset now, CancellationToken cancel)
    {
        var kept = await database.StudyAsync(study, cancel) ?? throw ProblemException.NotFound();
        return kept.IsOpen(now) ? kept : throw new ProblemException(Problems.StudyClosed, StatusCodes.Status409Conflict, "The study takes no contributions now.");
    }

    private static bool IsAccount(string? header, VerifyingKey key, TrusteeOptions options, DateTimeOffset now)
    {
        var ticket = new byte[HardeningRequest.MaxTicket];
        return header is { Length: <= 2 * HardeningRequest.MaxTicket } && Convert.TryFromBase64String(header, ticket, out var length)
            && IsAccount(ticket.AsSpan(0, length), key, options, now);
    }

    private static bool IsAccount(ReadOnlySpan<byte> bytes, VerifyingKey key, TrusteeOptions options, DateTimeOffset now) =>
        HardeningTicket.TryVerify(bytes, options.Cloud, out var ticket) && ticket.Account.Equals(key) && ticket.IsGoodAt(now);
}
