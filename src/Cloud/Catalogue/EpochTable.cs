using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Cloud.Deposits;
using Salus.Cloud.Grants;
using Salus.Protocol;

namespace Salus.Cloud.Catalogue;

/// <summary>One header of an owner's partition.</summary>
internal sealed class EpochRow
{
    public required AccountId Owner { get; init; }

    public required PartitionId Partition { get; init; }

    public required EpochNumber Epoch { get; init; }

    /// <summary>The signed <see cref="EpochHeader"/>.</summary>
    public required byte[] Signed { get; init; }
}

internal static class EpochTable
{
    public static void Map(ModelBuilder model) => model.Entity<EpochRow>(epoch =>
    {
        epoch.ToTable("epochs").HasKey(row => new { row.Owner, row.Partition, row.Epoch });
        epoch.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Owner);
    });

    /// <summary>The newest header of a partition, or null.</summary>
    public static Task<EpochRow?> EpochHeadAsync(
        this CloudDatabase database, AccountId owner, PartitionId partition, CancellationToken cancellation) =>
        database.Epochs.AsNoTracking().Where(row => row.Owner == owner && row.Partition == partition).OrderByDescending(row => row.Epoch)
            .FirstOrDefaultAsync(cancellation);

    /// <summary>
    /// The headers that <paramref name="asker"/> may see: all their own; of others those of a partition in a live grant, up to the last epoch that
    /// the grants name (the earlier ones are the chain that leads there), and all of a partition to which a live deposit grant lets them add.
    /// </summary>
    public static Task<List<byte[]>> EpochsAsync(
        this CloudDatabase database, AccountId owner, AccountId asker, DateTimeOffset now, CancellationToken cancellation)
    {
        var headers = database.Epochs.Where(row => row.Owner == owner);
        if (owner != asker)
        {
            var granted = database.LiveEntries(owner, asker, now);
            var deposits = database.LiveDeposits(asker, now).Where(deposit => deposit.Owner == owner);
            headers = headers.Where(row => granted.Any(entry => entry.Partition == row.Partition && entry.Epoch >= row.Epoch)
                || deposits.Any(deposit => deposit.Partition == row.Partition));
        }
        return headers.OrderBy(row => row.Partition).ThenBy(row => row.Epoch).Select(row => row.Signed).ToListAsync(cancellation);
    }
}
