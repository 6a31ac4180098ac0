using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Protocol;

namespace Salus.Cloud.Passkeys;

/// <summary>Where the answer to a challenge is to be brought. Random.</summary>
internal readonly record struct ChallengeId(UInt128 Value) : IIdentifier<ChallengeId>
{
    public static ChallengeId From(UInt128 value) => new(value);

    public override string ToString() => Convert.ToHexStringLower(this.ToBytes());
}

internal enum ChallengePurpose : short
{
    Creation = 1,
    Login = 2,
}

/// <summary>A challenge that an authenticator has not answered yet. In the database, so that any replica takes the answer.</summary>
internal sealed class ChallengeRow
{
    public required ChallengeId Id { get; init; }

    public required ChallengePurpose Purpose { get; init; }

    /// <summary>Who is to have the new passkey; null for a login, where the passkey tells who it is.</summary>
    public required AccountId? Account { get; init; }

    /// <summary>What the passkey handler wants to see again: the challenge, and whom it is for.</summary>
    public required string State { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal static class ChallengeTable
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    public static void Map(ModelBuilder model) => model.Entity<ChallengeRow>(challenge =>
    {
        challenge.ToTable("passkey_challenges").HasKey(row => row.Id);
        challenge.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Account);
        challenge.HasIndex(row => row.Account);
        challenge.HasIndex(row => row.ExpiresAt);
    });

    public static async Task<ChallengeRow> AddChallengeAsync(
        this CloudDatabase database, ChallengePurpose purpose, AccountId? account, string state, DateTimeOffset now, CancellationToken cancellation)
    {
        var challenge = new ChallengeRow { Id = Identifier.Random<ChallengeId>(), Purpose = purpose, Account = account, State = state, ExpiresAt = now + Life };
        database.Add(challenge);
        await database.SaveChangesAsync(cancellation);
        return challenge;
    }

    /// <summary>
    /// The state of a challenge for this purpose and account, or null. It is one statement and takes the row away: of parallel answers one gets it, right or wrong, and no other
    /// afterwards.
    /// </summary>
    public static async Task<string?> TakeChallengeAsync(
        this CloudDatabase database, ChallengePurpose purpose, AccountId? account, string id, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!Identifier.TryParse(id, out ChallengeId challenge))
            return null;
        Guid key = new(challenge.ToBytes(), bigEndian: true), owner = account is { } known ? new Guid(known.ToBytes(), bigEndian: true) : Guid.Empty;
        var taken = await database.Database.SqlQuery<string>($"""
            WITH taken AS (
                DELETE FROM cloud.passkey_challenges
                WHERE id = {key} AND purpose = {(short)purpose} AND coalesce(account, {Guid.Empty}) = {owner} AND expires_at > {now} RETURNING state)
            SELECT state AS "Value" FROM taken
            """).ToListAsync(cancellation);
        return taken.Count == 1 ? taken[0] : null;
    }

    public static Task<int> SweepChallengesAsync(this CloudDatabase database, DateTimeOffset now, CancellationToken cancellation) =>
        database.Challenges.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellation);
}
