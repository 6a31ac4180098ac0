using System.Buffers.Binary;
using Microsoft.EntityFrameworkCore;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Protocol;

namespace Salus.Trustee.Reencryption;

/// <summary>One re-encryption key, under its policy. The key itself is sealed: the database alone re-encrypts nothing.</summary>
internal sealed class KFragRow
{
    public AccountId Owner { get; init; }
    public GrantId Grant { get; init; }
    public PartitionId Partition { get; init; }
    public EpochNumber Epoch { get; init; }
    public required VerifyingKey OwnerKey { get; init; }
    public DateTimeOffset From { get; init; }
    public DateTimeOffset Until { get; init; }
    public Purpose Purpose { get; init; }
    public required VerifyingKey Delegatee { get; init; }
    public required PublicKey Receiving { get; init; }
    public required PublicKey DelegatingKey { get; init; }
    /// <summary>id 32 | X 32 | U1 32.</summary>
    public required byte[] Share { get; init; }
    /// <summary>See <see cref="RestKey"/>.</summary>
    public required byte[] SealedRk { get; init; }
    /// <summary>Both null for a key without a lock.</summary>
    public byte[]? LockVerifier { get; init; }
    public DateTimeOffset? LockExpires { get; init; }

    public ReleaseLock? Lock => LockVerifier is { } verifier && LockExpires is { } expires ? new ReleaseLock(verifier, expires) : null;

    public GrantPolicy Policy => new(Grant, OwnerKey, Partition, Epoch, From, Until, Purpose, Delegatee, Receiving);
}

/// <summary>A grant that has ended for good. Keyed by its owner too, so that nobody can end another's grant by its number.</summary>
internal sealed class TombstoneRow
{
    public AccountId Owner { get; init; }
    public GrantId Grant { get; init; }
    /// <summary>By the trustee's clock.</summary>
    public DateTimeOffset At { get; init; }
    public int KeysDeleted { get; init; }
    /// <summary>The owner's signed notice: why the keys are gone.</summary>
    public required byte[] Revocation { get; init; }
}

/// <summary>A request that was seen, until its time is out of tolerance.</summary>
internal sealed class NonceRow
{
    public required VerifyingKey Requester { get; init; }
    public required byte[] Nonce { get; init; }
    public DateTimeOffset KeepUntil { get; init; }
}

/// <summary>The tables of re-encryption, and the statements that LINQ does not say.</summary>
internal static class ReencryptionTables
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<KFragRow>(kfrag =>
        {
            kfrag.ToTable("kfrags").HasKey(row => new { row.Owner, row.Grant, row.Partition, row.Epoch }).HasName("kfrags_key");
            kfrag.Property(row => row.Owner).HasColumnName("owner");
            kfrag.Property(row => row.Grant).HasColumnName("grant_id");
            kfrag.Property(row => row.Partition).HasColumnName("partition");
            kfrag.Property(row => row.Epoch).HasColumnName("epoch");
            kfrag.Property(row => row.OwnerKey).HasColumnName("owner_key");
            kfrag.Property(row => row.From).HasColumnName("from_time");
            kfrag.Property(row => row.Until).HasColumnName("until_time");
            kfrag.Property(row => row.Purpose).HasColumnName("purpose");
            kfrag.Property(row => row.Delegatee).HasColumnName("delegatee");
            kfrag.Property(row => row.Receiving).HasColumnName("receiving");
            kfrag.Property(row => row.DelegatingKey).HasColumnName("delegating_key");
            kfrag.Property(row => row.Share).HasColumnName("share");
            kfrag.Property(row => row.SealedRk).HasColumnName("sealed_rk");
            kfrag.Property(row => row.LockVerifier).HasColumnName("lock_verifier");
            kfrag.Property(row => row.LockExpires).HasColumnName("lock_expires");
            kfrag.Ignore(row => row.Lock);
            kfrag.HasIndex(row => row.Until).HasDatabaseName("kfrags_until");
        });
        model.Entity<TombstoneRow>(tombstone =>
        {
            tombstone.ToTable("tombstones").HasKey(row => new { row.Owner, row.Grant }).HasName("tombstones_key");
            tombstone.Property(row => row.Owner).HasColumnName("owner");
            tombstone.Property(row => row.Grant).HasColumnName("grant_id");
            tombstone.Property(row => row.At).HasColumnName("at_time");
            tombstone.Property(row => row.KeysDeleted).HasColumnName("keys_deleted");
            tombstone.Property(row => row.Revocation).HasColumnName("revocation");
        });
        model.Entity<NonceRow>(nonce =>
        {
            nonce.ToTable("nonces").HasKey(row => new { row.Requester, row.Nonce }).HasName("nonces_key");
            nonce.Property(row => row.Requester).HasColumnName("requester");
            nonce.Property(row => row.Nonce).HasColumnName("nonce");
            nonce.Property(row => row.KeepUntil).HasColumnName("keep_until");
            nonce.HasIndex(row => row.KeepUntil).HasDatabaseName("nonces_keep_until");
        });
    }

    public static Task<KFragRow?> KFragAsync(this TrusteeDatabase database, AccountId owner, GrantId grant, PartitionId partition, EpochNumber epoch,
        CancellationToken cancel) =>
        database.KFrags.AsNoTracking().SingleOrDefaultAsync(row => row.Owner == owner && row.Grant == grant && row.Partition == partition && row.Epoch == epoch, cancel);

    /// <summary>The key that a request asks for, of a grant that was not revoked. Who asks, and when, is not looked at here.</summary>
    public static Task<KFragRow?> LiveAsync(this TrusteeDatabase database, ReencryptionRequest request, CancellationToken cancel) =>
        database.KFrags.AsNoTracking().SingleOrDefaultAsync(row => row.Owner == request.Owner && row.Grant == request.Grant && row.Partition == request.Partition
            && row.Epoch == request.Epoch && !database.Tombstones.Any(tombstone => tombstone.Owner == row.Owner && tombstone.Grant == row.Grant), cancel);

    public static Task<TombstoneRow?> TombstoneAsync(this TrusteeDatabase database, AccountId owner, GrantId grant, CancellationToken cancel) =>
        database.Tombstones.AsNoTracking().SingleOrDefaultAsync(row => row.Owner == owner && row.Grant == grant, cancel);

    /// <summary>
    /// False when the signer has used the nonce before. Of several at once, one gets true: the others wait for its transaction. Kept until a request of that time is out of
    /// tolerance.
    /// </summary>
    public static async Task<bool> SpendNonceAsync(this TrusteeDatabase database, VerifyingKey signer, byte[] nonce, DateTimeOffset at, CancellationToken cancel)
    {
        var (requester, until) = (signer.Bytes.ToArray(), (at + 2 * Limits.ClockTolerance).ToUnixTimeMilliseconds());
        return await database.Database.ExecuteSqlAsync(
            $"INSERT INTO nonces (requester, nonce, keep_until) VALUES ({requester}, {nonce}, {until}) ON CONFLICT DO NOTHING", cancel) == 1;
    }

    /// <summary>
    /// Shuts out answers under the grant, and every other change to it, until the transaction ends: waits for the answers that are under way.
    /// </summary>
    public static Task LockGrantAsync(this TrusteeDatabase database, long grantLock, CancellationToken cancel) =>
        database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({grantLock})", cancel);

    /// <summary>
    /// Keeps the grant as it is until the lock is disposed of, which is when the answer has been handed to the network: the lock outlives the transaction that
    /// writes the journal. Many share it. The context's connection stays open meanwhile, for it is the connection that holds the lock.
    /// </summary>
    public static async Task<IAsyncDisposable> ShareGrantAsync(this TrusteeDatabase database, long grantLock, CancellationToken cancel)
    {
        await database.Database.OpenConnectionAsync(cancel);
        try
        {
            await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock_shared({grantLock})", cancel);
            return new SharedGrant(database, grantLock);
        }
        catch
        {
            await database.Database.CloseConnectionAsync();
            throw;
        }
    }

    /// <summary>The number of a grant's lock. Locks are seen by all roles of a database, so the trustee's key is hashed in: no trustee waits for another.</summary>
    public static long GrantLock(VerifyingKey trustee, AccountId owner, GrantId grant)
    {
        using var transcript = new Transcript(Domains.TrusteeGrantLock);
        return BinaryPrimitives.ReadInt64BigEndian(transcript.Append(trustee.Bytes).Append(owner.ToBytes()).Append(grant.ToBytes()).ToHash());
    }

    private sealed class SharedGrant(TrusteeDatabase database, long grantLock) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock_shared({grantLock})");
            }
            finally
            {
                await database.Database.CloseConnectionAsync();
            }
        }
    }
}
