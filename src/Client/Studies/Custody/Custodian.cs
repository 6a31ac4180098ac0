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
    internal WeighedStudy(Study study, Contact researcher, IReadOnlyList<Participant> participants, CohortRelease? release, ReleaseReport report) =>
        (Study, Researcher, Participants, Release, Report) = (study, researcher, participants, release, report);

    /// <summary>Whom a release is for, with the fingerprint to compare.</summary>
    public Contact Researcher { get; }

    public string Title => Study.Terms.Title;

    public ReleaseReport Report { get; }

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

    /// <summary>What single trustees answered wrongly although the others sufficed.</summary>
    public IReadOnlyCollection<string> Complaints => _granting.Complaints;

    /// <summary>Opens the contributions, checks each, and asks the gate. Writes and shares nothing.</summary>
    public async Task<WeighedStudy> WeighAsync(StudyId id, CancellationToken cancel)
    {
        var known = await StudyAsync(id, cancel);
        var (participants, tally) = await new Contributions(account, known.Study).ReadAsync(cancel);
        var (release, report) = StudyGate.Pass(known.Study, participants, tally, cancel);
        return new WeighedStudy(known.Study, ContactOf(known.Researcher), participants, release, report);
    }

    /// <summary>
    /// 1 writes the release into a folder that is new or empty, 2 puts its archive into the partition of this study, 3 lets the researcher read that partition. When nothing passed
    /// the gate, nothing is written.
    /// </summary>
    public async Task<ReleasedStudy> ReleaseAsync(WeighedStudy weighed, string folder, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        if (weighed.Release is not { } release)
            throw new CannotException($"Refused: {weighed.Report.Refusal} Nothing was written and nothing was shared.");
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
        var partition = PartitionOf(weighed.Study.Id);
        await new PartitionKeys(account).EnsureAsync(partition, cancel);
        var record = await new RecordStore(account).PutAsync(archive, new PutOptions(partition, [], new DispersalChoice()), progress, cancel);
        // 3
        var grant = await GrantAsync(weighed, partition, cancel);
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
