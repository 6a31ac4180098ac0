using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Trustee.Reencryption;

namespace Salus.Trustee.Witness;

/// <summary>
/// A trustee as a witness of the cloud's log: follows and cosigns it, tells anybody what it has under a tag, and tells an owner which accesses it has answered. It learns of the log's entries what
/// everybody may see, and of an access what it is asked to answer.
/// </summary>
internal static class WitnessEndpoints
{
    /// <summary>The cloud pushes once at a time; who else does, brings nothing.</summary>
    private const int PushesAtOnceOfOne = 4;

    private const int PushesAtOnce = 64;

    /// <summary>The cloud does not wait longer for the answer.</summary>
    private static readonly TimeSpan PushTime = TimeSpan.FromSeconds(5);

    public static void AddWitness(this IServiceCollection services, TrusteeOptions options, ServerIdentity identity)
    {
        services.AddSingleton(_ => NoteSigner.Witness(identity.Derive(Domains.WitnessKey, Ed25519.SeedSize)));
        services.AddSingleton(_ => options.LogKeys);
        services.AddSingleton(provider => new AccessTraces(options.Log is null ? null : options.LogKeys, provider.GetRequiredService<NoteSigner>().Key));
        services.AddScoped<LogFollower>();
    }

    public static void MapWitness(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.WitnessEntries, FollowAsync).LimitBody(Limits.MaxPush).LimitAtOnce(PushesAtOnce, PushesAtOnceOfOne)
            .WithSummary("The cloud's log goes on: its new entries and their checkpoint. 200, the line of this trustee's cosignature; 409, the size at which it is.");
        routes.MapGet(Paths.WitnessNewest, NewestAsync).WithSummary("What the log has under a tag: kind, tag and a nonce. 200, the signed word, octets.");
        routes.MapPost(Paths.WitnessJournal, JournalAsync).WithSummary("Which accesses to an owner's data were answered here: a request signed by the owner. 200, the signed journal, octets.");
    }

    private static async Task<IResult> FollowAsync(HttpRequest request, LogFollower follower, CancellationToken cancel)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(PushTime);
        try
        {
            return TypedResults.Text(await follower.FollowAsync(await request.BytesAsync(within.Token), cancel));
        }
        catch (OperationCanceledException) when (within.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw ProblemException.BadRequest("The push did not come within five seconds.");
        }
        catch (OtherSizeException other)
        {
            return TypedResults.Text(WitnessPush.EncodeSize(other.Size), WitnessPush.SizeType, statusCode: StatusCodes.Status409Conflict);
        }
    }

    private static async Task<IResult> NewestAsync(string? kind, string? tag, string? nonce, LogFollower follower, CancellationToken cancel)
    {
        if (!byte.TryParse(kind, NumberStyles.None, CultureInfo.InvariantCulture, out var code) || (LogKind)code is not (LogKind.Card or LogKind.State or LogKind.Page)
            || Hex(tag) is not { } tagBytes || Hex(nonce) is not { } nonceBytes)
            throw ProblemException.BadRequest("Give a kind that has tags, and tag and nonce as 64 hexadecimal digits each.");
        return TypedResults.Bytes((await follower.NewestAsync((LogKind)code, tagBytes, nonceBytes, cancel)).Signed, Octets.ContentType);
    }

    private static async Task<IResult> JournalAsync(HttpRequest http, ServerIdentity self, RequesterLimits limits, TrusteeDatabase database, TimeProvider time, CancellationToken cancel)
    {
        // 1 Signed by the owner, for this trustee, not too often, now, once.
        if (!JournalRequest.TryVerify(await http.BytesAsync(cancel), out var request))
            throw ProblemException.BadRequest("This is no request for a journal signed by its owner.");
        if (!request.Trustee.Equals(self.Key))
            throw new ProblemException(Problems.Misdirected, StatusCodes.Status421MisdirectedRequest, "The request names another trustee.");
        if (!limits.TryTake(request.Owner))
            throw ProblemException.TooMany(TimeSpan.FromSeconds(1));
        if ((time.GetUtcNow() - request.At).Duration() > Limits.ClockTolerance)
            throw ProblemException.ClockSkew("The request's time is more than five minutes from this trustee's clock.");
        if (!await database.SpendNonceAsync(request.Owner, request.Nonce, request.At, cancel))
            throw ProblemException.Replayed();

        // 2 That owner's lines.
        var owner = request.Owner.Account;
        var rows = await database.Accesses.AsNoTracking().Where(row => row.Owner == owner && row.Index >= request.From && row.At >= request.Since)
            .OrderBy(row => row.Index).Take(Limits.MaxJournalPage + 1).ToListAsync(cancel);
        var shown = rows.Take(Limits.MaxJournalPage).Select(row => new JournalLine(row.At, row.Index, row.Leaf, row.Statement)).ToArray();
        return TypedResults.Bytes(Journal.Create(self.Signing, request, rows.Count > shown.Length, shown).Signed, Octets.ContentType);
    }

    private static byte[]? Hex(string? text) => text is { Length: 2 * Sha256.Size } && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;
}
