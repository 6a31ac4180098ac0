using System.Text;
using Salus.Client.Inventory;
using Salus.Client.Keys;
using Salus.Client.Profiles;
using Salus.Client.Transport;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Accounts;

/// <summary>A code is on its way by mail.</summary>
public sealed record PendingCode(string Id, string Mail, DateTimeOffset Expires);

/// <summary>
/// Becoming somebody on this machine: registration of a new account, and login of one that exists, on its first device or another. Each is two steps, with a one-time code
/// by mail or a passkey's answer in between; the passphrase never leaves the machine.
/// </summary>
public sealed class Enrolment : IDisposable
{
    /// <summary>Characters of a passphrase, at least.</summary>
    public const int MinPassphrase = 8;

    private readonly PartyDirectory _parties;
    private readonly Profile _profile;
    private readonly HttpClient _http;
    private readonly CloudApi _cloud;

    public Enrolment(Profile profile, PartyDirectory parties)
    {
        (_profile, _parties) = (profile, parties);
        _http = Web.Open(parties);
        _cloud = new CloudApi(_http, parties.Cloud.Url);
    }

    /// <summary>What the new session is to be called in the list of devices, or null: "Chromium on Linux".</summary>
    public string? Device { get; init; }

    /// <summary>What is being done, for the list of alarms.</summary>
    public string Operation { get; init; } = "login";

    /// <summary>Is given the account of a login before it is judged: whoever holds it tells what alarms there were, however the login ends.</summary>
    public Action<Account>? Entered { get; init; }

    /// <summary>Asks a cloud for its directory of parties, to be pinned by this profile: for an installation on another machine.</summary>
    public static async Task<PartyDirectory> DiscoverAsync(Uri cloud, string? authority, CancellationToken cancel)
    {
        using var http = Web.Open(new PartyDirectory(new Party("cloud", cloud, ""), [], [], authority));
        return await new CloudApi(http, cloud).PartiesAsync(cancel) with { Authority = authority };
    }

    public async Task<PendingCode> StartRegistrationAsync(string mail, CancellationToken cancel)
    {
        if (_profile.Exists)
            throw new CannotException($"This profile is {_profile.Load().Mail}'s already. Choose another with --profile NAME.", Reasons.AlreadyRegistered);
        var sent = await _cloud.StartRegistrationAsync(mail, cancel);
        return new PendingCode(sent.Id, mail, sent.Expires);
    }

    /// <summary>Makes the account. The kit is to be printed and kept; it is nowhere else.</summary>
    /// <param name="organisation">The name of an organisation, to stand on its card; null for a person.</param>
    public async Task<RecoveryKit> CompleteRegistrationAsync(PendingCode pending, string code, Secret passphrase, string? organisation, CancellationToken cancel)
    {
        var (keys, kit) = await RegisterAsync(pending, code, passphrase, organisation, cancel);
        keys.Dispose();
        return kit;
    }

    /// <summary>Makes an account without a passphrase: until a passkey is added or a passphrase set, only the kit opens it.</summary>
    public async Task<RecoveryKit> CompleteRegistrationAsync(PendingCode pending, string code, string? organisation, CancellationToken cancel)
    {
        var (keys, kit) = await RegisterAsync(pending, code, null, organisation, cancel);
        keys.Dispose();
        return kit;
    }

    /// <summary>Makes the account, with a passphrase or without, and leaves it unlocked. The caller disposes of both.</summary>
    public async Task<(Account Account, RecoveryKit Kit)> RegisterAsync(
        PendingCode pending, string code, Secret? passphrase, string? organisation, TimeProvider clock, CancellationToken cancel)
    {
        var (keys, kit) = await RegisterAsync(pending, code, passphrase, organisation, cancel);
        using var _ = kit;
        var account = await Account.OpenAsync(_profile, keys, clock);
        var isListed = await TryBeginAsync(account, cancel);
        if (!isListed)
            account.Warn("The cloud did not take the list of what is in your account: the recovery kit that is printed now does not prove later how often the account has changed. "
                + "Print a new one with `salus recovery renew` soon.", Warning.KitWithoutCounter);
        return (account, kit.At(isListed ? 1UL : 0));
    }

    /// <summary>The account is made, whatever becomes of its inventory: what the cloud does not take now is begun by the next command.</summary>
    private static async Task<bool> TryBeginAsync(Account account, CancellationToken cancel)
    {
        try
        {
            return await account.Inventory.BeginAsync(account.Content.Secrets, cancel);
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException)
        {
            return false;
        }
    }

    public async Task<PendingCode> StartLoginAsync(string mail, CancellationToken cancel)
    {
        if (_profile.Exists && !string.Equals(_profile.Load().Mail, mail.Trim(), StringComparison.OrdinalIgnoreCase))
            throw new CannotException($"This profile is {_profile.Load().Mail}'s. Choose another with --profile NAME.", Reasons.OtherAccount);
        var sent = await _cloud.StartLoginAsync(mail, cancel);
        return new PendingCode(sent.Id, mail, sent.Expires);
    }

    /// <summary>Logs in with the passphrase and leaves the account unlocked: the profile then holds a new session.</summary>
    public async Task<Account> LogInAsync(PendingCode pending, string code, Secret passphrase, TimeProvider clock, CancellationToken cancel) =>
        await ArriveAsync(await EnterAsync(pending, code, passphrase, cancel), [SecretKinds.Passphrase], 0, clock, cancel);

    /// <summary>Logs in with the recovery kit, sets a new passphrase and leaves the account unlocked.</summary>
    public async Task<Account> RestoreAsync(PendingCode pending, string code, RecoveryKit kit, Secret newPassphrase, TimeProvider clock, CancellationToken cancel) =>
        await ArriveAsync(await EnterWithKitAsync(pending, code, kit, newPassphrase, cancel), [SecretKinds.Recovery, SecretKinds.Passphrase], kit.Counter, clock, cancel);

    /// <summary>Asks for a challenge to log in with a passkey. No address is told: the passkey knows whose it is.</summary>
    public async Task<PendingPasskey> StartPasskeyLoginAsync(CancellationToken cancel)
    {
        var challenge = await _cloud.Passkeys.StartLoginAsync(cancel);
        return new PendingPasskey(challenge.Id, PasskeyJson.Request(challenge.Options), challenge.Expires);
    }

    /// <summary>Logs in with a passkey and leaves the account unlocked.</summary>
    /// <param name="credential">PublicKeyCredential.toJSON() as text. What it tells of extensions stays here.</param>
    /// <param name="prf">The output of the passkey's pseudorandom function for <see cref="Passkeys.PrfSalt"/>, 32 bytes.</param>
    public async Task<Account> CompletePasskeyLoginAsync(PendingPasskey pending, string credential, Secret prf, TimeProvider clock, CancellationToken cancel)
    {
        CheckDevice();
        var answer = PasskeyJson.Read(credential);
        if (answer.Account is null)
            throw new CannotException("This passkey does not say whose it is: it is none of Salus.", Reasons.BadPasskey);
        if (_profile.Exists && _profile.Load() is var known && known.Account != answer.Account)
            throw new CannotException($"This profile is {known.Mail}'s, and the passkey is another account's.", Reasons.OtherAccount);
        var mail = _profile.Exists ? _profile.Load().Mail : null;
        var session = OfMail(await _cloud.Passkeys.CompleteLoginAsync(pending.Id, new CompletePasskeyLogin(answer.Json, Device), cancel), mail);
        var card = CardOf(session);
        if (answer.Account != session.Account.Id)
            throw new AlarmException(AlarmKind.KeyChanged, "The cloud answers with another account than the passkey's. Nothing was kept.");
        var keys = Adopt(session, await SecretWrapping.OpenWithPasskeyAsync(session.Account.Secrets, card, answer.Id, prf));
        var account = await ArriveAsync(keys, [SecretKinds.Passkey(answer.Id)], 0, clock, cancel);
        if (mail is null)
            account.Warn($"The cloud says that your mail address is {account.Mail}. Look closely whether it is: by that address others find your keys, and this device checks them.",
                Warning.MailNotTyped);
        return account;
    }

    /// <summary>Says so when a text is no name that a card can carry.</summary>
    public static void CheckOrganisation(string? name)
    {
        if (name is not null && !AccountCard.IsName(name))
            throw new CannotException($"An organisation's name has visible characters with single blanks between them, and at most {Limits.MaxName} bytes. Nothing was made.",
                Reasons.BadOrganisation);
    }

    public void Dispose() => _http.Dispose();

    internal static void CheckPassphrase(Secret passphrase)
    {
        if (Encoding.UTF8.GetCharCount(passphrase.Bytes) < MinPassphrase)
            throw new CannotException($"A passphrase has at least {MinPassphrase} characters; four or five words are better.", Reasons.WeakPassphrase);
    }

    private void CheckDevice()
    {
        if (Device is not null && !VisibleName.IsValid(Device))
            throw new CannotException($"A device's name has visible characters with single blanks between them, {Limits.MaxVisibleName} at most. Nothing was changed.", Reasons.BadName);
    }

    /// <summary>The account with a session that was begun just now, and all that a login makes sure of.</summary>
    /// <param name="proved">Kinds of the wrappings that were opened or made.</param>
    private async Task<Account> ArriveAsync(Keyring keys, IReadOnlyList<string> proved, ulong least, TimeProvider clock, CancellationToken cancel)
    {
        var account = await Account.OpenAsync(_profile, keys, clock);
        try
        {
            Entered?.Invoke(account);
            await new Arrival(account, Operation).CheckAsync([.. account.Content.Secrets.Where(secret => proved.Contains(secret.Kind))], least, cancel);
            return account;
        }
        catch
        {
            account.Dispose();
            throw;
        }
    }

    private async Task<(Keyring Keys, RecoveryKit Kit)> RegisterAsync(PendingCode pending, string code, Secret? passphrase, string? organisation, CancellationToken cancel)
    {
        if (passphrase is not null)
            CheckPassphrase(passphrase);
        CheckOrganisation(organisation);
        CheckDevice();
        if (File.Exists(_profile.StatePath)) // else the account would be made and could not be opened
            throw new CannotException($"{_profile.StatePath} belongs to another account. Move it away, or choose another profile. Nothing was made.", Reasons.OtherAccount);
        var (keys, kit) = (Keyring.Generate(organisation), RecoveryKit.Generate());
        try
        {
            WrappedSecret[] secrets = passphrase is null
                ? [await SecretWrapping.UnderKitAsync(keys, kit)]
                : [await SecretWrapping.UnderPassphraseAsync(keys, passphrase), await SecretWrapping.UnderKitAsync(keys, kit)];
            var session = OfMail(await _cloud.CompleteRegistrationAsync(pending.Id, new CompleteRegistration(Digits(code), keys.Card.Signed, secrets, Device), cancel), pending.Mail);
            CheckSession(session, keys);
            _profile.Save(Profile.Content(_parties, session));
            return (keys, kit);
        }
        catch
        {
            keys.Dispose();
            kit.Dispose();
            throw;
        }
    }

    private async Task<Keyring> EnterAsync(PendingCode pending, string code, Secret passphrase, CancellationToken cancel)
    {
        CheckDevice();
        var session = OfMail(await _cloud.CompleteLoginAsync(pending.Id, new CompleteLogin(Digits(code), Device), cancel), pending.Mail);
        var card = CardOf(session);
        return Adopt(session, await SecretWrapping.OpenWithPassphraseAsync(session.Account.Secrets, card, passphrase));
    }

    private async Task<Keyring> EnterWithKitAsync(PendingCode pending, string code, RecoveryKit kit, Secret newPassphrase, CancellationToken cancel)
    {
        CheckPassphrase(newPassphrase);
        CheckDevice();
        var session = OfMail(await _cloud.CompleteLoginAsync(pending.Id, new CompleteLogin(Digits(code), Device), cancel), pending.Mail);
        var keys = await SecretWrapping.OpenWithKitAsync(session.Account.Secrets, CardOf(session), kit);
        try
        {
            _cloud.Token = session.Token;
            var (wrapped, secrets) = (await SecretWrapping.UnderPassphraseAsync(keys, newPassphrase), session.Account.Secrets);
            await _cloud.ReplaceSecretAsync(AccountKeyChange.Replace(keys, wrapped, secrets, _profile.Exists ? _profile.Load().Secrets : []), cancel);
            return Adopt(session with { Account = session.Account with { Secrets = [.. secrets.Where(secret => secret.Kind != wrapped.Kind), wrapped] } }, keys);
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>Saves the session, when it is this account's; else the keys are disposed of.</summary>
    private Keyring Adopt(SessionStarted session, Keyring keys)
    {
        try
        {
            CheckSession(session, keys);
            if (_profile.Exists && _profile.Load().Account != session.Account.Id)
                throw new AlarmException(AlarmKind.KeyChanged, "The cloud answers with another account than this profile had. The profile was left as it is.");
            // The parties stay those that were pinned first.
            _profile.Save(Profile.Content(_profile.Exists ? _profile.Load().Parties : _parties, session));
            return keys;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    private static void CheckSession(SessionStarted session, Keyring keys)
    {
        if (session.Account is not { Id: { } id, Mail: not null } || session.Token is null || id != keys.Card.Account.ToString()
            || !session.Account.Card.AsSpan().SequenceEqual(keys.Card.Signed))
            throw new AlarmException(AlarmKind.KeyChanged, "The cloud shows another account card than this account's. Nothing was kept.");
    }

    /// <summary>
    /// The session of the address that was typed: others find the account by that one, and so does the check which keys they are given.
    /// </summary>
    /// <param name="mail">Null when none was typed.</param>
    private static SessionStarted OfMail(SessionStarted session, string? mail) => Contacts.Normal(mail ?? session.Account?.Mail ?? "") == session.Account?.Mail
        ? session
        : throw new AlarmException(AlarmKind.KeyChanged, "The cloud answers with the account of another mail address than yours. Nothing was kept.");

    /// <summary>The card is the account's own signed word, and its keys are proved when the secret opens.</summary>
    private static AccountCard CardOf(SessionStarted session)
    {
        if (session.Account is not { Card: not null } view || !AccountCard.TryVerify(view.Card, out var card))
            throw new AlarmException(AlarmKind.Integrity, "The cloud sent an answer that is not what the protocol says.");
        return view.Id == card.Account.ToString()
            ? card
            : throw new AlarmException(AlarmKind.KeyChanged, "The cloud shows another account card than this account's. Nothing was kept.");
    }

    private static string Digits(string code) => new([.. code.Where(char.IsAsciiDigit)]);
}
