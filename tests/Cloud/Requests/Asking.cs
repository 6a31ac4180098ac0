using System.Net.Http.Json;
using System.Security.Cryptography;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Requests;

/// <summary>A directory entry as an owner makes it, with random tags in the place of hardened ones, and what others ask of it.</summary>
internal sealed class Asking(Person owner, int keywords = 8)
{
    public byte[] Tag { get; } = RandomNumberGenerator.GetBytes(32);

    public byte[] SealedOwn { get; } = RandomNumberGenerator.GetBytes(100);

    public FindRow[] Find { get; } = [.. Enumerable.Range(0, keywords).Select(_ => new FindRow(RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(80)))];

    public static async Task<Asking> EnterAsync(Person owner)
    {
        var entry = new Asking(owner);
        await entry.PutAsync().ShouldSucceedAsync();
        return entry;
    }

    public Task<HttpResponseMessage> PutAsync(Person? by = null) => (by ?? owner).Http.PutAsJsonAsync(Paths.Directory, new DirectoryEntry(Tag, SealedOwn, Find));

    public Task<HttpResponseMessage> AskAsync(Person by, params int[] keywords) => AskAsync(by, Tag, [.. keywords.Select(i => Find[i].Tag)]);

    public static Task<HttpResponseMessage> AskAsync(Person by, byte[] tag, params byte[][] find) =>
        by.Http.PostAsJsonAsync(Paths.Requests, new AskForAccess(tag, find, RandomNumberGenerator.GetBytes(200)));

    public static Task<RequestList> ListAsync(Person by) => by.Http.GetAsync(Paths.Requests).ReadAsync<RequestList>();

    public static Task<HttpResponseMessage> ApproveAsync(Person by, string id, GrantId grant, string code = "0123456789") =>
        by.Http.PostAsJsonAsync(Paths.RequestApproval.Replace("{id}", id), new ApproveRequest(grant.ToString(), code));

    public static Task<HttpResponseMessage> DenyAsync(Person by, string id) => by.Http.PostAsync(Paths.RequestDenial.Replace("{id}", id), null);
}
