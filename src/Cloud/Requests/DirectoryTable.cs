using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Requests;

/// <summary>
/// What others can find of an account, under tags that only who knows its telephone number can make, with the help of two trustees. The cloud knows whose tag it is and not which
/// number it stands for.
/// </summary>
internal sealed class DirectoryRow
{
    public required AccountId Account { get; init; }

    public required byte[] Tag { get; init; }

    public required byte[] SealedOwn { get; init; }
}

/// <summary>A keyword of an account's findable records, or a row that stands for none.</summary>
internal sealed class DirectoryFindRow
{
    public required AccountId Account { get; init; }

    public required byte[] Tag { get; init; }

    public required byte[] Sealed { get; init; }
}

internal static class DirectoryTable
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<DirectoryRow>(entry =>
        {
            entry.ToTable("directory").HasKey(row => row.Account);
            entry.HasIndex(row => row.Tag).IsUnique();
            entry.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Account);
        });
        model.Entity<DirectoryFindRow>(find =>
        {
            find.ToTable("directory_finds").HasKey(row => new { row.Account, row.Tag });
            find.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Account);
        });
    }

    /// <summary>Removes the account's entry, whole.</summary>
    public static async Task RemoveDirectoryAsync(this CloudDatabase database, AccountId account, CancellationToken cancellation)
    {
        await database.DirectoryFinds.Where(row => row.Account == account).ExecuteDeleteAsync(cancellation);
        await database.Directory.Where(row => row.Account == account).ExecuteDeleteAsync(cancellation);
    }

    public static async Task AddDirectoryAsync(this CloudDatabase database, AccountId account, DirectoryEntry entry, CancellationToken cancellation)
    {
        database.Add(new DirectoryRow { Account = account, Tag = entry.Tag, SealedOwn = entry.SealedOwn });
        await database.SaveChangesAsync(cancellation);
        var owner = new Guid(account.ToBytes(), bigEndian: true);
        byte[][] tags = [.. entry.Find.Select(find => find.Tag)], handles = [.. entry.Find.Select(find => find.Sealed)];
        await database.Database.ExecuteSqlAsync(
            $"INSERT INTO cloud.directory_finds (account, tag, sealed) SELECT {owner}, tag, sealed FROM unnest({tags}, {handles}) AS find (tag, sealed)", cancellation);
    }

    /// <summary>
    /// The account of a directory tag and the sealed handles of these keywords, in their order; null unless all of them are there. The questions to the database are the same
    /// whatever is missing.
    /// </summary>
    public static async Task<(AccountId Account, IReadOnlyList<byte[]> Found)?> FindAsync(
        this CloudDatabase database, byte[] directory, IReadOnlyList<byte[]> tags, CancellationToken cancellation)
    {
        var entry = await database.Directory.Where(row => row.Tag == directory).Select(row => new { row.Account }).SingleOrDefaultAsync(cancellation);
        var account = entry?.Account ?? Identifier.Random<AccountId>();
        var rows = await database.DirectoryFinds.AsNoTracking().Where(row => row.Account == account && tags.Contains(row.Tag)).ToListAsync(cancellation);
        var byTag = rows.ToDictionary(row => Convert.ToHexString(row.Tag), row => row.Sealed);
        var found = tags.Select(tag => byTag.GetValueOrDefault(Convert.ToHexString(tag))).OfType<byte[]>().ToList();
        return entry is not null && found.Count == tags.Count ? (account, found) : null;
    }
}
