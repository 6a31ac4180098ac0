using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Client.Readings;
using Salus.Client.Records;
using Salus.Client.Sharing;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>
/// Who has opened what of the account's, when, under which grant and what for. The trustees' signed journals say where to look; the log, which all trustees have seen, is the evidence.
/// </summary>
public sealed class AccessHistory(Account account)
{
    /// <summary>As the trustees tell it, by statements that the requesters have signed. Nothing is asked of the log.</summary>
    /// <param name="since">Null for all.</param>
    public async Task<AccessReport> ListAsync(DateTimeOffset? since, CancellationToken cancel)
    {
        var journals = new Journals(account);
        var accesses = Group(await journals.ReadAsync(From(since), cancel));
        var grants = await new OwnGrants(account).AllAsync(cancel);
        var names = await NamesAsync(accesses, grants, journals.Complaints, cancel);
        return new AccessReport([.. accesses.Select(names.Event)], null, journals.Alarms, journals.Complaints);
    }

    /// <summary>
    /// The same, proven: 1 the log's head, 2 each access in the log and by the owner's leave, 3 what the owner has done is in the log. What does not hold is among the report's alarms, and what
    /// cannot be looked at among its complaints: a cloud that was caught does not get rid of the alarm by refusing what comes next.
    /// </summary>
    public async Task<AccessReport> VerifyAsync(DateTimeOffset? since, CancellationToken cancel)
    {
        // 1
        var journals = new Journals(account);
        var lines = await journals.ReadAsync(From(since), cancel);
        var head = await account.Log.NewestAsync(cancel);
        // 2
        var grants = await new OwnGrants(account).AllAsync(cancel);
        var proof = new AccessProof(account, grants);
        var accesses = Group(lines);
        var (proven, there) = (0, 0);
        foreach (var access in accesses)
            await TryAsync(async () =>
            {
                await proof.CheckLoggedAsync(access, cancel);
                await proof.CheckGrantedAsync(access, cancel);
                proven++;
            });
        // 3
        var own = new OwnEntries(account);
        var catalogue = new Catalogue(account);
        var names = new AccessNames(account, grants, new Dictionary<string, string>());
        await TryAsync(async () =>
        {
            var records = await catalogue.OwnAsync(cancel);
            names = new AccessNames(account, grants, records.ToDictionary(record => record.Id.ToString(), record => record.Metadata.Name));
            var sealedRecords = records.Select(record => record.Sealed).ToArray();
            Catalogue.Dispose(records);
            there = await own.CheckAsync(grants, sealedRecords, cancel);
        });
        journals.Alarms.AddRange(own.Alarms);
        await TryAsync(() => names.PrepareAsync(accesses, journals.Complaints, cancel));
        journals.Alarms.AddRange(accesses.Where(names.IsDisguised).Select(access => new AlarmException(AlarmKind.Injected,
            $"{names.TitleOf(access)} has stated a search at place {access.Index} of the log, and opened records by it.")));
        var evidence = new LogEvidence(head.Size, Convert.ToHexStringLower(head.Root), [.. head.Cosignatures.Select(one => NameOf(one.Witness))],
            head.Cosignatures.Max(one => one.At), proven, there);
        return new AccessReport([.. accesses.Select(names.Event)], evidence, journals.Alarms, [.. journals.Complaints, .. catalogue.Complaints]);

        async Task TryAsync(Func<Task> step)
        {
            try
            {
                await step();
            }
            catch (AlarmException alarm)
            {
                journals.Alarms.Add(alarm);
            }
            catch (Exception failure) when (failure is RefusedException or UnreachableException or CannotException)
            {
                journals.Complaints.Add($"Not all could be proven: {failure.Message}");
            }
        }
    }

    private async Task<AccessNames> NamesAsync(IReadOnlyList<Access> accesses, IReadOnlyList<OwnGrant> grants, List<string> complaints, CancellationToken cancel)
    {
        var (records, _) = accesses.Any(access => access.Statement.Subject.Kind != AccessKind.Readings) ? await new RecordStore(account).OwnAsync(cancel) : ([], []);
        var names = new AccessNames(account, grants, records.ToDictionary(record => record.Record.ToString(), record => record.Name));
        await names.PrepareAsync(accesses, complaints, cancel);
        return names;
    }

    private string NameOf(NoteKey witness) => account.Content.Parties.Trustees.First(trustee => trustee.Witness == witness.ToString()).Name;

    private static DateTimeOffset From(DateTimeOffset? since) => since ?? DateTimeOffset.UnixEpoch;

    /// <summary>What several trustees say of one statement is one access, at the place that they name; places that differ are told apart.</summary>
    private static IReadOnlyList<Access> Group(IReadOnlyList<JournalledAccess> lines) =>
        [.. lines.GroupBy(line => (Convert.ToHexString(line.Statement.Hash), line.Line.Index)).Select(group => new Access(group.First().Statement, group.Key.Index, [.. group]))
            .OrderBy(access => access.At).ThenBy(access => access.Index)];
}
