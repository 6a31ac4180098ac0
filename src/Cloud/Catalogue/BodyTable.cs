using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Protocol;

namespace Salus.Cloud.Catalogue;

/// <summary>
/// A body that records of one domain share. What refers to it are the rows of records that name it and the claims of records on their way: they are counted where they stand, in
/// the transaction that takes one away, so there is no count that could be wrong. Once nothing refers to it, it is unused for good: its content, stored again, gets another body.
/// </summary>
internal sealed class BodyRow
{
    public required BodyId Id { get; init; }

    /// <summary>The account within whose domain it is shared: the author of all records that name it.</summary>
    public required AccountId Domain { get; init; }

    /// <summary>What the content is known by within the domain.</summary>
    public required byte[] Tag { get; init; }

    /// <summary>What the domain needs to delete the fragments, sealed to itself.</summary>
    public required byte[] Sealed { get; init; }

    /// <summary>Of the first record that named it: layout, prefix and commitments are the same in all (<see cref="RecordHeader.BodyFacts"/>).</summary>
    public byte[]? Facts { get; set; }

    public DateTimeOffset? UnusedSince { get; set; }
}

/// <summary>A record on its way that will refer to a body.</summary>
internal sealed class BodyClaimRow
{
    public required RecordId Record { get; init; }

    public required BodyId Body { get; init; }

    public required AccountId Domain { get; init; }

    /// <summary>What stores know the claim by: random.</summary>
    public required RecordId Number { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }
}

internal static class BodyTable
{
    /// <summary>How long a record may be on its way since its client last went on with it.</summary>
    public static readonly TimeSpan ClaimLife = TimeSpan.FromDays(180);

    public static void Map(ModelBuilder model)
    {
        model.Entity<BodyRow>(body =>
        {
            body.ToTable("bodies").HasKey(row => row.Id);
            body.HasIndex(row => new { row.Domain, row.Tag }).IsUnique().HasFilter("unused_since IS NULL");
            body.HasIndex(row => new { row.Domain, row.UnusedSince });
            body.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Domain);
        });
        model.Entity<BodyClaimRow>(claim =>
        {
            claim.ToTable("body_claims").HasKey(row => row.Record);
            claim.HasIndex(row => row.Body);
            claim.HasIndex(row => row.Domain);
            claim.HasIndex(row => row.ExpiresAt);
            claim.HasOne<BodyRow>().WithMany().HasForeignKey(row => row.Body);
            claim.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Domain);
        });
    }

    /// <summary>
    /// The row of a body, locked until the transaction ends; null when there is none. Whoever takes a reference or lets one go holds it, after the lock of an owner and never before.
    /// </summary>
    public static async Task<BodyRow?> LockBodyAsync(this CloudDatabase database, BodyId id, CancellationToken cancellation)
    {
        var key = new Guid(id.ToBytes(), bigEndian: true);
        return (await database.Bodies.FromSql($"SELECT * FROM cloud.bodies WHERE id = {key} FOR UPDATE").ToListAsync(cancellation)).SingleOrDefault();
    }

    /// <summary>Records that name a body, have named it, or are on their way to.</summary>
    public static async Task<int> CountReferencesAsync(this CloudDatabase database, BodyId id, CancellationToken cancellation) =>
        await database.Records.CountAsync(row => row.Body == id, cancellation) + await database.Deletions.CountAsync(row => row.Body == id, cancellation)
        + await database.BodyClaims.CountAsync(row => row.Body == id, cancellation);

    /// <summary>After a reference has gone, in the same transaction: a body that nothing refers to is unused from here on.</summary>
    public static async Task LetGoAsync(this CloudDatabase database, BodyId id, DateTimeOffset now, CancellationToken cancellation)
    {
        // The lock first, and then a look: whoever takes a reference meanwhile has it before, or finds the body unused.
        var body = await database.LockBodyAsync(id, cancellation);
        if (body is null or { UnusedSince: not null } || await database.Records.AnyAsync(row => row.Body == id, cancellation)
            || await database.BodyClaims.AnyAsync(row => row.Body == id, cancellation))
            return;
        body.UnusedSince = now;
        await database.SaveChangesAsync(cancellation);
    }

    /// <summary>Ends claims of records that never came, each in a transaction of its own.</summary>
    public static async Task<int> SweepBodyClaimsAsync(this CloudDatabase database, DateTimeOffset now, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var claim in await database.BodyClaims.AsNoTracking().Where(row => row.ExpiresAt <= now).Take(1000).ToListAsync(cancellation))
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
            // The body first, as everybody does who lets a reference go.
            await database.LockBodyAsync(claim.Body, cancellation);
            var ended = await database.BodyClaims.Where(row => row.Record == claim.Record && row.ExpiresAt <= now).ExecuteDeleteAsync(cancellation);
            if (ended > 0)
                await database.LetGoAsync(claim.Body, now, cancellation);
            await transaction.CommitAsync(cancellation);
            count += ended;
        }
        return count;
    }
}
