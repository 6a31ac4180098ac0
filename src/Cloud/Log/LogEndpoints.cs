using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Cloud.Grants;
using Salus.Crypto.Merkle;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Cloud.Log;

/// <summary>
/// The log as everybody sees it (c2sp.org/tlog-tiles), and the proofs of single entries. What is in it and what is not is public; whose it is, is not in it.
/// </summary>
internal static class LogEndpoints
{
    private const string Octets = "application/octet-stream";
    private const string PlainText = "text/plain; charset=utf-8";
    private const string Unchanging = "public, max-age=31536000, immutable";
    private const string Momentary = "public, max-age=1";

    /// <summary>A full bundle's entries are fetched at once: so many of the longest, at most, at the same time.</summary>
    private const int BundlesAtOnce = 32;

    /// <summary>How long somebody waits for a proof, at most: a trustee that has just come back is heard meanwhile.</summary>
    private static readonly TimeSpan Patience = WitnessLine.LongestPause + TimeSpan.FromSeconds(7);

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<LogStore>();
        services.AddSingleton<LogHead>();
        services.AddSingleton<LogSignal>();
        services.AddSingleton<LogCommits>();
        services.AddHostedService<Sequencer>();
        services.AddHostedService<PageEntry>();
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        var minute = TimeSpan.FromMinutes(1);
        routes.MapGet(Paths.LogCheckpoint, GetCheckpoint);
        routes.MapGet(Paths.LogTile, GetTile).LimitAtOnce(4 * BundlesAtOnce, BundlesAtOnce);
        routes.MapGet(Paths.LogEntries, GetEntries).LimitAtOnce(BundlesAtOnce, BundlesAtOnce / 2);
        routes.MapGet(Paths.LogProof, GetProof).LimitAtOnce(2000, 1000).LimitByAddress(6000, minute);
        routes.MapPost(Paths.LogAccesses, AddAccess).NeedSession().LimitBody(Limits.MaxLogEntry).LimitAtOnce(2000, 1000).LimitBySession(1200, minute);
    }

    private static async Task<ContentHttpResult> GetCheckpoint(HttpResponse response, LogStore store, LogHead head, CancellationToken cancel)
    {
        if (head.Newest is null)
            await LookAsync(store, head, cancel);
        var shown = head.Newest ?? throw NotYet();
        response.Headers.CacheControl = Momentary;
        return TypedResults.Text(shown.Text, PlainText);
    }

    private static async Task<IResult> GetTile(HttpResponse response, string level, string? index, LogStore store, LogHead head, CancellationToken cancel)
    {
        if (!int.TryParse(level, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number.ToString(CultureInfo.InvariantCulture) != level
            || !TreeTile.TryParse(number, index, out var tile))
            throw ProblemException.NotFound();
        await ReachAsync(tile, store, head, cancel);
        response.Headers.CacheControl = Unchanging;
        return TypedResults.Bytes(await store.TileAsync(tile, cancel), Octets);
    }

    private static async Task<IResult> GetEntries(HttpResponse response, string? index, LogStore store, LogHead head, CancellationToken cancel)
    {
        if (!TreeTile.TryParse(0, index, out var tile))
            throw ProblemException.NotFound();
        await ReachAsync(tile, store, head, cancel);
        response.Headers.CacheControl = Unchanging;
        return TypedResults.Bytes(Bundle(await store.ReadAsync(tile.Index * TreeTile.FullWidth, tile.NeededSize, cancel)), Octets);
    }

    private static async Task<IResult> GetProof(string? leaf, CloudDatabase database, LogStore store, LogHead head, CancellationToken cancel)
    {
        if (leaf is not { Length: 2 * MerkleTree.HashSize } || !leaf.All(char.IsAsciiHexDigit))
            throw ProblemException.BadRequest($"leaf: {2 * MerkleTree.HashSize} hexadecimal digits.");
        return await ProveAsync(Convert.FromHexString(leaf), database, store, head, cancel);
    }

    private static async Task<IResult> AddAccess(
        Caller caller, HttpRequest request, CloudDatabase database, CloudOptions options, LogStore store, LogHead head, TimeProvider time, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancel);
        if (!LogEntry.TryParse(body.ToArray(), out var entry) || entry.Kind != LogKind.Access)
            throw ProblemException.BadRequest("The body is no access entry.");
        var leaf = entry.LeafHash;
        await using (var transaction = await database.Database.BeginTransactionAsync(cancel))
        {
            var usage = await database.LockOwnerAsync(caller.Account, cancel);
            // Sent again, it is not entered again.
            if (!await database.IsPendingAsync(leaf, cancel) && await database.PositionAsync(leaf, cancel) is null)
            {
                var (now, most) = (time.GetUtcNow(), options.Quota.AccessesPerDay);
                var day = DateOnly.FromDateTime(now.UtcDateTime);
                if (usage.AccessesOf(day) is var taken && taken >= most && taken >= most * (1L + await database.SharersAsync(caller.Account, now, cancel)))
                    throw ProblemException.TooMany(now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime);
                usage.TakeAccess(day);
                database.Log(entry);
                await database.SaveChangesAsync(cancel);
            }
            await transaction.CommitAsync(cancel);
        }
        return await ProveAsync(leaf, database, store, head, cancel);
    }

    /// <summary>
    /// The proof of an entry under the newest checkpoint with a quorum of cosignatures; when none comes in time, under the newest there is: the proof itself says who has cosigned it.
    /// </summary>
    private static async Task<IResult> ProveAsync(byte[] leaf, CloudDatabase database, LogStore store, LogHead head, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(Patience);
        long? position = null;
        while (true)
        {
            var changed = head.Changed;
            if (position is null && await database.IsPendingAsync(leaf, cancel) is var waits && (position = await database.PositionAsync(leaf, cancel)) is null && !waits)
                throw ProblemException.NotFound();
            if (head.Cosigned is { } cosigned && position < cosigned.Size)
                return await ProofAsync(position.Value, cosigned, store, cancel);
            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                return head.Newest is { } newest && position < newest.Size ? await ProofAsync(position.Value, newest, store, cancel) : throw NotYet();
            }
        }
    }

    private static async Task<IResult> ProofAsync(long position, PublishedHead head, LogStore store, CancellationToken cancel) =>
        TypedResults.Bytes(LogProof.Encode(position, await store.HashesAsync(TreeRange.Inclusion(position, head.Size), head.Size, cancel), head.Note), PlainText);

    /// <summary>Throws when the log that is shown does not reach as far as a tile. Another replica may have shown more a moment ago, and what it has not shown yet may be there already.</summary>
    private static async Task ReachAsync(TreeTile tile, LogStore store, LogHead head, CancellationToken cancel)
    {
        if (tile.NeededSize <= (head.Newest?.Size ?? 0))
            return;
        await LookAsync(store, head, cancel);
        if (tile.NeededSize > (head.Newest?.Size ?? 0))
            throw tile.NeededSize <= await store.SizeAsync(cancel) ? NotYet() : ProblemException.NotFound();
    }

    /// <summary>What is published, by whichever replica.</summary>
    private static async Task LookAsync(LogStore store, LogHead head, CancellationToken cancel)
    {
        if (await store.PublishedAsync(cancel) is var (size, note))
            head.Set(size, note);
    }

    private static byte[] Bundle(LogBatch batch)
    {
        using var bundle = new MemoryStream();
        foreach (var entry in batch.Entries)
        {
            bundle.WriteByte((byte)(entry.Length >> 8));
            bundle.WriteByte((byte)(entry.Length & 0xff));
            bundle.Write(entry.Span);
        }
        return bundle.ToArray();
    }

    private static ProblemException NotYet() =>
        new(Problems.NotLoggedYet, StatusCodes.Status503ServiceUnavailable, "The log has not got that far: what was accepted is not lost. Ask again in a moment.");
}
