using Microsoft.AspNetCore.Http.HttpResults;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Catalogue;

/// <summary>Upload tickets: signed, counted against the account's day, and forgotten. The cloud never learns a fragment's address.</summary>
internal static class TicketEndpoints
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.Tickets, GiveTickets).NeedSession();
        routes.MapPost(Paths.HardeningTickets, GiveHardeningTicket).NeedSession();
    }

    /// <summary>The trustees count by account; the cloud only says that this is one.</summary>
    private static Ok<SignedBytes> GiveHardeningTicket(Caller caller, ServerIdentity identity, TimeProvider time) =>
        TypedResults.Ok(new SignedBytes(HardeningTicket.Create(identity.Signing, caller.Identity, time.GetUtcNow()).Signed));

    private static async Task<Ok<SignedList>> GiveTickets(
        Caller caller, TicketRequest request, StoreKeys stores, CloudDatabase database, CloudOptions options, ServerIdentity identity,
        TimeProvider time, CancellationToken cancellation)
    {
        if (request.Stores.Count is < 1 or > Limits.MaxFragments)
            throw ProblemException.BadRequest($"stores: 1 to {Limits.MaxFragments} of them.");
        if (request.FragmentBytes < 1 || request.FragmentBytes > options.MaxFragmentBytes)
            throw ProblemException.BadRequest($"fragmentBytes: 1 to {options.MaxFragmentBytes}.");
        var keys = request.Stores
            .Select(hex => stores.Find(hex) ?? throw ProblemException.BadRequest("stores: one of them is no store of this cloud.")).ToList();

        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var usage = await database.LockOwnerAsync(caller.Account, cancellation);
        var now = time.GetUtcNow();
        if (!usage.TryTakeUpload(DateOnly.FromDateTime(now.UtcDateTime), request.FragmentBytes * keys.Count, options.Quota))
            throw ProblemException.NoSpace("The account has uploaded as much as it may in a day.");
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(new SignedList([.. keys.Select(store =>
            UploadTicket.Create(identity.Signing, store, Identifier.Random<RecordId>().Value, request.FragmentBytes, now + Life).Signed)]));
    }
}

/// <summary>The keys of the stores in the configuration.</summary>
internal sealed class StoreKeys(CloudOptions options)
{
    private readonly Dictionary<string, VerifyingKey> _keys =
        options.Stores.ToDictionary(store => store.Key, store => CloudOptions.ParseKey(store.Key), StringComparer.OrdinalIgnoreCase);

    public VerifyingKey? Find(string? hex) => hex is not null && _keys.TryGetValue(hex, out var key) ? key : null;
}
