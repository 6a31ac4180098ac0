using Salus.Client.Log;
using Salus.Client.Transport;
using Salus.Crypto.Oprf;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Client.Accounts;

/// <summary>A card as the cloud shows it for an address.</summary>
/// <param name="Tag">The address's tag in the log; empty when the cloud does not prove it, null when this profile has no key to hold the proof against.</param>
internal sealed record LookedUpCard(AccountCard Card, byte[]? Tag);

/// <summary>
/// Cards by mail address, held against the log: a key that is used for sharing is one that everybody sees there. The tag of an address is proven by the cloud, and what the log has under it
/// two trustees say; so the cloud cannot show one card to the owner and another to whoever shares with them.
/// </summary>
/// <param name="attempts">How often the trustees are asked: a card that is new may be on its way to them.</param>
internal sealed class CardDirectory(Account account, int attempts = 40)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>The card of an address as the cloud shows it, its signature verified.</summary>
    public async Task<LookedUpCard> LookUpAsync(string mail, CancellationToken cancel)
    {
        using var blinded = BlindedInput.Blind(CardTag.Input(mail));
        var found = await account.Cloud.LookupCardAsync(mail, blinded.Element.Bytes.ToArray(), cancel);
        if (!AccountCard.TryVerify(found.Signed ?? [], out var card))
            throw new AlarmException(AlarmKind.Integrity, "The cloud shows an account card whose signature is wrong.");
        return new LookedUpCard(card, await KeyAsync(cancel) is { } key ? CardTag.Finish(blinded, key, found.Evaluation) ?? [] : null);
    }

    /// <summary>The card's keys are what the log has under its tag, nothing else is there, and no newer version of it.</summary>
    /// <param name="isConfirmed">Whether the user has compared this very card with the person: then others there do not matter.</param>
    public async Task CheckAsync(string mail, LookedUpCard looked, bool isConfirmed, CancellationToken cancel)
    {
        var isOwn = mail == account.Mail;
        if (looked.Tag is not { } tag)
            throw new CannotException("This profile is from before there was a key directory, and fewer than two trustees tell its key: nobody can say which keys are in the public log."
                + NothingShared(isOwn), Reasons.TooFewTrustees);
        if (tag.Length == 0)
            throw new AlarmException(AlarmKind.Integrity, $"The cloud does not prove where the card of {mail} is in the log.{(isOwn ? "" : " Nothing was shared.")}");
        var digest = looked.Card.LoggedDigest;
        for (var attempt = 1; ; attempt++)
        {
            var logged = await LoggedAsync(tag, isOwn, cancel);
            var own = logged.Entries.Where(entry => entry.Digest.AsSpan().SequenceEqual(digest)).ToArray();
            if (!isConfirmed && (logged.IsCut || own.Length < logged.Entries.Count))
                throw new AlarmException(AlarmKind.KeyChanged, isOwn
                    ? "The public log has other keys for your own address besides yours: somebody could be given those in place of yours. Tell whoever runs the cloud, and everybody who shares with "
                        + "you."
                    : $"The public log has other keys for {mail} than the cloud shows, or several. Nothing was shared. Ask {mail} whether they made a new account, and compare the fingerprint with "
                        + $"`salus verify-contact {mail} --accept-new-key`.");
            if (own.Any(entry => entry.Version > looked.Card.Version))
                throw new AlarmException(AlarmKind.Rollback, $"The cloud shows an older card of {mail} than the public log has.{(isOwn ? "" : " Nothing was shared.")}");
            if (own.Any(entry => entry.Version == looked.Card.Version))
                return;
            if (attempt == attempts)
                throw new AlarmException(AlarmKind.Unlogged, isOwn
                    ? "Your own keys are not in the public log: others cannot be sure that they share with you."
                    : $"The keys that the cloud shows for {mail} are not in the public log, where {mail} would see them. Nothing was shared.");
            await Task.Delay(Pause, account.Clock, cancel);
        }
    }

    private async Task<LoggedUnderTag> LoggedAsync(byte[] tag, bool isOwn, CancellationToken cancel)
    {
        try
        {
            return await new Witnesses(account).EntriesAsync(LogKind.Card, tag, cancel);
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException)
        {
            throw new CannotException($"Fewer than two trustees answer and say which keys are in the public log ({failure.Message}).{NothingShared(isOwn)}", Reasons.TooFewTrustees);
        }
    }

    /// <summary>
    /// The key under which tags are made, as it was pinned. A profile from before there was one takes over what two trustees name, whose keys it has: never what the cloud says of itself. Null when
    /// they do not.
    /// </summary>
    private async Task<OprfElement?> KeyAsync(CancellationToken cancel)
    {
        if (account.Content.Parties.Cloud.Directory is null)
            try
            {
                if (Witnesses.DirectoryOf(await new Witnesses(account).NewestAsync(LogKind.Card, new byte[CardTag.Size], cancel)) is { } named)
                    account.PinDirectory(named);
            }
            catch (Exception failure) when (failure is RefusedException or UnreachableException)
            {
                // Fewer than two answer.
            }
        return account.Content.Parties.Cloud.Directory is { } key ? PartyKeys.Element("the cloud's directory", key) : null;
    }

    private static string NothingShared(bool isOwn) => isOwn ? "" : " Nothing was shared; try again when `salus status` shows all trustees.";
}
