using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;
using Salus.Protocol;

namespace Salus.Cloud.Passkeys;

/// <summary>An account as ASP.NET Core's passkey handler sees it. The user handle of its passkeys is the account's identifier.</summary>
internal sealed record PasskeyUser(AccountId Account);

/// <summary>
/// What the passkey handler reads while it verifies an answer. It writes nothing: rows come and go in <see cref="PasskeyEndpoints"/>, together with what belongs to them; and users
/// have no names here and are made elsewhere.
/// </summary>
internal sealed class PasskeyStore(CloudDatabase database) : IUserPasskeyStore<PasskeyUser>
{
    public Task<string> GetUserIdAsync(PasskeyUser user, CancellationToken cancellationToken) => Task.FromResult(user.Account.ToString());

    public async Task<PasskeyUser?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Identifier.TryParse(userId, out AccountId account) && await database.Accounts.AnyAsync(row => row.Id == account, cancellationToken) ? new PasskeyUser(account) : null;

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyUser user, CancellationToken cancellationToken) =>
        [.. (await database.PasskeysAsync(user.Account, cancellationToken)).Select(ToInfo)];

    public async Task<PasskeyUser?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await database.Passkeys.AsNoTracking().SingleOrDefaultAsync(row => row.CredentialId == credentialId, cancellationToken) is { } row ? new PasskeyUser(row.Account) : null;

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyUser user, byte[] credentialId, CancellationToken cancellationToken) =>
        await database.Passkeys.AsNoTracking().SingleOrDefaultAsync(row => row.CredentialId == credentialId && row.Account == user.Account, cancellationToken) is { } row
            ? ToInfo(row)
            : null;

    public Task AddOrUpdatePasskeyAsync(PasskeyUser user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw ReadOnly();

    public Task RemovePasskeyAsync(PasskeyUser user, byte[] credentialId, CancellationToken cancellationToken) => throw ReadOnly();

    public Task<string?> GetUserNameAsync(PasskeyUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task SetUserNameAsync(PasskeyUser user, string? userName, CancellationToken cancellationToken) => throw ReadOnly();

    public Task<string?> GetNormalizedUserNameAsync(PasskeyUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task SetNormalizedUserNameAsync(PasskeyUser user, string? normalizedName, CancellationToken cancellationToken) => throw ReadOnly();

    public Task<PasskeyUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => Task.FromResult<PasskeyUser?>(null);

    public Task<IdentityResult> CreateAsync(PasskeyUser user, CancellationToken cancellationToken) => throw ReadOnly();

    public Task<IdentityResult> UpdateAsync(PasskeyUser user, CancellationToken cancellationToken) => throw ReadOnly();

    public Task<IdentityResult> DeleteAsync(PasskeyUser user, CancellationToken cancellationToken) => throw ReadOnly();

    public void Dispose()
    {
        // The database is the scope's.
    }

    /// <summary>Attestation and client data are not kept: nothing asks for them again.</summary>
    private static UserPasskeyInfo ToInfo(PasskeyRow row) => new(row.CredentialId, row.PublicKey, row.CreatedAt, row.SignCount, transports: null, isUserVerified: true,
        row.IsBackupEligible, row.IsBackedUp, attestationObject: [], clientDataJson: []);

    private static NotSupportedException ReadOnly() => new("The passkey handler only reads.");
}
