using Microsoft.EntityFrameworkCore;
using Salus.Protocol;

namespace Salus.Trustee.Release;

/// <summary>The lock of a grant: how often it was tried, and what opened it.</summary>
internal sealed class LockRow
{
    public AccountId Owner { get; init; }
    public GrantId Grant { get; init; }
    public required VerifyingKey Delegatee { get; init; }
    public required byte[] Verifier { get; init; }
    public DateTimeOffset Expires { get; init; }
    /// <summary>Wrong secrets so far.</summary>
    public int Tries { get; init; }
    /// <summary>The secret that opened the lock: the proof that it was opened, which whoever writes rows does not have. Null until then.</summary>
    public byte[]? Secret { get; init; }

    public ReleaseLock Lock => new(Verifier, Expires);

    /// <summary>Never to be opened any more.</summary>
    public bool IsClosed(DateTimeOffset now) => Secret is null && (Tries >= ReleaseLock.MaxTries || Expires <= now);
}

/// <summary>The table of locks, and what is asked of it. A change to a lock holds the lock of its grant in the database.</summary>
internal static class ReleaseTables
{
    /// <summary>How long an expired lock waits to be swept: a claim that came in time has been decided by then.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    public static void Map(ModelBuilder model) => model.Entity<LockRow>(entity =>
    {
        entity.ToTable("locks").HasKey(row => new { row.Owner, row.Grant }).HasName("locks_key");
        entity.Property(row => row.Owner).HasColumnName("owner");
        entity.Property(row => row.Grant).HasColumnName("grant_id");
        entity.Property(row => row.Delegatee).HasColumnName("delegatee");
        entity.Property(row => row.Verifier).HasColumnName("verifier");
        entity.Property(row => row.Expires).HasColumnName("expires");
        entity.Property(row => row.Tries).HasColumnName("tries");
        entity.Property(row => row.Secret).HasColumnName("secret");
        entity.Ignore(row => row.Lock);
        entity.HasIndex(row => row.Expires).HasDatabaseName("locks_expires");
    });

    public static Task<LockRow?> LockAsync(this TrusteeDatabase database, AccountId owner, GrantId grant, CancellationToken cancel) =>
        database.Locks.AsNoTracking().SingleOrDefaultAsync(row => row.Owner == owner && row.Grant == grant, cancel);

    /// <summary>Sees that a key with a lock finds its lock. False when the lock has closed; throws when the grant has another one.</summary>
    public static async Task<bool> TryKeepLockAsync(this TrusteeDatabase database, KFrag kfrag, ReleaseLock releaseLock, DateTimeOffset now, CancellationToken cancel)
    {
        var (owner, grant) = (kfrag.Policy.Owner.Account, kfrag.Policy.Grant);
        var kept = await database.LockAsync(owner, grant, cancel);
        if (kept is null)
        {
            database.Locks.Add(new LockRow
            {
                Owner = owner, Grant = grant, Delegatee = kfrag.Policy.Delegatee, Verifier = releaseLock.Verifier.ToArray(), Expires = releaseLock.Expires,
            });
            return releaseLock.Expires > now;
        }
        if (!kept.Lock.Equals(releaseLock) || !kept.Delegatee.Equals(kfrag.Policy.Delegatee))
            throw Hosting.ProblemException.Conflict("The grant has another lock.");
        return !kept.IsClosed(now);
    }

    /// <summary>Whether a key may answer: it has no lock, or the secret that opens its own is kept.</summary>
    public static async Task<bool> IsReleasedAsync(this TrusteeDatabase database, Reencryption.KFragRow row, CancellationToken cancel) =>
        row.Lock is not { } releaseLock || (await database.LockAsync(row.Owner, row.Grant, cancel))?.Secret is { } secret && releaseLock.IsOpenedBy(secret);

    /// <summary>Deletes the locked keys of a grant.</summary>
    public static Task<int> DeleteLockedAsync(this TrusteeDatabase database, AccountId owner, GrantId grant, CancellationToken cancel) =>
        database.KFrags.Where(row => row.Owner == owner && row.Grant == grant && row.LockVerifier != null).ExecuteDeleteAsync(cancel);

    /// <summary>Deletes what was not claimed in time, keys and locks.</summary>
    public static async Task SweepLocksAsync(this TrusteeDatabase database, DateTimeOffset now, CancellationToken cancel)
    {
        var over = now - Grace;
        await database.KFrags.Where(row => row.LockExpires <= over
            && !database.Locks.Any(kept => kept.Owner == row.Owner && kept.Grant == row.Grant && kept.Secret != null)).ExecuteDeleteAsync(cancel);
        await database.Locks.Where(row => row.Expires <= over && row.Secret == null).ExecuteDeleteAsync(cancel);
    }
}
