using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Salus.Protocol.Http;

namespace Salus.Client.Transport;

/// <summary>
/// Requests to one server: a deadline, a bound on the answer, and one mapping from what went wrong to the client's exceptions. Nothing that a server says is
/// shown to a person but the detail of a problem, shortened and stripped of control characters.
/// </summary>
internal sealed class Channel(HttpClient http, Uri root, string party)
{
    private const int MaxAnswer = 64 * 1024 * 1024;
    private const int MaxDetail = 400;

    public string Party => party;

    public string? Token { get; set; }

    /// <summary>How long an answer may take to begin, and then to come to its end: no server holds anybody up for longer.</summary>
    public TimeSpan Deadline { get; set; } = Web.Deadline;

    public async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> answer, CancellationToken cancel) where T : class =>
        Read(await SendAsync(method, path, body, cancel), answer, party);

    /// <summary>An answer with all its parts, or an alarm.</summary>
    internal static T Read<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type, string party) where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize(bytes, type) is { } answer && WholeAnswer.Is(answer, type))
                return answer;
        }
        catch (JsonException)
        {
            // Told below, as what lacks a part is.
        }
        throw new AlarmException(AlarmKind.Integrity, $"{party} sent an answer that is not what the protocol says.");
    }

    /// <summary>Sends and reads the whole answer, which must be a success.</summary>
    public async Task<byte[]> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(root, path)) { Content = body };
        using var response = await SendAsync(request, cancel);
        return await ReadAsync(response, MaxAnswer, cancel);
    }

    /// <summary>Sends one request; the answer is a success, or this throws.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var response = await SendRawAsync(request, cancel);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await RefusalAsync(response, cancel);
    }

    /// <summary>Sends one request and hands back whatever the server answers.</summary>
    public Task<HttpResponseMessage> SendRawAsync(HttpRequestMessage request, CancellationToken cancel) => SendRawAsync(request, Deadline, cancel);

    /// <summary>The same with a deadline of its own.</summary>
    public async Task<HttpResponseMessage> SendRawAsync(HttpRequestMessage request, TimeSpan deadline, CancellationToken cancel)
    {
        request.RequestUri = request.RequestUri is { IsAbsoluteUri: false } relative ? new Uri(root, relative) : request.RequestUri;
        if (Token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return await WithinDeadlineAsync(within => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, within), deadline, cancel);
    }

    /// <summary>Why the server refused, as an exception.</summary>
    public async Task<Exception> RefusalAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        Problem? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize(await ReadAsync(response, MaxDetail * 16, cancel), WireJson.Default.Problem);
        }
        catch (Exception failure) when (failure is JsonException or AlarmException)
        {
            // Not problem details: the status says enough.
        }
        var code = problem?.Type is { } type && type.StartsWith(Problems.Prefix, StringComparison.Ordinal) ? type[Problems.Prefix.Length..] : Code(response.StatusCode);
        var wait = response.Headers.RetryAfter?.Delta;
        var detail = code == Problems.TooMany ? $"Too many requests: try again {Text(wait)}." : problem?.Detail ?? problem?.Title ?? $"{party} answered {(int)response.StatusCode}";
        return new RefusedException(code, Printable(detail), party) { RetryAfter = wait };
    }

    public Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancel) => WithinDeadlineAsync(async within =>
    {
        if (response.Content.Headers.ContentLength is { } length && length > limit)
            throw new AlarmException(AlarmKind.Integrity, $"{party} sent more than the protocol allows.");
        await using var stream = await response.Content.ReadAsStreamAsync(within);
        using var memory = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, within)) > 0;)
        {
            if (memory.Length + read > limit)
                throw new AlarmException(AlarmKind.Integrity, $"{party} sent more than the protocol allows.");
            memory.Write(buffer, 0, read);
        }
        return memory.ToArray();
    }, cancel);

    /// <summary>One exchange with the server, or a part of it, which ends by the deadline.</summary>
    public Task<T> WithinDeadlineAsync<T>(Func<CancellationToken, Task<T>> exchange, CancellationToken cancel) => WithinDeadlineAsync(exchange, Deadline, cancel);

    /// <summary>The same with a deadline of its own.</summary>
    public async Task<T> WithinDeadlineAsync<T>(Func<CancellationToken, Task<T>> exchange, TimeSpan deadline, CancellationToken cancel)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(deadline);
        try
        {
            return await exchange(within.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new UnreachableException(party, failure);
        }
    }

    public static HttpContent Json<T>(T value, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    public static HttpContent Binary(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return content;
    }

    private static string Code(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => Problems.NoSession,
        HttpStatusCode.NotFound => Problems.NotFound,
        HttpStatusCode.Conflict => Problems.Conflict,
        HttpStatusCode.RequestEntityTooLarge => Problems.TooLarge,
        HttpStatusCode.TooManyRequests => Problems.TooMany,
        HttpStatusCode.InsufficientStorage => Problems.NoSpace,
        >= HttpStatusCode.InternalServerError => Problems.Internal,
        _ => Problems.BadRequest,
    };

    private static string Text(TimeSpan? wait) => wait switch
    {
        null => "later",
        { TotalSeconds: <= 1 } => "in 1 second",
        { TotalMinutes: < 2 } given => string.Create(CultureInfo.InvariantCulture, $"in {given.TotalSeconds:0} seconds"),
        { TotalHours: < 2 } given => string.Create(CultureInfo.InvariantCulture, $"in {Math.Ceiling(given.TotalMinutes):0} minutes"),
        { } given => string.Create(CultureInfo.InvariantCulture, $"in {Math.Ceiling(given.TotalHours):0} hours"),
    };

    private static string Printable(string text) =>
        new([.. text.Take(MaxDetail).Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? ' ' : c)]);
}
