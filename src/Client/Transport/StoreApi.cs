using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Salus.Protocol;
using Salus.Protocol.Audit;
using Salus.Protocol.Http;

namespace Salus.Client.Transport;

/// <summary>How far an upload has come at a store.</summary>
/// <param name="Offset">Bytes that are durable there.</param>
/// <param name="Receipt">The store's signed receipt once the fragment is complete, not verified yet.</param>
internal sealed record UploadProgress(long Offset, byte[]? Receipt);

/// <summary>The routes of one store. Addresses are 32 bytes and are capabilities: who knows one may read that fragment.</summary>
internal sealed class StoreApi(HttpClient http, Party party)
{
    /// <summary>How long a store may take for anything, and then for each byte that is asked of it: one that stands still holds nobody up for long, and a slow line is no fault.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    private const int SlowestBytesPerSecond = 32 * 1024;
    private const int MaxProof = 1024;

    private readonly Channel _channel = new(http, party.Url, party.Name);

    public string Name => party.Name;

    public VerifyingKey Key { get; } = PartyKeys.Verifying(party.Name, party.Key);

    /// <summary>How many bytes of an unfinished upload are durable: 0 when the store has none.</summary>
    public async Task<long> UploadOffsetAsync(byte[] address, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, Route(Paths.Upload, address));
        using var response = await _channel.SendRawAsync(request, DeadlineFor(0), cancel);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return 0;
        if (!response.IsSuccessStatusCode)
            throw await _channel.RefusalAsync(response, cancel);
        return Offset(response) ?? throw Malformed();
    }

    /// <summary>
    /// Appends bytes at an offset. When the store has another offset (after a kill, or when an answer was lost) the answer says which: go on from there.
    /// </summary>
    /// <param name="reference">Of a fragment that several records share: the hash of what releases this one's reference to it.</param>
    public async Task<UploadProgress> AppendAsync(byte[] address, UploadTicket ticket, byte[] ownerHash, byte[]? reference, long offset, long total, ReadOnlyMemory<byte> bytes,
        CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Route(Paths.Upload, address));
        request.Headers.Add(Paths.TicketHeader, Convert.ToBase64String(ticket.Signed));
        request.Headers.Add(Paths.OwnerHashHeader, Convert.ToHexStringLower(ownerHash));
        if (reference is not null)
            request.Headers.Add(Paths.ReferenceHeader, Convert.ToHexStringLower(reference));
        request.Content = new ReadOnlyMemoryContent(bytes);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Content.Headers.ContentRange = new ContentRangeHeaderValue(offset, offset + bytes.Length - 1, total);
        using var response = await _channel.SendRawAsync(request, DeadlineFor(bytes.Length), cancel);
        switch (response.StatusCode)
        {
            case HttpStatusCode.Created or HttpStatusCode.OK:
                return new UploadProgress(total, Receipt(response) ?? throw Malformed());
            case HttpStatusCode.Accepted:
                return new UploadProgress(Offset(response) ?? throw Malformed(), null);
            case HttpStatusCode.Conflict when Offset(response) is { } actual && actual <= total:
                return new UploadProgress(actual, null);
            default:
                throw await _channel.RefusalAsync(response, cancel);
        }
    }

    /// <summary>Reads bytes of a fragment; fewer than asked for at its end. Null when the store says it has no such fragment.</summary>
    public async Task<int?> ReadAsync(byte[] address, long offset, Memory<byte> output, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Route(Paths.Fragment, address));
        request.Headers.Range = new RangeHeaderValue(offset, offset + output.Length - 1);
        using var response = await _channel.SendRawAsync(request, DeadlineFor(0), cancel);
        switch (response.StatusCode)
        {
            case HttpStatusCode.NotFound:
                return null;
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                return 0;
            case HttpStatusCode.PartialContent:
                break;
            default:
                throw response.IsSuccessStatusCode ? Malformed() : await _channel.RefusalAsync(response, cancel);
        }
        return await _channel.WithinDeadlineAsync(async within =>
        {
            await using var stream = await response.Content.ReadAsStreamAsync(within);
            return await stream.ReadAtLeastAsync(output, output.Length, throwOnEndOfStream: false, within);
        }, DeadlineFor(output.Length), cancel);
    }

    /// <summary>Whether the store says that it has a complete fragment there, of so many bytes if that is known.</summary>
    public async Task<bool> HasAsync(byte[] address, long? bytes, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, Route(Paths.Fragment, address));
        using var response = await _channel.SendRawAsync(request, DeadlineFor(0), cancel);
        if (response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
            throw await _channel.RefusalAsync(response, cancel);
        return response.StatusCode == HttpStatusCode.OK && (bytes is null || response.Content.Headers.ContentLength == bytes);
    }

    /// <summary>Whether it answers anything at all.</summary>
    public async Task<bool> IsLiveAsync(CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Paths.Live, UriKind.Relative));
            using var response = await _channel.SendRawAsync(request, DeadlineFor(0), cancel);
            return true;
        }
        catch (UnreachableException)
        {
            return false;
        }
    }

    /// <summary>
    /// Asks for leaves of a fragment, all of it within the deadline. The answer is checked for its form only. Null when the store says it has no such fragment.
    /// </summary>
    /// <param name="received">Told how many bytes have come so far: what a store that is too slow has managed.</param>
    /// <exception cref="TimeoutException">The deadline passed first.</exception>
    public async Task<LeafAnswer?> ChallengeAsync(byte[] address, LeafChallenge challenge, TimeSpan deadline, TimeProvider clock, Action<long> received,
        CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(deadline, clock);
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Route(Paths.FragmentChallenge, address)) { Content = Channel.Binary(challenge.ToBytes()) };
            using var response = await _channel.SendRawAsync(request, within.Token);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return null;
            if (!response.IsSuccessStatusCode)
                throw await _channel.RefusalAsync(response, within.Token);
            var bytes = await ReadAsync(response, LeafAnswer.MaxSize(challenge.Leaves.Count), received, within.Token);
            return LeafAnswer.TryRead(bytes, challenge.Leaves.Count, out var answer) ? answer : throw Malformed();
        }
        catch (Exception failure) when (late.IsCancellationRequested && !cancel.IsCancellationRequested && (failure is OperationCanceledException or UnreachableException))
        {
            throw new TimeoutException($"{Name} did not answer in time.", failure);
        }
    }

    /// <summary>
    /// Proves the possession of a fragment that the store has: takes a challenge and answers it from the bytes that <paramref name="compute"/> has, given the nonce. Answers the store's
    /// signed word and its receipt, neither verified yet.
    /// </summary>
    /// <param name="shown">Blind and reference.</param>
    public async Task<(byte[] Proof, byte[] Receipt)> ProveAsync(byte[] address, PossessionTicket ticket, byte[] shown, Func<byte[], Task<byte[]>> compute, CancellationToken cancel)
    {
        var nonce = await ReadAsync(HttpMethod.Post, null, async answer => await _channel.ReadAsync(answer, PossessionAnswer.NonceSize, cancel));
        if (nonce.Length != PossessionAnswer.NonceSize)
            throw Malformed();
        byte[] request = [.. nonce, .. shown, .. await compute(nonce)];
        return await ReadAsync(HttpMethod.Put, Channel.Binary(request), async answer =>
            (await _channel.ReadAsync(answer, MaxProof, cancel), Receipt(answer) ?? throw Malformed()));

        async Task<T> ReadAsync<T>(HttpMethod method, HttpContent? content, Func<HttpResponseMessage, Task<T>> read)
        {
            using var message = new HttpRequestMessage(method, Route(Paths.Possession, address)) { Content = content };
            message.Headers.Add(Paths.TicketHeader, Convert.ToBase64String(ticket.Signed));
            using var answer = await _channel.SendRawAsync(message, cancel);
            return answer.IsSuccessStatusCode ? await read(answer) : throw await _channel.RefusalAsync(answer, cancel);
        }
    }

    /// <summary>Deletes a fragment; true also when it was gone already.</summary>
    public Task<bool> DeleteAsync(byte[] address, byte[] ownerCapability, CancellationToken cancel) => DeleteAsync(address, ownerCapability, [], cancel);

    /// <param name="releases">Of a fragment that records share: what releases each of them.</param>
    public async Task<bool> DeleteAsync(byte[] address, byte[] ownerCapability, IReadOnlyList<byte[]> releases, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Route(Paths.Fragment, address));
        request.Headers.Add(Paths.OwnerHeader, Convert.ToHexStringLower(ownerCapability));
        if (releases.Count > 0)
            request.Content = Channel.Binary([.. releases.SelectMany(release => release)]);
        using var response = await _channel.SendRawAsync(request, DeadlineFor(0), cancel);
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotFound)
            return true;
        throw await _channel.RefusalAsync(response, cancel);
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, Action<long> received, CancellationToken cancel)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancel);
            using var memory = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (int read; (read = await stream.ReadAsync(buffer, cancel)) > 0;)
            {
                memory.Write(buffer, 0, read);
                received(memory.Length);
                if (memory.Length > limit)
                    throw Malformed();
            }
            return memory.ToArray();
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new UnreachableException(Name, failure);
        }
    }
    private TimeSpan DeadlineFor(int bytes) => Patience + TimeSpan.FromSeconds((double)bytes / SlowestBytesPerSecond);

    private static Uri Route(string template, byte[] address) =>
        new(template.Replace("{address}", Convert.ToHexStringLower(address), StringComparison.Ordinal), UriKind.Relative);

    private static long? Offset(HttpResponseMessage response) =>
        response.Headers.TryGetValues(Paths.UploadOffsetHeader, out var values)
        && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : null;

    private static byte[]? Receipt(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues(Paths.ReceiptHeader, out var values) || values.FirstOrDefault() is not { Length: < 1024 } text)
            return null;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }

    private AlarmException Malformed() => new(AlarmKind.Integrity, $"{party.Name} sent an answer that is not what the protocol says.");
}
