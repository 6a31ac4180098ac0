using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Salus.Cloud.Data;
using Salus.Cloud.Log;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Cloud.Accounts;

/// <summary>Registration, login, the account's own keys, other people's cards.</summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, CloudOptions options)
    {
        var minute = TimeSpan.FromMinutes(1);
        routes.MapPost(Paths.Registrations, Register).LimitByAddress(options.CodesPerMinute, minute);
        routes.MapPost(Paths.CompleteRegistration, CompleteRegistration).LimitByAddress(5 * options.CodesPerMinute, minute);
        routes.MapPost(Paths.Logins, LogIn).LimitByAddress(options.CodesPerMinute, minute);
        routes.MapPost(Paths.CompleteLogin, CompleteLogin).LimitByAddress(5 * options.CodesPerMinute, minute);
        routes.MapGet(Paths.Account, GetAccount).NeedSession();
        routes.MapPut(Paths.AccountKeys, ReplaceKeys).NeedSession().LimitBySession(10, minute);
        routes.MapPost(Paths.CardLookup, LookUpCard).NeedSession().LimitByAddress(120, minute).LimitBySession(30, minute);
        routes.MapGet(Paths.Card, GetCard).NeedSession();
    }

    /// <summary>401 without a live session, before the body is read.</summary>
    public static RouteHandlerBuilder NeedSession(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new NeedsSession());

    private static async Task<Accepted<CodeSent>> Register(MailRequest request, Codes codes, CancellationToken cancellation) =>
        TypedResults.Accepted((string?)null, await codes.SendAsync(CodePurpose.Registration, request.Mail, cancellation));

    private static async Task<Accepted<CodeSent>> LogIn(MailRequest request, Codes codes, CancellationToken cancellation) =>
        TypedResults.Accepted((string?)null, await codes.SendAsync(CodePurpose.Login, request.Mail, cancellation));

    private static async Task<Ok<SessionStarted>> CompleteRegistration(
        string id, CompleteRegistration request, Codes codes, CardTags tags, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        // 1. What can be wrong without the code is told apart from it, and costs no try.
        if (!AccountCard.TryVerify(request.Card, out var card))
            throw ProblemException.BadRequest("card: no account card signed by the identity key within.");
        if (request.Secrets.Count is 0 or > 2 || request.Secrets.Any(secret => secret is null) || request.Secrets.Count(secret => secret.Kind == SecretKinds.Recovery) != 1
            || request.Secrets.Any(secret => secret.Kind is not (SecretKinds.Recovery or SecretKinds.Passphrase)))
            throw ProblemException.BadRequest("secrets: give the account secret wrapped as \"recovery\", and once more as \"passphrase\" if there is one.");
        foreach (var secret in request.Secrets)
            secret.Check();
        SessionTable.CheckDevice(request.Device);
        // 2. The code.
        var mail = await codes.RedeemAsync(CodePurpose.Registration, id, request.Code, cancellation);
        // 3. The account, unless the address or the identity has one: which of them, nobody learns.
        var now = time.GetUtcNow();
        var account = new AccountRow { Id = card.Account, Mail = mail.Value, Identity = card.Identity, Card = card.Signed, CreatedAt = now, IsCardLogged = true };
        account.Secrets.AddRange(request.Secrets.Select(secret => secret.ToRow(card.Account)));
        database.Add(account);
        database.Add(new UsageRow { Account = card.Account });
        database.Log(LogEntry.Card(tags.Of(mail), card));
        var session = database.BeginSession(card.Account, request.Device, now, out var token);
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw ProblemException.CodeRefused();
        }
        return TypedResults.Ok(new SessionStarted(token, session.ExpiresAt, account.ToView()));
    }

    private static async Task<Ok<SessionStarted>> CompleteLogin(
        string id, CompleteLogin request, Codes codes, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        SessionTable.CheckDevice(request.Device);
        var mail = await codes.RedeemAsync(CodePurpose.Login, id, request.Code, cancellation);
        var account = await database.AccountAsync(mail, cancellation) ?? throw ProblemException.CodeRefused();
        var session = database.BeginSession(account.Id, request.Device, time.GetUtcNow(), out var token);
        await database.SaveChangesAsync(cancellation);
        return TypedResults.Ok(new SessionStarted(token, session.ExpiresAt, account.ToView()));
    }

    private static async Task<Ok<AccountView>> GetAccount(Caller caller, CloudDatabase database, CancellationToken cancellation)
    {
        var account = await database.AccountAsync(caller.Account, cancellation) ?? throw ProblemException.NoSession();
        return TypedResults.Ok(account.ToView());
    }

    private static async Task<NoContent> ReplaceKeys(Caller caller, ReplaceSecret request, CloudDatabase database, CancellationToken cancellation)
    {
        var secret = request.Secret;
        secret.Check();
        if (SecretKinds.TryReadPasskey(secret.Kind, out _))
            throw ProblemException.BadRequest("secret: one under a passkey comes and goes with the passkey.");
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        await database.LockOwnerAsync(caller.Account, cancellation);
        var row = await database.WrappedSecrets.SingleOrDefaultAsync(row => row.Account == caller.Account && row.Kind == secret.Kind, cancellation);
        if (row is null && secret.Kind != SecretKinds.Passphrase)
            throw ProblemException.NotFound();
        if (row is not null && row.Ciphertext.AsSpan().SequenceEqual(secret.Ciphertext))
            return TypedResults.NoContent(); // the answer to the first request was lost
        if (!caller.Identity.Verify(Domains.SignAccountKeys, SecretReplacement.Payload(caller.Account, secret, row?.Ciphertext ?? []), request.Signature))
            throw ProblemException.NotYours("The signature is not that of the account's identity key over this secret in the place of the one that is here.");
        if (row is null)
            database.Add(secret.ToRow(caller.Account));
        else
            (row.Salt, row.MemoryKib, row.Passes, row.Ciphertext) = (secret.Salt, secret.MemoryKiB, secret.Passes, secret.Ciphertext);
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<FoundCard>> LookUpCard(Caller caller, CardRequest request, CardTags tags, CloudDatabase database, CancellationToken cancellation)
    {
        _ = caller;
        if (!MailAddress.TryParse(request.Mail, out var mail))
            throw ProblemException.BadRequest(MailAddress.Syntax);
        OprfElement? blinded = null;
        if (request.Blinded is not null && !OprfElement.TryParse(request.Blinded, out blinded))
            throw ProblemException.BadRequest("blinded: an element, 32 bytes.");
        var card = await database.CardAsync(mail, cancellation) ?? throw ProblemException.NotFound();
        return TypedResults.Ok(new FoundCard(card, blinded is null ? null : tags.Evaluate(blinded)));
    }

    private static async Task<Ok<SignedBytes>> GetCard(Caller caller, string account, CloudDatabase database, CancellationToken cancellation)
    {
        _ = caller;
        var id = Identifier.TryParse(account, out AccountId parsed) ? parsed : throw ProblemException.NotFound();
        return TypedResults.Ok(new SignedBytes(await database.CardAsync(id, cancellation) ?? throw ProblemException.NotFound()));
    }
}
