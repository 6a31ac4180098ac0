using System.Buffers.Binary;
using Microsoft.EntityFrameworkCore;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Readings;

namespace Salus.Trustee.Readings;

/// <summary>A series as its owner described it in one epoch of its partition.</summary>
internal sealed class SeriesRow
{
    public AccountId Owner { get; init; }
    public SeriesId Series { get; init; }
    public EpochNumber Epoch { get; init; }
    public PartitionId Partition { get; init; }
    public required byte[] Signed { get; init; }
}

/// <summary>Where a feed goes on.</summary>
internal sealed class FeedRow
{
    public AccountId Owner { get; init; }
    public SeriesId Series { get; init; }
    public FeedId Feed { get; init; }
    public long Next { get; set; }
    public required byte[] Hash { get; set; }
    public EpochNumber Epoch { get; set; }
    public DateTimeOffset Last { get; set; }
}

/// <summary>One batch. Its times and this trustee's shares are sealed; both are gone once the owner has deleted them.</summary>
internal sealed class BatchRow
{
    public AccountId Owner { get; init; }
    public SeriesId Series { get; init; }
    public FeedId Feed { get; init; }
    public long Sequence { get; init; }
    public EpochNumber Epoch { get; init; }
    public DateTimeOffset First { get; init; }
    public DateTimeOffset Last { get; init; }
    public int Count { get; init; }
    public required byte[] Signed { get; init; }
    /// <summary>See <see cref="ReadingRest"/>.</summary>
    public byte[]? Sealed { get; init; }
    /// <summary>The <see cref="ReadingDeletionRow"/> by which it is gone.</summary>
    public long? Deletion { get; init; }
}

/// <summary>An owner's order to delete readings: why they are gone, and, of a whole series, why it never comes back.</summary>
internal sealed class ReadingDeletionRow
{
    public long Id { get; init; }
    public AccountId Owner { get; init; }
    public SeriesId Series { get; init; }
    public bool IsWhole { get; init; }
    public required byte[] Signed { get; init; }
}

/// <summary>How many readings an account keeps here.</summary>
internal sealed class ReadingUseRow
{
    public AccountId Owner { get; init; }
    public long Readings { get; set; }
}

/// <summary>The tables of readings.</summary>
internal static class ReadingTables
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<SeriesRow>(series =>
        {
            series.ToTable("series").HasKey(row => new { row.Owner, row.Series, row.Epoch }).HasName("series_key");
            series.Property(row => row.Owner).HasColumnName("owner");
            series.Property(row => row.Series).HasColumnName("series");
            series.Property(row => row.Epoch).HasColumnName("epoch");
            series.Property(row => row.Partition).HasColumnName("partition");
            series.Property(row => row.Signed).HasColumnName("signed");
        });
        model.Entity<FeedRow>(feed =>
        {
            feed.ToTable("feeds").HasKey(row => new { row.Owner, row.Series, row.Feed }).HasName("feeds_key");
            feed.Property(row => row.Owner).HasColumnName("owner");
            feed.Property(row => row.Series).HasColumnName("series");
            feed.Property(row => row.Feed).HasColumnName("feed");
            feed.Property(row => row.Next).HasColumnName("next");
            feed.Property(row => row.Hash).HasColumnName("hash");
            feed.Property(row => row.Epoch).HasColumnName("epoch");
            feed.Property(row => row.Last).HasColumnName("last_time");
        });
        model.Entity<BatchRow>(batch =>
        {
            batch.ToTable("batches").HasKey(row => new { row.Owner, row.Series, row.Feed, row.Sequence }).HasName("batches_key");
            batch.Property(row => row.Owner).HasColumnName("owner");
            batch.Property(row => row.Series).HasColumnName("series");
            batch.Property(row => row.Feed).HasColumnName("feed");
            batch.Property(row => row.Sequence).HasColumnName("sequence");
            batch.Property(row => row.Epoch).HasColumnName("epoch");
            batch.Property(row => row.First).HasColumnName("first_time");
            batch.Property(row => row.Last).HasColumnName("last_time");
            batch.Property(row => row.Count).HasColumnName("count");
            batch.Property(row => row.Signed).HasColumnName("signed");
            batch.Property(row => row.Sealed).HasColumnName("sealed_shares");
            batch.Property(row => row.Deletion).HasColumnName("deletion");
            batch.HasIndex(row => new { row.Owner, row.Series, row.Feed, row.Last, row.Sequence }).HasDatabaseName("batches_last");
        });
        model.Entity<ReadingDeletionRow>(deletion =>
        {
            deletion.ToTable("reading_deletions").HasKey(row => row.Id).HasName("reading_deletions_key");
            deletion.Property(row => row.Id).HasColumnName("id").UseIdentityAlwaysColumn();
            deletion.Property(row => row.Owner).HasColumnName("owner");
            deletion.Property(row => row.Series).HasColumnName("series");
            deletion.Property(row => row.IsWhole).HasColumnName("is_whole");
            deletion.Property(row => row.Signed).HasColumnName("signed");
            deletion.HasIndex(row => new { row.Owner, row.Series }).HasDatabaseName("reading_deletions_series");
        });
        model.Entity<ReadingUseRow>(use =>
        {
            use.ToTable("reading_use").HasKey(row => row.Owner).HasName("reading_use_key");
            use.Property(row => row.Owner).HasColumnName("owner");
            use.Property(row => row.Readings).HasColumnName("readings");
        });
    }

    /// <summary>Lets one upload of an owner follow the other until the transaction ends.</summary>
    public static Task LockReadingsAsync(this TrusteeDatabase database, VerifyingKey trustee, AccountId owner, CancellationToken cancel)
    {
        using var transcript = new Transcript(Domains.TrusteeReadingLock);
        var readingLock = BinaryPrimitives.ReadInt64BigEndian(transcript.Append(trustee.Bytes).Append(owner.ToBytes()).ToHash());
        return database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({readingLock})", cancel);
    }

    /// <summary>The order by which a series has ended; null while it goes on.</summary>
    public static Task<ReadingDeletionRow?> EndAsync(this TrusteeDatabase database, AccountId owner, SeriesId series, CancellationToken cancel) =>
        database.ReadingDeletions.AsNoTracking().FirstOrDefaultAsync(row => row.Owner == owner && row.Series == series && row.IsWhole, cancel);

    /// <summary>The batches of a feed from a place on that do not lie wholly before a time, in order; of the epochs given, or of all.</summary>
    public static Task<List<BatchRow>> BatchesAsync(this TrusteeDatabase database, FeedRow feed, long from, DateTimeOffset since, IReadOnlyList<EpochNumber>? epochs, int limit,
        CancellationToken cancel)
    {
        // In a feed, later batches end later: the index on the last time finds the first of them.
        var rows = database.Batches.AsNoTracking()
            .Where(row => row.Owner == feed.Owner && row.Series == feed.Series && row.Feed == feed.Feed && row.Sequence >= from && row.Last >= since);
        if (epochs is not null)
            rows = rows.Where(row => epochs.Contains(row.Epoch));
        return rows.OrderBy(row => row.Last).ThenBy(row => row.Sequence).Take(limit).ToListAsync(cancel);
    }

    /// <summary>The newest batch of a feed, of the epochs given or of all.</summary>
    public static Task<BatchRow?> NewestAsync(this TrusteeDatabase database, FeedRow feed, IReadOnlyList<EpochNumber>? epochs, CancellationToken cancel)
    {
        var rows = database.Batches.AsNoTracking().Where(row => row.Owner == feed.Owner && row.Series == feed.Series && row.Feed == feed.Feed);
        if (epochs is not null)
            rows = rows.Where(row => epochs.Contains(row.Epoch));
        return rows.OrderByDescending(row => row.Sequence).FirstOrDefaultAsync(cancel);
    }
}
