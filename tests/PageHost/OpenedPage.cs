using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Salus.Hosting.Pages;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.PageHost.Tests;

/// <summary>The page's server with a small page, and a client that follows nothing and keeps no cookies.</summary>
public sealed class OpenedPage : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private WebApplication? _app;

    internal SignedPage Page { get; } = new();

    internal HttpClient Client { get; private set; } = null!;

    internal Uri Root { get; private set; } = null!;

    /// <summary>The address that lets a browser in.</summary>
    internal Uri Address { get; private set; } = null!;

    /// <summary>What a browser sends back once it was let in.</summary>
    internal string Cookie { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _app = await PageServer.Create().StartAsync(new PageHostOptions
        {
            Url = new Uri("http://127.0.0.1:0"),
            Data = _data.Path,
            Page = new PageOptions { Folder = Page.Folder, Key = Page.Key },
            Cloud = new CloudAddress(new Uri("https://salus.example.org"), null),
            Parties = [new Uri("https://salus.example.org"), new Uri("https://trustee.example.org:7101/")],
        });
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
        Root = new Uri(_app.Urls.Single());
        Address = new Uri(_app.Services.GetRequiredService<Launch>().Address(Root));
        using var answer = await Client.GetAsync(Address);
        Cookie = answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _data.Dispose();
        Page.Dispose();
    }

    /// <summary>A request of the browser that was let in.</summary>
    internal Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, [("Cookie", Cookie), .. headers]);

    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Root, path)) { Version = HttpVersion.Version11 };
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await Client.SendAsync(request);
    }
}

internal static class Answers
{
    public static string? Header(this HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;
}
