using Salus.Client.Profiles;
using Salus.Protocol.Http;

namespace Salus.Client.Accounts;

/// <summary>
/// Whether others are given this account's own card for its address, and no other: only its owner can tell. The place of the address in the log, once proven, is remembered, and from then on the
/// trustees are asked whatever the cloud answers. What cannot be checked is said, and is an alarm when it goes on: a cloud must not be able to keep the only one who would notice from looking.
/// </summary>
internal sealed class OwnCardCheck(Account account)
{
    /// <summary>How long the cloud is waited for, and the trustees.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan MaxUnchecked = TimeSpan.FromDays(7);

    private OwnCard? Remembered => account.State.Content.OwnCard is { } own && own.Mail == account.Mail ? own : null;

    /// <summary>Null when it holds; else why that is not known. Whatever does not hold is an alarm.</summary>
    public async Task<string?> RunAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(2 * Patience);
        string? fault;
        try
        {
            fault = await TryAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            fault = "The trustees do not answer in time.";
        }
        var since = Remembered?.Checked ?? account.Now;
        await RememberAsync(Remembered?.Tag, fault is null ? account.Now : since);
        if (fault is not null && account.Now - since > MaxUnchecked)
            throw new AlarmException(AlarmKind.Withheld, $"Since {since:yyyy-MM-dd} nobody could check which keys others are given for your address: {fault} Somebody may keep you from seeing "
                + "that they are not yours. Ask those who share with you to compare your fingerprint.");
        return fault is null ? null : $"Which keys others are given for your address could not be checked: {fault}";
    }

    private async Task<string?> TryAsync(CancellationToken cancel)
    {
        // 1. What the cloud shows, and where it proves the address to be in the log; else the place that is known.
        var (shown, fault, refusal) = await LookUpAsync(cancel);
        shown ??= Remembered?.Tag is { } known ? new LookedUpCard(account.Card, known) : null;
        // 2. What the log has there, by the trustees.
        if (shown is not null)
            try
            {
                await new CardDirectory(account).CheckAsync(account.Mail, shown, isConfirmed: false, cancel);
                await RememberAsync(shown.Tag, account.Now);
                fault = null;
            }
            catch (CannotException cannot)
            {
                fault = cannot.Message;
            }
        // 3. Nobody is refused their own address.
        return refusal is null ? fault : throw refusal;
    }

    /// <summary>The own card with its tag, or why there is none: no answer, or a refusal, which is an alarm.</summary>
    private async Task<(LookedUpCard? Shown, string? Fault, AlarmException? Refusal)> LookUpAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        for (var isSecond = false; ; isSecond = true)
            try
            {
                var looked = await new CardDirectory(account).LookUpAsync(account.Mail, patience.Token);
                return looked.Card.LoggedDigest.AsSpan().SequenceEqual(account.Card.LoggedDigest)
                    ? (looked, null, null)
                    : throw new AlarmException(AlarmKind.KeyChanged, "The cloud shows other keys for your own address than yours: whoever shares with you now, shares with somebody else. "
                        + "Tell everybody who does, and whoever runs the cloud.");
            }
            catch (RefusedException busy) when (busy.Code == Problems.TooMany && !isSecond && busy.RetryAfter is { } wait && wait < Patience)
            {
                await Task.Delay(wait, account.Clock, cancel);
            }
            catch (RefusedException failed) when (failed.Code is Problems.Internal or Problems.TooMany or Problems.NotLoggedYet)
            {
                return (null, $"The cloud cannot answer now ({failed.Message}).", null);
            }
            catch (RefusedException refused) when (refused.Code != Problems.NoSession)
            {
                return (null, null, new AlarmException(AlarmKind.Withheld, $"The cloud refuses to show you the card that others are given for your own address ({refused.Message}). It may be another "
                    + "than yours. Tell whoever runs the cloud, and ask those who share with you to compare your fingerprint."));
            }
            catch (Exception silent) when (silent is UnreachableException || (silent is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                return (null, "The cloud does not answer.", null);
            }
    }

    private Task RememberAsync(byte[]? tag, DateTimeOffset at)
    {
        account.State.Content.OwnCard = new OwnCard(account.Mail, tag, at);
        return account.State.SaveAsync();
    }
}
