using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Protocol;

namespace Salus.Cloud.Inventory;

/// <summary>The newest state of an account.</summary>
internal sealed class InventoryRow
{
    public required AccountId Account { get; init; }

    /// <summary>The signed <see cref="Protocol.Inventory.InventoryHead"/>.</summary>
    public required byte[] Signed { get; set; }

    /// <summary>SHA-256 of it.</summary>
    public required byte[] Hash { get; set; }
}

/// <summary>A page of that state.</summary>
internal sealed class InventoryPageRow
{
    public required AccountId Account { get; init; }

    public required int Number { get; init; }

    /// <summary>An <see cref="Protocol.Inventory.InventoryPage"/>.</summary>
    public required byte[] Content { get; init; }

    /// <summary>SHA-256 of it.</summary>
    public required byte[] Hash { get; init; }
}

internal static class InventoryTable
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<InventoryRow>(inventory =>
        {
            inventory.ToTable("inventories").HasKey(row => row.Account);
            inventory.HasOne<AccountRow>().WithOne().HasForeignKey<InventoryRow>(row => row.Account);
        });
        model.Entity<InventoryPageRow>(page =>
        {
            page.ToTable("inventory_pages").HasKey(row => new { row.Account, row.Number });
            page.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Account);
        });
    }

    public static Task<InventoryRow?> InventoryAsync(this CloudDatabase database, AccountId account, CancellationToken cancellation) =>
        database.Inventories.AsNoTracking().SingleOrDefaultAsync(row => row.Account == account, cancellation);
}
