using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Net.Http.Headers;
using Salus.Crypto.Primitives;

namespace Salus.Hosting.Pages;

/// <summary>One file of the page.</summary>
/// <param name="Path">From the page's root, without a slash in front.</param>
/// <param name="Compressed">The same in Brotli (RFC 7932), where it was made.</param>
/// <param name="Hash">SHA-256 of the content.</param>
public sealed partial record PageFile(string Path, byte[] Content, byte[]? Compressed, byte[] Hash)
{
    /// <summary>What opens in the sandbox of record content.</summary>
    public const string Viewer = "viewer.html";

    /// <summary>What a bundler names by content: a changed file has another name, so a browser may keep it for ever.</summary>
    public bool IsNamedByContent => HashedName().IsMatch(Path);

    public bool IsViewer => Path == Viewer;

    /// <summary>Whether the viewer may load it: its scripts, styles and decoders are among the assets, and its origin is opaque, so that to a browser they are of another site.</summary>
    public bool IsAsset => Path.StartsWith("assets/", StringComparison.Ordinal);

    /// <summary>SHA-256 of the document's import map, the one script that stands in it, in base64; null of anything that has none.</summary>
    public string? ImportMap { get; } = Path.EndsWith(".html", StringComparison.Ordinal) && InlineMap().Match(Encoding.UTF8.GetString(Content)) is { Success: true } map
        ? Convert.ToBase64String(Sha256.Hash(Encoding.UTF8.GetBytes(map.Groups[1].Value)))
        : null;

    public string MediaType { get; } = System.IO.Path.GetExtension(Path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".json" or ".map" => "application/json",
        ".wasm" => "application/wasm",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".woff2" => "font/woff2",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };

    public EntityTagHeaderValue Tag() => new($"\"{Convert.ToHexStringLower(Hash.AsSpan(0, 16))}\"");

    public EntityTagHeaderValue CompressedTag() => new($"\"{Convert.ToHexStringLower(Hash.AsSpan(0, 16))}-br\"");

    [GeneratedRegex(@"^(assets/[\w.-]+-[\w-]{8}\.\w+|core/[0-9a-f]{16}/.+)$")]
    private static partial Regex HashedName();

    [GeneratedRegex("<script type=\"importmap\">([^<]*)</script>")]
    private static partial Regex InlineMap();
}
