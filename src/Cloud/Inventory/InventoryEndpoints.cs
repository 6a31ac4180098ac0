using System.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Cloud.Log;
using Salus.Hosting;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;
using Salus.Protocol.Log;

namespace Salus.Cloud.Inventory;

/// <summary>The signed state of an account: kept and handed out, and replaced by the one that follows it and by no other.</summary>
internal static class InventoryEndpoints
{
    /// <summary>All pages of an account with as many rows as it may have, base64.</summary>
    private const int MaxBody = 64 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var minute = TimeSpan.FromMinutes(1);
        routes.MapGet(Paths.Inventory, GetHead).NeedSession();
        routes.MapPut(Paths.Inventory, Replace).NeedSession().LimitBody(MaxBody).LimitBySession(240, minute);
        routes.MapPost(Paths.InventoryPages, GetPages).NeedSession().LimitBySession(240, minute);
    }

    /// <param name="known">The hash of the state that the client has: then there is nothing to say while it is the newest.</param>
    private static async Task<Results<Ok<SignedBytes>, NoContent>> GetHead(Caller caller, CloudDatabase database, CancellationToken cancellation, string? known = null)
    {
        var inventory = await database.InventoryAsync(caller.Account, cancellation) ?? throw ProblemException.NotFound();
        return Convert.ToHexStringLower(inventory.Hash) == known ? TypedResults.NoContent() : TypedResults.Ok(new SignedBytes(inventory.Signed));
    }

    /// <summary>Pages and the state that they are of, as they are at one instant.</summary>
    private static async Task<Ok<InventoryPages>> GetPages(Caller caller, InventoryPageRequest request, CloudDatabase database, CancellationToken cancellation)
    {
        var numbers = request.Pages.Take(InventoryPageRequest.MaxPages + 1).ToList();
        if (numbers.Count is 0 or > InventoryPageRequest.MaxPages || numbers.Any(number => number is < 0 or >= 1 << InventoryHead.MaxBits))
            throw ProblemException.BadRequest($"pages: 1 to {InventoryPageRequest.MaxPages} numbers of pages.");
        await using var transaction = await database.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var inventory = await database.InventoryAsync(caller.Account, cancellation) ?? throw ProblemException.NotFound();
        var pages = await database.InventoryPages.AsNoTracking().Where(row => row.Account == caller.Account && numbers.Contains(row.Number)).ToListAsync(cancellation);
        return TypedResults.Ok(new InventoryPages(inventory.Signed, [.. pages.Select(row => new InventoryPart(row.Number, row.Content))]));
    }

    private static async Task<NoContent> Replace(Caller caller, InventoryPages request, CloudDatabase database, CloudOptions options, CancellationToken cancellation)
    {
        // 1. The owner's word, and pages that are what it says.
        if (!InventoryHead.TryVerify(request.Head, out var head))
            throw ProblemException.BadRequest("head: no state of an account signed by the owner within.");
        if (!head.Owner.Equals(caller.Identity))
            throw ProblemException.NotYours("The state is signed by another identity than the session's.");
        var brought = Read(head, request.Pages);
        // 2. The one after the stored, decided while nobody else writes for this owner.
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var usage = await database.LockOwnerAsync(caller.Account, cancellation);
        var stored = await database.Inventories.SingleOrDefaultAsync(row => row.Account == caller.Account, cancellation);
        if (stored is not null && stored.Signed.AsSpan().SequenceEqual(head.Signed))
            return TypedResults.NoContent(); // the answer to the first request was lost
        if (!head.Follows(stored is null ? null : ReadStored(stored)))
            throw ProblemException.Conflict("The state is not the one after the stored: fetch that one and begin there.");
        // 3. Every page that it names is here, brought now or before.
        var kept = await database.InventoryPages.AsNoTracking().Where(row => row.Account == caller.Account)
            .Select(row => new { row.Number, row.Hash, Size = row.Content.Length }).ToListAsync(cancellation);
        var stays = kept.Where(row => row.Number < head.Pages.Count && !brought.ContainsKey(row.Number) && row.Hash.AsSpan().SequenceEqual(head.Pages[row.Number])).ToList();
        for (var i = 0; i < head.Pages.Count; i++)
            if (!InventoryHead.IsEmpty(head.Pages[i]) && !brought.ContainsKey(i) && stays.All(row => row.Number != i))
                throw ProblemException.BadRequest($"pages: number {i} of the state is neither here nor given.");
        // 4. Entered.
        var goes = kept.Except(stays).ToList();
        if (!usage.TryTake(0, head.Signed.Length - (stored?.Signed.Length ?? 0) + brought.Values.Sum(page => (long)page.Bytes.Length) - goes.Sum(row => (long)row.Size), options.Quota))
            throw UsageRow.Full();
        var numbers = goes.Select(row => row.Number).ToList();
        await database.InventoryPages.Where(row => row.Account == caller.Account && numbers.Contains(row.Number)).ExecuteDeleteAsync(cancellation);
        database.AddRange(brought.Select(page => new InventoryPageRow { Account = caller.Account, Number = page.Key, Content = page.Value.Bytes, Hash = page.Value.Hash }));
        if (stored is null)
            database.Add(new InventoryRow { Account = caller.Account, Signed = head.Signed, Hash = head.Hash });
        else
            (stored.Signed, stored.Hash) = (head.Signed, head.Hash);
        database.Log(LogEntry.State(head));
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static Dictionary<int, InventoryPage> Read(InventoryHead head, IReadOnlyList<InventoryPart> parts)
    {
        var pages = new Dictionary<int, InventoryPage>();
        foreach (var part in parts)
            if (part is not { Content: not null } || part.Number < 0 || part.Number >= head.Pages.Count || !InventoryPage.TryParse(part.Content, out var page)
                || !page.Hash.AsSpan().SequenceEqual(head.Pages[part.Number]) || !page.IsPage(part.Number, head.Bits) || !pages.TryAdd(part.Number, page))
                throw ProblemException.BadRequest("pages: one is no page of the state, or is given twice.");
        return pages;
    }

    private static InventoryHead ReadStored(InventoryRow row) =>
        InventoryHead.TryVerify(row.Signed, out var head) ? head : throw new InvalidDataException("A stored state no longer verifies.");
}
