using System.Text;
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
/// Becoming somebody on this machine: registration of a new account, and login of one that exists, on its first device or another. Each is two steps with a one-time code
/// by mail in between; the passphrase never leaves the machine.
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
        CheckPassphrase(passphrase);
        CheckOrganisation(organisation);
        using var keys = Keyring.Generate(organisation);
        var kit = RecoveryKit.Generate();
        var secrets = new[] { await SecretWrapping.UnderPassphraseAsync(keys, passphrase), await SecretWrapping.UnderKitAsync(keys, kit) };
        var session = await _cloud.CompleteRegistrationAsync(pending.Id, new CompleteRegistration(Digits(code), keys.Card.Signed, secrets), cancel);
        CheckSession(session, keys);
        _profile.Save(Profile.Content(_parties, session));
        return kit;
    }

    public async Task<PendingCode> StartLoginAsync(string mail, CancellationToken cancel)
    {
        if (_profile.Exists && !string.Equals(_profile.Load().Mail, mail.Trim(), StringComparison.OrdinalIgnoreCase))
            throw new CannotException($"This profile is {_profile.Load().Mail}'s. Choose another with --profile NAME.", Reasons.OtherAccount);
        var sent = await _cloud.StartLoginAsync(mail, cancel);
        return new PendingCode(sent.Id, mail, sent.Expires);
    }

    /// <summary>Logs in with the passphrase: the profile then holds a new session.</summary>
    public async Task CompleteLoginAsync(PendingCode pending, string code, Secret passphrase, CancellationToken cancel)
    {
        var session = await _cloud.CompleteLoginAsync(pending.Id, Digits(code), cancel);
        using var keys = await SecretWrapping.OpenWithPassphraseAsync(session.Account.Secrets, CardOf(session), passphrase);
        Adopt(session, keys);
    }

    /// <summary>Logs in with the recovery kit and sets a new passphrase.</summary>
    public async Task RestoreAsync(PendingCode pending, string code, RecoveryKit kit, Secret newPassphrase, CancellationToken cancel)
    {
        CheckPassphrase(newPassphrase);
        var session = await _cloud.CompleteLoginAsync(pending.Id, Digits(code), cancel);
        using var keys = await SecretWrapping.OpenWithKitAsync(session.Account.Secrets, CardOf(session), kit);
        _cloud.Token = session.Token;
        var wrapped = await SecretWrapping.UnderPassphraseAsync(keys, newPassphrase);
        await _cloud.ReplaceSecretAsync(AccountKeyChange.Sign(keys, wrapped, session.Account.Secrets), cancel);
        var secrets = session.Account.Secrets.Select(secret => secret.Kind == wrapped.Kind ? wrapped : secret).ToArray();
        Adopt(session with { Account = session.Account with { Secrets = secrets } }, keys);
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

    private void Adopt(SessionStarted session, Keyring keys)
    {
        CheckSession(session, keys);
        if (_profile.Exists && _profile.Load().Account != session.Account.Id)
            throw new AlarmException(AlarmKind.KeyChanged, "The cloud answers with another account than this profile had. The profile was left as it is.");
        // The parties stay those that were pinned first.
        _profile.Save(Profile.Content(_profile.Exists ? _profile.Load().Parties : _parties, session));
    }

    private static void CheckSession(SessionStarted session, Keyring keys)
    {
        if (session.Account is not { Id: { } id, Mail: not null } || session.Token is null || id != keys.Card.Account.ToString()
            || !session.Account.Card.AsSpan().SequenceEqual(keys.Card.Signed))
            throw new AlarmException(AlarmKind.KeyChanged, "The cloud shows another account card than this account's. Nothing was kept.");
    }

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
