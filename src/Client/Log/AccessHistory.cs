using System.Globalization;
using Salus.Client.Accounts;
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
        var (findings, journals) = (new Findings(), new Journals(account));
        var accesses = Group(await journals.ReadAsync(since, cancel));
        var grants = await findings.TryAsync(() => new OwnGrants(account).AllAsync(cancel)) ?? [];
        var records = accesses.Any(access => access.Statement.Subject.Kind != AccessKind.Readings)
            ? await findings.TryAsync(() => NamesAsync(findings, cancel)) : null;
        var names = new AccessNames(account, grants, records ?? []);
        await findings.TryAsync(() => names.PrepareAsync(accesses, findings.Complaints, cancel));
        return Report(accesses.Select(names.Event), null, journals, findings);
    }

    private async Task<Dictionary<string, string>> NamesAsync(Findings findings, CancellationToken cancel)
    {
        var catalogue = new Catalogue(account);
        var shown = await catalogue.ShownAsync(cancel);
        if (catalogue.Alarm is { } alarm)
            findings.Alarms.Add(alarm);
        var names = shown.ToDictionary(record => record.Id.ToString(), record => record.Metadata.Name);
        Catalogue.Dispose(shown);
        return names;
    }

    /// <summary>
    /// The same, proven: 1 the log's head, which all trustees follow, 2 each access in the log and by the owner's leave, and those that no trustee names, 3 what the owner has done is in the log. What
    /// does not hold is among the report's alarms, and what cannot be looked at among its complaints.
    /// </summary>
    public async Task<AccessReport> VerifyAsync(DateTimeOffset? since, CancellationToken cancel)
    {
        // 1
        var (findings, journals) = (new Findings(), new Journals(account));
        var accesses = Group(await journals.ReadAsync(since, cancel));
        var last = accesses.Select(access => access.Index).DefaultIfEmpty(-1).Max();
        if (await findings.TryAsync(() => account.Log.NewestAsync(last == long.MaxValue ? last : last + 1, cancel)) is not { } head)
            return journals.Alarms.Count + findings.Alarms.Count > 0 ? Report(accesses.Select(Unnamed().Event), null, journals, findings) : throw findings.Failure!;
        await findings.TryAsync(async () =>
        {
            var witnessed = await new Witnesses(account).AskAsync(LogKind.State, LogEntry.StateTag(account.Keys.StateOpening(1)), cancel);
            findings.Alarms.AddRange(witnessed.Alarms);
            findings.Complaints.AddRange(witnessed.Complaints);
        });
        // 2
        var grants = await findings.TryAsync(() => new OwnGrants(account).AllAsync(cancel));
        var (proven, beforeNotice, proof) = (0, new HashSet<Access>(), new AccessProof(account, grants ?? []));
        foreach (var access in accesses)
            await findings.TryAsync(async () =>
            {
                await proof.CheckLoggedAsync(access, cancel);
                if (grants is null)
                    return;
                if (await proof.CheckGrantedAsync(access, cancel))
                    beforeNotice.Add(access);
                proven++;
            });
        if (grants is not null)
            accesses = [.. accesses.Concat(await UnnamedAsync(accesses, proof, journals, findings, since, cancel)).OrderBy(access => access.At).ThenBy(access => access.Index)];
        // 3
        var (catalogue, own, there) = (new Catalogue(account), new OwnEntries(account), 0);
        var names = Unnamed(grants);
        await findings.TryAsync(async () =>
        {
            var records = await catalogue.ShownAsync(cancel);
            if (catalogue.Alarm is { } alarm)
                findings.Alarms.Add(alarm);
            names = new AccessNames(account, grants ?? [], records.ToDictionary(record => record.Id.ToString(), record => record.Metadata.Name));
            var sealedRecords = records.Select(record => record.Sealed).ToArray();
            Catalogue.Dispose(records);
            if (grants is not null)
                there = await own.CheckAsync(grants, sealedRecords, cancel);
        });
        findings.Alarms.AddRange(own.Alarms);
        findings.Complaints.AddRange(catalogue.Complaints);
        await findings.TryAsync(() => names.PrepareAsync(accesses, findings.Complaints, cancel));
        findings.Alarms.AddRange(accesses.Where(names.IsDisguised).Select(access => new AlarmException(AlarmKind.Injected,
            $"{names.TitleOf(access)} has stated a search at place {access.Index} of the log, and opened records by it.")));
        var evidence = new LogEvidence(head.Size, Convert.ToHexStringLower(head.Root), [.. head.Cosignatures.Select(one => NameOf(one.Witness))],
            head.Cosignatures.Max(one => one.At), proven, there);
        return Report(accesses.Select(access => names.Event(access) with { IsBeforeNotice = beforeNotice.Contains(access) }), evidence, journals, findings);
    }

    /// <summary>
    /// Accesses that the log alone has, by grants of the owner's. While all trustees tell what they have answered, and none lies, they were announced only; while one does not, another may hide them.
    /// </summary>
    private async Task<IReadOnlyList<Access>> UnnamedAsync(
        IReadOnlyList<Access> named, AccessProof proof, Journals journals, Findings findings, DateTimeOffset? since, CancellationToken cancel)
    {
        var search = new UnnamedAccesses(account);
        var found = await findings.TryAsync(() => search.FindAsync(named, proof.IsPermitted, since, cancel)) ?? [];
        findings.Complaints.AddRange(search.Complaints);
        if (journals.Missing is { Count: > 0 } missing)
            findings.Alarms.AddRange(found.Select(access => new AlarmException(AlarmKind.Withheld, string.Create(CultureInfo.InvariantCulture,
                $"The log has an access to your data at place {access.Index}, of {access.At:yyyy-MM-dd HH:mm}Z under the grant {access.Statement.Subject.Grant}, and no trustee that tells names it, ")
                + $"while {string.Join(" and ", missing)} {(missing.Count > 1 ? "do" : "does")} not tell all: it is hidden, unless nobody has answered it.")));
        return found;
    }

    private AccessNames Unnamed(IReadOnlyList<OwnGrant>? grants = null) => new(account, grants ?? [], new Dictionary<string, string>());

    private static AccessReport Report(IEnumerable<AccessEvent> events, LogEvidence? evidence, Journals journals, Findings findings) =>
        new([.. events], evidence, [.. journals.Alarms, .. findings.Alarms], [.. journals.Complaints, .. findings.Complaints]) { IsWhole = findings.Failure is null };

    private string NameOf(NoteKey witness) => account.Content.Parties.Trustees.First(trustee => trustee.Witness == witness.ToString()).Name;

    /// <summary>What several trustees say of one statement is one access, at the place that they name; places that differ are told apart.</summary>
    private static IReadOnlyList<Access> Group(IReadOnlyList<JournalledAccess> lines) =>
        [.. lines.GroupBy(line => (Convert.ToHexString(line.Statement.Hash), line.Line.Index)).Select(group => new Access(group.First().Statement, group.Key.Index, [.. group]))
            .OrderBy(access => access.At).ThenBy(access => access.Index)];
}
