using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Salus.Protocol.Http;

namespace Salus.Store.Tests;

/// <summary>What no honest client sends. None of it is answered with 500, and none of it leaves anything that can be read.</summary>
public sealed class HostileTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes 0-999")]
    [InlineData("bytes 0-999/*")]
    [InlineData("bytes */1000")]
    [InlineData("bytes -1-999/1000")]
    [InlineData("bytes 0--1/1000")]
    [InlineData("bytes 999-0/1000")]
    [InlineData("bytes 0-1000/1000")]
    [InlineData("bytes 0-999/-1000")]
    [InlineData("bytes 0-999/1000/1000")]
    [InlineData("bytes 0x0-0x3e7/1000")]
    [InlineData("bytes 0-999/1e3")]
    [InlineData("bytes  0-999/1000")]
    [InlineData("octets 0-999/1000")]
    [InlineData("bytes 0-9223372036854775807/9223372036854775808")]
    [InlineData("bytes 0-99999999999999999999999999/999999999999999999999999999")]
    public async Task AMalformedRangeIsABadRequest(string? range)
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);

        using var response = await store.SendAsync(fragment, range, new ByteArrayContent(fragment.Bytes));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(Problems.BadRequest, await response.ProblemAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(store.Data, "uploads")));
    }

    [Fact]
    public async Task AHugeTotalReservesNothing()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        var ticket = Salus.Protocol.UploadTicket.Create(store.Cloud, store.Key, StoreHost.RandomId(), long.MaxValue, store.Time.GetUtcNow().AddHours(1)).Signed;

        using var response = await store.SendAsync(fragment, $"bytes 0-999/{long.MaxValue}", new ByteArrayContent(fragment.Bytes), ticket);

        Assert.Equal(HttpStatusCode.InsufficientStorage, response.StatusCode);
        using var honest = await store.PutAsync(fragment);
        Assert.Equal(HttpStatusCode.Created, honest.StatusCode);
    }

    [Theory]
    [InlineData("bytes 0-9/1000", 11)]
    [InlineData("bytes 0-9/1000", 9)]
    [InlineData("bytes 0-999/1000", 0)]
    public async Task ALengthThatDiffersFromTheRangeIsRefusedUnread(string range, int length)
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);

        using var response = await store.SendAsync(fragment, range, new ByteArrayContent(fragment.Bytes, 0, length));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(store.Data, "uploads")));
    }

    [Theory]
    [InlineData(0, 500, 501)]
    [InlineData(0, 1000, 1001)]
    [InlineData(0, 500, 300_000)]
    [InlineData(0, 1000, 300_000)]
    public async Task OfAChunkedBodyBeyondItsRangeNothingIsKept(int first, int length, int sent)
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);

        using (var response = await store.SendAsync(fragment, $"bytes {first}-{first + length - 1}/1000", Chunked(new byte[sent])))
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);

        Assert.Null(await store.ReadAsync(fragment));
        using var honest = await store.PutAsync(fragment);
        Assert.Equal(HttpStatusCode.Created, honest.StatusCode);
        Assert.Equal(fragment.Bytes, await store.ReadAsync(fragment));
    }

    [Fact]
    public async Task AChunkedBodyThatEndsEarlyIsToldWhereToContinue()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);

        using (var response = await store.SendAsync(fragment, "bytes 0-999/1000", Chunked(fragment.Bytes[..400])))
        {
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Equal(400, response.Offset());
        }
        using var rest = await store.PutAsync(fragment, 400);
        Assert.Equal(SHA256.HashData(fragment.Bytes), rest.Receipt(store.Key).Hash);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../identity.key")]
    [InlineData("%2e%2e%2fidentity.key")]
    [InlineData("..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("ab%00")]
    [InlineData("ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD")] // upper case would be a second name for one fragment
    [InlineData("abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabc")] // 63
    [InlineData("abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcde")] // 65
    [InlineData("abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefab%2F")]
    [InlineData("%EF%BC%90bcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcd")] // a full-width digit
    public async Task AnAddressIsHexadecimalOrNothing(string address)
    {
        await using var store = await StoreHost.StartAsync();
        var before = Directory.EnumerateFileSystemEntries(store.Data, "*", SearchOption.AllDirectories).Order().ToList();

        foreach (var (method, route) in new[] { ("GET", "fragments"), ("HEAD", "fragments"), ("DELETE", "fragments"), ("GET", "uploads"), ("PUT", "uploads") })
        {
            var answer = await RawAsync(store, $"{method} /v1/{route}/{address} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n"
                + $"{Paths.OwnerHeader}: {new string('0', 64)}\r\n\r\n");
            Assert.Matches("^HTTP/1.1 40[045] ", answer);
        }
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(store.Data, "*", SearchOption.AllDirectories).Order());
    }

    [Theory]
    [InlineData("not hex")]
    [InlineData("")]
    public async Task AnOwnerHashIsHexadecimalOrNothing(string hash)
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(10);
        using var request = new HttpRequestMessage(HttpMethod.Put, fragment.UploadPath) { Content = new ByteArrayContent(fragment.Bytes) };
        request.Headers.Add(Paths.TicketHeader, Convert.ToBase64String(store.Ticket(10)));
        request.Headers.TryAddWithoutValidation(Paths.OwnerHashHeader, hash);
        request.Content.Headers.Add("Content-Range", "bytes 0-9/10");

        using var response = await store.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task ABodyThatTricklesIsCutOffAndTheUploadContinues()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(100_000);
        using var connection = await ConnectAsync(store);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head(store, fragment)));
        await stream.WriteAsync(fragment.Bytes.AsMemory(0, 100));

        var watch = Stopwatch.StartNew();
        var cut = await ReadToEndAsync(stream, TimeSpan.FromSeconds(30));

        Assert.InRange(watch.Elapsed.TotalSeconds, 2, 20);
        Assert.True(cut.Length == 0 || cut.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), cut);
        using var state = await store.StateAsync(fragment);
        Assert.Equal(100, state.Offset());
        using var rest = await store.PutAsync(fragment, 100);
        Assert.Equal(HttpStatusCode.Created, rest.StatusCode);
    }

    [Fact]
    public async Task HeadersThatTrickleAreCutOff()
    {
        await using var store = await StoreHost.StartAsync();
        using var connection = await ConnectAsync(store);
        await connection.GetStream().WriteAsync("GET /v1/fragments/"u8.ToArray());

        var watch = Stopwatch.StartNew();
        await ReadToEndAsync(connection.GetStream(), TimeSpan.FromSeconds(30));

        Assert.InRange(watch.Elapsed.TotalSeconds, 5, 20);
    }

    [Fact]
    public async Task AConnectionThatBreaksLeavesAnUploadToContinue()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1_000_000);
        using (var connection = await ConnectAsync(store))
        {
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Head(store, fragment)));
            await connection.GetStream().WriteAsync(fragment.Bytes.AsMemory(0, 600_000));
            await Task.Delay(200);
            connection.Client.LingerState = new LingerOption(true, 0); // reset, not closed
        }

        using var state = await store.StateAsync(fragment);
        var offset = (int)state.Offset();
        Assert.InRange(offset, 0, 600_000);
        using var rest = await store.PutAsync(fragment, offset);
        Assert.Equal(SHA256.HashData(fragment.Bytes), rest.Receipt(store.Key).Hash);
    }

    [Fact]
    public async Task AnUploadThatMayNotBeIsRefusedBeforeItsBodyIsSent()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1_000_000);
        var head = Head(store, fragment).Replace(Paths.TicketHeader, "X-Nothing", StringComparison.Ordinal).Replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n", StringComparison.Ordinal);
        using var connection = await ConnectAsync(store);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        var buffer = new byte[64];
        await connection.GetStream().ReadAtLeastAsync(buffer, 16);

        Assert.StartsWith("HTTP/1.1 403", Encoding.ASCII.GetString(buffer), StringComparison.Ordinal);
    }

    private static string Head(StoreHost store, Fragment fragment) =>
        $"PUT {fragment.UploadPath} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {fragment.Bytes.Length}\r\nConnection: close\r\n"
        + $"Content-Range: bytes 0-{fragment.Bytes.Length - 1}/{fragment.Bytes.Length}\r\n"
        + $"{Paths.TicketHeader}: {Convert.ToBase64String(store.Ticket(fragment.Bytes.Length))}\r\n"
        + $"{Paths.OwnerHashHeader}: {Convert.ToHexStringLower(SHA256.HashData(fragment.Owner))}\r\n\r\n";

    private static StreamContent Chunked(byte[] bytes) => new(new Unseekable(bytes));

    private static async Task<TcpClient> ConnectAsync(StoreHost store)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(store.Client.BaseAddress!.Host, store.Client.BaseAddress.Port);
        return connection;
    }

    private static async Task<string> RawAsync(StoreHost store, string request)
    {
        using var connection = await ConnectAsync(store);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        return await ReadToEndAsync(connection.GetStream(), TimeSpan.FromSeconds(30));
    }

    private static async Task<string> ReadToEndAsync(NetworkStream stream, TimeSpan patience)
    {
        using var cancel = new CancellationTokenSource(patience);
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, cancel.Token)) > 0;)
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Reset is an end as well.
        }
        return text.ToString();
    }

    /// <summary>A stream without a length: HttpClient sends it chunked.</summary>
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
