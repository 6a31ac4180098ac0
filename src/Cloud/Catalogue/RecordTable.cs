using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Cloud.Grants;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Catalogue;

/// <summary>The newest version of a record.</summary>
internal sealed class RecordRow
{
    public required RecordId Id { get; init; }

    /// <summary>Its place in the catalogue: grows with every entry, a new version included.</summary>
    public long Position { get; init; }

    public required AccountId Owner { get; init; }

    public required PartitionId Partition { get; init; }

    public required EpochNumber Epoch { get; set; }

    public required uint Version { get; set; }

    /// <summary>The signed header of the <see cref="SealedRecord"/>.</summary>
    public required byte[] Signed { get; set; }

    public required byte[] SealedMetadata { get; set; }

    public required DateTimeOffset EnteredAt { get; set; }

    /// <summary>The body that it shares with other records of its author's domain; null when it has one of its own.</summary>
    public BodyId? Body { get; set; }

    public long Size => (long)Signed.Length + SealedMetadata.Length;

    public CatalogueRecord ToMessage() => new(Signed, SealedMetadata);
}

/// <summary>The tombstone of a record: its identifier serves no record again.</summary>
internal sealed class DeletionRow
{
    public required RecordId Record { get; init; }

    public required AccountId Owner { get; init; }

    /// <summary>The signed <see cref="Deletion"/>.</summary>
    public required byte[] Signed { get; init; }

    public required DateTimeOffset DeletedAt { get; init; }

    /// <summary>The shared body that the record named, as long as there is one.</summary>
    public BodyId? Body { get; init; }
}

internal static class RecordTable
{
    /// <summary>The sequence behind <see cref="RecordRow.Position"/>.</summary>
    public const string Order = "record_order";

    public static void Map(ModelBuilder model)
    {
        model.HasSequence<long>(Order);
        model.Entity<RecordRow>(record =>
        {
            record.ToTable("records").HasKey(row => row.Id);
            record.Property(row => row.Position).HasDefaultValueSql($"nextval('{CloudDatabase.Schema}.{Order}'::regclass)");
            record.Ignore(row => row.Size);
            record.HasIndex(row => new { row.Owner, row.Position }).IsUnique();
            record.HasIndex(row => new { row.Owner, row.Partition, row.Position });
            record.HasIndex(row => row.Body);
            record.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Owner);
            record.HasOne<BodyRow>().WithMany().HasForeignKey(row => row.Body);
        });
        model.Entity<DeletionRow>(deletion =>
        {
            deletion.ToTable("deletions").HasKey(row => row.Record);
            deletion.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Owner);
            deletion.HasIndex(row => row.Owner);
            deletion.HasIndex(row => row.Body);
            deletion.HasOne<BodyRow>().WithMany().HasForeignKey(row => row.Body).OnDelete(DeleteBehavior.SetNull);
        });
    }

    /// <summary>
    /// The records of an owner that <paramref name="asker"/> may see: all their own; of others those whose partition and epoch are in a grant that
    /// is live now. One statement reads grants and records alike, so a revoked grant shows nothing from the moment its revocation is stored.
    /// </summary>
    public static IQueryable<RecordRow> Visible(this CloudDatabase database, AccountId asker, DateTimeOffset now)
    {
        var records = database.Records.AsNoTracking();
        var granted = database.LiveEntries(asker, now);
        return records.Where(row => row.Owner == asker
            || granted.Any(entry => entry.Owner == row.Owner && entry.Partition == row.Partition && entry.Epoch == row.Epoch));
    }

    public static IQueryable<RecordRow> Visible(this CloudDatabase database, AccountId owner, AccountId asker, DateTimeOffset now)
    {
        var records = database.Records.AsNoTracking().Where(row => row.Owner == owner);
        if (owner == asker)
            return records;
        var granted = database.LiveEntries(owner, asker, now);
        return records.Where(row => granted.Any(entry => entry.Partition == row.Partition && entry.Epoch == row.Epoch));
    }

    /// <summary>
    /// The tombstones that <paramref name="asker"/> may see: their own, and those of owners who have given them a live grant. A tombstone names neither partition nor epoch,
    /// and says no more than that this record is gone.
    /// </summary>
    public static IQueryable<DeletionRow> VisibleDeletions(this CloudDatabase database, AccountId asker, DateTimeOffset now)
    {
        var granted = database.LiveEntries(asker, now);
        return database.Deletions.AsNoTracking().Where(row => row.Owner == asker || granted.Any(entry => entry.Owner == row.Owner));
    }

    /// <summary>Puts a new version in the place of the one before it, at the end of the catalogue.</summary>
    public static Task ReplaceAsync(this CloudDatabase database, SealedRecord record, DateTimeOffset now, CancellationToken cancellation)
    {
        var context = record.Header.Context;
        var id = new Guid(context.Record.ToBytes(), bigEndian: true);
        Guid? body = record.Header.Body is { } shared ? new Guid(shared.ToBytes(), bigEndian: true) : null;
        return database.Database.ExecuteSqlAsync($"""
            UPDATE cloud.records SET position = nextval('cloud.record_order'), epoch = {(long)context.Epoch.Value},
                version = {(long)record.Header.Version}, signed = {record.Signed}, sealed_metadata = {record.SealedMetadata}, entered_at = {now}, body = {body}
            WHERE id = {id}
            """, cancellation);
    }
}
