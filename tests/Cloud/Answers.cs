using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests;

internal static class Answers
{
    /// <summary>The answer is this problem, as application/problem+json; its detail.</summary>
    public static async Task<string> ShouldBeAsync(this Task<HttpResponseMessage> answer, string problem)
    {
        var status = StatusOf(problem);
        var response = await answer;
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode} instead of {status}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var json = JsonDocument.Parse(body);
        Assert.Equal(Problems.Prefix + problem, json.RootElement.GetProperty("type").GetString());
        return json.RootElement.GetProperty("detail").GetString()!;
    }

    private static HttpStatusCode StatusOf(string problem) => problem switch
    {
        Problems.BadRequest => HttpStatusCode.BadRequest,
        Problems.NoSession => HttpStatusCode.Unauthorized,
        Problems.CodeRefused or Problems.PasskeyRefused or Problems.NotGranted or Problems.NotYours or Problems.ClockSkew => HttpStatusCode.Forbidden,
        Problems.NotFound => HttpStatusCode.NotFound,
        Problems.PossessionNeeded or Problems.ClaimEnded or Problems.Conflict or Problems.StudyClosed => HttpStatusCode.Conflict,
        Problems.Withdrawn => HttpStatusCode.Gone,
        Problems.TooLarge => HttpStatusCode.RequestEntityTooLarge,
        Problems.TooMany => HttpStatusCode.TooManyRequests,
        Problems.NotLoggedYet => HttpStatusCode.ServiceUnavailable,
        Problems.NoSpace => HttpStatusCode.InsufficientStorage,
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, "No such problem."),
    };

    /// <summary>The answer is a problem that is the asker's fault.</summary>
    public static async Task ShouldFailAsync(this Task<HttpResponseMessage> answer) => Assert.InRange((int)(await answer).StatusCode, 400, 499);

    public static async Task ShouldSucceedAsync(this Task<HttpResponseMessage> answer)
    {
        var response = await answer;
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    public static async Task<T> ReadAsync<T>(this Task<HttpResponseMessage> answer)
    {
        var response = await answer;
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        return (await response.Content.ReadFromJsonAsync<T>())!;
    }
}
