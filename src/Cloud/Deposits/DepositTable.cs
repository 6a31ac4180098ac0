using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Deposits;

/// <summary>A deposit grant, and its revocation once there is one.</summary>
internal sealed class DepositRow
{
    public required GrantId Id { get; init; }

    public required AccountId Owner { get; init; }

    public required AccountId Depositor { get; init; }

    public required DateTimeOffset ValidFrom { get; init; }

    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>The signed <see cref="DepositGrant"/>.</summary>
    public required byte[] Signed { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The signed <see cref="Protocol.Revocation"/>.</summary>
    public byte[]? Revocation { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public List<DepositPartitionRow> Partitions { get; init; } = [];
}

/// <summary>A partition to which a deposit grant lets somebody add.</summary>
internal sealed class DepositPartitionRow
{
    public required GrantId Deposit { get; init; }

    public required PartitionId Partition { get; init; }
}

/// <summary>Where a live deposit grant lets its depositor add.</summary>
internal sealed class LiveDeposit
{
    public required AccountId Owner { get; init; }

    public required PartitionId Partition { get; init; }
}

internal static class DepositTable
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<DepositRow>(deposit =>
        {
            deposit.ToTable("deposits").HasKey(row => row.Id);
            deposit.HasIndex(row => new { row.Depositor, row.Owner });
            deposit.HasIndex(row => row.Owner);
            deposit.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Owner);
            deposit.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Depositor);
            deposit.HasMany(row => row.Partitions).WithOne().HasForeignKey(row => row.Deposit);
        });
        model.Entity<DepositPartitionRow>().ToTable("deposit_partitions").HasKey(row => new { row.Deposit, row.Partition });
    }

    /// <summary>Where <paramref name="depositor"/> may add at <paramref name="now"/>: not revoked, begun, not ended. The one place that decides it.</summary>
    public static IQueryable<LiveDeposit> LiveDeposits(this CloudDatabase database, AccountId depositor, DateTimeOffset now) =>
        from deposit in database.Deposits
        where deposit.Depositor == depositor && deposit.Revocation == null && deposit.ValidFrom <= now && deposit.ValidUntil > now
        from partition in deposit.Partitions
        select new LiveDeposit { Owner = deposit.Owner, Partition = partition.Partition };

    /// <summary>
    /// Whether <paramref name="writer"/> may add to a partition: its owner, or a live depositor. Asked under the owner's lock, the answer holds until the transaction ends.
    /// </summary>
    public static async Task<bool> MayWriteAsync(
        this CloudDatabase database, AccountId owner, PartitionId partition, AccountId writer, DateTimeOffset now, CancellationToken cancellation) =>
        owner == writer || await database.LiveDeposits(writer, now).AnyAsync(live => live.Owner == owner && live.Partition == partition, cancellation);

    public static Task<List<DepositRow>> DepositsOfAsync(this CloudDatabase database, AccountId owner, CancellationToken cancellation) =>
        Listed(database.Deposits.Where(row => row.Owner == owner)).ToListAsync(cancellation);

    public static Task<List<DepositRow>> DepositsToAsync(this CloudDatabase database, AccountId depositor, AccountId? owner, CancellationToken cancellation) =>
        Listed(database.Deposits.Where(row => row.Depositor == depositor && (owner == null || row.Owner == owner))).ToListAsync(cancellation);

    public static DepositView ToView(this DepositRow row) => new(row.Signed, row.Revocation);

    private static IQueryable<DepositRow> Listed(IQueryable<DepositRow> deposits) => deposits.AsNoTracking().OrderBy(row => row.CreatedAt).ThenBy(row => row.Id);
}
