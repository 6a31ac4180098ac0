using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;
using Salus.Testing;

namespace Salus.Browser.Tests.Integrity;

/// <summary>A page that is not the one that was built, or comes without its rules, does not start: no worker, no question, no request to a server.</summary>
public sealed partial class PageIntegrityTests(SalusInstallation salus, Chromium chromium)
{
    /// <summary>What the page shows until it has checked itself.</summary>
    private const string Checking = "Salus checks its files.";

    private static readonly LocatorAssertionsToBeVisibleOptions Patience = new() { Timeout = 60_000 };

    private Uri Cloud => salus.Parties.Cloud.Url;

    [Fact]
    public async Task ThePageThatWasBuiltStarts()
    {
        await using var visit = await VisitAsync(_ => null);
        await AssertStartedAsync(visit);
        Assert.Empty(visit.Errors);
    }

    [Theory, Attack("W01")]
    [InlineData(@"^/$", "index.html")]
    [InlineData(@"^/viewer\.html$", "viewer.html")]
    [InlineData(@"^/manifest\.signed$", null)]
    [InlineData(@"^/assets/main-[\w-]{8}\.js$", "assets/main-")]
    [InlineData(@"^/assets/AddScreen-[\w-]{8}\.js$", "assets/AddScreen-")]
    [InlineData(@"^/assets/main-[\w-]{8}\.css$", "assets/main-")]
    [InlineData(@"^/assets/worker-[\w-]{8}\.js$", "assets/worker-")]
    [InlineData(@"^/core/.*/dotnet\.js$", "dotnet.js")]
    [InlineData(@"^/core/.*/dotnet\.native\.wasm$", "dotnet.native.wasm")]
    [InlineData(@"^/core/.*/Salus\.Browser\.dll$", "Salus.Browser.dll")]
    [InlineData(@"^/core/.*/System\.Private\.CoreLib\.dll$", "System.Private.CoreLib.dll")]
    [InlineData(@"^/core/.*/boot\.json$", "boot.json")]
    public async Task AChangedByteIsFoundBeforeAnythingRuns(string path, string? named)
    {
        await using var visit = await VisitAsync(asked => Regex.IsMatch(asked, path) ? Changed : null);
        var alarm = visit.Page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alarm).ToBeVisibleAsync(Patience);
        await Assertions.Expect(alarm).ToContainTextAsync("Salus does not start");
        await Assertions.Expect(alarm).ToContainTextAsync(named ?? "was not signed");
        await AssertNothingRanAsync(visit);
    }

    [Fact]
    public async Task TheEntryItselfIsHeldByTheDocument()
    {
        await using var visit = await VisitAsync(asked => Entry().IsMatch(asked) ? Changed : null);
        await PauseAsync();
        await Assertions.Expect(visit.Page.GetByText(Checking)).ToBeVisibleAsync();
        Assert.Contains(visit.Errors, error => error.Contains("integrity", StringComparison.OrdinalIgnoreCase));
        await AssertNothingRanAsync(visit);
    }

    [Theory]
    [InlineData(@"^/viewer\.html$")]
    [InlineData(@"^/core/.*/boot\.json$")]
    [InlineData(@"^/manifest\.signed$")]
    public async Task WhatIsMissingIsSaid(string path)
    {
        await using var visit = await VisitAsync(asked => Regex.IsMatch(asked, path) ? answer => answer.Status = 404 : null);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("could not be loaded", new() { Timeout = 60_000 });
        await AssertNothingRanAsync(visit);
    }

    [Theory, Attack("W03")]
    [InlineData("", "")]
    [InlineData("script-src 'self'", "script-src 'self' 'unsafe-inline'")]
    [InlineData("script-src 'self'", "script-src 'self' https://evil.example")]
    [InlineData("connect-src 'self'", "connect-src * 'self'")]
    [InlineData("; trusted-types salus", "")]
    [InlineData("base-uri 'none'; ", "")]
    public async Task APageWithoutItsRulesDoesNotStart(string before, string after)
    {
        await using var visit = await VisitAsync(asked => asked != "/" ? null : answer =>
            answer.Headers["content-security-policy"] = before.Length == 0 ? "" : answer.Headers["content-security-policy"].Replace(before, after, StringComparison.Ordinal));
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("without the rules", new() { Timeout = 60_000 });
        await AssertNothingRanAsync(visit);
    }

    [Fact]
    public async Task AViewersScriptThatIsAnotherDoesNotRun()
    {
        using var http = new HttpClient();
        var entry = ViewerEntry().Match(await http.GetStringAsync(new Uri(Cloud, "viewer.html"))).Groups[1].Value;
        await using var visit = await VisitAsync(asked => asked == entry ? Changed : null);
        await AssertStartedAsync(visit);
        await visit.Page.EvaluateAsync(
            """
            () => new Promise(loaded => {
              const frame = document.createElement('iframe')
              frame.setAttribute('sandbox', 'allow-scripts')
              frame.src = 'viewer.html'
              frame.onload = loaded
              document.body.append(frame)
            })
            """);
        await PauseAsync();
        Assert.Contains(visit.Errors, error => error.Contains("integrity", StringComparison.OrdinalIgnoreCase));
    }

    [Theory, Attack("W05")]
    [InlineData("""{"cloud": "https://evil.example", "authority": null}""")]
    [InlineData("""{"cloud": "javascript:alert(1)", "authority": "<img src=x onerror=alert(1)>"}""")]
    [InlineData("""{"cloud": {"__proto__": {"polluted": true}}, "__proto__": {"polluted": true}}""")]
    [InlineData("[")]
    public async Task WhateverIsSaidToBeTheCloudNobodyElseIsSpokenWith(string told)
    {
        await using var visit = await VisitAsync(asked => asked == "/cloud.json" ? answer => answer.Body = Encoding.UTF8.GetBytes(told) : null);
        await Assertions.Expect(visit.Page.GetByText(Checking)).ToBeHiddenAsync(new() { Timeout = 60_000 });
        await PauseAsync();
        Assert.All(visit.Asked, url => Assert.Equal("localhost", new Uri(url).Host));
        Assert.False(await visit.Page.EvaluateAsync<bool>("() => 'polluted' in {} || document.querySelector('img[src=x]') !== null"));
    }

    private static void Changed(Answer answer) => answer.Body[answer.Body.Length / 2] ^= 1;

    /// <summary>The first question is asked when the worker has answered.</summary>
    private static async Task AssertStartedAsync(Visit visit)
    {
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Create an account", Exact = true })).ToBeVisibleAsync(Patience);
        Assert.NotEmpty(visit.Page.Workers);
    }

    private static async Task AssertNothingRanAsync(Visit visit)
    {
        Assert.Empty(visit.Page.Workers);
        Assert.DoesNotContain(visit.Asked, url => new Uri(url).AbsolutePath.StartsWith("/v1/", StringComparison.Ordinal));
        Assert.Equal(0, await visit.Page.Locator("input, button").CountAsync());
    }

    /// <summary>Long enough for what must not happen to happen.</summary>
    private static Task PauseAsync() => Task.Delay(TimeSpan.FromSeconds(2));

    /// <summary>Opens the page of a host that changes what it hands out.</summary>
    private async Task<Visit> VisitAsync(Func<string, Action<Answer>?> changes)
    {
        var context = await chromium.NewContextAsync(new() { Locale = "en-US" });
        var visit = new Visit(context, await context.NewPageAsync());
        await context.RouteAsync(url => changes(new Uri(url).AbsolutePath) is not null, async route =>
        {
            var original = await route.FetchAsync();
            var answer = new Answer(original.Status, original.Headers.Where(header => header.Key is not ("content-length" or "content-encoding")).ToDictionary(), await original.BodyAsync());
            changes(new Uri(route.Request.Url).AbsolutePath)!(answer);
            await route.FulfillAsync(new() { Status = answer.Status, Headers = answer.Headers, BodyBytes = answer.Body });
        });
        await visit.Page.GotoAsync(Cloud.AbsoluteUri);
        return visit;
    }

    [GeneratedRegex(@"^/assets/index-[\w-]{8}\.js$")]
    private static partial Regex Entry();

    [GeneratedRegex(@"src=""\.(/assets/[^""]+\.js)""")]
    private static partial Regex ViewerEntry();

    private sealed class Answer(int status, Dictionary<string, string> headers, byte[] body)
    {
        public int Status { get; set; } = status;

        public Dictionary<string, string> Headers { get; } = headers;

        public byte[] Body { get; set; } = body;
    }

    private sealed class Visit : IAsyncDisposable
    {
        public Visit(IBrowserContext context, IPage page)
        {
            (Context, Page) = (context, page);
            context.Request += (_, request) => Asked.Enqueue(request.Url);
            context.Console += (_, message) =>
            {
                if (message.Type == "error")
                    Errors.Enqueue(message.Text);
            };
        }

        public IBrowserContext Context { get; }

        public IPage Page { get; }

        public ConcurrentQueue<string> Asked { get; } = [];

        public ConcurrentQueue<string> Errors { get; } = [];

        public async ValueTask DisposeAsync() => await Context.DisposeAsync();
    }
}
