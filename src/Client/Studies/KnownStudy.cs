using Salus.Client.Accounts;
using Salus.Protocol;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies;

/// <summary>Somebody whom a study names: the card within it, and what this device knows of them.</summary>
/// <param name="Mail">The address under which the card is pinned here, or null.</param>
/// <param name="IsVerified">Whether the user has compared the fingerprint with them.</param>
public sealed record StudyParty(AccountCard Card, string? Mail, bool IsVerified)
{
    /// <summary>"City Hospital", "dr@example.org", else the account's number.</summary>
    public string Title => Card.Organisation ?? Mail ?? $"account {Card.Account}";
}

/// <summary>A study as the cloud lists it, after everything about it was verified. There is no other way to one.</summary>
public sealed class KnownStudy
{
    internal KnownStudy(Study study, IReadOnlyDictionary<VerifyingKey, TokenKey> tokenKeys, StudyEnd? end, StudyParty researcher, StudyParty custodian) =>
        (Study, TokenKeys, End, Researcher, Custodian) = (study, tokenKeys, end, researcher, custodian);

    public StudyId Id => Study.Id;

    public Study Study { get; }

    public StudyTerms Terms => Study.Terms;

    /// <summary>The researcher's word that it ended early.</summary>
    public StudyEnd? End { get; }

    public StudyParty Researcher { get; }

    public StudyParty Custodian { get; }

    /// <summary>When no more contributions come.</summary>
    public DateTimeOffset Ends => End is { } end && end.At < Terms.Ends ? end.At : Terms.Ends;

    internal IReadOnlyDictionary<VerifyingKey, TokenKey> TokenKeys { get; }

    /// <summary>Whether contributions come at <paramref name="now"/>.</summary>
    public bool IsOpen(DateTimeOffset now) => Terms.Opens <= now && now < Ends;

    /// <summary>"soon", "open" or "over", by the account's clock.</summary>
    public string StateFor(Account account) => IsOpen(account.Now) ? "open" : account.Now < Terms.Opens ? "soon" : "over";

    /// <summary>What the account is to the study: "researcher", "custodian", "organisation" or "participant".</summary>
    public string RoleOf(Account account) => account.Id == Terms.Researcher.Account ? "researcher"
        : account.Id == Terms.Custodian.Account ? "custodian"
        : Terms.Organisations.Any(organisation => organisation.Account == account.Id) ? "organisation" : "participant";
}
