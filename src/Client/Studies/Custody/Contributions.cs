using Salus.Client.Accounts;
using Salus.Client.Transport;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies.Custody;

/// <summary>Who is in the table: the contribution, under which pseudonym, with which values.</summary>
internal sealed record Participant(ContributionHeader Header, string Pseudonym, IReadOnlyDictionary<string, string> Row);

/// <summary>Reads the contributions of a study as its custodian, who believes the cloud nothing: every head, receipt, withdrawal and copy is checked.</summary>
internal sealed class Contributions(Account account, Study study)
{
    private StudyApi Cloud => account.Cloud.Studies;

    /// <summary>Withdrawals that a trustee has and the cloud, asked afterwards, did not show.</summary>
    public int Hidden { get; private set; }

    /// <summary>Everybody whose contribution holds, by pseudonym; their copies are opened one after another and only the rows are kept.</summary>
    /// <param name="gone">Withdrawn, as trustees have it.</param>
    public async Task<(IReadOnlyList<Participant> Participants, ContributionTally Tally)> ReadAsync(IReadOnlySet<ContributionId> gone, CancellationToken cancel)
    {
        var participants = new SortedDictionary<string, Participant>(StringComparer.Ordinal);
        var (seen, withdrawn, hidden) = (new HashSet<ContributionId>(), new HashSet<ContributionId>(), new HashSet<ContributionId>());
        int listed = 0, withoutCopy = 0, refused = 0, unreadable = 0;
        string? after = null;
        do
        {
            var page = await Cloud.ContributionsAsync(study.Id, after, cancel);
            if (page.Next is not null && string.CompareOrdinal(page.Next, after) <= 0)
                throw new AlarmException(AlarmKind.Integrity, "The cloud's list of contributions does not come to an end.");
            after = page.Next;
            foreach (var view in page.Contributions)
            {
                listed++;
                if (view.Withdrawal is { Length: > 0 } signed)
                {
                    // It counts wherever it stands: the head may have been listed before it.
                    if (!ContributionWithdrawal.TryVerify(signed, out var withdrawal) || withdrawal.Study != study.Id || !withdrawn.Add(withdrawal.Id))
                        refused++;
                    else if (!seen.Add(withdrawal.Id) && participants.Values.FirstOrDefault(participant => participant.Header.Id == withdrawal.Id) is { } before)
                        participants.Remove(before.Pseudonym);
                }
                else if (!ContributionHeader.TryVerify(view.Header, out var header) || !ContributionReceipt.Suffice(study, header, view.Receipts) || !seen.Add(header.Id))
                    refused++;
                else if (gone.Contains(header.Id))
                    hidden.Add(header.Id);
                else if (header.CopySize == 0)
                    withoutCopy++;
                else if (await CopyAsync(header, cancel) is not { } copy)
                    withdrawn.Add(header.Id);
                else if (!header.Fits(copy))
                    refused++;
                else if (Open(header, copy) is not { } opened || !participants.TryAdd(opened.Pseudonym, new Participant(header, opened.Pseudonym, Declared(opened.Row))))
                    unreadable++;
            }
        }
        while (after is not null);
        // Withdrawn while the list was read is not hidden.
        hidden.ExceptWith(withdrawn);
        Hidden = hidden.Count;
        return ([.. participants.Values], new ContributionTally(listed, withdrawn.Count + hidden.Count, withoutCopy, refused, unreadable, participants.Count));
    }

    /// <summary>A participant's copy once more, whole; null when it was withdrawn meanwhile.</summary>
    public async Task<ContributionCopy?> CopyAsync(Participant participant, CancellationToken cancel)
    {
        if (await CopyAsync(participant.Header, cancel) is not { } copy)
            return null;
        return participant.Header.Fits(copy) && Open(participant.Header, copy) is { } opened
            ? opened
            : throw new AlarmException(AlarmKind.Integrity, "The cloud handed out another copy of a contribution than before.");
    }

    /// <summary>The sealed copy; null when it was withdrawn since it was listed.</summary>
    private async Task<byte[]?> CopyAsync(ContributionHeader header, CancellationToken cancel)
    {
        try
        {
            return await Cloud.CopyAsync(header, cancel);
        }
        catch (RefusedException refused) when (refused.Code is Problems.Withdrawn or Problems.NotFound)
        {
            return null;
        }
    }

    private ContributionCopy? Open(ContributionHeader header, byte[] copy) =>
        SealedCopy.TryUnseal(account.Keys.Box, study.Id, header.Id, copy, out var content) && ContributionCopy.TryRead(content, out var opened) ? opened : null;

    /// <summary>What the study did not ask for is not looked at.</summary>
    private Dictionary<string, string> Declared(IReadOnlyDictionary<string, string> row) =>
        study.Terms.QuasiIdentifiers.Select(quasi => quasi.Column).Append(study.Terms.Sensitive).Where(column => column.Length > 0)
            .ToDictionary(column => column, column => row.GetValueOrDefault(column, ""), StringComparer.Ordinal);
}
