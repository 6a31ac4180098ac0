using Microsoft.AspNetCore.Http;

namespace Salus.Hosting.Pages;

/// <summary>
/// What a browser is told with each file of the page. Scripts come from the page's own files alone (the one that stands in a document is its import map, named by hash), and none is started
/// from a string but the core's worker (Trusted Types); the page speaks with the parties of its installation and nobody else; the viewer of record content has an origin of its own and speaks
/// with nobody.
/// </summary>
public sealed class PagePolicy
{
    private const string Features =
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), cross-origin-isolated=(), "
        + "display-capture=(), encrypted-media=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), "
        + "microphone=(), midi=(), otp-credentials=(), payment=(), picture-in-picture=(), screen-wake-lock=(), serial=(), speaker-selection=(), storage-access=(), usb=(), "
        + "window-management=(), xr-spatial-tracking=(), clipboard-read=(), clipboard-write=(self), publickey-credentials-create=(self), publickey-credentials-get=(self)";

    private const string ViewerContent =
        "sandbox allow-scripts; default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src blob: data:; font-src blob: data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private const string Scripts = "script-src 'self' 'wasm-unsafe-eval'";

    private readonly string _pageContent;
    private readonly bool _secure;

    /// <param name="parties">The addresses of the servers that the page speaks with, beside the one that it came from.</param>
    /// <param name="secure">Whether the page is served under a name of its own with TLS, so that browsers may be told to insist on it.</param>
    public PagePolicy(IEnumerable<Uri> parties, bool secure)
    {
        var connect = string.Join(' ', parties.Select(url => url.GetLeftPart(UriPartial.Authority)).Distinct(StringComparer.Ordinal).Prepend("'self'"));
        _pageContent = $"default-src 'none'; {Scripts}; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; "
            + $"connect-src {connect}; worker-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types salus";
        _secure = secure;
    }

    internal void Apply(IHeaderDictionary headers, PageFile file)
    {
        // A worker is held to the policy that came with its script, so every file carries one.
        var policy = file.IsViewer ? ViewerContent : _pageContent;
        headers.ContentSecurityPolicy = file.ImportMap is { } map ? policy.Replace(Scripts, $"{Scripts} 'sha256-{map}'", StringComparison.Ordinal) : policy;
        headers.XFrameOptions = file.IsViewer ? "SAMEORIGIN" : "DENY";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Embedder-Policy"] = "require-corp";
        headers["Cross-Origin-Resource-Policy"] = file.IsAsset ? "cross-origin" : "same-origin";
        headers["Permissions-Policy"] = Features;
        headers["Referrer-Policy"] = "no-referrer";
        if (_secure)
            headers.StrictTransportSecurity = "max-age=31536000";
        if (file.IsAsset)
            headers.AccessControlAllowOrigin = "*";
    }
}
