using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Salus.Protocol.Http;

namespace Salus.Hosting;

/// <summary>The one mapping from what goes wrong in a request to its answer.</summary>
internal sealed class ProblemResponses(RequestDelegate next, ILogger<ProblemResponses> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            await Answer(context, error);
            return;
        }
        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
            await Write(context, FromStatus(context, context.Response.StatusCode));
    }

    internal static Task Write(HttpContext context, ProblemException problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.Headers.ContentLength = null;
        response.Headers.ETag = default;
        if (problem.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (HttpMethods.IsHead(context.Request.Method))
            return Task.CompletedTask;
        var details = new ProblemDetails
        {
            Type = Problems.Prefix + problem.Code,
            Title = problem.Code,
            Status = problem.Status,
            Detail = problem.Message,
            Extensions = { ["traceId"] = TraceOf(context) },
        };
        return response.WriteAsJsonAsync(details, JsonSerializerOptions.Web, "application/problem+json");
    }

    internal static string TraceOf(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;

    private Task Answer(HttpContext context, Exception error)
    {
        switch (error)
        {
            case ProblemException problem:
                return Write(context, problem);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Write(context, TooLarge(context));
            case BadHttpRequestException bad:
                return Write(context, new ProblemException(Problems.BadRequest, bad.StatusCode, Describe(bad)));
            case OperationCanceledException or IOException or DbException when context.RequestAborted.IsCancellationRequested:
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                return Task.CompletedTask;
            default:
                log.LogError(error, "A request failed.");
                context.Response.Clear();
                DefaultHeaders.Set(context.Response);
                return Write(context, new ProblemException(Problems.Internal, StatusCodes.Status500InternalServerError, "The server failed; the trace id finds it in its log."));
        }
    }

    /// <summary>Where a JSON body is wrong, never what was in it.</summary>
    private static string Describe(BadHttpRequestException error) =>
        error.InnerException is JsonException { Path: { } path } ? $"The JSON body is wrong at {path}." : error.Message;

    private static ProblemException TooLarge(HttpContext context) =>
        ProblemException.TooLarge(context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? BodyLimit.DefaultBytes);

    private static ProblemException FromStatus(HttpContext context, int status) => status switch
    {
        StatusCodes.Status401Unauthorized => ProblemException.NoSession(),
        StatusCodes.Status403Forbidden => ProblemException.NotYours("This is not yours to do."),
        StatusCodes.Status404NotFound => ProblemException.NotFound(),
        StatusCodes.Status405MethodNotAllowed => new ProblemException(Problems.BadRequest, status, "The route exists, but not with this method."),
        StatusCodes.Status409Conflict => ProblemException.Conflict("Something else was there first."),
        StatusCodes.Status413PayloadTooLarge => TooLarge(context),
        StatusCodes.Status415UnsupportedMediaType => new ProblemException(Problems.BadRequest, status, "The route takes another content type."),
        _ => new ProblemException(status < 500 ? Problems.BadRequest : Problems.Internal, status, "The request cannot be answered."),
    };
}
