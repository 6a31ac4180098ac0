using System.Globalization;
using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Client.Records;
using Salus.Client.Sharing;
using Salus.Client.Uploads;
using Salus.Crypto.Dispersal;
using Salus.Health.Cohort;
using Salus.Protocol;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies.Custody;

/// <summary>A study whose contributions were opened and weighed.</summary>
public sealed class WeighedStudy
{
    internal WeighedStudy(Study study, Contact researcher, IReadOnlyList<Participant> participants, CohortRelease? release, ReleaseReport report, AlarmException? alarm) =>
        (Study, Researcher, Participants, Release, Report, Alarm) = (study, researcher, participants, release, report, alarm);

    /// <summary>Whom a release is for, with the fingerprint to compare.</summary>
    public Contact Researcher { get; }

    public string Title => Study.Terms.Title;

    public ReleaseReport Report { get; }

    /// <summary>What the cloud did not show although a trustee has it; it is left out. Null when nothing.</summary>
    public AlarmException? Alarm { get; }

    internal Study Study { get; }

    internal IReadOnlyList<Participant> Participants { get; }

    internal CohortRelease? Release { get; }
}

/// <summary>What was released.</summary>
/// <param name="Folder">Where its files are.</param>
/// <param name="Record">The archive, as the custodian's record.</param>
/// <param name="Partition">The custodian's partition that the researcher reads.</param>
/// <param name="Grant">The grant that lets the researcher read it.</param>
public sealed record ReleasedStudy(ReleaseReport Report, string Folder, StoredRecord Record, string Partition, GrantId Grant);

/// <summary>
/// The custodian of a study, the only one who opens what participants contribute. Nothing of it goes to the researcher but a table that keeps the study's
/// promise, and what belongs to the rows of that table.
/// </summary>
public sealed class Custodian(Account account)
{
    private readonly Granting _granting = new(account);
    private readonly List<string> _complaints = [];

    /// <summary>What single trustees answered wrongly, or not at all, although the others sufficed.</summary>
    public IReadOnlyCollection<string> Complaints => [.. _complaints, .. _granting.Complaints];

    /// <summary>Opens the contributions, checks each, and asks the gate. Writes and shares nothing.</summary>
    public async Task<WeighedStudy> WeighAsync(StudyId id, CancellationToken cancel)
    {
        var known = await StudyAsync(id, cancel);
        var withdrawals = new TrusteeWithdrawals(account, known.Study);
        var gone = await withdrawals.ReadAsync(cancel);
        _complaints.AddRange(withdrawals.Complaints);
        var contributions = new Contributions(account, known.Study);
        var (participants, tally) = await contributions.ReadAsync(gone, cancel);
        var (release, report) = StudyGate.Pass(known.Study, participants, tally, cancel);
        return new WeighedStudy(known.Study, ContactOf(known.Researcher), participants, release, report, contributions.Hidden == 0 ? null : new AlarmException(AlarmKind.Withheld,
            string.Create(CultureInfo.InvariantCulture, $"The cloud shows {contributions.Hidden} contributions as if they stood that were withdrawn, as a trustee has it. They are left out.")));
    }

    /// <summary>
    /// 1 writes the release into a folder that is new or empty, 2 lets the researcher read the partition of this study, 3 puts the archive there. When nothing passed the gate, nothing
    /// is written. A study is released once: every release has the same pseudonyms, and the difference of two would show who came or left, and one person's values on two levels.
    /// </summary>
    public async Task<ReleasedStudy> ReleaseAsync(WeighedStudy weighed, string folder, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        if (weighed.Release is not { } release)
            throw new CannotException($"Refused: {weighed.Report.Refusal} Nothing was written and nothing was shared.");
        var partition = PartitionOf(weighed.Study.Id);
        if ((await new RecordStore(account).ListAsync(cancel)).Any(record => record.Partition == partition))
            throw new CannotException($"Refused: this study was released before (partition {partition}). The difference of two releases would show who came or left between them. Nothing was "
                + "written and nothing was shared.", Reasons.ReleasedBefore);
        // 1
        string archive;
        ReleaseReport report;
        using (var files = new ReleaseFolder(folder, weighed.Study, release))
            try
            {
                (archive, report) = (files.ArchivePath, await WriteAsync(files, weighed, release, cancel));
            }
            catch
            {
                files.Discard();
                throw;
            }
        // 2
        await new PartitionKeys(account).EnsureAsync(partition, cancel);
        var grant = await GrantAsync(weighed, partition, cancel);
        // 3
        var record = await new RecordStore(account).PutAsync(archive, new PutOptions(partition, [], new DispersalChoice()), progress, cancel);
        return new ReleasedStudy(report, Path.GetFullPath(folder), record, partition, grant);
    }

    /// <summary>The custodian's partition for the releases of a study.</summary>
    public static string PartitionOf(StudyId study) => $"study-{study}";

    private async Task<ReleaseReport> WriteAsync(ReleaseFolder files, WeighedStudy weighed, CohortRelease release, CancellationToken cancel)
    {
        files.WriteTable(release, weighed.Participants);
        var contributions = new Contributions(account, weighed.Study);
        for (var row = 0; row < weighed.Participants.Count; row++)
            if (release.Keeps(row))
                files.WriteCopy(release, row, await contributions.CopyAsync(weighed.Participants[row], cancel)
                    ?? throw new CannotException("Somebody withdrew while the release was written, and so it may no longer keep the study's promise. Nothing was shared. Run it again."));
        return files.Finish(weighed.Report);
    }

    private async Task<GrantId> GrantAsync(WeighedStudy weighed, string partition, CancellationToken cancel)
    {
        var head = (await new PartitionKeys(account).AllAsync(cancel)).Single(own => own.Name == partition).Head;
        var standing = (await new OwnGrants(account).AllAsync(cancel)).FirstOrDefault(own => own.IsLive(account.Now) && own.Grant.Terms.Delegatee.Equals(weighed.Researcher.Card.Identity)
            && own.Grant.Entries.Any(entry => entry.Partition == head.Partition && entry.Epoch == head.Epoch));
        if (standing is not null)
            return standing.Grant.Terms.Id;
        var proposal = await _granting.ProposeAsync(weighed.Researcher, GrantRole.Researcher, [partition], null, null, Purpose.Research, History.Whole, cancel);
        return (await _granting.ConfirmAsync(proposal, cancel)).Terms.Id;
    }

    private async Task<KnownStudy> StudyAsync(StudyId id, CancellationToken cancel)
    {
        var study = await new StudyList(account).OneAsync(id, cancel);
        return study.Terms.Custodian.Account == account.Id
            ? study
            : throw new CannotException("This account is not the custodian of that study: its contributions are sealed to somebody else.", Reasons.NotYours);
    }

    private static Contact ContactOf(StudyParty party) => new(party.Mail ?? party.Card.Account.ToString(), party.Card, party.IsVerified);
}
