using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Grants;

/// <summary>The newest version of a grant, and its revocation once there is one.</summary>
internal sealed class GrantRow
{
    public required GrantId Id { get; init; }

    public required AccountId Owner { get; init; }

    public required AccountId Delegatee { get; init; }

    public required uint Version { get; set; }

    public required DateTimeOffset ValidFrom { get; init; }

    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>The signed <see cref="Grant"/>.</summary>
    public required byte[] Signed { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The signed <see cref="Protocol.Revocation"/>.</summary>
    public byte[]? Revocation { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public List<GrantEntryRow> Entries { get; init; } = [];

    public List<ReceiptRow> Receipts { get; init; } = [];
}

/// <summary>A partition and epoch of a grant.</summary>
internal sealed class GrantEntryRow
{
    public required GrantId Grant { get; init; }

    public required PartitionId Partition { get; init; }

    public required EpochNumber Epoch { get; init; }
}

/// <summary>A trustee's signed word that it has deleted the keys of a revoked grant.</summary>
internal sealed class ReceiptRow
{
    public required GrantId Grant { get; init; }

    public required VerifyingKey Trustee { get; init; }

    /// <summary>The signed <see cref="RevocationReceipt"/>.</summary>
    public required byte[] Signed { get; init; }
}

/// <summary>What a live grant opens.</summary>
internal sealed class LiveEntry
{
    public required AccountId Owner { get; init; }

    public required PartitionId Partition { get; init; }

    public required EpochNumber Epoch { get; init; }
}

internal static class GrantTable
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<GrantRow>(grant =>
        {
            grant.ToTable("grants").HasKey(row => row.Id);
            grant.HasIndex(row => new { row.Delegatee, row.Owner });
            grant.HasIndex(row => row.Owner);
            grant.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Owner);
            grant.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Delegatee);
            grant.HasMany(row => row.Entries).WithOne().HasForeignKey(row => row.Grant);
            grant.HasMany(row => row.Receipts).WithOne().HasForeignKey(row => row.Grant);
        });
        model.Entity<GrantEntryRow>().ToTable("grant_entries").HasKey(row => new { row.Grant, row.Partition, row.Epoch });
        model.Entity<ReceiptRow>().ToTable("revocation_receipts").HasKey(row => new { row.Grant, row.Trustee });
    }

    /// <summary>
    /// What grants to <paramref name="delegatee"/> open at <paramref name="now"/>: not revoked, begun, not ended. The one place that decides it.
    /// </summary>
    public static IQueryable<LiveEntry> LiveEntries(this CloudDatabase database, AccountId delegatee, DateTimeOffset now) =>
        from grant in database.Grants
        where grant.Delegatee == delegatee && grant.Revocation == null && grant.ValidFrom <= now && grant.ValidUntil > now
        from entry in grant.Entries
        select new LiveEntry { Owner = grant.Owner, Partition = entry.Partition, Epoch = entry.Epoch };

    public static IQueryable<LiveEntry> LiveEntries(this CloudDatabase database, AccountId owner, AccountId delegatee, DateTimeOffset now) =>
        database.LiveEntries(delegatee, now).Where(entry => entry.Owner == owner);

    public static Task<bool> HasLiveEntryAsync(
        this CloudDatabase database, AccountId owner, AccountId delegatee, PartitionId? partition, DateTimeOffset now, CancellationToken cancellation)
    {
        var live = database.LiveEntries(owner, delegatee, now);
        return partition is { } only ? live.AnyAsync(entry => entry.Partition == only, cancellation) : live.AnyAsync(cancellation);
    }

    /// <summary>How many owners share something with an account now.</summary>
    public static Task<int> SharersAsync(this CloudDatabase database, AccountId delegatee, DateTimeOffset now, CancellationToken cancellation) =>
        database.LiveEntries(delegatee, now).Select(entry => entry.Owner).Distinct().CountAsync(cancellation);

    /// <summary>The stored grant, locked until the transaction ends: a revocation and an extension come one after the other.</summary>
    public static async Task<GrantRow?> LockGrantAsync(this CloudDatabase database, GrantId id, CancellationToken cancellation)
    {
        var key = new Guid(id.ToBytes(), bigEndian: true);
        var rows = await database.Grants.FromSql($"SELECT * FROM cloud.grants WHERE id = {key} FOR UPDATE").ToListAsync(cancellation);
        return rows.SingleOrDefault();
    }

    public static Task<List<GrantRow>> GrantsOfAsync(this CloudDatabase database, AccountId owner, CancellationToken cancellation) =>
        Listed(database.Grants.Where(row => row.Owner == owner)).ToListAsync(cancellation);

    public static Task<List<GrantRow>> GrantsToAsync(this CloudDatabase database, AccountId delegatee, CancellationToken cancellation) =>
        Listed(database.Grants.Where(row => row.Delegatee == delegatee)).ToListAsync(cancellation);

    public static GrantView ToView(this GrantRow row) => new(row.Signed, row.Revocation, [.. row.Receipts.Select(receipt => receipt.Signed)]);

    private static IQueryable<GrantRow> Listed(IQueryable<GrantRow> grants) =>
        grants.AsNoTracking().Include(row => row.Receipts).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id);
}
