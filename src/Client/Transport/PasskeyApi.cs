using Salus.Protocol.Http;

namespace Salus.Client.Transport;

/// <summary>The cloud's routes of passkeys.</summary>
internal sealed class PasskeyApi(Channel channel)
{
    public Task<PasskeyChallenge> StartLoginAsync(CancellationToken cancel) =>
        channel.SendAsync(HttpMethod.Post, Paths.PasskeyLogins, null, WireJson.Default.PasskeyChallenge, cancel);

    public Task<SessionStarted> CompleteLoginAsync(string id, CompletePasskeyLogin body, CancellationToken cancel) => channel.SendAsync(HttpMethod.Post,
        Path(Paths.CompletePasskeyLogin, id), Channel.Json(body, WireJson.Default.CompletePasskeyLogin), WireJson.Default.SessionStarted, cancel);

    public Task<PasskeyChallenge> OptionsAsync(CancellationToken cancel) =>
        channel.SendAsync(HttpMethod.Post, Paths.PasskeyOptions, null, WireJson.Default.PasskeyChallenge, cancel);

    public Task<PasskeyView> AddAsync(AddPasskey body, CancellationToken cancel) =>
        channel.SendAsync(HttpMethod.Post, Paths.Passkeys, Channel.Json(body, WireJson.Default.AddPasskey), WireJson.Default.PasskeyView, cancel);

    public Task<PasskeyList> ListAsync(CancellationToken cancel) => channel.SendAsync(HttpMethod.Get, Paths.Passkeys, null, WireJson.Default.PasskeyList, cancel);

    public Task RemoveAsync(string id, RemovePasskey body, CancellationToken cancel) =>
        channel.SendAsync(HttpMethod.Post, Path(Paths.PasskeyRemoval, id), Channel.Json(body, WireJson.Default.RemovePasskey), cancel);

    private static string Path(string template, string id) => template.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal);
}
