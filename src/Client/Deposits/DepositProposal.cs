using System.Globalization;
using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Client.Deposits;

/// <summary>A deposit grant before it is made: what the owner is shown and confirms.</summary>
public sealed record DepositProposal(Contact To, IReadOnlyList<Partition> Partitions, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>"City Hospital (records@hospital.example) may add to your medical records until 1 May 2027, and can read nothing."</summary>
    public string Sentence =>
        $"{To.Title} may add to your {ShareProposal.Join([.. Partitions.Select(partition => partition.Name)])} records {End(Until)}, and can read nothing.";

    /// <summary>Days of the local time zone, as they are given; a time of day only when there is one.</summary>
    private static string End(DateTimeOffset until)
    {
        if (until == Limits.NoEnd)
            return "without end";
        var local = until.ToLocalTime();
        return "until " + local.ToString(local.TimeOfDay == TimeSpan.Zero ? "d MMMM yyyy" : "d MMMM yyyy HH:mm", CultureInfo.InvariantCulture);
    }
}
