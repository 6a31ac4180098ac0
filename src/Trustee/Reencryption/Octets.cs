namespace Salus.Trustee.Reencryption;

/// <summary>Bodies that are one binary message.</summary>
internal static class Octets
{
    public const string ContentType = "application/octet-stream";

    /// <summary>The whole body; the server's limit for bodies holds.</summary>
    public static async Task<byte[]> BytesAsync(this HttpRequest request, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, cancel);
        return bytes.ToArray();
    }

    /// <summary>Hands the answer to the network. A reader who does not take it in time is cut off.</summary>
    public static async Task WriteAsync(this HttpContext http, ReadOnlyMemory<byte> answer, TimeSpan timeout, CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        ending.CancelAfter(timeout);
        http.Response.ContentType = ContentType;
        http.Response.ContentLength = answer.Length;
        try
        {
            await http.Response.Body.WriteAsync(answer, ending.Token);
            await http.Response.Body.FlushAsync(ending.Token);
        }
        catch (OperationCanceledException)
        {
            http.Abort();
        }
    }
}
