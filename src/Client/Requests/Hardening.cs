using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Salus.Client.Accounts;
using Salus.Client.Transport;
using Salus.Crypto.Oprf;
using Salus.Protocol;

namespace Salus.Client.Requests;

/// <summary>
/// Turns a telephone number into what the directory knows it by, with the help of two trustees, neither of whom learns the number. The trustees' key is pinned when it is
/// first seen, for another key would make another entry of the same number.
/// </summary>
internal sealed class Hardening(Account account)
{
    private readonly ConcurrentQueue<string> _complaints = [];

    /// <summary>Trustees that answered falsely or not at all, although the others sufficed: to be shown.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public async Task<HardenedNumber> HardenAsync(PhoneNumber number, CancellationToken cancel)
    {
        var key = await KeyAsync(cancel);
        var members = Members();
        var ticket = await account.Cloud.HardeningTicketAsync(cancel);
        using var input = BlindedInput.Blind(Encoding.ASCII.GetBytes(number.Text));
        var verified = new List<VerifiedEvaluation>();
        Exception? failure = null;
        foreach (var trustee in InRandomOrder())
        {
            try
            {
                var request = HardeningRequest.Create(account.Keys.Identity, trustee.Key, account.Now, input.Element, ticket);
                var evaluation = await trustee.EvaluateAsync(request, cancel);
                verified.Add(evaluation.TryVerify(key, members.IndexOf(trustee.Key), input.Element, out var good)
                    ? good
                    : throw new AlarmException(AlarmKind.Integrity, $"{trustee.Name} answers under another hardening key than before, or falsely."));
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
        if (!input.TryFinish(verified[0], verified[1], out var output))
            throw new AlarmException(AlarmKind.Integrity, "The answers of two trustees do not go together.");
        using (output)
            return HardenedNumber.Of(output);
    }

    /// <summary>The trustees' key: as pinned, else as all that answer name it, two at least.</summary>
    private async Task<ThresholdKey> KeyAsync(CancellationToken cancel)
    {
        if (account.State.Content.HardeningKey is { } pinned)
            return ThresholdKey.TryParse(Convert.FromHexString(pinned), out var kept)
                ? kept : throw new AlarmException(AlarmKind.Integrity, "The hardening key that this device has pinned is damaged.");
        var words = await Task.WhenAll(account.Trustees.Select(trustee => TryAskAsync(trustee, cancel)));
        var named = words.OfType<HardeningKey>().ToArray();
        if (named.Length < ThresholdKey.Threshold)
            throw new CannotException("Fewer than two trustees answer and hold a hardening key. Nothing was sent; `salus up` makes the key, `salus status` shows who runs."
                + string.Concat(_complaints.Select(complaint => " " + complaint)), Reasons.TooFewTrustees);
        var key = HardeningRelay.Agreed(named, account.Trustees).Key;
        account.State.Content.HardeningKey = Convert.ToHexStringLower(key.ToBytes());
        await account.State.SaveAsync();
        return key;
    }

    private async Task<HardeningKey?> TryAskAsync(TrusteeApi trustee, CancellationToken cancel)
    {
        try
        {
            return await trustee.HardeningKeyAsync(cancel);
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
