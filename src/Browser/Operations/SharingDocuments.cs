using System.Text.Json.Serialization;
using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Requests;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Browser.Operations;

// What the operations of people, grants and requests take and answer, as web/src/core/api.ts says it.

internal sealed record FingerprintArguments(string Mail, string Fingerprint);

internal sealed record ShareArguments(string To, string Role, IReadOnlyList<string>? Partitions = null, DateTimeOffset? From = null, DateTimeOffset? Until = null,
    string? Purpose = null, bool? OnlyNew = null);

internal sealed record DepositArguments(string To, IReadOnlyList<string>? Partitions = null, DateTimeOffset? From = null, DateTimeOffset? Until = null);

internal sealed record ProposalArguments(int Proposal);

internal sealed record GrantArguments(string Grant);

internal sealed record ContactDocument(string Mail, string Account, string? Organisation, string Fingerprint, bool Verified)
{
    public static ContactDocument Of(Contact c) => new(c.Mail, c.Card.Account.ToString(), c.Card.Organisation, c.Card.Fingerprint, c.Verified);
}

internal sealed record ProposalDocument(int Proposal, ContactDocument To, string? Role, string? Purpose, IReadOnlyList<string> Partitions, DateTimeOffset From, DateTimeOffset? Until,
    bool OnlyNew, DateTimeOffset? AskedAt)
{
    public static ProposalDocument Of(int number, ShareProposal p, DateTimeOffset? askedAt = null) => new(number, ContactDocument.Of(p.To), Words.Of(p.Role), Words.Of(p.Purpose),
        [.. p.Partitions.Select(partition => partition.Name)], p.From, Words.End(p.Until), p.History == History.FromNow, askedAt);

    public static ProposalDocument Of(int number, DepositProposal p) =>
        new(number, ContactDocument.Of(p.To), null, null, [.. p.Partitions.Select(partition => partition.Name)], p.From, Words.End(p.Until), false, null);
}

internal sealed record GrantedDocument(string Grant, IReadOnlyCollection<string> Complaints);

internal sealed record GrantDocument(string Grant, string To, string Role, string Purpose, IReadOnlyList<string> Partitions, DateTimeOffset From, DateTimeOffset? Until, string State,
    int Receipts)
{
    public static GrantDocument Of(GrantSummary g) =>
        new(g.Id.ToString(), g.To, Words.Of(g.Role), Words.Of(g.Purpose), g.Partitions, g.From, Words.End(g.Until), Words.State(g.State), g.Receipts);
}

internal sealed record DepositDocument(string Grant, string To, IReadOnlyList<string> Partitions, DateTimeOffset From, DateTimeOffset? Until, string State)
{
    public static DepositDocument Of(DepositSummary d) => new(d.Id.ToString(), d.To, d.Partitions, d.From, Words.End(d.Until), Words.State(d.State));
}

internal sealed record GrantsDocument(IReadOnlyList<GrantDocument> Grants, IReadOnlyList<DepositDocument> Deposits, IReadOnlyCollection<string> Complaints);

internal sealed record RevokedDocument(string Grant, int Receipts, IReadOnlyList<string> Pending, IReadOnlyList<string> Partitions, int Rekeyed);

internal sealed record ReceivedGrantDocument(string Grant, string Owner, string Account, string? CallsThemselves, string Role, string Purpose, IReadOnlyList<string> Partitions,
    DateTimeOffset From, DateTimeOffset? Until, string State)
{
    public static ReceivedGrantDocument Of(ReceivedGrant g, DateTimeOffset now, bool isLocked) => new(g.Grant.Terms.Id.ToString(), g.OwnerName, g.Owner.Account.ToString(),
        g.CallsThemselves, Words.Of(g.Grant.Terms.Role), Words.Of(g.Grant.Terms.Purpose), [.. g.Partitions.Values], g.Grant.Terms.From, Words.End(g.Grant.Terms.Until),
        Words.State(g.State(now), isLocked));
}

internal sealed record ReceivedDepositDocument(string Grant, string Owner, string Account, string? CallsThemselves, IReadOnlyList<string> Partitions, DateTimeOffset From,
    DateTimeOffset? Until, string State)
{
    public static ReceivedDepositDocument Of(ReceivedDeposit d) =>
        new(d.Grant.Terms.Id.ToString(), d.OwnerName, d.Owner.Account.ToString(), d.CallsThemselves, [.. d.Partitions.Values], d.Grant.Terms.From, Words.End(d.Grant.Terms.Until),
            Words.State(d.State));
}

internal sealed record SharedDocument(IReadOnlyList<RecordDocument> Records, IReadOnlyCollection<string> Complaints, IReadOnlyList<ReceivedGrantDocument> Grants,
    IReadOnlyList<ReceivedDepositDocument> Deposits);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(MailArguments))]
[JsonSerializable(typeof(FingerprintArguments))]
[JsonSerializable(typeof(ShareArguments))]
[JsonSerializable(typeof(DepositArguments))]
[JsonSerializable(typeof(ProposalArguments))]
[JsonSerializable(typeof(GrantArguments))]
[JsonSerializable(typeof(ContactDocument))]
[JsonSerializable(typeof(IReadOnlyList<ContactDocument>))]
[JsonSerializable(typeof(ProposalDocument))]
[JsonSerializable(typeof(GrantedDocument))]
[JsonSerializable(typeof(GrantsDocument))]
[JsonSerializable(typeof(RevokedDocument))]
[JsonSerializable(typeof(SharedDocument))]
internal sealed partial class SharingJson : JsonSerializerContext;
