using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Transport;

/// <summary>The cloud's routes of the directory and of requests for access.</summary>
internal sealed class RequestApi(Channel channel)
{
    /// <summary>Puts an entry in the place of the account's own, if it has one.</summary>
    public Task PutDirectoryAsync(DirectoryEntry entry, CancellationToken cancel) =>
        channel.SendAsync(HttpMethod.Put, Paths.Directory, Channel.Json(entry, WireJson.Default.DirectoryEntry), cancel);

    /// <summary>The account's own entry, or null.</summary>
    public async Task<DirectoryView?> DirectoryAsync(CancellationToken cancel)
    {
        try
        {
            return await channel.SendAsync(HttpMethod.Get, Paths.Directory, null, WireJson.Default.DirectoryView, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            return null;
        }
    }

    public Task RemoveDirectoryAsync(CancellationToken cancel) => channel.SendAsync(HttpMethod.Delete, Paths.Directory, null, cancel);

    public Task<AskedForAccess> AskAsync(AskForAccess request, CancellationToken cancel) =>
        channel.SendAsync(HttpMethod.Post, Paths.Requests, Channel.Json(request, WireJson.Default.AskForAccess), WireJson.Default.AskedForAccess, cancel);

    public Task<RequestList> ListAsync(CancellationToken cancel) => channel.SendAsync(HttpMethod.Get, Paths.Requests, null, WireJson.Default.RequestList, cancel);

    /// <summary>Answers a request by a grant that the cloud has already; the code goes to the asker by mail. The same again sends the letter again.</summary>
    public Task ApproveAsync(string request, GrantId grant, string code, CancellationToken cancel) => channel.SendAsync(HttpMethod.Post, Path(Paths.RequestApproval, request),
        Channel.Json(new ApproveRequest(grant.ToString(), code), WireJson.Default.ApproveRequest), cancel);

    public Task DenyAsync(string request, CancellationToken cancel) => channel.SendAsync(HttpMethod.Post, Path(Paths.RequestDenial, request), null, cancel);

    private static string Path(string template, string id) => template.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal);
}
