using System.Collections.Concurrent;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Transport;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Sharing;

/// <summary>What became of a share on its way to a trustee.</summary>
internal enum Sent
{
    Kept,

    /// <summary>Not now: it is sent again.</summary>
    Pending,

    /// <summary>The trustee takes no more keys of the grant: its code was not shown in time, or guessed at.</summary>
    Closed,

    /// <summary>Never: the trustee keeps another share, the grant is over, or it was revoked.</summary>
    Refused,
}

/// <summary>
/// What the trustees are told of the owner's grants. Whatever one of them answers, the others are heard: the caller counts, and no single trustee has a veto. Who could not be
/// reached once is not asked again by the same command: the waiting does not add up.
/// </summary>
internal sealed class Delivery(Account account, ConcurrentQueue<string> complaints)
{
    private readonly ConcurrentDictionary<TrusteeApi, bool> _silent = [];

    /// <summary>For each trustee what became of its shares; those after one that was not kept are not sent.</summary>
    public Task<Sent[]> SendAsync(IReadOnlyList<UnsentKFrag> shares, CancellationToken cancel) =>
        Task.WhenAll(account.Trustees.Select(async trustee =>
        {
            foreach (var share in shares.Where(share => share.Trustee == trustee.Key.ToString()))
                if (await SendAsync(trustee, share, cancel) is not Sent.Kept and var failed)
                    return failed;
            return Sent.Kept;
        }));

    public async Task<Sent> SendAsync(TrusteeApi trustee, UnsentKFrag share, CancellationToken cancel)
    {
        if (_silent.ContainsKey(trustee))
            return Sent.Pending;
        try
        {
            await trustee.AddKFragAsync(share.Sealed, cancel);
            return Sent.Kept;
        }
        catch (UnreachableException)
        {
            _silent[trustee] = true;
            return Sent.Pending;
        }
        catch (RefusedException refused) when (refused.Code == Problems.LockClosed)
        {
            return Sent.Closed;
        }
        catch (Exception failure) when (failure is RefusedException or AlarmException)
        {
            complaints.Enqueue($"{trustee.Name} does not take its share of the grant {share.Grant}: {failure.Message}");
            return failure is RefusedException { Code: Problems.Conflict or Problems.BadRequest } ? Sent.Refused : Sent.Pending;
        }
    }

    /// <summary>For each trustee its receipt; null when there is none, and it is to be told again.</summary>
    public Task<RevocationReceipt?[]> RevokeAsync(Revocation notice, CancellationToken cancel) =>
        Task.WhenAll(account.Trustees.Select(trustee => RevokeAsync(trustee, notice, cancel)));

    private async Task<RevocationReceipt?> RevokeAsync(TrusteeApi trustee, Revocation notice, CancellationToken cancel)
    {
        if (_silent.ContainsKey(trustee))
            return null;
        try
        {
            return await trustee.RevokeAsync(notice, cancel);
        }
        catch (UnreachableException)
        {
            _silent[trustee] = true;
            return null;
        }
        catch (Exception failure) when (failure is RefusedException or AlarmException)
        {
            complaints.Enqueue($"{trustee.Name} has not acknowledged that the grant {notice.Grant} is over: {failure.Message}");
            return null;
        }
    }
}
