using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Crypto.Reencryption;
using Salus.Protocol;

namespace Salus.Client.Sharing;

/// <summary>Makes re-encryption keys and splits them for the trustees.</summary>
internal sealed class KeySplitting(Account account)
{
    private (GrantId Grant, ReleaseLock[] Locks)? _locks;

    /// <summary>The re-encryption key of one partition and epoch, split: what the grant says of it, and each trustee's sealed share.</summary>
    public (GrantEntry Entry, UnsentKFrag[] Shares) Make(GrantTerms terms, EpochHeader header)
    {
        if (account.Trustees.Count != Delegation.Shares)
            throw new CannotException($"Sharing needs {Delegation.Shares} trustees; this installation has {account.Trustees.Count}.", Reasons.TooFewTrustees);
        using var delegating = account.Keys.Delegating(header.Partition, header.Epoch);
        if (!delegating.PublicKey.Equals(header.Key))
            throw new AlarmException(AlarmKind.Integrity, "An epoch header carries a key that is not this account's.");
        var policy = terms.Policy(header.Partition, header.Epoch);
        var locks = Locks(terms);
        var shares = Delegation.Split(delegating, terms.Receiving, policy.Common());
        try
        {
            var sealedShares = shares.Select((share, i) => new UnsentKFrag(terms.Id.ToString(), account.Trustees[i].Key.ToString(),
                KFrag.Seal(account.Keys.Identity, policy, header.Key, account.Trustees[i].Key, account.Trustees[i].Box, share, locks?[i]))).ToArray();
            var publicShares = shares.Select((share, i) => new TrusteeShare(account.Trustees[i].Key, share.Public)).ToArray();
            return (new GrantEntry(header.Partition, header.Epoch, header.Key, publicShares), sealedShares);
        }
        finally
        {
            foreach (var share in shares)
                share.Dispose();
        }
    }

    /// <summary>A lock for each trustee, for a grant whose number says that it is locked: the same for every epoch, so that what was released stays released.</summary>
    private ReleaseLock[]? Locks(GrantTerms terms)
    {
        if (!account.Keys.IsLocked(terms.Id))
            return null;
        if (_locks?.Grant != terms.Id)
        {
            using var code = ReleaseCode.Of(account.Keys, terms.Id);
            using var secrets = code.Stretch(terms.Id);
            _locks = (terms.Id, [.. account.Trustees.Select(trustee =>
            {
                using var secret = secrets.At(trustee.Key);
                return ReleaseLock.Of(secret.Bytes, terms.From + ReleaseCode.Life);
            })]);
        }
        return _locks?.Locks;
    }
}
