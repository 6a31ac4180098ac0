using Microsoft.AspNetCore.Http;
using Salus.Protocol.Http;

namespace Salus.Hosting;

/// <summary>
/// A request ends here with problem details (RFC 9457) of type `urn:salus:problem:<code>`. The detail is read by people and must not repeat what was sent in
/// confidence. Headers that the handler has set go out with it.
/// </summary>
public sealed class ProblemException(string code, int status, string detail) : Exception(detail)
{
    /// <summary>One of <see cref="Problems"/>.</summary>
    public string Code { get; } = code;

    public int Status { get; } = status;

    /// <summary>Sent as Retry-After, in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static ProblemException BadRequest(string detail) => new(Problems.BadRequest, StatusCodes.Status400BadRequest, detail);

    public static ProblemException NoSession() => new(Problems.NoSession, StatusCodes.Status401Unauthorized, "Log in first: there is no session, or it has ended.");

    public static ProblemException CodeRefused() =>
        new(Problems.CodeRefused, StatusCodes.Status403Forbidden, "The code is wrong, used, expired, or was tried too often: ask for a new one.");

    public static ProblemException PasskeyRefused() =>
        new(Problems.PasskeyRefused, StatusCodes.Status403Forbidden, "The passkey was not accepted, or it took too long: begin again, or log in in another way.");

    public static ProblemException NotGranted(string detail) => new(Problems.NotGranted, StatusCodes.Status403Forbidden, detail);

    public static ProblemException NotYours(string detail) => new(Problems.NotYours, StatusCodes.Status403Forbidden, detail);

    public static ProblemException ClockSkew(string detail) => new(Problems.ClockSkew, StatusCodes.Status403Forbidden, detail);

    public static ProblemException NotFound() => new(Problems.NotFound, StatusCodes.Status404NotFound, "Not here, or not yours to see.");

    public static ProblemException Conflict(string detail) => new(Problems.Conflict, StatusCodes.Status409Conflict, detail);

    public static ProblemException Replayed() => new(Problems.Replayed, StatusCodes.Status409Conflict, "This request was answered before: make a new one.");

    public static ProblemException TooLarge(long limit) =>
        new(Problems.TooLarge, StatusCodes.Status413PayloadTooLarge, $"The body may have {limit} bytes at most.");

    public static ProblemException TooMany(TimeSpan retryAfter) =>
        new(Problems.TooMany, StatusCodes.Status429TooManyRequests, "Too often: wait as Retry-After says.") { RetryAfter = retryAfter };

    public static ProblemException NoSpace(string detail) => new(Problems.NoSpace, StatusCodes.Status507InsufficientStorage, detail);
}
