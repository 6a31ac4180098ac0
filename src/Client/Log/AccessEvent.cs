using System.Globalization;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>Something that was opened.</summary>
/// <param name="Name">What the owner calls it; null when it is there no more, or of the search index.</param>
public sealed record AccessedItem(string Id, string? Name);

/// <summary>Somebody's access to the account's data, as the requester has signed it and trustees have answered it.</summary>
/// <param name="At">As the requester has signed it; no trustee answers when its own clock is far from that.</param>
/// <param name="Who">The address or name that this device knows, else the account's number.</param>
/// <param name="Partition">By the owner's name for it; "?" for one that is not known.</param>
/// <param name="Purpose">Of the grant; null when there is no such grant.</param>
/// <param name="Index">Its place in the log.</param>
/// <param name="AnsweredBy">The trustees that say that they have answered; none of an access that the log alone has.</param>
public sealed record AccessEvent(DateTimeOffset At, AccountId Account, string Who, AccessKind Kind, GrantId Grant, string Partition, Purpose? Purpose, IReadOnlyList<AccessedItem> Items,
    long Index, IReadOnlyList<string> AnsweredBy)
{
    private const int MaxNames = 5;

    /// <summary>Whether the owner had revoked the grant, and the trustees that answered had not heard of it yet.</summary>
    public bool IsBeforeNotice { get; init; }

    /// <summary>"2026-03-04 05:06Z: lab@example.org opened 2 records in medical (blood.pdf, scan.dcm) for treatment, under the grant 12…".</summary>
    public string Sentence => string.Create(CultureInfo.InvariantCulture, $"{At:yyyy-MM-dd HH:mm}Z: {Who} {What}{ForWhat}, under the grant {Grant}{Remark}.");

    private string What => Kind switch
    {
        AccessKind.Search => $"{Did("searched", "search")} {Partition}",
        AccessKind.Readings when Items.Count == 0 => $"{Did("looked up", "look up")} what readings there are in {Partition}",
        AccessKind.Readings => $"{Did("read", "read")} readings in {Partition}{Names}",
        _ => $"{Did("opened", "open")} {Items.Count} {(Items.Count == 1 ? "record" : "records")} in {Partition}{Names}",
    };

    private string Remark => AnsweredBy.Count == 0 ? "; no trustee says that it has answered" : IsBeforeNotice ? "; it was revoked, and the trustees did not know yet" : "";

    private string ForWhat => Purpose is { } purpose ? $" for {purpose.ToString().ToLowerInvariant()}" : "";

    private string Did(string done, string announced) => AnsweredBy.Count == 0 ? $"was about to {announced}" : done;

    private string Names
    {
        get
        {
            var named = Items.Take(MaxNames).Select(item => item.Name ?? item.Id);
            return Items.Count == 0 ? "" : $" ({string.Join(", ", named)}{(Items.Count > MaxNames ? $" and {Items.Count - MaxNames} more" : "")})";
        }
    }
}

/// <summary>What was proven of the log.</summary>
/// <param name="Size">Entries of the log at its newest head.</param>
/// <param name="Root">Of its tree, hexadecimal.</param>
/// <param name="CosignedBy">The trustees that have cosigned that head.</param>
/// <param name="CosignedAt">The newest of their cosignatures.</param>
/// <param name="Accesses">Accesses that are in the log as the trustees say.</param>
/// <param name="Own">The account's own epochs, grants, revocations and records that are in the log.</param>
public sealed record LogEvidence(long Size, string Root, IReadOnlyList<string> CosignedBy, DateTimeOffset CosignedAt, int Accesses, int Own);

/// <summary>Who has opened what.</summary>
/// <param name="Events">Oldest first.</param>
/// <param name="Evidence">Null when nothing was to be proven, or could be.</param>
/// <param name="Alarms">What does not hold: each a server that was caught.</param>
/// <param name="Complaints">Trustees that are away, and what is odd without being wrong.</param>
public sealed record AccessReport(IReadOnlyList<AccessEvent> Events, LogEvidence? Evidence, IReadOnlyList<AlarmException> Alarms, IReadOnlyList<string> Complaints)
{
    /// <summary>False when something that was to be looked at could not be, which a complaint says. An absent trustee is no such thing.</summary>
    public bool IsWhole { get; init; } = true;
}
