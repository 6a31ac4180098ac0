using System.Collections.Concurrent;
using Salus.Client.Accounts;
using Salus.Client.Sharing;
using Salus.Client.Transport;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Requests;

/// <summary>What came of a claim.</summary>
/// <param name="Pending">Trustees that did not answer; two are enough, and the same command tells the others too while the code is good.</param>
public sealed record ClaimOutcome(ReceivedGrant Grant, int Released, IReadOnlyList<string> Pending);

/// <summary>The delegatee's side of a locked grant: shows each trustee the secret that the code from the mail gives for it.</summary>
public sealed class Release(Account account)
{
    private readonly ConcurrentQueue<string> _complaints = [];

    /// <summary>Trustees that answered with an error, although the others sufficed: to be shown.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>The grant to be claimed: the one that is named, else the only one that answers a request and is not claimed yet.</summary>
    public async Task<ReceivedGrant> ChooseAsync(GrantId? named, CancellationToken cancel)
    {
        var id = named ?? await OnlyOneAsync(cancel);
        var grant = (await new ReceivedGrants(account).ListAsync(cancel)).FirstOrDefault(received => received.Grant.Terms.Id == id)
            ?? throw new CannotException($"There is no grant {id} for you. `salus requests` shows the answers to your requests.", Reasons.NoGrant);
        return grant.IsLive(account.Now) ? grant : throw new CannotException($"The grant {id} is {grant.State(account.Now)}.", Reasons.NoGrant);
    }

    /// <summary>Claims the grant with a code as typed.</summary>
    public async Task<ClaimOutcome> ClaimAsync(ReceivedGrant grant, string typed, CancellationToken cancel)
    {
        if (!ReleaseCode.TryParse(typed, out var parsed))
            throw new CannotException($"A code has {ReleaseCode.Length} letters and digits. Nothing was sent, and no try was counted.", Reasons.BadCode);
        using var code = parsed;
        var terms = grant.Grant.Terms;
        using var secrets = code.Stretch(terms.Id);
        var answers = await Task.WhenAll(account.Trustees.Select(trustee => TryClaimAsync(trustee, terms, secrets, cancel)));
        var released = answers.Count(answer => answer == Answer.Released);
        if (released < Delegation.Threshold)
            throw new CannotException(answers.Any(answer => answer == Answer.Refused)
                ? $"The code is wrong, or its time is over: it is good for {ReleaseCode.Life.TotalHours:0} hours and {ReleaseLock.MaxTries} tries. After that, ask again."
                : "Fewer than two trustees answer. Try again with the same code when `salus status` shows them." + string.Concat(_complaints.Select(complaint => " " + complaint)),
                answers.Any(answer => answer == Answer.Refused) ? Reasons.WrongCode : Reasons.TooFewTrustees);
        account.State.Content.Claimed.Add(terms.Id.ToString());
        await account.State.SaveAsync();
        return new ClaimOutcome(grant, released, [.. account.Trustees.Where((_, i) => answers[i] == Answer.Unreached).Select(trustee => trustee.Name)]);
    }

    private async Task<GrantId> OnlyOneAsync(CancellationToken cancel)
    {
        var open = (await new AccessRequests(account).OutgoingAsync(cancel)).Where(request => request is { Grant: not null, IsClaimed: false }).Select(request => request.Grant!.Value).ToArray();
        return open.Length switch
        {
            0 => throw new CannotException("No request of yours was approved that is not claimed already. `salus requests` lists them.", Reasons.NothingToClaim),
            1 => open[0],
            _ => throw new CannotException($"{open.Length} of your requests were approved: name the grant ({string.Join(", ", open)}).", Reasons.SeveralToClaim),
        };
    }

    private async Task<Answer> TryClaimAsync(TrusteeApi trustee, GrantTerms terms, ReleaseCode.Secrets secrets, CancellationToken cancel)
    {
        using var secret = secrets.At(trustee.Key);
        var claim = ReleaseClaim.Create(account.Keys.Identity, trustee.Key, terms.Owner.Account, terms.Id, secret.Bytes, account.Now);
        try
        {
            await trustee.ClaimAsync(claim, cancel);
            return Answer.Released;
        }
        catch (UnreachableException)
        {
            return Answer.Unreached;
        }
        catch (RefusedException refused) when (refused.Code == Problems.CodeRefused)
        {
            return Answer.Refused;
        }
        catch (Exception failure) when (failure is RefusedException or AlarmException)
        {
            _complaints.Enqueue($"{trustee.Name}: {failure.Message}");
            return Answer.Unreached;
        }
    }

    private enum Answer
    {
        Released,
        Refused,
        Unreached,
    }
}
