using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Requests;

/// <summary>A request for access: the `id` of the routes. Random.</summary>
internal readonly record struct RequestId(UInt128 Value) : IIdentifier<RequestId>
{
    public static RequestId From(UInt128 value) => new(value);

    public override string ToString() => Convert.ToHexStringLower(this.ToBytes());
}

internal enum RequestState : short
{
    Pending = 1,
    Approved = 2,
    Denied = 3,
}

/// <summary>A request for access on its way from one account to another.</summary>
internal sealed class RequestRow
{
    public required RequestId Id { get; init; }

    public required AccountId Owner { get; init; }

    public required AccountId Asker { get; init; }

    /// <summary>What is asked and why, sealed to the owner.</summary>
    public required byte[] Sealed { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required RequestState State { get; set; }

    /// <summary>The grant that answers it.</summary>
    public GrantId? Grant { get; set; }
}

/// <summary>How often an account has asked for a number on a day (UTC), found or not: by a request, or by entering it as its own.</summary>
internal sealed class RequestTriesRow
{
    public required AccountId Account { get; init; }

    public required DateOnly Day { get; init; }

    public required int Tries { get; init; }
}

internal static class RequestTable
{
    public static readonly TimeSpan Life = Limits.RequestLife;

    public const int MaxOpen = 20;

    private const int MaxTriesPerDay = 30;

    private const int MaxListed = 500;

    public static void Map(ModelBuilder model)
    {
        model.Entity<RequestRow>(request =>
        {
            request.ToTable("access_requests").HasKey(row => row.Id);
            request.HasIndex(row => new { row.Owner, row.CreatedAt });
            request.HasIndex(row => new { row.Asker, row.CreatedAt });
            request.HasIndex(row => row.ExpiresAt);
            request.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Owner);
            request.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Asker);
        });
        model.Entity<RequestTriesRow>(tries =>
        {
            tries.ToTable("request_tries").HasKey(row => row.Account);
            tries.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Account);
        });
    }

    /// <summary>Counts one try of the day. One statement, before anything is looked up: parallel tries count one by one, and a try that fails is counted too.</summary>
    /// <exception cref="ProblemException">429 when there have been too many.</exception>
    public static async Task TakeTryAsync(this CloudDatabase database, AccountId asker, DateTimeOffset now, CancellationToken cancellation)
    {
        var (account, today) = (new Guid(asker.ToBytes(), bigEndian: true), DateOnly.FromDateTime(now.UtcDateTime));
        var tries = await database.Database.SqlQuery<int>($"""
            INSERT INTO cloud.request_tries AS counted (account, day, tries) VALUES ({account}, {today}, 1)
            ON CONFLICT (account) DO UPDATE SET day = {today}, tries = CASE WHEN counted.day = {today} THEN counted.tries + 1 ELSE 1 END
            RETURNING tries AS "Value"
            """).ToListAsync(cancellation);
        if (tries[0] > MaxTriesPerDay)
            throw ProblemException.TooMany(now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime);
    }

    public static Task<int> OpenRequestsAsync(this CloudDatabase database, AccountId asker, DateTimeOffset now, CancellationToken cancellation) =>
        database.Requests.CountAsync(row => row.Asker == asker && row.State == RequestState.Pending && row.ExpiresAt > now, cancellation);

    public static Task<List<RequestRow>> IncomingAsync(this CloudDatabase database, AccountId owner, CancellationToken cancellation) =>
        NewestAsync(database.Requests.Where(row => row.Owner == owner), cancellation);

    public static Task<List<RequestRow>> OutgoingAsync(this CloudDatabase database, AccountId asker, CancellationToken cancellation) =>
        NewestAsync(database.Requests.Where(row => row.Asker == asker), cancellation);

    /// <summary>Removes requests that have been over for as long as they lived.</summary>
    public static Task<int> SweepRequestsAsync(this CloudDatabase database, DateTimeOffset now, CancellationToken cancellation)
    {
        var over = now - Life;
        return database.Requests.Where(row => row.ExpiresAt <= over).ExecuteDeleteAsync(cancellation);
    }

    public static string StateAt(this RequestRow row, DateTimeOffset now) => row.State switch
    {
        RequestState.Approved => RequestStates.Approved,
        RequestState.Denied => RequestStates.Denied,
        _ when row.ExpiresAt <= now => RequestStates.Expired,
        _ => RequestStates.Pending,
    };

    /// <summary>The newest, oldest first.</summary>
    private static async Task<List<RequestRow>> NewestAsync(IQueryable<RequestRow> requests, CancellationToken cancellation)
    {
        var rows = await requests.AsNoTracking().OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(MaxListed).ToListAsync(cancellation);
        rows.Reverse();
        return rows;
    }
}
