using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Accounts;

/// <summary>An account: the only row of the database that holds a mail address in clear.</summary>
internal sealed class AccountRow
{
    public required AccountId Id { get; init; }

    /// <summary>A normalised <see cref="MailAddress"/>.</summary>
    public required string Mail { get; init; }

    public required VerifyingKey Identity { get; init; }

    /// <summary>The signed account card.</summary>
    public required byte[] Card { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether the card is in the log, or on its way there.</summary>
    public required bool IsCardLogged { get; set; }

    public List<WrappedSecretRow> Secrets { get; init; } = [];
}

/// <summary>The account secret under one wrapping key.</summary>
internal sealed class WrappedSecretRow
{
    public required AccountId Account { get; init; }

    public required string Kind { get; init; }

    public required byte[] Salt { get; set; }

    public required int MemoryKib { get; set; }

    public required int Passes { get; set; }

    public required byte[] Ciphertext { get; set; }
}

/// <summary>What an account takes up. Locking this row also puts an owner's writes in one order.</summary>
internal sealed class UsageRow
{
    public required AccountId Account { get; init; }

    public long Rows { get; set; }

    public long Bytes { get; set; }

    /// <summary>Bytes of dictionaries and blocks of the published search index.</summary>
    public long IndexBytes { get; set; }

    /// <summary>The day to which <see cref="UploadBytes"/> belongs.</summary>
    public DateOnly UploadDay { get; set; }

    /// <summary>Bytes of the upload tickets given out on that day.</summary>
    public long UploadBytes { get; set; }

    /// <summary>The day to which <see cref="Accesses"/> belongs.</summary>
    public DateOnly AccessDay { get; set; }

    /// <summary>Access entries that the account has put into the log on that day.</summary>
    public int Accesses { get; set; }

    /// <summary>Takes room; false, and nothing changes, when the account would hold more than it may.</summary>
    public bool TryTake(long rows, long bytes, QuotaOptions quota)
    {
        if (Rows + rows > quota.Rows || Bytes + bytes > quota.Bytes)
            return false;
        Rows += rows;
        Bytes += bytes;
        return true;
    }

    public static ProblemException Full() =>
        ProblemException.NoSpace("The account holds as much as it may: delete records, or ask the operator for room.");

    public bool TryTakeUpload(DateOnly day, long bytes, QuotaOptions quota)
    {
        var today = day == UploadDay ? UploadBytes : 0;
        if (bytes > quota.UploadBytesPerDay - today)
            return false;
        (UploadDay, UploadBytes) = (day, today + bytes);
        return true;
    }

    public int AccessesOf(DateOnly day) => day == AccessDay ? Accesses : 0;

    public void TakeAccess(DateOnly day) => (AccessDay, Accesses) = (day, AccessesOf(day) + 1);
}

internal static class AccountTable
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<AccountRow>(account =>
        {
            account.ToTable("accounts").HasKey(row => row.Id);
            account.HasIndex(row => row.Mail).IsUnique();
            account.HasIndex(row => row.IsCardLogged);
            account.HasMany(row => row.Secrets).WithOne().HasForeignKey(row => row.Account);
        });
        model.Entity<WrappedSecretRow>().ToTable("wrapped_secrets").HasKey(row => new { row.Account, row.Kind });
        model.Entity<UsageRow>(usage =>
        {
            usage.ToTable("usage").HasKey(row => row.Account);
            usage.HasOne<AccountRow>().WithOne().HasForeignKey<UsageRow>(row => row.Account);
        });
    }

    public static WrappedSecretRow ToRow(this WrappedSecret secret, AccountId account) => new()
    {
        Account = account,
        Kind = secret.Kind,
        Salt = secret.Salt,
        MemoryKib = secret.MemoryKiB,
        Passes = secret.Passes,
        Ciphertext = secret.Ciphertext,
    };

    public static WrappedSecret ToMessage(this WrappedSecretRow row) => new(row.Kind, row.Salt, row.MemoryKib, row.Passes, row.Ciphertext);

    public static AccountView ToView(this AccountRow row) =>
        new(row.Id.ToString(), row.Mail, row.Card, [.. row.Secrets.OrderBy(secret => secret.Kind, StringComparer.Ordinal).Select(ToMessage)]);

    public static Task<AccountRow?> AccountAsync(this CloudDatabase database, AccountId id, CancellationToken cancellation) =>
        database.Accounts.AsNoTracking().Include(row => row.Secrets).SingleOrDefaultAsync(row => row.Id == id, cancellation);

    public static Task<AccountRow?> AccountAsync(this CloudDatabase database, MailAddress mail, CancellationToken cancellation) =>
        database.Accounts.AsNoTracking().Include(row => row.Secrets).SingleOrDefaultAsync(row => row.Mail == mail.Value, cancellation);

    public static Task<byte[]?> CardAsync(this CloudDatabase database, AccountId id, CancellationToken cancellation) =>
        database.Accounts.Where(row => row.Id == id).Select(row => row.Card).SingleOrDefaultAsync(cancellation);

    public static Task<byte[]?> CardAsync(this CloudDatabase database, MailAddress mail, CancellationToken cancellation) =>
        database.Accounts.Where(row => row.Mail == mail.Value).Select(row => row.Card).SingleOrDefaultAsync(cancellation);

    /// <summary>
    /// Locks the owner's usage row until the transaction ends. Every write of an owner begins with it: so an epoch cannot move while a record of it
    /// is entered, and the order of a catalogue is the order in which its rows became visible.
    /// </summary>
    public static async Task<UsageRow> LockOwnerAsync(this CloudDatabase database, AccountId owner, CancellationToken cancellation)
    {
        var id = new Guid(owner.ToBytes(), bigEndian: true);
        var rows = await database.Usage.FromSql($"SELECT * FROM cloud.usage WHERE account = {id} FOR UPDATE").ToListAsync(cancellation);
        return rows[0];
    }
}
