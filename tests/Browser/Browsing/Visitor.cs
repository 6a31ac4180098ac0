using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Salus.Browser.Tests.Screens;
using Salus.EndToEnd.Tests;

namespace Salus.Browser.Tests.Browsing;

/// <summary>
/// Somebody with a browser of their own at the page that the cloud hosts. When they leave, nothing may have gone wrong behind the screens: no error on the console, nothing that the
/// policy had to block, and no request to anybody but the installation's servers.
/// </summary>
internal sealed class Visitor : IAsyncDisposable
{
    // A browser says this of every answer that is an error; what the page makes of it is what tests look at.
    private const string AnswerWasAnError = "Failed to load resource";

    /// <summary>A route that leads to no screen.</summary>
    public const string Nowhere = "/nowhere";

    // The title of what is shown there, in every language.
    private const string Between = "There is nothing here|Hier ist nichts";

    private readonly ConcurrentQueue<string> _faults = [];
    private readonly HashSet<string> _servers;

    private Visitor(SalusInstallation salus, IBrowserContext context, IPage page, string mail, string passphrase)
    {
        (Salus, Context, Page, Mail, Passphrase) = (salus, context, page, mail, passphrase);
        var parties = salus.Parties;
        _servers = [.. parties.Trustees.Select(trustee => trustee.Url).Concat(parties.Stores.Select(store => store.Url)).Append(parties.Cloud.Url).Select(url => url.Authority)];
        context.Request += (_, request) => Look(request);
        context.WebError += (_, error) => _faults.Enqueue(error.Error);
        context.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith(AnswerWasAnError, StringComparison.Ordinal))
                _faults.Enqueue(message.Text);
        };
    }

    public SalusInstallation Salus { get; }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    public string Mail { get; }

    public string Passphrase { get; }

    /// <summary>The recovery kit, once it was shown.</summary>
    public string Kit { get; set; } = "";

    /// <summary>Every address that was asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>What went wrong behind the screens.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public Entrance Entrance => new(this);

    public RecordScreens Records => new(this);

    public SharingScreens Sharing => new(this);

    public AlarmScreens Alarms => new(this);

    /// <summary>Opens the page for the first time, as somebody without an account or with one that was made elsewhere.</summary>
    public static async Task<Visitor> ComeAsync(Chromium chromium, SalusInstallation salus, string name, Person? known = null, BrowserNewContextOptions? options = null,
        Func<Visitor, Task>? before = null)
    {
        options ??= new();
        options.Locale ??= "en-US";
        options.ReducedMotion ??= ReducedMotion.Reduce;
        options.AcceptDownloads ??= true;
        options.BaseURL = salus.Parties.Cloud.Url.AbsoluteUri;
        var context = await chromium.NewContextAsync(options);
        context.SetDefaultTimeout(Finding.Patience);
        var mail = known?.Mail ?? $"{salus.NewName(name)}@example.org";
        var visitor = new Visitor(salus, context, await context.NewPageAsync(), mail, known?.Passphrase ?? $"five words of {mail} {Convert.ToHexString(RandomNumberGenerator.GetBytes(4))}");
        if (before is not null)
            await before(visitor);
        await visitor.Page.GotoAsync("/");
        return visitor;
    }

    /// <summary>With a fresh account, made at the page.</summary>
    public static async Task<Visitor> SignUpAsync(Chromium chromium, SalusInstallation salus, string name, BrowserNewContextOptions? options = null, Func<Visitor, Task>? before = null)
    {
        var visitor = await ComeAsync(chromium, salus, name, options: options, before: before);
        await visitor.Entrance.SignUpAsync();
        return visitor;
    }

    /// <summary>With the account of somebody who has made it elsewhere.</summary>
    public static async Task<Visitor> LogInAsync(Chromium chromium, Person person, SalusInstallation salus, BrowserNewContextOptions? options = null, Func<Visitor, Task>? before = null)
    {
        var visitor = await ComeAsync(chromium, salus, person.Name, person, options, before);
        await visitor.Entrance.LogInAsync();
        return visitor;
    }

    /// <summary>Goes to a screen by its route, as a link does: anew, also when it is shown already.</summary>
    public async Task GoAsync(string route)
    {
        await SetRouteAsync(Nowhere);
        var between = Page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex(Between), Level = 1 });
        await between.SeenAsync();
        await SetRouteAsync(route);
        if (route != Nowhere)
            await between.GoneAsync();
        await Page.GetByRole(AriaRole.Main).SeenAsync();
    }

    /// <summary>Takes what was said to have gone wrong, which the test expects.</summary>
    public IReadOnlyList<string> TakeFaults()
    {
        var taken = new List<string>();
        while (_faults.TryDequeue(out var fault))
            taken.Add(fault);
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        if (Environment.GetEnvironmentVariable("SALUS_BROWSER_PICTURES") is { Length: > 0 } folder)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{Mail}.png"), FullPage = true });
        await Context.DisposeAsync();
        Assert.Empty(_faults);
    }

    private async Task SetRouteAsync(string route) => await Page.EvaluateAsync("route => { location.hash = '#' + route }", route);

    private void Look(IRequest request)
    {
        Asked.Enqueue(request.Url);
        var url = new Uri(request.Url);
        if (url.Scheme is not ("blob" or "data") && !_servers.Contains(url.Authority))
            _faults.Enqueue($"Somebody else was asked: {request.Url}");
    }
}
