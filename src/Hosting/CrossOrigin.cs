using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Salus.Protocol.Http;

namespace Salus.Hosting;

/// <summary>
/// Which pages a browser lets read the answers of a server (CORS): those from this person's own machine, where `salus open` serves the page, and those from the configured origins. Sessions are
/// bearer tokens and never cookies, so a browser adds nothing to the request of a foreign page that such a page did not have itself.
/// </summary>
internal static class CrossOrigin
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Put, HttpMethods.Post, HttpMethods.Delete];

    private static readonly string[] Sent =
        [HeaderNames.Authorization, HeaderNames.ContentType, HeaderNames.ContentRange, HeaderNames.Range, Paths.TicketHeader, Paths.OwnerHashHeader, Paths.OwnerHeader, Paths.ReferenceHeader];

    private static readonly string[] Shown = [Paths.UploadOffsetHeader, Paths.ReceiptHeader, HeaderNames.RetryAfter];

    private static readonly TimeSpan Remembered = TimeSpan.FromHours(2);

    public static void Add(IServiceCollection services, IReadOnlyList<Uri> origins)
    {
        var named = origins.Select(origin => origin.GetLeftPart(UriPartial.Authority)).ToHashSet(StringComparer.Ordinal);
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .SetIsOriginAllowed(origin => named.Contains(origin) || IsThisMachine(origin))
            .WithMethods(Methods).WithHeaders(Sent).WithExposedHeaders(Shown).SetPreflightMaxAge(Remembered).DisallowCredentials()));
    }

    /// <summary>`http://localhost` or `http://127.0.0.1` with any port, written as browsers write an origin.</summary>
    internal static bool IsThisMachine(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var url) && url is { Scheme: "http", Host: "localhost" or "127.0.0.1" } && origin == url.GetLeftPart(UriPartial.Authority);

    /// <summary>Whether an address is an origin and nothing more.</summary>
    public static bool IsOrigin(Uri url) => url is { IsAbsoluteUri: true, Scheme: "http" or "https", PathAndQuery: "/", UserInfo: "", Fragment: "" };
}
