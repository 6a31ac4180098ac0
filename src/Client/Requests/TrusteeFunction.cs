using System.Collections.Concurrent;
using System.Security.Cryptography;
using Salus.Client.Accounts;
using Salus.Client.Transport;
using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Requests;

/// <summary>What the trustees evaluate their function for. Each has a key of its own.</summary>
internal enum FunctionPurpose
{
    /// <summary>Telephone numbers.</summary>
    Numbers,

    /// <summary>Contents of bodies that are stored once.</summary>
    Contents,
}

/// <summary>
/// The function that two of three trustees evaluate together, and neither sees its input. Their key is pinned when it is first seen, for under another key everything would come
/// out otherwise.
/// </summary>
internal sealed class TrusteeFunction(Account account, FunctionPurpose purpose)
{
    private const int MaxAttempts = 3;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<string> _complaints = [];

    /// <summary>Trustees that answered falsely or not at all, although the others sufficed: to be shown.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>The function of 1 to 65,535 bytes: 64 bytes.</summary>
    public async Task<Secret> EvaluateAsync(Secret of, CancellationToken cancel)
    {
        var key = await KeyAsync(cancel);
        var members = Members();
        var ticket = await account.Cloud.HardeningTicketAsync(cancel);
        using var input = BlindedInput.Blind(of.Bytes);
        var verified = new List<VerifiedEvaluation>();
        Exception? failure = null;
        foreach (var trustee in InRandomOrder())
        {
            try
            {
                var evaluation = await AskAsync(trustee, input.Element, ticket, cancel);
                verified.Add(evaluation.TryVerify(key, members.IndexOf(trustee.Key), input.Element, out var good)
                    ? good
                    : throw new AlarmException(AlarmKind.Integrity, $"{trustee.Name} answers under another key than before, or falsely."));
            }
            catch (Exception error) when (error is UnreachableException or RefusedException or AlarmException)
            {
                // The third may stand in; of what went wrong the alarm is told first.
                failure = failure is AlarmException ? failure : error;
                _complaints.Enqueue($"{trustee.Name}: {error.Message}");
            }
            if (verified.Count == ThresholdKey.Threshold)
                break;
        }
        if (verified.Count < ThresholdKey.Threshold)
            throw failure ?? new InvalidOperationException("There are fewer trustees than a key needs.");
        return input.TryFinish(verified[0], verified[1], out var output)
            ? output
            : throw new AlarmException(AlarmKind.Integrity, "The answers of two trustees do not go together.");
    }

    /// <summary>One that has had too many requests is asked again after a short while: of contents there may be many in a row.</summary>
    private async Task<Evaluation> AskAsync(TrusteeApi trustee, OprfElement element, byte[] ticket, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await trustee.EvaluateAsync(purpose, HardeningRequest.Create(account.Keys.Identity, trustee.Key, account.Now, element, ticket), cancel);
            }
            catch (RefusedException busy) when (busy.Code == Problems.TooMany && busy.RetryAfter <= MaxWait && attempt < MaxAttempts)
            {
                await Task.Delay(busy.RetryAfter.Value, account.Clock, cancel);
            }
    }

    /// <summary>The trustees' key: as pinned, else as all that answer name it, two at least.</summary>
    private async Task<ThresholdKey> KeyAsync(CancellationToken cancel)
    {
        if (Pinned is { } pinned)
            return ThresholdKey.TryParse(Convert.FromHexString(pinned), out var kept)
                ? kept : throw new AlarmException(AlarmKind.Integrity, "The trustees' key that this device has pinned is damaged.");
        var words = await Task.WhenAll(account.Trustees.Select(trustee => TryAskAsync(trustee, cancel)));
        var named = words.OfType<HardeningKey>().ToArray();
        if (named.Length < ThresholdKey.Threshold)
            throw new CannotException("Fewer than two trustees answer and hold a hardening key. Nothing was sent; `salus up` makes the key, `salus status` shows who runs."
                + string.Concat(_complaints.Select(complaint => " " + complaint)), Reasons.TooFewTrustees);
        var key = HardeningRelay.Agreed(named, account.Trustees).Key;
        Pinned = Convert.ToHexStringLower(key.ToBytes());
        await account.State.SaveAsync();
        return key;
    }

    private string? Pinned
    {
        get => purpose is FunctionPurpose.Numbers ? account.State.Content.HardeningKey : account.State.Content.ContentsKey;
        set
        {
            if (purpose is FunctionPurpose.Numbers)
                account.State.Content.HardeningKey = value;
            else
                account.State.Content.ContentsKey = value;
        }
    }

    private async Task<HardeningKey?> TryAskAsync(TrusteeApi trustee, CancellationToken cancel)
    {
        try
        {
            return await trustee.HardeningKeyAsync(purpose, cancel);
        }
        catch (UnreachableException)
        {
            return null;
        }
        catch (RefusedException refused)
        {
            // One that names a false key is another matter: while a key is being pinned, nothing is overlooked.
            _complaints.Enqueue($"{trustee.Name}: {refused.Message}");
            return null;
        }
    }

    private HardeningMembers Members() => HardeningMembers.Of(account.Trustees.Select(trustee => new HardeningMember(trustee.Key, trustee.Box)));

    /// <summary>So that no trustee is asked more than the others.</summary>
    private TrusteeApi[] InRandomOrder()
    {
        var trustees = account.Trustees.ToArray();
        RandomNumberGenerator.Shuffle<TrusteeApi>(trustees);
        return trustees;
    }
}
