using Microsoft.AspNetCore.Http;

namespace Salus.Hosting;

/// <summary>Headers of every answer, unless the endpoint sets its own: nothing is kept by caches on the way, and no browser guesses a content type.</summary>
internal static class DefaultHeaders
{
    public static Task Set(HttpContext context, RequestDelegate next)
    {
        Set(context.Response);
        return next(context);
    }

    public static void Set(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
    }
}
