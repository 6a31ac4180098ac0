using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Salus.Protocol.Http;

namespace Salus.Hosting.Pages;

/// <summary>The routes of the page: one for each file of its manifest, and no other. Its root is index.html.</summary>
public static class PageEndpoints
{
    private const string Index = "index.html";
    private const string Brotli = "br";

    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];

    public static void MapPage(this IEndpointRouteBuilder routes, IEnumerable<PageFile> files, PagePolicy policy)
    {
        foreach (var file in files)
        {
            routes.MapFile($"/{file.Path}", file, policy);
            if (file.Path == Index)
                routes.MapFile(Paths.Page, file, policy);
        }
    }

    /// <summary>Maps one file to a path.</summary>
    public static void MapFile(this IEndpointRouteBuilder routes, string path, PageFile file, PagePolicy policy) =>
        routes.MapMethods(path, Read, (HttpContext http) => Send(http, file, policy)).ExcludeFromDescription();

    /// <summary>Where the page finds the cloud.</summary>
    public static void MapCloudAddress(this IEndpointRouteBuilder routes, CloudAddress address) =>
        routes.MapGet(Paths.CloudAddress, () => TypedResults.Ok(address)).WithSummary("Where a page that is served here finds its cloud.");

    private static FileContentHttpResult Send(HttpContext http, PageFile file, PagePolicy policy)
    {
        var headers = http.Response.Headers;
        policy.Apply(headers, file);
        headers.CacheControl = file.IsNamedByContent ? "public, max-age=31536000, immutable" : "no-cache";
        if (file.Compressed is null)
            return TypedResults.Bytes(file.Content, file.MediaType, entityTag: file.Tag());
        headers.Vary = HeaderNames.AcceptEncoding;
        if (!Takes(http.Request))
            return TypedResults.Bytes(file.Content, file.MediaType, entityTag: file.Tag());
        headers.ContentEncoding = Brotli;
        return TypedResults.Bytes(file.Compressed, file.MediaType, entityTag: file.CompressedTag());
    }

    private static bool Takes(HttpRequest request) => request.GetTypedHeaders().AcceptEncoding.Any(coding => coding is { Value.Value: Brotli, Quality: null or > 0 });
}
