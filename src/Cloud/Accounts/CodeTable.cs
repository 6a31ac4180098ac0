using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;
using Salus.Protocol;

namespace Salus.Cloud.Accounts;

/// <summary>Where a one-time code was asked for: the `id` of the routes. Random.</summary>
internal readonly record struct CodeId(UInt128 Value) : IIdentifier<CodeId>
{
    public static CodeId From(UInt128 value) => new(value);

    public override string ToString() => Convert.ToHexStringLower(this.ToBytes());
}

internal enum CodePurpose : short
{
    Registration = 1,
    Login = 2,
}

/// <summary>A one-time code on its way. Neither the code nor the address is here in clear: see <see cref="Pepper"/>.</summary>
internal sealed class CodeRow
{
    public required CodeId Id { get; init; }

    public required CodePurpose Purpose { get; init; }

    public required byte[] MailTag { get; init; }

    public required byte[] SealedMail { get; init; }

    public required byte[] CodeMac { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public int Tries { get; init; }

    public DateTimeOffset? UsedAt { get; init; }
}

internal static class CodeTable
{
    public const int MaxTries = 5;

    public static void Map(ModelBuilder model) => model.Entity<CodeRow>(code =>
    {
        code.ToTable("codes").HasKey(row => row.Id);
        code.HasIndex(row => new { row.MailTag, row.CreatedAt });
        code.HasIndex(row => row.CreatedAt);
    });

    /// <summary>Adds the code unless the address has had its share since <paramref name="since"/>. One writer for each address at a time.</summary>
    public static async Task<bool> TryAddAsync(
        this CloudDatabase database, CodeRow code, int limit, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({BitConverter.ToInt64(code.MailTag)})", cancellation);
        var recent = await database.Codes.CountAsync(row => row.MailTag == code.MailTag && row.CreatedAt > since, cancellation);
        if (recent >= limit)
            return false;
        database.Codes.Add(code);
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>
    /// Counts one try and answers the sealed address when the code is right, else null. It is one statement: the row lock of UPDATE lets parallel
    /// guesses through one by one, each with the count that the one before left, so there is no sixth try and the right code is taken once.
    /// </summary>
    public static async Task<byte[]?> TryRedeemAsync(
        this CloudDatabase database, CodePurpose purpose, CodeId id, byte[] codeMac, DateTimeOffset now, CancellationToken cancellation)
    {
        var key = new Guid(id.ToBytes(), bigEndian: true);
        var redeemed = await database.Database.SqlQuery<byte[]>($"""
            WITH tried AS (
                UPDATE cloud.codes SET tries = tries + 1, used_at = CASE WHEN code_mac = {codeMac} THEN {now} END
                WHERE id = {key} AND purpose = {(short)purpose} AND used_at IS NULL AND tries < {MaxTries} AND expires_at > {now}
                RETURNING sealed_mail, used_at)
            SELECT sealed_mail AS "Value" FROM tried WHERE used_at IS NOT NULL
            """).ToListAsync(cancellation);
        return redeemed.Count == 1 ? redeemed[0] : null;
    }
}
