using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Store.Tests;

/// <summary>The store as its own process: killed at any moment, on a disk without room, started twice, ended while it works.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SigningKey _cloud = SigningKey.Generate();
    private readonly int _port = FreePort.Next();

    public void Dispose()
    {
        _cloud.Dispose();
        _folder.Dispose();
    }

    /// <summary>
    /// Uploads of several sizes, in one piece and in several, run while the process is killed again and again. Whatever had a receipt is there and
    /// right; whatever can be read is right; everything else continues where the store says.
    /// </summary>
    [Fact]
    public async Task KilledAtAnyMomentItKeepsWhatItConfirmedAndShowsNothingHalf()
    {
        var configuration = Configure(_folder.File("data"));
        var store = await IdentityAsync(configuration);
        var uploads = Enumerable.Range(0, 6).Select(i => new Uploader(this, store, Fragment.Random(1 + RandomNumberGenerator.GetInt32(3_000_000)), pieces: 1 + i % 3)).ToList();
        var confirmed = new List<Fragment>();
        var (kills, watch) = (0, Stopwatch.StartNew());

        while (watch.Elapsed < TimeSpan.FromSeconds(15) || kills < 3)
        {
            await using var process = await ServerProcess.StartAsync(ServerProcess.Program("Salus.Store"), configuration);
            using var client = new HttpClient { BaseAddress = Url };
            foreach (var upload in uploads)
                await CheckAsync(client, upload);
            using var stop = new CancellationTokenSource();
            var running = uploads.Select(upload => upload.RunAsync(client, stop.Token)).ToList();
            await Task.Delay(RandomNumberGenerator.GetInt32(1, 400));
            process.Kill();
            kills++;
            await stop.CancelAsync();
            await Task.WhenAll(running);
            for (var i = 0; i < uploads.Count; i++)
                if (uploads[i].HasReceipt)
                {
                    confirmed.Add(uploads[i].Fragment);
                    uploads[i] = new Uploader(this, store, Fragment.Random(1 + RandomNumberGenerator.GetInt32(3_000_000)), pieces: 1 + kills % 3);
                }
        }

        await using var last = await ServerProcess.StartAsync(ServerProcess.Program("Salus.Store"), configuration);
        using var reader = new HttpClient { BaseAddress = Url };
        foreach (var fragment in confirmed)
            Assert.Equal(SHA256.HashData(fragment.Bytes), SHA256.HashData(await reader.GetByteArrayAsync(fragment.Path)));
        foreach (var upload in uploads)
        {
            await CheckAsync(reader, upload);
            await upload.RunAsync(reader, CancellationToken.None);
            Assert.True(upload.HasReceipt);
            Assert.Equal(upload.Fragment.Bytes, await reader.GetByteArrayAsync(upload.Fragment.Path));
        }
        Assert.NotEmpty(confirmed);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {confirmed.Count} fragments confirmed between them");
    }

    [Fact]
    public async Task AFullDiskIsToldAndShowsNothing()
    {
        const int Room = 4 * 1024 * 1024;
        var data = _folder.File("small");
        Directory.CreateDirectory(data);
        var configuration = Configure(data);
        // The store in a mount namespace of its own, with a small file system of memory for its folder: works for root and wherever users may have namespaces.
        var elsewhere = _folder.File("identity");
        var store = await IdentityAsync(Configure(elsewhere, FreePort.Next()));
        var script = $"mount -t tmpfs -o size={Room},mode=700 none '{data}' && cp -p '{elsewhere}'/identity.* '{data}' && "
            + $"exec '{ServerProcess.Program("Salus.Store")}' --config '{configuration}'";
        var (mayMount, _, reason) = await ServerProcess.RunAsync("unshare", "-rm", "mount", "-t", "tmpfs", "none", data);
        Assert.SkipUnless(mayMount == 0, "This system grants no mount namespace: " + reason);
        await using var process = await ServerProcess.StartAsync(["unshare", "-rm", "sh", "-c", script]);
        using var client = new HttpClient { BaseAddress = Url };

        var (fits, tooLarge, fitsAfterwards) = (Fragment.Random(2_000_000), Fragment.Random(3_000_000), Fragment.Random(1_000_000));
        using (var response = await PutAsync(client, store, fits, 0, fits.Bytes.Length))
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        using (var response = await PutAsync(client, store, tooLarge, 0, 1000))
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        for (var attempt = 0; attempt < 2; attempt++)
            using (var response = await PutAsync(client, store, tooLarge, 1000, tooLarge.Bytes.Length - 1000))
            {
                Assert.Equal(HttpStatusCode.InsufficientStorage, response.StatusCode);
                Assert.Equal(Problems.NoSpace, await response.ProblemAsync());
            }
        using (var response = await client.GetAsync(tooLarge.Path))
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        using (var response = await client.GetAsync(tooLarge.UploadPath))
            Assert.Equal(1000, response.Offset());
        using (var response = await PutAsync(client, store, fitsAfterwards, 0, fitsAfterwards.Bytes.Length))
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(fits.Bytes, await client.GetByteArrayAsync(fits.Path));
    }

    /// <summary>Of a file that could not be flushed nobody knows what is on the disk, and a second flush may claim success: so no receipt, and the upload starts over.</summary>
    [Theory]
    [InlineData("data", "EIO", HttpStatusCode.InternalServerError)]
    [InlineData("data", "ENOSPC", HttpStatusCode.InsufficientStorage)]
    [InlineData("owner", "EIO", HttpStatusCode.InternalServerError)]
    [InlineData("", "EIO", HttpStatusCode.InternalServerError)] // the upload's folder
    public async Task AFlushThatFailsGivesNoReceipt(string file, string error, HttpStatusCode status)
    {
        var (found, _, _) = await ServerProcess.RunAsync("sh", "-c", "command -v strace");
        Assert.SkipUnless(found == 0, "strace, which makes the system call fail, is not installed.");
        var configuration = Configure(_folder.File("data"));
        var store = await IdentityAsync(configuration);
        var (unlucky, other) = (Fragment.Random(5000), Fragment.Random(5000));
        var path = Path.Combine(_folder.File("data"), "uploads", unlucky.Address, file).TrimEnd('/');
        await using var process = await ServerProcess.StartAsync(
            ["strace", "-f", "-qq", "-o", "/dev/null", "-P", path, "-e", "trace=fsync", "-e", "inject=fsync:error=" + error, ServerProcess.Program("Salus.Store"), "--config", configuration]);
        using var client = new HttpClient { BaseAddress = Url };

        foreach (var length in new[] { 5000, 3000 })
        {
            using (var response = await PutAsync(client, store, unlucky, 0, length))
            {
                Assert.Equal(status, response.StatusCode);
                Assert.False(response.HasReceipt());
            }
            using (var state = await client.GetAsync(unlucky.UploadPath))
                Assert.Equal(HttpStatusCode.NotFound, state.StatusCode);
            using (var read = await client.GetAsync(unlucky.Path))
                Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        }
        using (var response = await PutAsync(client, store, other, 0, 5000))
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(other.Bytes, await client.GetByteArrayAsync(other.Path));
    }

    [Fact]
    public async Task TheSameFolderServesOneProcess()
    {
        var configuration = Configure(_folder.File("data"));
        await using var first = await ServerProcess.StartAsync(ServerProcess.Program("Salus.Store"), configuration);
        var other = Configure(_folder.File("data"), FreePort.Next());

        var (exitCode, output, errors) = await ServerProcess.RunAsync(ServerProcess.Program("Salus.Store"), "--config", other);

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.Contains("belongs to a store that is running", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SigtermLetsAnUploadFinish()
    {
        var configuration = Configure(_folder.File("data"));
        var store = await IdentityAsync(configuration);
        await using var process = await ServerProcess.StartAsync(ServerProcess.Program("Salus.Store"), configuration);
        using var client = new HttpClient { BaseAddress = Url };
        var fragment = Fragment.Random(400_000);

        var upload = PutAsync(client, store, fragment, 0, fragment.Bytes.Length, body: new SlowContent(fragment.Bytes, TimeSpan.FromSeconds(2)));
        await Task.Delay(700);
        var exitCode = await process.StopAsync();

        using var response = await upload;
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(SHA256.HashData(fragment.Bytes), response.Receipt(store).Hash);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task TheLogNamesNoAddress()
    {
        var configuration = Configure(_folder.File("data"));
        var store = await IdentityAsync(configuration);
        await using var process = await ServerProcess.StartAsync(ServerProcess.Program("Salus.Store"), configuration);
        using var client = new HttpClient { BaseAddress = Url };
        var fragment = Fragment.Random(1000);
        (await PutAsync(client, store, fragment, 0, 1000)).Dispose();
        (await client.GetAsync(fragment.Path)).Dispose();
        (await client.GetAsync("/nowhere/" + fragment.Address)).Dispose();
        await process.StopAsync();

        Assert.Contains("PUT /v1/uploads/{address} 201", process.Errors, StringComparison.Ordinal);
        Assert.Contains("GET /v1/fragments/{address} 200", process.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(fragment.Address[..8], process.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", process.Errors, StringComparison.Ordinal);
    }

    private Uri Url => new($"http://localhost:{_port}");

    private string Configure(string data, int? port = null)
    {
        var path = _folder.File($"store-{port ?? _port}.json");
        File.WriteAllText(path, JsonSerializer.Serialize(new
        {
            url = $"http://localhost:{port ?? _port}", data, name = "store-1", cloudKey = _cloud.PublicKey.ToString(), quotaBytes = 1L << 30,
        }));
        return path;
    }

    private static async Task<VerifyingKey> IdentityAsync(string configuration)
    {
        var (exitCode, output, errors) = await ServerProcess.RunAsync(ServerProcess.Program("Salus.Store"), "--config", configuration, "--print-identity");
        Assert.True(exitCode == 0, errors);
        using var json = JsonDocument.Parse(output);
        Assert.True(VerifyingKey.TryParse(Convert.FromHexString(json.RootElement.GetProperty("key").GetString()!), out var key));
        return key;
    }

    private Task<HttpResponseMessage> PutAsync(HttpClient client, VerifyingKey store, Fragment fragment, int first, int length, byte[]? ticket = null, HttpContent? body = null,
        CancellationToken cancel = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, fragment.UploadPath) { Content = body ?? new ByteArrayContent(fragment.Bytes, first, length) };
        request.Content.Headers.ContentRange = new ContentRangeHeaderValue(first, first + length - 1, fragment.Bytes.Length);
        request.Headers.Add(Paths.TicketHeader, Convert.ToBase64String(ticket ?? Ticket(store, fragment)));
        request.Headers.Add(Paths.OwnerHashHeader, Convert.ToHexStringLower(SHA256.HashData(fragment.Owner)));
        return client.SendAsync(request, cancel);
    }

    private byte[] Ticket(VerifyingKey store, Fragment fragment) =>
        UploadTicket.Create(_cloud, store, StoreHost.RandomId(), fragment.Bytes.Length, TimeProvider.System.GetUtcNow().AddHours(1)).Signed;

    /// <summary>After a restart: what can be read is whole, and a receipt that was given holds.</summary>
    private static async Task CheckAsync(HttpClient client, Uploader upload)
    {
        using var response = await client.GetAsync(upload.Fragment.Path);
        if (response.StatusCode == HttpStatusCode.NotFound)
            Assert.False(upload.HasReceipt);
        else
            Assert.Equal(upload.Fragment.Bytes, await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>A client that uploads one fragment and continues where the store says, until the connection breaks.</summary>
    private sealed class Uploader(CrashTests test, VerifyingKey store, Fragment fragment, int pieces)
    {
        private readonly byte[] _ticket = test.Ticket(store, fragment);

        public Fragment Fragment => fragment;

        public bool HasReceipt { get; private set; }

        public async Task RunAsync(HttpClient client, CancellationToken cancel)
        {
            try
            {
                while (!HasReceipt)
                {
                    using var state = await client.GetAsync(fragment.UploadPath, cancel);
                    var offset = state.StatusCode == HttpStatusCode.NotFound ? 0 : (int)state.Offset();
                    if (state.HasReceipt())
                    {
                        Confirm(state);
                        return;
                    }
                    var length = Math.Min(fragment.Bytes.Length - offset, (fragment.Bytes.Length + pieces - 1) / pieces);
                    using var response = await test.PutAsync(client, store, fragment, offset, length, _ticket, cancel: cancel);
                    Assert.Contains(response.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.Accepted });
                    if (response.HasReceipt())
                        Confirm(response);
                }
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
            {
                // The process was killed.
            }
        }

        private void Confirm(HttpResponseMessage response)
        {
            Assert.Equal(SHA256.HashData(fragment.Bytes), response.Receipt(store).Hash);
            HasReceipt = true;
        }
    }

    private sealed class SlowContent(byte[] bytes, TimeSpan duration) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var piece in bytes.Chunk(bytes.Length / 10))
            {
                await stream.WriteAsync(piece);
                await stream.FlushAsync();
                await Task.Delay(duration / 10);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
