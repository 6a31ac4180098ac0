using System.Data.Common;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Crypto;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Passkeys;

/// <summary>
/// Login by passkey, and the passkeys of an account. ASP.NET Core's handler verifies what authenticators say; what is here binds it to an account, to the identity's word and to one
/// use. A login takes no address, so nothing tells whether one has an account or a passkey.
/// </summary>
internal static class PasskeyEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, CloudOptions options)
    {
        var minute = TimeSpan.FromMinutes(1);
        routes.MapPost(Paths.PasskeyLogins, StartLogin).LimitByAddress(options.CodesPerMinute, minute);
        routes.MapPost(Paths.CompletePasskeyLogin, CompleteLogin).LimitByAddress(options.CodesPerMinute, minute);
        routes.MapPost(Paths.PasskeyOptions, Offer).NeedSession().LimitBySession(30, minute);
        routes.MapPost(Paths.Passkeys, Add).NeedSession().LimitBySession(30, minute);
        routes.MapGet(Paths.Passkeys, List).NeedSession();
        routes.MapPost(Paths.PasskeyRemoval, Remove).NeedSession().LimitBySession(30, minute);
    }

    private static async Task<Ok<PasskeyChallenge>> StartLogin(
        HttpContext context, IPasskeyHandler<PasskeyUser> handler, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var options = await handler.MakeRequestOptionsAsync(null, context);
        var challenge = await database.AddChallengeAsync(ChallengePurpose.Login, null, options.AssertionState ?? "", time.GetUtcNow(), cancellation);
        return TypedResults.Ok(new PasskeyChallenge(challenge.Id.ToString(), challenge.ExpiresAt, options.RequestOptionsJson));
    }

    private static async Task<Ok<SessionStarted>> CompleteLogin(string id, CompletePasskeyLogin request, HttpContext context, IPasskeyHandler<PasskeyUser> handler,
        CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        SessionTable.CheckDevice(request.Device);
        var now = time.GetUtcNow();
        var state = await database.TakeChallengeAsync(ChallengePurpose.Login, null, id, now, cancellation) ?? throw ProblemException.PasskeyRefused();
        var asserted = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = request.Credential, AssertionState = state });
        if (!asserted.Succeeded)
            throw Refusal(asserted.Failure);
        if (!await database.TryUseAsync(asserted.Passkey.CredentialId, asserted.Passkey.SignCount, asserted.Passkey.IsBackedUp, now, cancellation))
            throw ProblemException.PasskeyRefused();
        var account = await database.AccountAsync(asserted.User.Account, cancellation) ?? throw ProblemException.PasskeyRefused();
        var session = database.BeginSession(account.Id, request.Device, now, out var token);
        await database.SaveChangesAsync(cancellation);
        return TypedResults.Ok(new SessionStarted(token, session.ExpiresAt, account.ToView()));
    }

    private static async Task<Ok<PasskeyChallenge>> Offer(
        Caller caller, HttpContext context, IPasskeyHandler<PasskeyUser> handler, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var account = await database.AccountAsync(caller.Account, cancellation) ?? throw ProblemException.NoSession();
        var user = new PasskeyUserEntity { Id = caller.Account.ToString(), Name = account.Mail, DisplayName = account.Mail };
        var options = await handler.MakeCreationOptionsAsync(user, context);
        var challenge = await database.AddChallengeAsync(ChallengePurpose.Creation, caller.Account, options.AttestationState ?? "", time.GetUtcNow(), cancellation);
        return TypedResults.Ok(new PasskeyChallenge(challenge.Id.ToString(), challenge.ExpiresAt, options.CreationOptionsJson));
    }

    private static async Task<Ok<PasskeyView>> Add(Caller caller, AddPasskey request, HttpContext context, IPasskeyHandler<PasskeyUser> handler, CloudDatabase database,
        TimeProvider time, CancellationToken cancellation)
    {
        // 1. What can be wrong without the authenticator's answer is told apart from it.
        if (!VisibleName.IsValid(request.Name))
            throw ProblemException.BadRequest($"name: visible characters with single blanks between them, {Limits.MaxVisibleName} at most.");
        var secret = request.Secret;
        secret.Check();
        if (!SecretKinds.TryReadPasskey(secret.Kind, out var id) || !SecretKinds.TryReadCredentialId(id, out var credentialId))
            throw ProblemException.BadRequest("secret: give the account secret wrapped under the passkey.");
        if (await database.WrappedSecrets.AnyAsync(known => known.Account == caller.Account && known.Kind == secret.Kind && known.Ciphertext == secret.Ciphertext, cancellation))
            return TypedResults.Ok((await database.PasskeyAsync(credentialId, cancellation)).ToView()); // the answer to the first request was lost
        // 2. The identity's word, so that a stolen session adds nothing.
        if (!caller.Identity.Verify(Domains.SignPasskeyAddition, PasskeyChange.Addition(caller.Account, secret, request.Name, request.Credential), request.Signature))
            throw ProblemException.NotYours("The signature is not that of the account's identity key over this passkey.");
        // 3. The authenticator's answer to a challenge for this account, which is used up by it.
        var now = time.GetUtcNow();
        var state = await database.TakeChallengeAsync(ChallengePurpose.Creation, caller.Account, request.Challenge, now, cancellation) ?? throw ProblemException.PasskeyRefused();
        var attested = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = request.Credential, AttestationState = state });
        if (!attested.Succeeded)
            throw Refusal(attested.Failure);
        var passkey = attested.Passkey;
        if (!passkey.CredentialId.AsSpan().SequenceEqual(credentialId))
            throw ProblemException.BadRequest("secret: it is wrapped under another passkey.");
        // 4. The passkey and its wrapping, both or none.
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        await database.LockOwnerAsync(caller.Account, cancellation);
        if (await database.Passkeys.CountAsync(known => known.Account == caller.Account, cancellation) >= Limits.MaxPasskeys)
            throw ProblemException.NoSpace($"An account has {Limits.MaxPasskeys} passkeys at most: remove one first.");
        database.Add(new PasskeyRow
        {
            CredentialId = passkey.CredentialId, Account = caller.Account, Name = request.Name, PublicKey = passkey.PublicKey, SignCount = passkey.SignCount,
            IsBackupEligible = passkey.IsBackupEligible, IsBackedUp = passkey.IsBackedUp, CreatedAt = now,
        });
        database.Add(secret.ToRow(caller.Account));
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw ProblemException.PasskeyRefused();
        }
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok((await database.PasskeyAsync(credentialId, cancellation)).ToView()); // as every list shows it: times are rounded there
    }

    private static async Task<Ok<PasskeyList>> List(Caller caller, CloudDatabase database, CancellationToken cancellation) =>
        TypedResults.Ok(new PasskeyList([.. (await database.PasskeysAsync(caller.Account, cancellation)).Select(PasskeyTable.ToView)]));

    private static async Task<NoContent> Remove(Caller caller, string id, RemovePasskey request, CloudDatabase database, CancellationToken cancellation)
    {
        if (!SecretKinds.TryReadCredentialId(id, out var credentialId))
            throw ProblemException.NotFound();
        var kind = SecretKinds.Passkey(id);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        await database.LockOwnerAsync(caller.Account, cancellation);
        var secret = await database.WrappedSecrets.SingleOrDefaultAsync(row => row.Account == caller.Account && row.Kind == kind, cancellation) ?? throw ProblemException.NotFound();
        if (!caller.Identity.Verify(Domains.SignPasskeyRemoval, PasskeyChange.Removal(caller.Account, kind, secret.Ciphertext), request.Signature))
            throw ProblemException.NotYours("The signature is not that of the account's identity key over the removal of this passkey.");
        database.Remove(secret);
        await database.SaveChangesAsync(cancellation);
        await database.Passkeys.Where(row => row.CredentialId == credentialId && row.Account == caller.Account).ExecuteDeleteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>One answer whatever is wrong with a passkey. The handler takes a database that fails for a wrong answer too: that is thrown on.</summary>
    private static ProblemException Refusal(PasskeyException failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
            if (cause is DbException)
                ExceptionDispatchInfo.Throw(cause);
        return ProblemException.PasskeyRefused();
    }
}
