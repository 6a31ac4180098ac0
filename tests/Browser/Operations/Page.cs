using System.Collections.Concurrent;
using System.Text.Json;
using Salus.Browser.Operations;
using Salus.Client.Profiles;
using Salus.Crypto;
using Salus.EndToEnd.Tests;
using Salus.Protocol.Http;

namespace Salus.Browser.Tests.Operations;

/// <summary>An operation did not succeed: the error as the page sees it.</summary>
internal sealed class PageFailure(string kind, string code, string message, string? party) : Exception($"{kind} {code}: {message} ({party})")
{
    public string Kind => kind;

    public string Code => code;

    public string? Party => party;

    public string Said => message;
}

/// <summary>Somebody at the page, without a browser: calls operations with JSON and gets JSON, as the worker does.</summary>
internal sealed class Page : IDisposable
{
    private readonly SalusInstallation _salus;
    private readonly OneThread _worker = new();
    private int _calls;

    public Page(SalusInstallation salus, string name)
    {
        _salus = salus;
        Name = salus.NewName(name);
        Folder = salus.In("pages", Name);
        Core = Open();
    }

    public string Name { get; }

    public string Mail => $"{Name}@example.org";

    public string Passphrase => $"passphrase of {Name}";

    public string Folder { get; }

    public Profile Profile => new(Folder);

    public Core Core { get; private set; }

    /// <summary>What operations have reported, by call.</summary>
    public ConcurrentQueue<JsonElement> Reports { get; } = [];

    /// <summary>The fragments that were reported as landed.</summary>
    public IEnumerable<int> Landed =>
        Reports.Where(report => report.TryGetProperty("landed", out _)).Select(report => report.GetProperty("landed").GetProperty("index").GetInt32()).Order();

    /// <summary>Runs at every report.</summary>
    public Action<JsonElement> OnReport { get; set; } = _ => { };

    /// <summary>The file that the last operation handed over.</summary>
    public byte[]? Blob { get; private set; }

    /// <summary>Whether the last operation has succeeded in spite of an alarm.</summary>
    public bool WasAlarmed { get; private set; }

    public static async Task<Page> RegisterAsync(SalusInstallation salus, string name, string? organisation = null)
    {
        var page = new Page(salus, name);
        await page.StartAsync();
        await page.EnrolAsync(organisation);
        return page;
    }

    public Task<JsonElement> StartAsync() => CallAsync("start", new { cloud = _salus.Parties.Cloud.Url });

    public async Task<JsonElement> EnrolAsync(string? organisation = null)
    {
        var pending = await AskAsync("register.start");
        return await CallAsync("register.complete",
            new { pending, code = await _salus.TakeCodeAsync(Mail), organisation, passphrase = Passphrase, device = "a test" });
    }

    /// <summary>Asks for a code as often as the cloud allows it to one address.</summary>
    public async Task<JsonElement> AskAsync(string operation)
    {
        for (; ; )
            try
            {
                return await CallAsync(operation, new { mail = Mail });
            }
            catch (PageFailure refused) when (refused.Code == Problems.TooMany)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
    }

    public Task<JsonElement> UnlockAsync() => CallAsync("unlock", new { passphrase = Passphrase });

    /// <summary>The worker ends, and another starts on the same profile.</summary>
    public async Task RestartAsync()
    {
        await Core.SettleAsync();
        Core.Dispose();
        Core = Open();
    }

    /// <summary>Goes on with other addresses for the servers.</summary>
    public async Task ThroughAsync(PartyDirectory parties)
    {
        await RestartAsync();
        Profile.Save(Profile.Load() with { Parties = parties });
        await UnlockAsync();
    }

    public Task<JsonElement> CallAsync(string operation, object? arguments = null, CancellationToken cancel = default) =>
        SendAsync(operation, JsonSerializer.Serialize(arguments ?? new { }, JsonSerializerOptions.Web), cancel);

    public async Task<JsonElement> SendAsync(string operation, string arguments, CancellationToken cancel = default, params byte[][] secrets)
    {
        var outgoing = Path.Combine(Folder, "..", $"{Name}-out", $"{Interlocked.Increment(ref _calls)}");
        var answer = await _worker.RunAsync(() => Core.InvokeAsync(operation, arguments, new Call
        {
            Outgoing = outgoing,
            Cancel = cancel,
            Report = json =>
            {
                var report = JsonDocument.Parse(json).RootElement;
                Reports.Enqueue(report);
                OnReport(report);
            },
            TakeSecret = index => index >= 0 && index < secrets.Length ? Secret.CopyOf(secrets[index]) : null,
        }));
        var root = JsonDocument.Parse(answer).RootElement;
        if (root.TryGetProperty("error", out var error))
        {
            Assert.False(Directory.Exists(outgoing) && Directory.EnumerateFileSystemEntries(outgoing).Any(), "What failed has handed a file over.");
            throw new PageFailure(Text(error, "kind")!, Text(error, "code")!, Text(error, "message")!, Text(error, "party"));
        }
        Blob = Directory.Exists(outgoing) ? await System.IO.File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(outgoing)), CancellationToken.None) : null;
        WasAlarmed = root.TryGetProperty("alarmed", out _);
        return root.GetProperty("ok");
    }

    public async Task<PageFailure> FailsAsync(string operation, object? arguments = null, CancellationToken cancel = default) =>
        await Assert.ThrowsAsync<PageFailure>(() => CallAsync(operation, arguments, cancel));

    /// <summary>A file as the page hands it over.</summary>
    public string File(string name, byte[] bytes)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, "..", $"{Name}-in")).FullName, name);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    public static string? Text(JsonElement element, string property) => element.GetProperty(property).GetString();

    public void Dispose()
    {
        Core.Dispose();
        _worker.Dispose();
    }

    private Core Open() => new(Folder, TimeProvider.System);
}
