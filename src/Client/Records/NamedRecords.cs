using Salus.Client.Accounts;
using Salus.Protocol;

namespace Salus.Client.Records;

/// <summary>
/// Finds out what has become of records that a search index names: each is there, signed by its author, or its owner has signed its deletion. For one that is neither, the cloud hides
/// something.
/// </summary>
internal sealed class NamedRecords(Account account)
{
    /// <summary>Identifiers in one request, at most.</summary>
    private const int MaxAtOnce = 256;

    /// <summary>The records of one owner that are there; those that the owner has deleted are missing.</summary>
    /// <param name="withheld">What to do about a record that is neither there nor deleted; by default an alarm.</param>
    public async Task<IReadOnlyDictionary<RecordId, SealedRecord>> FindAsync(AccountId owner, IReadOnlyCollection<RecordId> records, Action<RecordId> withheld,
        CancellationToken cancel)
    {
        var found = new Dictionary<RecordId, SealedRecord>();
        foreach (var chunk in records.Distinct().Chunk(MaxAtOnce))
        {
            var answer = await account.Cloud.LookupRecordsAsync(chunk, cancel);
            var asked = chunk.ToHashSet();
            foreach (var row in answer.Records)
            {
                var record = Catalogue.Verify(row);
                if (record.Header.Context.Owner != owner || !asked.Remove(record.Header.Context.Record))
                    throw new AlarmException(AlarmKind.Integrity, "The cloud answers with other records than were asked for.");
                found[record.Header.Context.Record] = record;
            }
            foreach (var signed in answer.Deletions)
            {
                if (!Deletion.TryVerify(signed, out var deletion) || deletion.Owner.Account != owner || !asked.Remove(deletion.Record))
                    throw new AlarmException(AlarmKind.Integrity, "The cloud shows the deletion of a record that its owner has not signed.");
            }
            foreach (var missing in asked)
                withheld(missing);
        }
        return found;
    }
}
