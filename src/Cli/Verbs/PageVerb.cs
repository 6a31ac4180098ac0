using System.CommandLine;
using Salus.Cli.Parties;
using Salus.Client;
using Salus.Crypto.Primitives;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cli.Verbs;

/// <summary>
/// `page URL`: whether the page that is hosted there is, byte for byte, the one of this package. It says what was handed out to this machine, now: a host can hand out another to somebody else.
/// </summary>
internal sealed class PageVerb : Verb
{
    private const string ManifestName = "manifest.signed";
    private const string Index = "index.html";
    private const int MaxFile = 64 << 20;
    private const int AtOnce = 6;
    private const int Named = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Argument<string> _url = new("URL") { Description = "where a page is hosted" };

    public PageVerb() : base("page", "compare a hosted page with the one of this package") => Add(_url);

    protected override async Task<int> RunAsync(Call call)
    {
        if (!Uri.TryCreate(call.Value(_url), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new StoppedException($"{call.Value(_url)} is no address like https://salus.example.org.", ExitCode.Usage);
        var root = new Uri(url.GetLeftPart(UriPartial.Authority));
        var own = Own(PagePackage.Get(), out var key);
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = Authority.Trust(new DataFolder(call.Data)), UseProxy = false, AllowAutoRedirect = false })
        {
            Timeout = Patience, MaxResponseContentBufferSize = MaxFile,
        };
        var hosted = await FetchAsync(http, root, Paths.PageManifest, call.Cancel)
            ?? throw new StoppedException($"There is no page at {root}: it has no {ManifestName}.");
        var different = await DifferentAsync(http, root, own, call.Cancel);
        if (!hosted.AsSpan().SequenceEqual(own.Signed))
            different.Insert(0, ManifestName);
        if (different.Count > 0)
            throw new AlarmException(AlarmKind.Integrity, $"The page at {root} is not the one of this package (version {own.Version}). {Describe(hosted, key, own)} "
                + $"Different: {string.Join(", ", different.Take(Named))}{(different.Count > Named ? $" and {different.Count - Named} more" : "")}. Use `salus open`, which serves your own.");
        call.Terminal.Print($"The page at {root} is the one of this package: version {own.Version} ({BuildName(own.Build)} build), {own.Files.Count} files. "
            + "This is what it hands out to this machine now.");
        call.Terminal.Answer(new PageDocument(root.AbsoluteUri, own.Version, BuildName(own.Build), own.Files.Count), CliJson.Default.PageDocument);
        return ExitCode.Done;
    }

    private static PageManifest Own(PagePackage package, out VerifyingKey key) =>
        VerifyingKey.TryParse(package.Key.Length == 2 * VerifyingKey.Size && package.Key.All(char.IsAsciiHexDigit) ? Convert.FromHexString(package.Key) : [], out key)
        && PageManifest.TryVerify(File.ReadAllBytes(Path.Combine(package.Folder, ManifestName)), key, out var manifest)
            ? manifest
            : throw new AlarmException(AlarmKind.Integrity, $"The page in {package.Folder} is not what its builder signed. Install the package again.");

    /// <summary>What the host's manifest says of itself, by the key of this package.</summary>
    private static string Describe(byte[] hosted, VerifyingKey key, PageManifest own) =>
        !PageManifest.TryVerify(hosted, key, out var manifest) ? "Its manifest is not signed by the builder of this package."
        : manifest.Version == own.Version ? "It names the same version."
        : $"Its manifest names version {manifest.Version} and is signed by the same builder.";

    private static async Task<List<string>> DifferentAsync(HttpClient http, Uri root, PageManifest own, CancellationToken cancel)
    {
        var different = new List<string>();
        var files = own.Files.Select(file => (Route: "/" + file.Key, Name: file.Key, Hash: file.Value)).Append((Route: Paths.Page, Name: Paths.Page, Hash: own.Files[Index]));
        foreach (var some in files.Chunk(AtOnce))
            different.AddRange((await Task.WhenAll(some.Select(file => DifferenceAsync(file.Route, file.Name, file.Hash)))).OfType<string>());
        return different;

        async Task<string?> DifferenceAsync(string route, string name, byte[] hash) =>
            await FetchAsync(http, root, route, cancel) is { } bytes && Sha256.Hash(bytes).AsSpan().SequenceEqual(hash) ? null : name;
    }

    /// <summary>Null when it is not there, or is handed out with a redirection or an error.</summary>
    private static async Task<byte[]?> FetchAsync(HttpClient http, Uri root, string route, CancellationToken cancel)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(root, route), cancel);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync(cancel) : null;
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new StoppedException($"{root} does not answer ({error.Message}). Nothing can be said about its page.");
        }
    }

    private static string BuildName(PageBuild build) => build.ToString().ToLowerInvariant();
}

/// <summary>`page --json`.</summary>
internal sealed record PageDocument(string Page, string Version, string Build, int Files);
