using Salus.Client.Requests;

namespace Salus.Cli;

// What the verbs of requests by telephone number print with --json (docs/cli.md).

internal sealed record PhoneDocument(string? Phone, int Records, IReadOnlyList<string> Keywords)
{
    public static PhoneDocument Of(Findable? found) => new(found?.Number, found?.Records ?? 0, found?.Keywords ?? []);
}

internal sealed record AskedDocument(string Request, int Found, DateTimeOffset Expires);

internal sealed record IncomingDocument(string Request, string State, DateTimeOffset CreatedAt, DateTimeOffset Expires, string? Account, string? From, string? Fingerprint,
    bool Verified, string? Role, string? Reason, IReadOnlyList<string> Keywords, string? Unopened)
{
    public static IncomingDocument Of(IncomingAccess request) => new(request.Id, request.State, request.CreatedAt, request.Expires, request.From?.Card.Account.ToString(),
        request.From?.Title, request.From?.Card.Fingerprint, request.From?.Verified ?? false, request.Request?.Role.ToString().ToLowerInvariant(), request.Request?.Reason,
        request.Request?.Keywords ?? [], request.Unopened);
}

internal sealed record OutgoingDocument(string Request, string State, DateTimeOffset CreatedAt, DateTimeOffset Expires, string? Grant, bool Claimed);

internal sealed record RequestsDocument(IReadOnlyList<IncomingDocument> Incoming, IReadOnlyList<OutgoingDocument> Outgoing);

internal sealed record ClaimDocument(string Grant, string Owner, string Account, IReadOnlyList<string> Partitions, int Released, IReadOnlyList<string> Pending);
