using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Salus.Hosting.Pages;
using Salus.Protocol.Http;

namespace Salus.PageHost;

/// <summary>
/// What one start of `salus open` hands to its browser: a token that the address carries once and a cookie from then on, and another one in the path of the viewer, which is sent no cookies.
/// Both are forgotten when the server ends.
/// </summary>
internal sealed class Launch
{
    public const string ViewParameter = "view";

    private const string TokenParameter = "token";
    private const int TokenSize = 32;

    private readonly string _token = Random();
    private readonly string _view = Random();

    /// <summary>Where the viewer is.</summary>
    public string ViewerPath => $"/v/{_view}/{PageFile.Viewer}";

    /// <summary>The address that opens the page.</summary>
    public string Address(Uri server) => $"{server.GetLeftPart(UriPartial.Authority)}{Paths.OpenPage}?{TokenParameter}={_token}";

    /// <summary>Whether a request to <see cref="Paths.OpenPage"/> brings the token.</summary>
    public bool IsInvited(HttpRequest request) => Same(request.Query[TokenParameter].ToString(), _token);

    /// <summary>Whether a request comes from the browser that was let in.</summary>
    public bool IsIn(HttpRequest request) => Same(request.Cookies[CookieName(request.HttpContext)] ?? "", _token);

    /// <summary>Whether a request is for the viewer, by its path.</summary>
    public bool IsViewing(HttpRequest request) => request.RouteValues[ViewParameter] is string view && Same(view, _view);

    public void LetIn(HttpContext http) =>
        http.Response.Cookies.Append(CookieName(http), _token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true });

    // Cookies of one host are shared by its ports: each has its own name.
    private static string CookieName(HttpContext http) => string.Create(CultureInfo.InvariantCulture, $"salus-{http.Connection.LocalPort}");

    private static bool Same(string given, string expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenSize));
}
