using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Cloud.Deposits;
using Salus.Cloud.Grants;
using Salus.Protocol;

namespace Salus.Cloud.Index;

/// <summary>An update of a source's chain.</summary>
internal sealed class IndexUpdateRow
{
    public required AccountId Owner { get; init; }

    public required PartitionId Partition { get; init; }

    public required AccountId Source { get; init; }

    public required long Sequence { get; init; }

    /// <summary>Its place among the owner's updates: that of its arrival, until a base comes before it.</summary>
    public long Position { get; set; }

    /// <summary>The signed <see cref="IndexUpdate"/>.</summary>
    public required byte[] Signed { get; init; }

    /// <summary>SHA-256 of <see cref="Signed"/>.</summary>
    public required byte[] Hash { get; init; }

    public required bool IsBase { get; init; }

    /// <summary>The last that the newest base has taken the place of. Readers do not see it; its source does while it is the last of the chain.</summary>
    public required bool IsReplaced { get; set; }
}

internal static class IndexUpdateTable
{
    /// <summary>The sequence behind <see cref="IndexUpdateRow.Position"/>.</summary>
    public const string Order = "index_order";

    public static void Map(ModelBuilder model)
    {
        model.HasSequence<long>(Order);
        model.Entity<IndexUpdateRow>(update =>
        {
            update.ToTable("index_updates").HasKey(row => new { row.Owner, row.Partition, row.Source, row.Sequence });
            update.Property(row => row.Position).HasDefaultValueSql($"nextval('{CloudDatabase.Schema}.{Order}'::regclass)");
            update.HasIndex(row => new { row.Owner, row.Position }).IsUnique();
            update.HasIndex(row => row.Source);
            update.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Owner);
            update.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Source);
        });
    }

    /// <summary>
    /// The updates of an owner that <paramref name="asker"/> may see: all that no base has replaced to the owner, and to others those of a partition of which a live grant opens
    /// an epoch. A live depositor sees the last one of its own in each partition, to go on from there.
    /// </summary>
    public static IQueryable<IndexUpdateRow> VisibleUpdates(this CloudDatabase database, AccountId owner, AccountId asker, DateTimeOffset now)
    {
        var updates = database.IndexUpdates.AsNoTracking().Where(row => row.Owner == owner);
        if (owner == asker)
            return updates.Where(row => !row.IsReplaced);
        var granted = database.LiveEntries(owner, asker, now);
        var deposits = database.LiveDeposits(asker, now).Where(deposit => deposit.Owner == owner);
        return updates.Where(row => (!row.IsReplaced && granted.Any(entry => entry.Partition == row.Partition))
            || (row.Source == asker && deposits.Any(deposit => deposit.Partition == row.Partition)
                && !database.IndexUpdates.Any(later => later.Owner == owner && later.Partition == row.Partition && later.Source == asker && later.Sequence > row.Sequence)));
    }

    /// <summary>The last update of a source's chain, or null.</summary>
    public static Task<IndexUpdateRow?> IndexHeadAsync(
        this CloudDatabase database, AccountId owner, PartitionId partition, AccountId source, CancellationToken cancellation) =>
        database.IndexUpdates.AsNoTracking().Where(row => row.Owner == owner && row.Partition == partition && row.Source == source)
            .OrderByDescending(row => row.Sequence).FirstOrDefaultAsync(cancellation);

    /// <summary>So many positions behind all others.</summary>
    public static Task<List<long>> NextPositionsAsync(this CloudDatabase database, int count, CancellationToken cancellation) =>
        database.Database.SqlQuery<long>($"SELECT nextval('cloud.index_order') AS \"Value\" FROM generate_series(1, {count})").ToListAsync(cancellation);
}
