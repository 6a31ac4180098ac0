using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;
using Salus.Hosting;
using Salus.Protocol;

namespace Salus.Cloud.Accounts;

/// <summary>A session, found by the SHA-256 of its token: who reads the database cannot log in.</summary>
internal sealed class SessionRow
{
    public required byte[] TokenHash { get; init; }

    public required AccountId Account { get; init; }

    /// <summary>What the device called itself (<see cref="VisibleName"/>), if it did.</summary>
    public required string? Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>The end of its absolute life.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

internal static class SessionTable
{
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    public static readonly TimeSpan Life = TimeSpan.FromHours(12);

    /// <summary>How far <see cref="SessionRow.LastSeenAt"/> may lag: one write a minute, whatever the traffic.</summary>
    private static readonly TimeSpan Lag = TimeSpan.FromMinutes(1);

    public static void Map(ModelBuilder model) => model.Entity<SessionRow>(session =>
    {
        session.ToTable("sessions").HasKey(row => row.TokenHash);
        session.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Account);
        session.HasIndex(row => row.Account);
        session.HasIndex(row => row.LastSeenAt);
    });

    /// <summary>Refuses what cannot name a device.</summary>
    public static void CheckDevice(string? name)
    {
        if (name is not null && !VisibleName.IsValid(name))
            throw ProblemException.BadRequest($"device: visible characters with single blanks between them, {Limits.MaxVisibleName} at most.");
    }

    /// <summary>A new identifier at each login: a token from before it gains nothing by it.</summary>
    public static SessionRow BeginSession(this CloudDatabase database, AccountId account, string? device, DateTimeOffset now, out string token)
    {
        Span<byte> bytes = stackalloc byte[SessionCheck.TokenSize];
        RandomNumberGenerator.Fill(bytes);
        token = Base64Url.EncodeToString(bytes);
        var session = new SessionRow
        {
            TokenHash = SessionCheck.HashOf(bytes), Account = account, Name = device, CreatedAt = now, LastSeenAt = now, ExpiresAt = now + Life,
        };
        database.Add(session);
        return session;
    }

    /// <summary>The account's live sessions, newest first.</summary>
    public static Task<List<SessionRow>> SessionsAsync(this CloudDatabase database, AccountId account, DateTimeOffset now, CancellationToken cancellation)
    {
        var earliest = now - Idle;
        return database.Sessions.AsNoTracking().Where(row => row.Account == account && row.ExpiresAt > now && row.LastSeenAt > earliest)
            .OrderByDescending(row => row.CreatedAt).ToListAsync(cancellation);
    }

    /// <summary>
    /// Whose session this is, or null when there is none or it has ended. Asked at every request, so an end is an end on every replica at once.
    /// </summary>
    public static async Task<Caller?> CallerAsync(this CloudDatabase database, byte[] tokenHash, DateTimeOffset now, CancellationToken cancellation)
    {
        var earliest = now - Idle;
        var found = await database.Sessions.Where(row => row.TokenHash == tokenHash && row.ExpiresAt > now && row.LastSeenAt > earliest)
            .Join(database.Accounts, session => session.Account, account => account.Id,
                (session, account) => new { session.LastSeenAt, account.Id, account.Identity })
            .SingleOrDefaultAsync(cancellation);
        if (found is null)
            return null;
        if (now - found.LastSeenAt >= Lag)
            await database.Sessions.Where(row => row.TokenHash == tokenHash && row.LastSeenAt < now)
                .ExecuteUpdateAsync(row => row.SetProperty(session => session.LastSeenAt, now), cancellation);
        return new Caller(found.Id, found.Identity, tokenHash);
    }

    public static Task EndSessionAsync(this CloudDatabase database, byte[] tokenHash, CancellationToken cancellation) =>
        database.Sessions.Where(row => row.TokenHash == tokenHash).ExecuteDeleteAsync(cancellation);

    public static Task EndSessionsAsync(this CloudDatabase database, AccountId account, CancellationToken cancellation) =>
        database.Sessions.Where(row => row.Account == account).ExecuteDeleteAsync(cancellation);
}
