using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Salus.Cloud.Accounts;
using Salus.Cloud.Catalogue;
using Salus.Cloud.Deposits;
using Salus.Cloud.Grants;
using Salus.Cloud.Index;
using Salus.Cloud.Inventory;
using Salus.Cloud.Log;
using Salus.Cloud.Passkeys;
using Salus.Cloud.Requests;
using Salus.Cloud.Studies;
using Salus.Protocol;

namespace Salus.Cloud.Data;

/// <summary>
/// The schema `cloud`. Each feature maps its own tables (<c>XTable.Map</c>); columns are the properties in snake case. The migrations are written
/// by hand and a test compares them with this model.
/// </summary>
internal sealed class CloudDatabase(DbContextOptions<CloudDatabase> options) : DbContext(options)
{
    public const string Schema = "cloud";

    public const string HistoryTable = "migrations";

    public DbSet<AccountRow> Accounts => Set<AccountRow>();

    public DbSet<WrappedSecretRow> WrappedSecrets => Set<WrappedSecretRow>();

    public DbSet<UsageRow> Usage => Set<UsageRow>();

    public DbSet<CodeRow> Codes => Set<CodeRow>();

    public DbSet<SessionRow> Sessions => Set<SessionRow>();

    public DbSet<PasskeyRow> Passkeys => Set<PasskeyRow>();

    public DbSet<ChallengeRow> Challenges => Set<ChallengeRow>();

    public DbSet<InventoryRow> Inventories => Set<InventoryRow>();

    public DbSet<InventoryPageRow> InventoryPages => Set<InventoryPageRow>();

    public DbSet<EpochRow> Epochs => Set<EpochRow>();

    public DbSet<RecordRow> Records => Set<RecordRow>();

    public DbSet<BodyRow> Bodies => Set<BodyRow>();

    public DbSet<BodyClaimRow> BodyClaims => Set<BodyClaimRow>();

    public DbSet<DeletionRow> Deletions => Set<DeletionRow>();

    public DbSet<GrantRow> Grants => Set<GrantRow>();

    public DbSet<GrantEntryRow> GrantEntries => Set<GrantEntryRow>();

    public DbSet<ReceiptRow> Receipts => Set<ReceiptRow>();

    public DbSet<DepositRow> Deposits => Set<DepositRow>();

    public DbSet<DirectoryRow> Directory => Set<DirectoryRow>();

    public DbSet<DirectoryFindRow> DirectoryFinds => Set<DirectoryFindRow>();

    public DbSet<RequestRow> Requests => Set<RequestRow>();

    public DbSet<SegmentRow> Segments => Set<SegmentRow>();

    public DbSet<DictionaryPieceRow> DictionaryPieces => Set<DictionaryPieceRow>();

    public DbSet<BlockRow> Blocks => Set<BlockRow>();

    public DbSet<IndexUpdateRow> IndexUpdates => Set<IndexUpdateRow>();

    public DbSet<StudyRow> Studies => Set<StudyRow>();

    public DbSet<ContributionRow> Contributions => Set<ContributionRow>();

    public DbSet<LogPendingRow> LogPending => Set<LogPendingRow>();

    public DbSet<LogEntryRow> LogEntries => Set<LogEntryRow>();

    /// <summary>Connections of one replica unless the connection string says otherwise: PostgreSQL allows a hundred to all, by default.</summary>
    private const int PoolSize = 30;

    public static void Configure(DbContextOptionsBuilder options, string connection) => options
        .UseNpgsql(Connection(connection), npgsql => npgsql.MigrationsHistoryTable(HistoryTable, Schema))
        // The model has no snapshot to compare with: the test of model against schema stands in for it.
        .ConfigureWarnings(warnings => warnings.Ignore(Microsoft.EntityFrameworkCore.Diagnostics.RelationalEventId.PendingModelChangesWarning));

    protected override void ConfigureConventions(ModelConfigurationBuilder configuration)
    {
        configuration.Properties<AccountId>().HaveConversion<IdentifierConverter<AccountId>>();
        configuration.Properties<RecordId>().HaveConversion<IdentifierConverter<RecordId>>();
        configuration.Properties<BodyId>().HaveConversion<IdentifierConverter<BodyId>>();
        configuration.Properties<GrantId>().HaveConversion<IdentifierConverter<GrantId>>();
        configuration.Properties<PartitionId>().HaveConversion<IdentifierConverter<PartitionId>>();
        configuration.Properties<CodeId>().HaveConversion<IdentifierConverter<CodeId>>();
        configuration.Properties<ChallengeId>().HaveConversion<IdentifierConverter<ChallengeId>>();
        configuration.Properties<RequestId>().HaveConversion<IdentifierConverter<RequestId>>();
        configuration.Properties<SegmentId>().HaveConversion<IdentifierConverter<SegmentId>>();
        configuration.Properties<StudyId>().HaveConversion<IdentifierConverter<StudyId>>();
        configuration.Properties<ContributionId>().HaveConversion<IdentifierConverter<ContributionId>>();
        configuration.Properties<EpochNumber>().HaveConversion<EpochConverter>();
        configuration.Properties<VerifyingKey>().HaveConversion<VerifyingKeyConverter>();
        configuration.Properties<uint>().HaveConversion<long>();
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.HasDefaultSchema(Schema);
        AccountTable.Map(model);
        CodeTable.Map(model);
        SessionTable.Map(model);
        PasskeyTable.Map(model);
        ChallengeTable.Map(model);
        InventoryTable.Map(model);
        EpochTable.Map(model);
        RecordTable.Map(model);
        BodyTable.Map(model);
        GrantTable.Map(model);
        DepositTable.Map(model);
        DirectoryTable.Map(model);
        RequestTable.Map(model);
        SegmentTable.Map(model);
        IndexUpdateTable.Map(model);
        StudyTable.Map(model);
        LogTables.Map(model);
        foreach (var property in model.Model.GetEntityTypes().SelectMany(table => table.GetProperties()))
            property.SetColumnName(SnakeCase(property.Name));
    }

    /// <summary>The connection string with this server's settings: what is asked again and again is planned once.</summary>
    public static string Connection(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection) { IncludeErrorDetail = false, ApplicationName = "Salus.Cloud", MaxAutoPrepare = 60, AutoPrepareMinUsages = 3 };
        if (!settings.ShouldSerialize("Maximum Pool Size"))
            settings.MaxPoolSize = PoolSize;
        return settings.ConnectionString;
    }

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}
