using Microsoft.EntityFrameworkCore;
using Salus.Protocol;

namespace Salus.Trustee.Hardening;

/// <summary>The contribution that this trustee has made to a key: one row for each <see cref="KeyPurpose"/>. Nothing in it is secret to others: every value is sealed.</summary>
internal sealed class HardeningPartRow
{
    public required short Id { get; init; }
    public required byte[] Signed { get; init; }
}

/// <summary>The key that this trustee has accepted: one row for each <see cref="KeyPurpose"/>.</summary>
internal sealed class HardeningKeyRow
{
    public required short Id { get; init; }
    /// <summary>The trustee's signed <see cref="HardeningKey"/>.</summary>
    public required byte[] Word { get; init; }
    /// <summary>See <see cref="Reencryption.RestKey"/>.</summary>
    public required byte[] SealedShare { get; init; }
}

/// <summary>How many evaluations under a key an account had in an hour; the row without an account counts all.</summary>
internal sealed class HardeningTurnsRow
{
    public required byte[] Account { get; init; }
    /// <summary>Hours since 1970.</summary>
    public long Hour { get; init; }
    public int Count { get; init; }
}

/// <summary>The tables of the hardening key, and the statements that LINQ does not say.</summary>
internal static class HardeningTables
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<HardeningPartRow>(part =>
        {
            part.ToTable("hardening_parts").HasKey(row => row.Id).HasName("hardening_parts_key");
            part.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            part.Property(row => row.Signed).HasColumnName("signed");
        });
        model.Entity<HardeningKeyRow>(key =>
        {
            key.ToTable("hardening_keys").HasKey(row => row.Id).HasName("hardening_keys_key");
            key.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            key.Property(row => row.Word).HasColumnName("word");
            key.Property(row => row.SealedShare).HasColumnName("sealed_share");
        });
        model.Entity<HardeningTurnsRow>(turns =>
        {
            turns.ToTable("hardening_turns").HasKey(row => new { row.Account, row.Hour }).HasName("hardening_turns_key");
            turns.Property(row => row.Account).HasColumnName("account");
            turns.Property(row => row.Hour).HasColumnName("hour");
            turns.Property(row => row.Count).HasColumnName("count");
        });
    }

    /// <summary>Keeps the contribution unless there is one; of several at once, one is kept.</summary>
    public static Task KeepAsync(this TrusteeDatabase database, HardeningPartRow part, CancellationToken cancel) =>
        database.Database.ExecuteSqlAsync($"INSERT INTO hardening_parts (id, signed) VALUES ({part.Id}, {part.Signed}) ON CONFLICT DO NOTHING", cancel);

    /// <summary>Keeps the key unless there is one; of several at once, one is kept.</summary>
    public static Task KeepAsync(this TrusteeDatabase database, HardeningKeyRow key, CancellationToken cancel) =>
        database.Database.ExecuteSqlAsync(
            $"INSERT INTO hardening_keys (id, word, sealed_share) VALUES ({key.Id}, {key.Word}, {key.SealedShare}) ON CONFLICT DO NOTHING", cancel);

    /// <summary>Takes one turn of the account's and one of all; false when either has none left in this hour. The caller's transaction takes both or none.</summary>
    public static async Task<bool> TryTakeTurnAsync(
        this TrusteeDatabase database, KeyPurpose purpose, AccountId account, TrusteeOptions options, DateTimeOffset now, CancellationToken cancel) =>
        await TakeAsync(database, [.. purpose.Mark, .. account.ToBytes()], purpose.TurnsOfAccount(options), Hour(now), cancel)
        && await TakeAsync(database, purpose.Mark, purpose.TurnsOfAll(options), Hour(now), cancel);

    public static Task<int> SweepTurnsAsync(this TrusteeDatabase database, DateTimeOffset now, CancellationToken cancel)
    {
        var hour = Hour(now);
        return database.HardeningTurns.Where(row => row.Hour < hour).ExecuteDeleteAsync(cancel);
    }

    private static async Task<bool> TakeAsync(TrusteeDatabase database, byte[] account, int limit, long hour, CancellationToken cancel) => await database.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO hardening_turns (account, hour, count) VALUES ({account}, {hour}, 1)
        ON CONFLICT (account, hour) DO UPDATE SET count = hardening_turns.count + 1 WHERE hardening_turns.count < {limit}
        """, cancel) == 1;

    private static long Hour(DateTimeOffset time) => time.ToUnixTimeSeconds() / 3600;
}
