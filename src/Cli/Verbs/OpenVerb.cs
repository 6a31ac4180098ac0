using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Salus.Cli.Parties;
using Salus.Protocol.Http;

namespace Salus.Cli.Verbs;

/// <summary>`open`: the page from this package, on this machine, in the browser. It runs until Ctrl-C.</summary>
internal sealed class OpenVerb : Verb
{
    // Always the same one: what a browser keeps for a page it keeps by name and port.
    private const int DefaultPort = 7180;

    private const string Program = "Salus.PageHost";
    private const string Opener = "xdg-open";

    private static readonly string[] Displays = ["DISPLAY", "WAYLAND_DISPLAY"];

    private readonly Option<int> _port = new("--port") { Description = "where the page is; a browser's profile belongs to its port", HelpName = "N", DefaultValueFactory = _ => DefaultPort };
    private readonly Option<bool> _noBrowser = new("--no-browser") { Description = "print the address only" };
    private readonly Option<string> _cloud = new("--cloud") { Description = "the cloud's address, when it is neither in the profile nor in the data folder", HelpName = "URL" };

    public OpenVerb() : base("open", "open the page from this package in the browser, the recommended way")
    {
        Add(_port);
        Add(_noBrowser);
        Add(_cloud);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        if (call.Value(_port) is < 1 or > ushort.MaxValue)
            throw new StoppedException($"--port takes a number from 1 to {ushort.MaxValue}.", ExitCode.Usage);
        var parties = await PartiesAsync(call);
        using var server = Commands.StartAttached([Programs.Find(Program), "--config", Configure(call, PagePackage.Get(), parties)]);
        using var stop = call.Cancel.Register(() => server.StandardInput.Close());
        var errors = server.StandardError.ReadToEndAsync(CancellationToken.None);
        // First the address, then that it listens.
        var address = await server.StandardOutput.ReadLineAsync(CancellationToken.None);
        if (address is not null && await server.StandardOutput.ReadLineAsync(CancellationToken.None) is not null)
            Show(call, address, parties);
        await server.WaitForExitAsync(CancellationToken.None);
        if (call.Cancel.IsCancellationRequested)
            return ExitCode.Done;
        throw new StoppedException($"The page's server ended (exit code {server.ExitCode}):{Commands.Tail(await errors)}");
    }

    /// <summary>Those of the profile, which it has pinned; before there is one, those of the installation or of the cloud that was named.</summary>
    private Task<PartyDirectory> PartiesAsync(Call call) => call.Value(_cloud) is null && Unlocked.ProfileOf(call) is { Exists: true } profile
        ? Task.FromResult(profile.Load().Parties)
        : Unlocked.PartiesAsync(call, call.Value(_cloud));

    private string Configure(Call call, PagePackage page, PartyDirectory parties)
    {
        var folder = new DataFolder(call.Data).Page;
        DataFolder.MakePrivate(folder);
        var file = Path.Combine(folder, "config.json");
        var port = call.Value(_port).ToString(CultureInfo.InvariantCulture);
        DataFolder.WritePrivate(file, JsonSerializer.Serialize(
            new PageHostDocument($"http://localhost:{port}", folder, page, new CloudAddress(parties.Cloud.Url, parties.Authority), parties.Addresses(), EndsWithInput: true),
            CliJson.Default.PageHostDocument));
        return file;
    }

    private void Show(Call call, string address, PartyDirectory parties)
    {
        call.Terminal.Answer(new OpenDocument(address), CliJson.Default.OpenDocument);
        call.Terminal.Print(
            $"""
            The page is at {address}
            It is the one of this package and speaks with {parties.Cloud.Url.GetLeftPart(UriPartial.Authority)}. Anybody with the address could open it: it holds until Ctrl-C.
            """);
        if (call.Value(_noBrowser) || !TryOpen(address))
            Terminal.Say("Open the address in a browser on this machine.");
    }

    private static bool TryOpen(string address)
    {
        var hasDisplay = Displays.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
        var opener = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, Opener)).FirstOrDefault(File.Exists);
        if (!hasDisplay || opener is null)
            return false;
        try
        {
            using var started = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$1\" </dev/null >/dev/null 2>&1", opener, address]) { UseShellExecute = false });
            return started is not null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>`open --json`: the address that opens the page.</summary>
internal sealed record OpenDocument(string Address);

/// <summary>The configuration of the page's server.</summary>
internal sealed record PageHostDocument(string Url, string Data, PagePackage Page, CloudAddress Cloud, IReadOnlyList<Uri> Parties, bool EndsWithInput);
