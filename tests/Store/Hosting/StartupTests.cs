using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Salus.Testing;

namespace Salus.Store.Tests.Hosting;

/// <summary>What starting a server says and answers, on the store's executable.</summary>
public sealed class StartupTests : IDisposable
{
    private static readonly string Program = ServerProcess.Program("Salus.Store");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AllFaultsOfTheOptionsAreListed()
    {
        var (exitCode, output, errors) = await RunAsync(new { url = "http://example.org:8080", data = "", name = "", cloudKey = "12", quotaBytes = 0 });

        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        foreach (var member in new[] { "url: ", "data: ", "name: ", "cloudKey: ", "quotaBytes: " })
            Assert.Contains(member, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("data")));
    }

    [Fact]
    public async Task AnUnknownMemberIsAFault()
    {
        var (exitCode, _, errors) = await RunAsync(new
        {
            url = "http://localhost:8080", data = _folder.File("data"), name = "s", cloudKey = new string('0', 64), quotaBytes = 5, quotaByte = 5,
        });
        Assert.Equal(2, exitCode);
        Assert.Contains("quotaByte", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingMembersAreFaults()
    {
        var (exitCode, _, errors) = await RunAsync(new { name = "s" });
        Assert.Equal(2, exitCode);
        foreach (var member in new[] { "'url'", "'data'", "'cloudKey'", "'quotaBytes'" })
            Assert.Contains(member, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"url\": null}")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}")]
    public async Task AFileThatIsNoObjectOfOptionsIsAFault(string json)
    {
        File.WriteAllText(_folder.File("c.json"), json);
        var (exitCode, _, errors) = await ServerProcess.RunAsync(Program, "--config", _folder.File("c.json"));
        Assert.Equal(2, exitCode);
        Assert.StartsWith("Salus.Store: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongArgumentsShowTheUsage()
    {
        foreach (var arguments in new string[][] { [], ["--config"], ["--config", "a", "b"], ["--print-identity"], ["serve"] })
        {
            var (exitCode, _, errors) = await ServerProcess.RunAsync(Program, arguments);
            Assert.Equal(2, exitCode);
            Assert.Contains("usage: Salus.Store --config FILE.json", errors, StringComparison.Ordinal);
        }
        var (missing, _, reason) = await ServerProcess.RunAsync(Program, "--config", _folder.File("nothing.json"));
        Assert.Equal(2, missing);
        Assert.Contains("nothing.json", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATakenPortIsNamedInOneLine()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var (exitCode, output, errors) = await RunAsync(Options($"http://localhost:{port}"));

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.Equal($"Salus.Store: port {port} is taken: stop what listens there, or give another port in url", errors.Trim());
    }

    [Fact]
    public async Task ADamagedIdentityStopsTheStart()
    {
        var configuration = Write(Options($"http://localhost:{FreePort.Next()}"));
        await ServerProcess.RunAsync(Program, "--config", configuration, "--print-identity");
        File.WriteAllBytes(Path.Combine(_folder.File("data"), "identity.key"), new byte[31]);

        var (exitCode, _, errors) = await ServerProcess.RunAsync(Program, "--config", configuration);

        Assert.Equal(1, exitCode);
        Assert.Contains("identity.key is damaged: 31 bytes instead of 32. Restore it from a backup", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LocalhostIsBothLoopbacks()
    {
        var port = FreePort.Next();
        await using var process = await ServerProcess.StartAsync(Program, Write(Options($"http://localhost:{port}")));
        using var client = new HttpClient();

        Assert.Equal("""{"status":"live"}""", await client.GetStringAsync($"http://127.0.0.1:{port}/health/live"));
        if (Socket.OSSupportsIPv6)
            Assert.Equal("""{"status":"live"}""", await client.GetStringAsync($"http://[::1]:{port}/health/live"));
        Assert.Equal("""{"status":"ready","checks":{"disk":"healthy"}}""", await client.GetStringAsync($"http://localhost:{port}/health/ready"));
        Assert.Equal(0, await process.StopAsync());
    }

    [Fact]
    public async Task AnotherHostNameIsRefusedOnLoopback()
    {
        var port = FreePort.Next();
        await using var process = await ServerProcess.StartAsync(Program, Write(Options($"http://localhost:{port}")));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{port}/health/live");
        request.Headers.Host = "rebound.example.org";

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task WithACertificateItSpeaksTls()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(_folder.File("cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        var port = FreePort.Next();
        var tls = new { certificate = _folder.File("cert.pem"), key = _folder.File("key.pem") };
        await using var process = await ServerProcess.StartAsync(Program, Write(Options($"https://localhost:{port}", tls)));

        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown!.RawData.AsSpan().SequenceEqual(certificate.RawData) };
            using var client = new HttpClient(handler) { DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var response = await client.GetAsync($"https://localhost:{port}/health/live");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(version, response.Version);
        }
        using var plain = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync($"http://localhost:{port}/health/live"));
    }

    [Theory]
    [InlineData("https://localhost:8443", false, "tls: https needs a certificate")]
    [InlineData("http://localhost:8443", true, "tls: a certificate is given but url says http")]
    [InlineData("https://0.0.0.0:8443", true, "tls.certificate: there is no file")]
    [InlineData("http://0.0.0.0:8080", false, "needs https")]
    [InlineData("http://192.168.1.1:8080", false, "needs https")]
    [InlineData("http://[::]:8080", false, "needs https")]
    [InlineData("http://127.0.0.1.example.org:8080", false, "needs https")]
    [InlineData("http://localhost:8080/path", false, "url: give")]
    [InlineData("ftp://localhost:8080", false, "url: give")]
    public async Task BeyondLoopbackItNeedsTls(string url, bool tls, string fault)
    {
        var (exitCode, _, errors) = await RunAsync(Options(url, tls ? new { certificate = _folder.File("no.pem"), key = _folder.File("no.pem") } : null));
        Assert.Equal(2, exitCode);
        Assert.Contains(fault, errors, StringComparison.Ordinal);
    }

    private object Options(string url, object? tls = null) =>
        new { url, data = _folder.File("data"), name = "s", cloudKey = new string('0', 64), quotaBytes = 1L << 20, tls };

    private string Write(object options)
    {
        File.WriteAllText(_folder.File("c.json"), JsonSerializer.Serialize(options));
        return _folder.File("c.json");
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(object options) => ServerProcess.RunAsync(Program, "--config", Write(options));
}
