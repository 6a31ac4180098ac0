namespace Salus.Cli.Parties;

/// <summary>`status --json` and `up --json`. A pid is null while that party is down.</summary>
/// <param name="Mail">The folder of the mails that the cloud sends, as .eml files.</param>
/// <param name="Page">Where the cloud hosts the page; null when there is none in this package.</param>
/// <param name="Audits">The lists that are audited, and what was found last.</param>
internal sealed record StatusDocument(
    StatusDocument.Server Cloud, IReadOnlyList<StatusDocument.Keeper> Trustees, IReadOnlyList<StatusDocument.Keeper> Stores,
    StatusDocument.Database Postgres, string Mail, string? Page, IReadOnlyList<ScheduledAuditDocument> Audits)
{
    internal sealed record Server(string Url, int? Pid);

    internal sealed record Keeper(string Url, int? Pid, string Data);

    internal sealed record Database(int Port, int? Pid);

    public static StatusDocument Of(DataFolder data, Running running)
    {
        var tls = running.Parties.Any(party => party.Url.Scheme == Uri.UriSchemeHttps);
        return new StatusDocument(
            new Server(Url(PartyPlan.Cloud), Pid(PartyPlan.Cloud)),
            [.. PartyPlan.Trustees.Select(Describe)],
            [.. PartyPlan.Stores.Select(Describe)],
            new Database(running.BasePort + PartyPlan.PostgresOffset, Alive(running.Postgres?.Process)),
            data.Mail,
            running.Page?.GetLeftPart(UriPartial.Path),
            AuditSchedule.Read(data));

        Keeper Describe(PartyPlan plan) => new(Url(plan), Pid(plan), data.Of(plan));
        string Url(PartyPlan plan) => plan.Url(running.BasePort, tls).GetLeftPart(UriPartial.Authority);
        int? Pid(PartyPlan plan) => Alive(running.Parties.FirstOrDefault(party => party.Name == plan.Name)?.Process);
        static int? Alive(ProcessMark? mark) => mark is { IsAlive: true } ? mark.Pid : null;
    }
}
