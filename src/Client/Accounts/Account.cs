using Salus.Client.Inventory;
using Salus.Client.Keys;
using Salus.Client.Log;
using Salus.Client.Profiles;
using Salus.Client.Transport;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;

namespace Salus.Client.Accounts;

/// <summary>
/// An account, unlocked: its keys, its session, the servers it deals with and what this device remembers. The verbs of the client are built on it.
/// </summary>
public sealed class Account : IDisposable
{
    private readonly HttpClient _http;
    private readonly List<Warning> _warnings = [];
    private readonly List<AlarmException> _raised = [];
    private int _holders = 1;

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
        Log = new LogView(this);
        Stores = [.. content.Parties.Stores.Select(store => new StoreApi(_http, store))];
        Inventory = new AccountInventory(this);
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

    /// <summary>A way to the same servers that has no session and shares no connection with any other: for what must not be known to be this account's.</summary>
    internal AnonymousApi OpenAnonymous() => new(Web.OpenAnonymous(Content.Parties), Content.Parties);

    internal LocalState State { get; }

    /// <summary>The cloud's log as this device has seen it.</summary>
    internal LogView Log { get; }

    /// <summary>The signed list of what is in the account.</summary>
    internal AccountInventory Inventory { get; }

    internal TimeProvider Clock { get; }

    internal DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Unlocks the profile's account with its passphrase. No server is asked.</summary>
    public static async Task<Account> UnlockAsync(Profile profile, Secret passphrase, TimeProvider clock)
    {
        var (content, card) = Load(profile);
        if (AccountKeyChange.Of(SecretKinds.Passphrase, content.Secrets) is null)
            throw new CannotException("This account has no passphrase here. Unlock it with a passkey, or log in again.", Reasons.NoPassphrase);
        return await OpenAsync(profile, await SecretWrapping.OpenWithPassphraseAsync(content.Secrets, card, passphrase), clock);
    }

    /// <summary>Unlocks the profile's account with a passkey that it has a wrapping for. No server is asked.</summary>
    /// <param name="credentialId">The credential's identifier, base64url: one of <see cref="Passkeys.In"/>.</param>
    /// <param name="prf">The output of the passkey's pseudorandom function for <see cref="Passkeys.PrfSalt"/>, 32 bytes.</param>
    public static async Task<Account> UnlockAsync(Profile profile, string credentialId, Secret prf, TimeProvider clock)
    {
        var (content, card) = Load(profile);
        if (AccountKeyChange.Of(SecretKinds.Passkey(credentialId), content.Secrets) is null)
            throw new CannotException("This device does not know that passkey. Log in with it, or unlock the account in another way.", Reasons.WrongPasskey);
        return await OpenAsync(profile, await SecretWrapping.OpenWithPasskeyAsync(content.Secrets, card, credentialId, prf), clock);
    }

    /// <summary>The profile's account with its keys, which it takes over.</summary>
    internal static async Task<Account> OpenAsync(Profile profile, Keyring keys, TimeProvider clock)
    {
        try
        {
            return new Account(profile, profile.Load(), keys, await LocalState.OpenAsync(profile, keys.Local, keys.Card.Account), clock);
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

    /// <summary>Changes the passphrase, or sets the first one, here and for every later login. Other devices keep the old one until they log in again.</summary>
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

    /// <summary>One holder more: the keys are zeroed when all of them have disposed of the account.</summary>
    public Account Hold()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
            return;
        Log.Dispose();
        Inventory.Dispose();
        Keys.Dispose();
        _http.Dispose();
    }

    /// <summary>Keeps a wrapping in the profile, in the place of the one of its kind.</summary>
    internal void Keep(WrappedSecret wrapped) => SaveSecrets([.. Content.Secrets.Where(secret => secret.Kind != wrapped.Kind), wrapped]);

    /// <summary>
    /// Puts a wrapping in the place of the one of its kind: announced in the inventory, at the cloud, then in the profile. The same one again does no harm.
    /// </summary>
    internal async Task ReplaceAsync(WrappedSecret wrapped, CancellationToken cancel)
    {
        var item = InventoryItem.Of(wrapped);
        await Inventory.UpdateAsync([item], cancel);
        await Cloud.ReplaceSecretAsync(AccountKeyChange.Replace(Keys, wrapped, (await Cloud.AccountAsync(cancel)).Secrets, Content.Secrets), cancel);
        Keep(wrapped);
        await SettleAsync(item, cancel);
    }

    /// <summary>A wrapping is in force at the cloud, in the place of others of its kind: so it stands in the inventory.</summary>
    internal async Task SettleAsync(InventoryItem wrapping, CancellationToken cancel)
    {
        foreach (var item in Arrival.Settled(await Inventory.KnownAsync(), wrapping))
            Inventory.Note(item);
        await State.SaveAsync();
        await Inventory.FlushAsync(cancel);
    }

    /// <summary>What this login could not make sure of.</summary>
    public IReadOnlyList<Warning> Warnings => _warnings;

    /// <summary>
    /// Makes sure that others are given this account's own card for its address, and no other: every login does, and whoever registers, when the kit is out. Throws an alarm when they are not.
    /// </summary>
    public async Task CheckCardAsync(CancellationToken cancel) => Warn(await new OwnCardCheck(this).RunAsync(cancel), Warning.CardNotChecked);

    /// <summary>Tells of something, once; null is nothing.</summary>
    internal void Warn(string? message, string code = "")
    {
        if (message is not null && !_warnings.Exists(known => known.Message == message))
            _warnings.Add(new Warning(code, message));
    }

    /// <summary>An alarm that keeps nobody from the rest of what was asked for: whoever runs an operation tells of it at the end.</summary>
    public void Raise(AlarmException alarm)
    {
        if (!_raised.Any(known => known.Message == alarm.Message))
            _raised.Add(alarm);
    }

    /// <summary>Alarms that were raised while operations went on.</summary>
    public IReadOnlyList<AlarmException> Raised => _raised;

    /// <summary>The same, to be told now and not again.</summary>
    public IReadOnlyList<AlarmException> TakeRaised()
    {
        AlarmException[] taken = [.. _raised];
        _raised.Clear();
        return taken;
    }

    /// <summary>The directory key that two trustees have named, for a profile that had none.</summary>
    internal void PinDirectory(string key)
    {
        Content = Content with { Parties = Content.Parties with { Cloud = Content.Parties.Cloud with { Directory = key } } };
        Profile.Save(Content);
    }

    /// <summary>These wrappings and no others are in the profile.</summary>
    internal void KeepOnly(IReadOnlyList<WrappedSecret> secrets) => SaveSecrets(secrets);

    /// <summary>Drops a wrapping from the profile.</summary>
    internal void Drop(string kind) => SaveSecrets([.. Content.Secrets.Where(secret => secret.Kind != kind)]);

    /// <summary>The session has ended: the profile forgets it.</summary>
    internal void EndSession()
    {
        Cloud.Token = null;
        Content = Content with { Token = null, TokenExpires = null };
        Profile.Save(Content);
    }

    private void SaveSecrets(IReadOnlyList<WrappedSecret> secrets)
    {
        Content = Content with { Secrets = secrets };
        Profile.Save(Content);
    }

    private static (ProfileContent Content, AccountCard Card) Load(Profile profile)
    {
        var content = profile.Load();
        return AccountCard.TryVerify(content.Card ?? [], out var card) && card.Account.ToString() == content.Account
            ? (content, card)
            : throw new CannotException("The profile is damaged: it names no account. Move it away and use `salus login`.", Reasons.DamagedProfile);
    }
}
