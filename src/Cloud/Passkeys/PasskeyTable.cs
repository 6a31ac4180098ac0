using System.Buffers.Text;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Passkeys;

/// <summary>A passkey: what proves a login. The account secret under it is a <see cref="WrappedSecretRow"/>; the two come and go together.</summary>
internal sealed class PasskeyRow
{
    public required byte[] CredentialId { get; init; }

    public required AccountId Account { get; init; }

    public required string Name { get; init; }

    /// <summary>COSE_Key (RFC 9052).</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>The authenticator's counter at its last answer; 0 from those that do not count.</summary>
    public required uint SignCount { get; init; }

    public required bool IsBackupEligible { get; init; }

    public required bool IsBackedUp { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }
}

internal static class PasskeyTable
{
    public static void Map(ModelBuilder model) => model.Entity<PasskeyRow>(passkey =>
    {
        passkey.ToTable("passkeys").HasKey(row => row.CredentialId);
        passkey.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.Account);
        passkey.HasIndex(row => row.Account);
    });

    public static PasskeyView ToView(this PasskeyRow row) => new(Base64Url.EncodeToString(row.CredentialId), row.Name, row.CreatedAt, row.LastUsedAt, row.IsBackedUp);

    public static Task<PasskeyRow> PasskeyAsync(this CloudDatabase database, byte[] credentialId, CancellationToken cancellation) =>
        database.Passkeys.AsNoTracking().SingleAsync(row => row.CredentialId == credentialId, cancellation);

    public static Task<List<PasskeyRow>> PasskeysAsync(this CloudDatabase database, AccountId account, CancellationToken cancellation) =>
        database.Passkeys.AsNoTracking().Where(row => row.Account == account).OrderBy(row => row.CreatedAt).ToListAsync(cancellation);

    /// <summary>
    /// Notes a login. One statement, which looks at the counter once more: of two copies of an authenticator that answer at the same moment with one count, one is refused.
    /// </summary>
    public static async Task<bool> TryUseAsync(
        this CloudDatabase database, byte[] credentialId, uint signCount, bool isBackedUp, DateTimeOffset now, CancellationToken cancellation)
    {
        var used = await database.Passkeys.Where(row => row.CredentialId == credentialId && (row.SignCount < signCount || (row.SignCount == 0 && signCount == 0)))
            .ExecuteUpdateAsync(row => row.SetProperty(passkey => passkey.SignCount, signCount).SetProperty(passkey => passkey.IsBackedUp, isBackedUp)
                .SetProperty(passkey => passkey.LastUsedAt, now), cancellation);
        return used == 1;
    }
}
