using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Trustee.Hardening;
using Salus.Trustee.Readings;
using Salus.Trustee.Reencryption;
using Salus.Trustee.Release;
using Salus.Trustee.Statistics;
using Salus.Trustee.Tokens;
using Salus.Trustee.Witness;

namespace Salus.Trustee;

/// <summary>The trustee's tables, in a schema that its own role owns. Each feature maps its tables in its own table file.</summary>
internal sealed class TrusteeDatabase(DbContextOptions<TrusteeDatabase> options) : DbContext(options)
{
    public DbSet<KFragRow> KFrags => Set<KFragRow>();

    public DbSet<TombstoneRow> Tombstones => Set<TombstoneRow>();

    public DbSet<NonceRow> Nonces => Set<NonceRow>();

    public DbSet<LockRow> Locks => Set<LockRow>();

    public DbSet<HardeningPartRow> HardeningParts => Set<HardeningPartRow>();

    public DbSet<HardeningKeyRow> HardeningKeys => Set<HardeningKeyRow>();

    public DbSet<HardeningTurnsRow> HardeningTurns => Set<HardeningTurnsRow>();

    public DbSet<StudyRow> Studies => Set<StudyRow>();

    public DbSet<TokenRow> Tokens => Set<TokenRow>();

    public DbSet<TokenCountRow> TokenCounts => Set<TokenCountRow>();

    public DbSet<SpentRow> Spent => Set<SpentRow>();

    public DbSet<WithdrawalRow> Withdrawals => Set<WithdrawalRow>();

    public DbSet<ShareRow> ShareRows => Set<ShareRow>();

    public DbSet<BudgetRow> Budgets => Set<BudgetRow>();

    public DbSet<QueryRow> Queries => Set<QueryRow>();

    public DbSet<FollowedRow> Followed => Set<FollowedRow>();

    public DbSet<TaggedRow> Tagged => Set<TaggedRow>();

    public DbSet<SeenAccessRow> SeenAccesses => Set<SeenAccessRow>();

    public DbSet<AccessRow> Accesses => Set<AccessRow>();

    public DbSet<SeriesRow> Series => Set<SeriesRow>();

    public DbSet<FeedRow> Feeds => Set<FeedRow>();

    public DbSet<BatchRow> Batches => Set<BatchRow>();

    public DbSet<ReadingDeletionRow> ReadingDeletions => Set<ReadingDeletionRow>();

    public DbSet<ReadingUseRow> ReadingUse => Set<ReadingUseRow>();

    /// <summary>
    /// The connection's search path names the schema; the history of migrations lives there too. The model has no snapshot, as the migrations are written by hand:
    /// a test compares it with the schema that they make.
    /// </summary>
    public static void Configure(DbContextOptionsBuilder options, string connection)
    {
        var schema = new NpgsqlConnectionStringBuilder(connection).SearchPath;
        options.UseNpgsql(connection, npgsql => npgsql.MigrationsHistoryTable("migrations", schema));
        options.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<AccountId>().HaveConversion<IdentifierBytes<AccountId>>();
        conventions.Properties<GrantId>().HaveConversion<IdentifierBytes<GrantId>>();
        conventions.Properties<PartitionId>().HaveConversion<IdentifierBytes<PartitionId>>();
        conventions.Properties<RecordId>().HaveConversion<IdentifierBytes<RecordId>>();
        conventions.Properties<SeriesId>().HaveConversion<IdentifierBytes<SeriesId>>();
        conventions.Properties<FeedId>().HaveConversion<IdentifierBytes<FeedId>>();
        conventions.Properties<StudyId>().HaveConversion<IdentifierBytes<StudyId>>();
        conventions.Properties<ContributionId>().HaveConversion<IdentifierBytes<ContributionId>>();
        conventions.Properties<EpochNumber>().HaveConversion<EpochInteger>();
        conventions.Properties<DateTimeOffset>().HaveConversion<Milliseconds>();
        conventions.Properties<RowState>().HaveConversion<short>();
        conventions.Properties<Purpose>().HaveConversion<short>();
        conventions.Properties<VerifyingKey>().HaveConversion<VerifyingKeyBytes>();
        conventions.Properties<PublicKey>().HaveConversion<PublicKeyBytes>();
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        ReencryptionTables.Map(model);
        ReleaseTables.Map(model);
        HardeningTables.Map(model);
        ReadingTables.Map(model);
        TokenTables.Map(model);
        StatisticsTables.Map(model);
        WitnessTables.Map(model);
    }

    private sealed class IdentifierBytes<T>() : ValueConverter<T, byte[]>(id => Write(id), bytes => Read(bytes)) where T : struct, IIdentifier<T>
    {
        private static byte[] Write(T id) => id.ToBytes();

        private static T Read(byte[] bytes) => Identifier.Read<T>(bytes);
    }

    private sealed class EpochInteger() : ValueConverter<EpochNumber, long>(epoch => epoch.Value, value => new EpochNumber((uint)value));

    /// <summary>As on the wire, so that a policy read back is the policy that was signed.</summary>
    private sealed class Milliseconds()
        : ValueConverter<DateTimeOffset, long>(time => time.ToUnixTimeMilliseconds(), value => DateTimeOffset.FromUnixTimeMilliseconds(value));

    private sealed class VerifyingKeyBytes() : ValueConverter<VerifyingKey, byte[]>(key => Write(key), bytes => Read(bytes))
    {
        private static byte[] Write(VerifyingKey key) => key.Bytes.ToArray();

        private static VerifyingKey Read(byte[] bytes) => VerifyingKey.TryParse(bytes, out var key) ? key : throw Damaged("an identity key");
    }

    private sealed class PublicKeyBytes() : ValueConverter<PublicKey, byte[]>(key => Write(key), bytes => Read(bytes))
    {
        private static byte[] Write(PublicKey key) => key.Bytes.ToArray();

        private static PublicKey Read(byte[] bytes) => PublicKey.TryParse(bytes, out var key) ? key : throw Damaged("a public key");
    }

    private static InvalidDataException Damaged(string what) => new($"The database holds {what} that is none.");
}
