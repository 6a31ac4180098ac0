using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;

namespace Salus.Hosting;

/// <summary>How large a request body may be: <see cref="DefaultBytes"/> unless the endpoint says otherwise. Larger is 413.</summary>
public static class BodyLimit
{
    public const int DefaultBytes = 64 * 1024;

    public static TBuilder LimitBody<TBuilder>(this TBuilder endpoint, long bytes) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Size(bytes));

    private sealed record Size(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
