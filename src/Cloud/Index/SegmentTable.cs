using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Cloud.Grants;
using Salus.Protocol;

namespace Salus.Cloud.Index;

internal enum SegmentState : short
{
    /// <summary>On its way: nobody but its writer knows of it.</summary>
    Staged = 0,

    /// <summary>Part of an index.</summary>
    Published = 1,

    /// <summary>No longer part of it; its blocks are being removed.</summary>
    Dropped = 2,
}

/// <summary>A segment of a search index. Everything in it is sealed; the addresses of its blocks are pseudorandom.</summary>
internal sealed class SegmentRow
{
    public required SegmentId Id { get; init; }

    /// <summary>What its blocks and pieces go by: 4 bytes instead of 16 in each of millions of rows.</summary>
    public int Number { get; init; }

    public required AccountId Owner { get; init; }

    public required PartitionId Partition { get; init; }

    /// <summary>Who uploads it: the owner or a depositor.</summary>
    public required AccountId Source { get; init; }

    public required SegmentState State { get; set; }

    /// <summary>Known once it is published.</summary>
    public EpochNumber? Epoch { get; set; }

    /// <summary>The place in its source's chain of the update that published it.</summary>
    public long? Sequence { get; set; }

    public required long DictionaryLength { get; set; }

    /// <summary>SHA-256; known once it is published.</summary>
    public byte[]? DictionaryHash { get; set; }

    public required int Blocks { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public long Size => DictionaryLength + ((long)Blocks * BlockCopy.RowSize);
}

/// <summary>A mebibyte of a dictionary, or its end.</summary>
internal sealed class DictionaryPieceRow
{
    public required int Segment { get; init; }

    public required int Piece { get; init; }

    public required byte[] Bytes { get; init; }
}

/// <summary>A sealed block.</summary>
internal sealed class BlockRow
{
    public required int Segment { get; init; }

    /// <summary>16 pseudorandom bytes: as `uuid` they are compared and stored without a length.</summary>
    public required Guid Address { get; init; }

    public required byte[] Value { get; init; }
}

internal static class SegmentTable
{
    /// <summary>The sequence behind <see cref="SegmentRow.Number"/>.</summary>
    public const string Numbers = "segment_number";

    public static readonly TimeSpan StagedLife = TimeSpan.FromHours(24);

    public static void Map(ModelBuilder model)
    {
        model.HasSequence<int>(Numbers);
        model.Entity<SegmentRow>(segment =>
        {
            segment.ToTable("index_segments").HasKey(row => row.Id);
            segment.Property(row => row.Number).HasDefaultValueSql($"nextval('{CloudDatabase.Schema}.{Numbers}'::regclass)");
            segment.Ignore(row => row.Size);
            segment.HasIndex(row => row.Number).IsUnique();
            segment.HasIndex(row => new { row.Owner, row.Partition });
            segment.HasIndex(row => new { row.Source, row.State });
            segment.HasIndex(row => new { row.State, row.CreatedAt });
            segment.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Owner);
            segment.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Source);
        });
        // No foreign keys: checking one for each of millions of blocks costs more than entering them. A segment's row is locked while they come and while they go.
        model.Entity<DictionaryPieceRow>().ToTable("index_dictionaries").HasKey(row => new { row.Segment, row.Piece });
        model.Entity<BlockRow>().ToTable("index_blocks").HasKey(row => new { row.Segment, row.Address });
    }

    /// <summary>The published segments that <paramref name="asker"/> may read: all their own; of others those whose partition and epoch are in a grant that is live now.</summary>
    public static IQueryable<SegmentRow> ReadableSegments(this CloudDatabase database, AccountId asker, DateTimeOffset now)
    {
        var granted = database.LiveEntries(asker, now);
        return database.Segments.AsNoTracking().Where(row => row.State == SegmentState.Published
            && (row.Owner == asker || granted.Any(entry => entry.Owner == row.Owner && entry.Partition == row.Partition && entry.Epoch == row.Epoch)));
    }

    /// <summary>The row of a segment, locked until the transaction ends; null when there is none.</summary>
    public static async Task<SegmentRow?> LockSegmentAsync(this CloudDatabase database, SegmentId id, CancellationToken cancellation)
    {
        var key = new Guid(id.ToBytes(), bigEndian: true);
        return (await database.Segments.FromSql($"SELECT * FROM cloud.index_segments WHERE id = {key} FOR UPDATE").ToListAsync(cancellation)).SingleOrDefault();
    }

    /// <summary>The row of a segment that is being uploaded, made when it is the first of it, and locked until the transaction ends.</summary>
    public static async Task<SegmentRow> LockOrStageSegmentAsync(
        this CloudDatabase database, SegmentId id, AccountId owner, PartitionId partition, AccountId source, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await database.LockSegmentAsync(id, cancellation) is { } there)
            return there;
        var keys = (Id: Key(id), Owner: Key(owner), Partition: Key(partition), Source: Key(source));
        await database.Database.ExecuteSqlAsync($"""
            INSERT INTO cloud.index_segments (id, owner, partition, source, state, dictionary_length, blocks, created_at)
            VALUES ({keys.Id}, {keys.Owner}, {keys.Partition}, {keys.Source}, {(short)SegmentState.Staged}, 0, 0, {now}) ON CONFLICT DO NOTHING
            """, cancellation);
        return await database.LockSegmentAsync(id, cancellation) ?? throw new DbUpdateConcurrencyException("A segment was removed while it was made.");

        static Guid Key<T>(T identifier) where T : struct, IIdentifier<T> => new(identifier.ToBytes(), bigEndian: true);
    }

    /// <summary>Bytes that an account has on their way.</summary>
    public static Task<long> StagedBytesAsync(this CloudDatabase database, AccountId source, CancellationToken cancellation) => database.Segments
        .Where(row => row.Source == source && row.State == SegmentState.Staged).SumAsync(row => row.DictionaryLength + ((long)row.Blocks * BlockCopy.RowSize), cancellation);

    /// <summary>
    /// Removes dropped segments, and staged ones that nobody has published for a day, each in a transaction of its own. Nobody could see them any more; it makes room.
    /// </summary>
    public static async Task<int> SweepSegmentsAsync(this CloudDatabase database, DateTimeOffset now, CancellationToken cancellation)
    {
        database.Database.SetCommandTimeout(TimeSpan.FromMinutes(30)); // one may have millions of blocks
        var (count, old) = (0, now - StagedLife);
        for (; ; count++)
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
            var numbers = await database.Database.SqlQuery<int>($"""
                SELECT number AS "Value" FROM cloud.index_segments
                WHERE state = {(short)SegmentState.Dropped} OR (state = {(short)SegmentState.Staged} AND created_at < {old}) LIMIT 1 FOR UPDATE SKIP LOCKED
                """).ToListAsync(cancellation);
            if (numbers is not [var number])
                return count;
            await database.Blocks.Where(row => row.Segment == number).ExecuteDeleteAsync(cancellation);
            await database.DictionaryPieces.Where(row => row.Segment == number).ExecuteDeleteAsync(cancellation);
            await database.Segments.Where(row => row.Number == number).ExecuteDeleteAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
    }
}
