using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;
using Salus.Protocol.Log;

namespace Salus.Cloud.Log;

/// <summary>An entry that was accepted, in the transaction of what it is about, and has no place in the log yet.</summary>
internal sealed class LogPendingRow
{
    public long Id { get; init; }

    public required byte[] Leaf { get; init; }

    /// <summary>A <see cref="LogEntry"/>.</summary>
    public required byte[] Entry { get; init; }
}

/// <summary>An entry in its place.</summary>
internal sealed class LogEntryRow
{
    public required long Position { get; init; }

    public required byte[] Leaf { get; init; }

    public required byte[] Entry { get; init; }
}

/// <summary>A full tile of the log's tree.</summary>
internal sealed class LogTileRow
{
    public required int Level { get; init; }

    public required long Number { get; init; }

    /// <summary>256 hashes.</summary>
    public required byte[] Hashes { get; init; }

    /// <summary>Their root: a hash of the tile above.</summary>
    public required byte[] Root { get; init; }
}

/// <summary>The checkpoint that was published last: one row.</summary>
internal sealed class LogPublishedRow
{
    public required int Id { get; init; }

    public required long Size { get; init; }

    /// <summary>The signed note with the cosignatures that had come.</summary>
    public required byte[] Note { get; init; }
}

internal static class LogTables
{
    /// <summary>The sequence behind <see cref="LogPendingRow.Id"/>.</summary>
    public const string Order = "log_order";

    public static void Map(ModelBuilder model)
    {
        model.HasSequence<long>(Order);
        model.Entity<LogPendingRow>(pending =>
        {
            pending.ToTable("log_pending").HasKey(row => row.Id);
            pending.Property(row => row.Id).HasDefaultValueSql($"nextval('{CloudDatabase.Schema}.{Order}'::regclass)");
            pending.HasIndex(row => row.Leaf);
        });
        model.Entity<LogEntryRow>(entry =>
        {
            entry.ToTable("log_entries").HasKey(row => row.Position);
            entry.Property(row => row.Position).ValueGeneratedNever();
            entry.HasIndex(row => row.Leaf);
        });
        model.Entity<LogTileRow>().ToTable("log_tiles").HasKey(row => new { row.Level, row.Number });
        model.Entity<LogPublishedRow>(published =>
        {
            published.ToTable("log_published").HasKey(row => row.Id);
            published.Property(row => row.Id).ValueGeneratedNever();
        });
    }

    /// <summary>Enters what is being accepted in the log, once the transaction ends well.</summary>
    public static void Log(this CloudDatabase database, LogEntry entry) => database.Add(new LogPendingRow { Leaf = entry.LeafHash, Entry = entry.Bytes.ToArray() });

    /// <summary>Where the log has an entry first, or null.</summary>
    public static Task<long?> PositionAsync(this CloudDatabase database, byte[] leaf, CancellationToken cancellation) =>
        database.LogEntries.Where(row => row.Leaf == leaf).OrderBy(row => row.Position).Select(row => (long?)row.Position).FirstOrDefaultAsync(cancellation);

    public static Task<bool> IsPendingAsync(this CloudDatabase database, byte[] leaf, CancellationToken cancellation) =>
        database.LogPending.AnyAsync(row => row.Leaf == leaf, cancellation);
}
