using System.Globalization;
using Salus.Client.Requests;
using Salus.Client.Sharing;
using Salus.Protocol.Http;

namespace Salus.Cli.Verbs;

/// <summary>`requests`: who asks for access, as whom, why and for what; and what became of one's own requests.</summary>
internal sealed class RequestsVerb() : Verb("requests", "who asks you for access, and whom you have asked")
{
    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var (incoming, outgoing) = await new AccessRequests(account).ListAsync(call.Cancel);
        if (incoming.Count + outgoing.Count == 0)
            call.Terminal.Print("Nobody has asked you for access, and you have asked nobody.");
        foreach (var request in incoming)
            Show(call, request);
        foreach (var request in outgoing)
            call.Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"{request.Id}  {State(request.State),-8}  you asked on {request.CreatedAt:yyyy-MM-dd HH:mm}Z{Next(request)}"));
        call.Terminal.Answer(new RequestsDocument([.. incoming.Select(IncomingDocument.Of)], [.. outgoing.Select(request =>
            new OutgoingDocument(request.Id, request.State, request.CreatedAt, request.Expires, request.Grant?.ToString(), request.IsClaimed))]), CliJson.Default.RequestsDocument);
        return ExitCode.Done;
    }

    private static void Show(Call call, IncomingAccess request)
    {
        if (request is not { From: { } from, Request: { } asked })
        {
            var when = string.Create(CultureInfo.InvariantCulture, $"{request.Id}  {State(request.State),-8}  made on {request.CreatedAt:yyyy-MM-dd HH:mm}Z");
            call.Terminal.Print(request.State is RequestStates.Denied or RequestStates.Expired ? when : $"{when}, cannot be opened: {request.Unopened}");
            if (request.State == RequestStates.Pending)
                call.Terminal.Print($"    `salus deny {request.Id}` refuses it");
            return;
        }
        var role = $"{asked.Role.ToString().ToLowerInvariant()}, {RoleDefaults.Words(RoleDefaults.Purpose(asked.Role))}";
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
            $"{request.Id}  {State(request.State),-8}  {from.Title} asks as {role}, on {asked.At:yyyy-MM-dd HH:mm}Z"));
        call.Terminal.Print($"    keywords: {string.Join(", ", asked.Keywords)}");
        call.Terminal.Print($"    reason: {asked.Reason.ReplaceLineEndings(" ")}");
        call.Terminal.Print($"    fingerprint: {from.Card.Fingerprint}{(from.Verified ? " (you have compared it)" : "")}");
        if (request.State == RequestStates.Pending)
            call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
                $"    open until {request.Expires:yyyy-MM-dd}: `salus approve {request.Id}` or `salus deny {request.Id}`"));
    }

    private static string Next(OutgoingAccess request) => request switch
    {
        { Grant: { } grant, IsClaimed: false } => $": `salus claim {grant}` with the code from your mail",
        { Grant: { } grant } => $": grant {grant}, claimed",
        { State: RequestStates.Pending } => string.Create(CultureInfo.InvariantCulture, $", open until {request.Expires:yyyy-MM-dd}"),
        _ => "",
    };

    // The cloud's word: shown, and nothing hangs on it.
    private static string State(string state) => state.Length <= 8 ? state : state[..8];
}
