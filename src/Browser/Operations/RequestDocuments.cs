using System.Text.Json.Serialization;
using Salus.Client.Requests;

namespace Salus.Browser.Operations;

// What the operations of requests by telephone number take and answer, as web/src/core/api.ts says it.

internal sealed record PhoneArguments(string Phone);

internal sealed record AskArguments(string Phone, IReadOnlyList<string> Keywords, string Reason, string Role);

internal sealed record AnswerArguments(string Request, IReadOnlyList<string>? Partitions = null, DateTimeOffset? Until = null);

internal sealed record RequestArguments(string Request);

internal sealed record ClaimArguments(string Code, string? Grant = null);

internal sealed record FindableDocument(string? Phone, int Records, IReadOnlyList<string> Keywords)
{
    public static FindableDocument Of(Findable? found) => new(found?.Number, found?.Records ?? 0, found?.Keywords ?? []);
}

internal sealed record AskedDocument(string Request, int Found, DateTimeOffset Expires);

internal sealed record IncomingDocument(string Request, string State, DateTimeOffset CreatedAt, DateTimeOffset Expires, string? Account, string? From, string? Fingerprint,
    bool Verified, string? Role, string? Reason, IReadOnlyList<string> Keywords, string? Unopened)
{
    public static IncomingDocument Of(IncomingAccess r) => new(r.Id, r.State, r.CreatedAt, r.Expires, r.From?.Card.Account.ToString(), r.From?.Title, r.From?.Card.Fingerprint,
        r.From?.Verified ?? false, r.Request is { } asked ? Words.Of(asked.Role) : null, r.Request?.Reason, r.Request?.Keywords ?? [], r.Unopened);
}

internal sealed record OutgoingDocument(string Request, string State, DateTimeOffset CreatedAt, DateTimeOffset Expires, string? Grant, bool Claimed)
{
    public static OutgoingDocument Of(OutgoingAccess r) => new(r.Id, r.State, r.CreatedAt, r.Expires, r.Grant?.ToString(), r.IsClaimed);
}

internal sealed record RequestsDocument(IReadOnlyList<IncomingDocument> Incoming, IReadOnlyList<OutgoingDocument> Outgoing);

internal sealed record ClaimDocument(string Grant, string Owner, string Account, IReadOnlyList<string> Partitions, int Released, IReadOnlyList<string> Pending);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(PhoneArguments))]
[JsonSerializable(typeof(AskArguments))]
[JsonSerializable(typeof(AnswerArguments))]
[JsonSerializable(typeof(RequestArguments))]
[JsonSerializable(typeof(ClaimArguments))]
[JsonSerializable(typeof(FindableDocument))]
[JsonSerializable(typeof(AskedDocument))]
[JsonSerializable(typeof(RequestsDocument))]
[JsonSerializable(typeof(ClaimDocument))]
internal sealed partial class RequestJson : JsonSerializerContext;
