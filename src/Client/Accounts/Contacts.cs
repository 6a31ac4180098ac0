using Salus.Client.Profiles;
using Salus.Protocol;

namespace Salus.Client.Accounts;

/// <summary>Somebody else: a mail address and the card that this device has pinned for it.</summary>
public sealed record Contact(string Mail, AccountCard Card, bool Verified)
{
    /// <summary>"lab@example.org", or "City Laboratory (lab@example.org)" for an organisation.</summary>
    public string Title => Card.Organisation is { } name ? $"{name} ({Mail})" : Mail;
}

/// <summary>
/// Other people's cards, pinned when first seen (trust on first use). A card that changes afterwards is an alarm until the user confirms it with the person; so keys used for
/// sharing never change behind the user's back.
/// </summary>
public sealed class Contacts(Account account)
{
    private readonly CardDirectory _directory = new(account);

    /// <summary>The card of a mail address: asks the cloud, and holds its answer against the pin.</summary>
    public async Task<Contact> ResolveAsync(string mail, CancellationToken cancel)
    {
        var key = Normal(mail);
        var looked = await LookupAsync(key, cancel);
        var card = looked.Card;
        if (card.Account == account.Id)
            throw new CannotException("That is your own address.", Reasons.OwnAddress);
        if (account.State.Content.Contacts.TryGetValue(key, out var pin))
        {
            var pinned = Pinned(pin).Card;
            if (!pinned.Identity.Equals(card.Identity) || !pinned.Receiving.Equals(card.Receiving) || !pinned.Box.Equals(card.Box) || pinned.Kind != card.Kind || pinned.Name != card.Name)
                throw new AlarmException(AlarmKind.KeyChanged,
                    $"The cloud shows other keys, or another name, for {key} than before. Nothing was shared. Ask {key} whether they made a new account, and compare the new "
                    + $"fingerprint with `salus verify-contact {key} --accept-new-key`.");
            if (card.Version < pinned.Version)
                throw new AlarmException(AlarmKind.Rollback, $"The cloud shows an older card of {key} than before.");
            if (card.Version > pinned.Version)
            {
                await _directory.CheckAsync(key, looked, pin.Verified, cancel);
                await PinAsync(key, card, pin.Verified);
            }
            else
                await CheckPinnedAsync(key, looked, pin.Verified, cancel);
            return new Contact(key, card, pin.Verified);
        }
        await _directory.CheckAsync(key, looked, isConfirmed: false, cancel);
        await PinAsync(key, card, verified: false);
        return new Contact(key, card, false);
    }

    /// <summary>The card was in the log when it was pinned: while fewer than two trustees answer, that has to do.</summary>
    private async Task CheckPinnedAsync(string mail, LookedUpCard looked, bool isConfirmed, CancellationToken cancel)
    {
        try
        {
            await _directory.CheckAsync(mail, looked, isConfirmed, cancel);
        }
        catch (CannotException)
        {
            // Asked again next time.
        }
    }

    /// <summary>The card of an account that is known by its identifier (the owner of a grant).</summary>
    internal async Task<AccountCard> ResolveAsync(AccountId id, CancellationToken cancel)
    {
        var card = Verify(await account.Cloud.CardAsync(id, cancel));
        // The identifier is a hash of the identity key, and that key signs the others: none of them can be another's.
        if (card.Account != id)
            throw new AlarmException(AlarmKind.KeyChanged, "The cloud shows the card of another account than was asked for.");
        return card;
    }

    /// <summary>Everybody whose card is pinned, by mail address.</summary>
    public IReadOnlyList<Contact> List() => [.. account.State.Content.Contacts.Values.Select(Pinned).OrderBy(contact => contact.Mail, StringComparer.Ordinal)];

    /// <summary>Remembers that the user has compared the fingerprint with the person: that of the very card which was shown.</summary>
    public Task ConfirmAsync(Contact contact) => PinAsync(contact.Mail, contact.Card, verified: true);

    /// <summary>The same by the fingerprint that was compared: the pinned card must have it. No server is asked, so that none can put another in its place.</summary>
    public async Task<Contact> ConfirmAsync(string mail, string fingerprint)
    {
        var key = Normal(mail);
        if (!account.State.Content.Contacts.TryGetValue(key, out var pin))
            throw new CannotException($"{key} is not among your contacts yet.", Reasons.UnknownContact);
        var contact = Pinned(pin);
        CheckFingerprint(contact, fingerprint);
        await ConfirmAsync(contact);
        return contact with { Verified = true };
    }

    /// <summary>Says so when the digits that somebody has compared are not those of a contact. How they are grouped does not matter.</summary>
    public static void CheckFingerprint(Contact contact, string fingerprint)
    {
        if (!WithoutSpace(contact.Card.Fingerprint).Equals(WithoutSpace(fingerprint), StringComparison.Ordinal))
            throw new CannotException($"These are not the digits that are known of {contact.Mail} now. Nothing was changed; look at them again.", Reasons.OtherFingerprint);
    }

    /// <summary>Takes a changed card as the new pin. Only after the user has compared its fingerprint.</summary>
    public async Task<Contact> RepinAsync(string mail, CancellationToken cancel)
    {
        var key = Normal(mail);
        return new Contact(key, (await LookupAsync(key, cancel)).Card, false);
    }

    /// <summary>The address under which this device has pinned an account, if it has.</summary>
    public string? MailOf(AccountId id) => account.State.Content.Contacts.Values
        .FirstOrDefault(pin => AccountCard.TryVerify(pin.Card, out var card) && card.Account == id)?.Mail;

    /// <summary>The same with the name of an organisation.</summary>
    public string? TitleOf(AccountId id)
    {
        foreach (var pin in account.State.Content.Contacts.Values)
            if (AccountCard.TryVerify(pin.Card, out var card) && card.Account == id)
                return new Contact(pin.Mail, card, pin.Verified).Title;
        return null;
    }

    private static Contact Pinned(PinnedContact pin) => AccountCard.TryVerify(pin.Card, out var card)
        ? new Contact(pin.Mail, card, pin.Verified)
        : throw new AlarmException(AlarmKind.Integrity, $"The pinned card of {pin.Mail} is damaged.");

    private async Task PinAsync(string mail, AccountCard card, bool verified)
    {
        account.State.Content.Contacts[mail] = new PinnedContact(mail, card.Signed, verified);
        await account.State.SaveAsync();
    }

    private async Task<LookedUpCard> LookupAsync(string mail, CancellationToken cancel)
    {
        try
        {
            return await _directory.LookUpAsync(mail, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Protocol.Http.Problems.NotFound)
        {
            throw new CannotException($"Nobody has an account with {mail} here. Ask them to register first.", Reasons.UnknownContact);
        }
    }

    private static AccountCard Verify(byte[] signed) => AccountCard.TryVerify(signed, out var card)
        ? card
        : throw new AlarmException(AlarmKind.Integrity, "The cloud shows an account card whose signature is wrong.");

    private static string WithoutSpace(string text) => new([.. text.Where(c => !char.IsWhiteSpace(c))]);

    /// <summary>An address in the one form under which it is found.</summary>
    internal static string Normal(string mail) => mail.Trim().ToLowerInvariant();
}
