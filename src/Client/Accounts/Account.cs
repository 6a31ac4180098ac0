using Salus.Client.Keys;
using Salus.Client.Profiles;
using Salus.Client.Transport;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Accounts;

/// <summary>
/// An account, unlocked: its keys, its session, the servers it deals with and what this device remembers. The verbs of the client are built on it.
/// </summary>
public sealed class Account : IDisposable
{
    private readonly HttpClient _http;

    private Account(Profile profile, ProfileContent content, Keyring keys, LocalState state, TimeProvider clock)
        : this(profile, content, keys, state, clock, Web.Open(content.Parties))
    {
    }

    /// <summary>Takes the client of all requests over.</summary>
    internal Account(Profile profile, ProfileContent content, Keyring keys, LocalState state, TimeProvider clock, HttpClient http)
    {
        (Profile, Content, Keys, State, Clock, _http) = (profile, content, keys, state, clock, http);
        Cloud = new CloudApi(_http, content.Parties.Cloud.Url) { Token = content.Token };
        CloudKey = PartyKeys.Verifying("the cloud", content.Parties.Cloud.Key);
        Trustees = [.. content.Parties.Trustees.Select(trustee => new TrusteeApi(_http, trustee))];
        Stores = [.. content.Parties.Stores.Select(store => new StoreApi(_http, store))];
    }

    public AccountId Id => Keys.Card.Account;

    public string Mail => Content.Mail;

    public AccountCard Card => Keys.Card;

    public DateTimeOffset? SessionExpires => Content.TokenExpires;

    internal Profile Profile { get; }

    internal ProfileContent Content { get; private set; }

    internal Keyring Keys { get; }

    internal CloudApi Cloud { get; }

    internal VerifyingKey CloudKey { get; }

    internal IReadOnlyList<TrusteeApi> Trustees { get; }

    internal IReadOnlyList<StoreApi> Stores { get; }

    internal LocalState State { get; }

    internal TimeProvider Clock { get; }

    internal DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Unlocks the profile's account with its passphrase. No server is asked.</summary>
    public static async Task<Account> UnlockAsync(Profile profile, Secret passphrase, TimeProvider clock)
    {
        var content = profile.Load();
        if (!AccountCard.TryVerify(content.Card ?? [], out var card) || card.Account.ToString() != content.Account)
            throw new CannotException("The profile is damaged: it names no account. Move it away and use `salus login`.", Reasons.DamagedProfile);
        var keys = await SecretWrapping.OpenWithPassphraseAsync(content.Secrets, card, passphrase);
        try
        {
            return new Account(profile, content, keys, await LocalState.OpenAsync(profile, keys.Local, card.Account), clock);
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>Ends this session, or all sessions of the account, at the cloud and in the profile. Needs no passphrase.</summary>
    public static async Task LogoutAsync(Profile profile, bool everywhere, CancellationToken cancel)
    {
        var content = profile.Load();
        if (content.Token is null)
            throw new CannotException("Nobody is logged in in this profile.", Reasons.NotLoggedIn);
        using var http = Web.Open(content.Parties);
        try
        {
            await new CloudApi(http, content.Parties.Cloud.Url) { Token = content.Token }.LogoutAsync(everywhere, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NoSession)
        {
            // It had ended already.
        }
        profile.Save(content with { Token = null, TokenExpires = null });
    }

    /// <summary>Makes a new recovery kit, which replaces the one before it.</summary>
    public async Task<RecoveryKit> RenewKitAsync(CancellationToken cancel)
    {
        var kit = RecoveryKit.Generate();
        await ReplaceAsync(await SecretWrapping.UnderKitAsync(Keys, kit), cancel);
        return kit;
    }

    /// <summary>Changes the passphrase, here and for every later login. Other devices keep the old one until they log in again.</summary>
    public async Task ChangePassphraseAsync(Secret passphrase, CancellationToken cancel)
    {
        Enrolment.CheckPassphrase(passphrase);
        await ReplaceAsync(await SecretWrapping.UnderPassphraseAsync(Keys, passphrase), cancel);
    }

    /// <summary>Tries a kit without using it: whether it would open the account today.</summary>
    public async Task ProveKitAsync(RecoveryKit kit, CancellationToken cancel)
    {
        var view = await Cloud.AccountAsync(cancel);
        using var keys = await SecretWrapping.OpenWithKitAsync(view.Secrets, Card, kit);
    }

    public void Dispose()
    {
        Keys.Dispose();
        _http.Dispose();
    }

    private async Task ReplaceAsync(WrappedSecret wrapped, CancellationToken cancel)
    {
        await Cloud.ReplaceSecretAsync(AccountKeyChange.Sign(Keys, wrapped, (await Cloud.AccountAsync(cancel)).Secrets), cancel);
        Content = Content with { Secrets = [.. Content.Secrets.Where(secret => secret.Kind != wrapped.Kind), wrapped] };
        Profile.Save(Content);
    }
}
