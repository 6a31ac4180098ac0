using Salus.Client.Accounts;
using Salus.Protocol;

namespace Salus.Client.Records;

/// <summary>
/// Finds out what has become of records that a search index names: each is there, signed by its author, or its owner has signed its deletion. For one that is neither, the cloud hides
/// something; one that is somebody else's, whoever wrote that part of the index has named in the wrong place.
/// </summary>
internal sealed class NamedRecords(Account account)
{
    /// <summary>Identifiers in one request, at most.</summary>
    private const int MaxAtOnce = 256;

    /// <summary>The records of one owner that are there; those that the owner has deleted are missing.</summary>
    /// <param name="wrong">What to do about a record that is neither there nor deleted, or that is another owner's: it is missing as well, unless this throws.</param>
    public async Task<IReadOnlyDictionary<RecordId, SealedRecord>> FindAsync(AccountId owner, IReadOnlyCollection<RecordId> records, Action<RecordId, AlarmException> wrong,
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
                var context = record.Header.Context;
                if (!asked.Remove(context.Record))
                    throw new AlarmException(AlarmKind.Integrity, "The cloud answers with other records than were asked for.");
                if (context.Owner == owner)
                    found[context.Record] = record;
                else
                    wrong(context.Record, Foreign(context.Record));
            }
            foreach (var signed in answer.Deletions)
            {
                // A record that is there as well was deleted between the cloud's two looks.
                if (!Deletion.TryVerify(signed, out var deletion) || !(asked.Remove(deletion.Record) || found.Remove(deletion.Record)))
                    throw new AlarmException(AlarmKind.Integrity, "The cloud shows the deletion of a record that its owner has not signed.");
                if (deletion.Owner.Account != owner)
                    wrong(deletion.Record, Foreign(deletion.Record));
            }
            foreach (var missing in asked)
                wrong(missing, new AlarmException(AlarmKind.Withheld, $"The cloud withholds the record {missing}: the search index names it, and its owner has not deleted it."));
        }
        return found;
    }

    private static AlarmException Foreign(RecordId record) =>
        new(AlarmKind.Integrity, $"The search index names the record {record}, which belongs to another owner.");
}
