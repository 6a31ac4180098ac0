namespace Salus.Client.Studies.Custody;

/// <summary>What the cloud lists of a study, and what became of it here.</summary>
/// <param name="Listed">Contributions, withdrawn ones included.</param>
/// <param name="Withdrawn">Tombstones: the contribution is gone.</param>
/// <param name="WithoutCopy">Rows of statistics only.</param>
/// <param name="Refused">Not signed, not paid for at two trustees, listed twice, or not the copy that its head names: a fault of the cloud or of who contributed.</param>
/// <param name="Unreadable">Paid for, but nothing that a participant's client makes; or a second one under the same pseudonym.</param>
/// <param name="Participants">Those that remain.</param>
public sealed record ContributionTally(int Listed, int Withdrawn, int WithoutCopy, int Refused, int Unreadable, int Participants);
