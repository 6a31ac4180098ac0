using System.Globalization;
using Salus.Client.Partitions;
using Salus.Protocol;

namespace Salus.Client.Sharing;

/// <summary>A request for access that was answered before: it has one grant, whatever the second answer says.</summary>
internal static class EarlierAnswer
{
    /// <summary>The grant that a request was answered with, when the answer would be the same today.</summary>
    public static async Task<Grant> SameAsync(OwnGrant made, ShareProposal proposal, PartitionKeys own, DateTimeOffset now, CancellationToken cancel)
    {
        var id = made.Grant.Terms.Id;
        if (made.Revocation is not null)
            throw new CannotException($"The grant {id}, which answered the request, was revoked. They have to ask again.", Reasons.RequestOver);
        var terms = made.Grant.Terms;
        var partitions = made.Grant.Entries.Select(entry => entry.Partition).ToHashSet();
        if (!terms.Delegatee.Equals(proposal.To.Card.Identity) || !terms.Receiving.Equals(proposal.To.Card.Receiving) || terms.Role != proposal.Role
            || terms.Until != proposal.Until || !partitions.SetEquals(proposal.Partitions.Select(partition => partition.Id)))
        {
            var names = (await own.AllAsync(cancel)).Where(partition => partitions.Contains(partition.Id)).Select(partition => partition.Name);
            throw new CannotException($"The request was answered already, otherwise: the grant {id} lets account {terms.Delegatee.Account} "
                + $"({terms.Role.ToString().ToLowerInvariant()}) see {ShareProposal.Join([.. names])} {ShareProposal.Dates(terms.From, terms.Until)}. It stands as it is. "
                + $"Approve the same again, or end it with `salus revoke {id}` and have them ask again.", Reasons.AnsweredOtherwise);
        }
        var closes = terms.From + ReleaseCode.Life;
        return now < closes
            ? made.Grant
            : throw new CannotException(string.Create(CultureInfo.InvariantCulture,
                $"The request was answered already, and the code of its grant {id} was good until {closes:yyyy-MM-dd HH:mm}Z: who has shown it reads by it, and nobody else ")
                + $"can any more. If they have not, end it with `salus revoke {id}` and have them ask again.", Reasons.RequestOver);
    }
}
