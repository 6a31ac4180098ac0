using System.Buffers.Binary;
using Microsoft.EntityFrameworkCore;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Trustee.Witness;

/// <summary>How far this trustee has followed the log: one row, or none before the first entry.</summary>
internal sealed class FollowedRow
{
    public const short Only = 1;

    public short Id { get; init; } = Only;
    public long Size { get; set; }
    /// <summary>The roots of the complete subtrees, from the left: what the next entries are appended to.</summary>
    public required byte[] Frontier { get; set; }
    public required byte[] Root { get; set; }
    /// <summary>The newest checkpoint as the log has signed it: what this trustee has cosigned.</summary>
    public required byte[] Note { get; set; }
}

/// <summary>An entry of the log that has a tag, where it was first: so nobody pushes one entry out of sight by many of another.</summary>
internal sealed class TaggedRow
{
    public long Index { get; init; }
    public short Kind { get; init; }
    public required byte[] Tag { get; init; }
    /// <summary>See <see cref="WitnessTables.Ordered"/>.</summary>
    public long Version { get; init; }
    public required byte[] Digest { get; init; }
}

/// <summary>An entry of an access as this trustee has followed it, while a request may show it. Who answers only on these answers on no other tree than it has cosigned.</summary>
internal sealed class SeenAccessRow
{
    public long Index { get; init; }
    public required byte[] Leaf { get; init; }
    public DateTimeOffset KeepUntil { get; init; }
}

/// <summary>An access that was answered here, by its place in the log: each place once, and never deleted.</summary>
internal sealed class AccessRow
{
    public long Index { get; init; }
    public AccountId Owner { get; init; }
    /// <summary>By the trustee's clock.</summary>
    public DateTimeOffset At { get; init; }
    public required byte[] Leaf { get; init; }
    /// <summary>The requester's signed statement.</summary>
    public required byte[] Statement { get; init; }
}

/// <summary>The tables of a witness, and what it knows of accesses.</summary>
internal static class WitnessTables
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<FollowedRow>(followed =>
        {
            followed.ToTable("followed").HasKey(row => row.Id).HasName("followed_key");
            followed.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            followed.Property(row => row.Size).HasColumnName("size");
            followed.Property(row => row.Frontier).HasColumnName("frontier");
            followed.Property(row => row.Root).HasColumnName("root");
            followed.Property(row => row.Note).HasColumnName("note");
        });
        model.Entity<TaggedRow>(tagged =>
        {
            tagged.ToTable("tagged").HasKey(row => row.Index).HasName("tagged_key");
            tagged.Property(row => row.Index).HasColumnName("log_index").ValueGeneratedNever();
            tagged.Property(row => row.Kind).HasColumnName("kind");
            tagged.Property(row => row.Tag).HasColumnName("tag");
            tagged.Property(row => row.Version).HasColumnName("version");
            tagged.Property(row => row.Digest).HasColumnName("digest");
            tagged.HasIndex(row => new { row.Kind, row.Tag, row.Version, row.Index }).HasDatabaseName("tagged_newest");
            tagged.HasIndex(row => new { row.Kind, row.Tag, row.Version, row.Digest }).IsUnique().HasDatabaseName("tagged_once");
        });
        model.Entity<SeenAccessRow>(seen =>
        {
            seen.ToTable("seen_accesses").HasKey(row => row.Index).HasName("seen_accesses_key");
            seen.Property(row => row.Index).HasColumnName("log_index").ValueGeneratedNever();
            seen.Property(row => row.Leaf).HasColumnName("leaf");
            seen.Property(row => row.KeepUntil).HasColumnName("keep_until");
            seen.HasIndex(row => row.KeepUntil).HasDatabaseName("seen_accesses_keep_until");
        });
        model.Entity<AccessRow>(access =>
        {
            access.ToTable("accesses").HasKey(row => row.Index).HasName("accesses_key");
            access.Property(row => row.Index).HasColumnName("log_index").ValueGeneratedNever();
            access.Property(row => row.Owner).HasColumnName("owner");
            access.Property(row => row.At).HasColumnName("at_time");
            access.Property(row => row.Leaf).HasColumnName("leaf");
            access.Property(row => row.Statement).HasColumnName("statement");
            access.HasIndex(row => new { row.Owner, row.Index }).HasDatabaseName("accesses_owner");
        });
    }

    /// <summary>A number without a sign as one with a sign that keeps the order, for the database has no others.</summary>
    public static long Ordered(ulong number) => unchecked((long)(number ^ (1UL << 63)));

    /// <summary>The number again.</summary>
    public static ulong Number(long ordered) => unchecked((ulong)ordered ^ (1UL << 63));

    /// <summary>Lets one push follow the other until the transaction ends.</summary>
    public static Task LockFollowedAsync(this TrusteeDatabase database, VerifyingKey trustee, CancellationToken cancel)
    {
        using var transcript = new Transcript(Domains.TrusteeWitnessLock);
        var number = BinaryPrimitives.ReadInt64BigEndian(transcript.Append(trustee.Bytes).ToHash());
        return database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({number})", cancel);
    }

    /// <summary>Keeps the entries of accesses for as long as a statement in one of them can be fresh.</summary>
    public static async Task SeeAccessesAsync(this TrusteeDatabase database, long[] indexes, byte[][] leaves, DateTimeOffset now, CancellationToken cancel)
    {
        var until = (now + 2 * Limits.ClockTolerance).ToUnixTimeMilliseconds();
        if (indexes.Length > 0)
            await database.Database.ExecuteSqlAsync($"INSERT INTO seen_accesses (log_index, leaf, keep_until) SELECT i, l, {until} FROM unnest({indexes}, {leaves}) AS seen (i, l)", cancel);
    }

    /// <summary>Takes in entries with a tag, with their places; those that were there before are left out.</summary>
    public static async Task EnterAsync(this TrusteeDatabase database, IReadOnlyList<(LogEntry Entry, long Index)> tagged, CancellationToken cancel)
    {
        if (tagged.Count == 0)
            return;
        long[] places = [.. tagged.Select(one => one.Index)], versions = [.. tagged.Select(one => Ordered(one.Entry.Number))];
        short[] kinds = [.. tagged.Select(one => (short)one.Entry.Kind)];
        byte[][] tags = [.. tagged.Select(one => one.Entry.Tag.ToArray())], digests = [.. tagged.Select(one => one.Entry.Content.ToArray())];
        await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO tagged (log_index, kind, tag, version, digest)
            SELECT log_index, kind, tag, version, digest FROM unnest({places}, {kinds}, {tags}, {versions}, {digests}) AS entry (log_index, kind, tag, version, digest) ORDER BY log_index
            ON CONFLICT (kind, tag, version, digest) DO NOTHING
            """, cancel);
    }

    /// <summary>Writes an access down; false when its place in the log was used before, whoever else tries at the same time.</summary>
    public static async Task<bool> TryJournalAsync(this TrusteeDatabase database, LoggedAccess access, DateTimeOffset now, CancellationToken cancel)
    {
        var (owner, at) = (access.Statement.Subject.Owner.ToBytes(), now.ToUnixTimeMilliseconds());
        return await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO accesses (log_index, owner, at_time, leaf, statement) VALUES ({access.Index}, {owner}, {at}, {access.Leaf}, {access.Statement.Signed})
            ON CONFLICT DO NOTHING
            """, cancel) == 1;
    }
}
