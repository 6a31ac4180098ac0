using System.Security.Cryptography;
using Salus.Client.Log;
using Salus.Client.Transport;
using Salus.Crypto.Oprf;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Client.Accounts;

/// <summary>A card as the cloud shows it for an address.</summary>
/// <param name="Tag">The address's tag in the log; empty when the cloud does not prove it, null when the profile is from before there was a log.</param>
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
        if (account.Content.Parties.Cloud.Directory is not { } key)
            return new LookedUpCard(card, null);
        return new LookedUpCard(card, CardTag.Finish(blinded, PartyKeys.Element("the cloud's directory", key), found.Evaluation) ?? []);
    }

    /// <summary>The card is what the log has under its tag, and the only one there.</summary>
    /// <param name="isConfirmed">Whether the user has compared this very card with the person: then others there do not matter.</param>
    public async Task CheckAsync(string mail, LookedUpCard looked, bool isConfirmed, CancellationToken cancel)
    {
        if (looked.Tag is not { } tag)
            return;
        if (tag.Length == 0)
            throw new AlarmException(AlarmKind.Integrity, $"The cloud does not prove where the card of {mail} is in the log. Nothing was shared.");
        var digest = Convert.ToHexString(SHA256.HashData(looked.Card.Signed));
        for (var attempt = 1; ; attempt++)
        {
            var logged = await LoggedAsync(tag, cancel);
            var digests = logged.Entries.Select(entry => Convert.ToHexString(entry.Digest)).ToHashSet();
            if (!isConfirmed && (logged.IsCut || digests.Any(other => other != digest)))
                throw new AlarmException(AlarmKind.KeyChanged, mail == account.Mail
                    ? "The public log has other keys for your own address besides yours: somebody could be given those in place of yours. Tell whoever runs the cloud, and everybody who "
                        + "shares with you."
                    : $"The public log has other keys for {mail} than the cloud shows, or several. Nothing was shared. Ask {mail} whether they made a new account, and compare the fingerprint with "
                        + $"`salus verify-contact {mail} --accept-new-key`.");
            if (digests.Contains(digest))
                return;
            if (attempt == attempts)
                throw new AlarmException(AlarmKind.Unlogged, mail == account.Mail
                    ? "Your own keys are not in the public log: others cannot be sure that they share with you."
                    : $"The keys that the cloud shows for {mail} are not in the public log, where {mail} would see them. Nothing was shared.");
            await Task.Delay(Pause, account.Clock, cancel);
        }
    }

    private async Task<LoggedUnderTag> LoggedAsync(byte[] tag, CancellationToken cancel)
    {
        try
        {
            return await new Witnesses(account).EntriesAsync(LogKind.Card, tag, cancel);
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException)
        {
            throw new CannotException($"Fewer than two trustees answer and say which keys are in the public log ({failure.Message}). Nothing was shared; try again when `salus status` shows them.",
                Reasons.TooFewTrustees);
        }
    }

    /// <summary>What others are shown for this account's own address is its own card, and the only one in the log. While fewer than two trustees answer nobody can tell the latter: false.</summary>
    public async Task<bool> CheckOwnAsync(CancellationToken cancel)
    {
        LookedUpCard looked;
        try
        {
            looked = await LookUpAsync(account.Mail, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            throw new AlarmException(AlarmKind.Withheld, "The cloud shows nobody under your own address: nobody can share with you. Tell whoever runs the cloud.");
        }
        if (!looked.Card.Signed.AsSpan().SequenceEqual(account.Card.Signed))
            throw new AlarmException(AlarmKind.KeyChanged, "The cloud shows other keys for your own address than yours: whoever shares with you now, shares with somebody else. "
                + "Tell everybody who does, and whoever runs the cloud.");
        try
        {
            await CheckAsync(account.Mail, looked, isConfirmed: false, cancel);
            return looked.Tag is not null;
        }
        catch (CannotException)
        {
            return false;
        }
    }
}
