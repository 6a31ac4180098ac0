using System.Globalization;
using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Protocol;

namespace Salus.Client.Sharing;

/// <summary>Which epochs of a partition a new grant opens.</summary>
public enum History
{
    /// <summary>All that is there, and what comes.</summary>
    Whole,

    /// <summary>Only what is sealed from now on: the partition moves on to a new epoch first.</summary>
    FromNow,
}

/// <summary>A grant before it is made: what the owner is shown and confirms.</summary>
public sealed record ShareProposal(
    Contact To, GrantRole Role, Purpose Purpose, IReadOnlyList<Partition> Partitions, DateTimeOffset From, DateTimeOffset Until, History History)
{
    /// <summary>"lee@example.org (doctor) sees medical and prescription from 2026-11-20 until 2027-05-01, for treatment."</summary>
    public string Sentence => string.Create(CultureInfo.InvariantCulture,
        $"{To.Mail} ({Role.ToString().ToLowerInvariant()}) sees {Join([.. Partitions.Select(p => p.Name)])} {Dates(From, Until)}, {RoleDefaults.Words(Purpose)}"
        + $"{(History == History.FromNow ? ", only what is added from now on" : "")}.");

    internal static string Dates(DateTimeOffset from, DateTimeOffset until) => string.Create(CultureInfo.InvariantCulture,
        $"from {from:yyyy-MM-dd HH:mm}Z {(until == Limits.NoEnd ? "without end" : string.Create(CultureInfo.InvariantCulture, $"until {until:yyyy-MM-dd HH:mm}Z"))}");

    internal static string Join(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "nothing",
        1 => names[0],
        _ => string.Join(", ", names.Take(names.Count - 1)) + " and " + names[^1],
    };
}
