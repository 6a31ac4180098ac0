using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Salus.Bench.Fuzz;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests;

/// <summary>Bodies that no client of ours sends, to every route that takes one: 400 or 413 with problem details, never 500.</summary>
public sealed class HostileTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task HostileBodiesAreRefusedWithProblemDetails()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var id = new string('a', 32);
        string[] routes =
        [
            Paths.Registrations, Paths.CompleteRegistration, Paths.Logins, Paths.CompleteLogin, Paths.CardLookup, Paths.Epochs, Paths.Records, Paths.RecordDeletion, Paths.Tickets,
            Paths.Grants, Paths.GrantRevocation, Paths.RecordLookup, Paths.Deposits, Paths.DepositRevocation, Paths.IndexUpdates, Paths.Requests, Paths.RequestApproval,
            Paths.Passkeys, Paths.CompletePasskeyLogin, Paths.InventoryPages,
        ];
        var deep = new StringBuilder().Insert(0, "[", 20_000).ToString();
        string[] bodies =
        [
            "", "null", "[]", "0", "\"text\"", "true", "{", "{}", "{]", "{\"signed\":", deep, $"{{\"signed\":{deep}", "{\"mail\":null}", "{\"mail\":7}", "{\"mail\":{}}", "{\"mail\":[\"a@b.c\"]}",
            "{\"mail\":\"\\u0000\"}", "{\"mail\":\"\\ud800\"}", "{\"signed\":null}", "{\"signed\":\"not base64!\"}", "{\"signed\":[1,2,3]}", "{\"signed\":\"AAAA\",\"sealedMetadata\":\"AAAA\"}",
            "{\"signed\":\"AAAA\",\"signed\":\"AAAA\"}", "{\"signed\":\"AAAA\",\"sealedMetadata\":null}", "{\"code\":null,\"card\":null,\"secrets\":null}",
            "{\"code\":\"1\",\"card\":\"AAAA\",\"secrets\":[null,null]}", "{\"code\":\"1\",\"card\":\"AAAA\",\"secrets\":{}}", "{\"code\":12345678}",
            "{\"stores\":null,\"fragmentBytes\":1}", "{\"stores\":[null],\"fragmentBytes\":1}", "{\"stores\":[\"x\"],\"fragmentBytes\":\"1\"}", "{\"stores\":[\"x\"],\"fragmentBytes\":1e99}",
            "{\"stores\":[\"x\"],\"fragmentBytes\":1.5}", "{\"revocation\":\"AAAA\",\"receipts\":null}", "{\"revocation\":\"AAAA\",\"receipts\":[null]}", "{\"secret\":null,\"signature\":\"\"}",
            "{\"ids\":null}", "{\"ids\":[null]}", "{\"ids\":[\"x\"]}", "{\"ids\":[7]}", "{\"tag\":\"AAAA\",\"sealedOwn\":null,\"find\":null}",
            "{\"tag\":\"AAAA\",\"sealedOwn\":\"\",\"find\":[null]}", "{\"directory\":\"AAAA\",\"find\":[null],\"sealed\":\"AAAA\"}",
            "{\"directory\":null,\"find\":null,\"sealed\":null}", "{\"grant\":null,\"code\":null}", "{\"grant\":\"\",\"code\":\"0123456789\"}",
            "{\"challenge\":null,\"credential\":null,\"name\":null,\"secret\":null,\"signature\":null}", "{\"challenge\":\"x\",\"credential\":{},\"name\":\"x\",\"secret\":{},\"signature\":\"\"}",
            "{\"pages\":null}", "{\"pages\":[null]}", "{\"head\":\"AAAA\",\"pages\":[null]}", "{\"head\":null,\"pages\":[]}", "{\"pages\":[-1]}", "{\"pages\":[1e99]}",
            "{\"credential\":\"{}\",\"device\":\"\\u0000\"}", "{\"credential\":\"{}\"}",
            "\ufeff{}", "\u0000", "<xml/>", "{\"mail\":\"a@b.c\"}{\"mail\":\"a@b.c\"}",
        ];
        foreach (var route in routes)
            foreach (var body in bodies)
                await CheckAsync(anna, HttpMethod.Post, route.Replace("{id}", id), Encoding.UTF8.GetBytes(body), "application/json");
        foreach (var route in new[] { Paths.AccountKeys, Paths.Directory, Paths.Inventory })
            foreach (var body in bodies)
                await CheckAsync(anna, HttpMethod.Put, route, Encoding.UTF8.GetBytes(body), "application/json");
    }

    /// <summary>What lists hold and texts say, each route checks for itself: altered from bodies that are read, always the same.</summary>
    [Fact]
    public async Task AlteredBodiesNeverFailTheCloud()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var (id, some, mutator) = (new string('a', 32), (byte[])[1, 2, 3], new Mutator(20261122));
        var secret = new WrappedSecret(SecretKinds.Passphrase, some, 65536, 3, some);
        (string Route, object Body)[] bodies =
        [
            (Paths.Registrations, new MailRequest("a@b.example")), (Paths.CompleteRegistration, new CompleteRegistration("12345678", some, [secret])),
            (Paths.CompleteLogin, new CompleteLogin("12345678")),
            (Paths.CardLookup, new CardRequest("a@b.example", some)), (Paths.AccountKeys, new ReplaceSecret(secret, some)), (Paths.Epochs, new SignedBytes(some)),
            (Paths.InventoryPages, new InventoryPageRequest([1, 2])), (Paths.Inventory, new InventoryPages(some, [new InventoryPart(1, some)])), (Paths.Records, new NewRecord(some, some, [some])),
            (Paths.Tickets, new TicketRequest([id], 1000)), (Paths.Bodies, new ClaimBody(some, id, id, some)), (Paths.PossessionTickets, new PossessionTicketRequest(id, [id])),
            (Paths.GrantRevocation, new RevokeGrant(some, [some])), (Paths.RecordLookup, new RecordLookup([id, id])), (Paths.Directory, new DirectoryEntry(some, some, [new FindRow(some, some)])),
            (Paths.Requests, new AskForAccess(some, [some], some)), (Paths.RequestApproval, new ApproveRequest(id, "ABCDE-12345")), (Paths.Studies, new OpenStudy(some, [some])),
            (Paths.Passkeys, new AddPasskey(id, "{}", "key", secret, some)), (Paths.PasskeyRemoval, new RemovePasskey(some)), (Paths.CompletePasskeyLogin, new CompletePasskeyLogin("{}")),
        ];
        foreach (var (route, body) in bodies)
        {
            var written = JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), JsonSerializerOptions.Web);
            var target = new Target(route, () => [written], _ => default) { Shape = Shape.Text, Longest = 4096 };
            for (var i = 0; i < 24; i++)
            {
                var altered = i == 0 ? written : mutator.Alter(target, written, [written]);
                using var request = new HttpRequestMessage(route is Paths.AccountKeys or Paths.Directory or Paths.Inventory ? HttpMethod.Put : HttpMethod.Post, route.Replace("{id}", id))
                {
                    Content = new ByteArrayContent(altered) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
                };
                using var response = await anna.Http.SendAsync(request);
                Assert.True((int)response.StatusCode is < 500 and not 405, $"{route}: {(int)response.StatusCode} {Convert.ToBase64String(altered)}");
            }
        }
    }

    [Fact]
    public async Task NotUtf8AndNotJsonAreRefused()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        await CheckAsync(anna, HttpMethod.Post, Paths.Registrations, [0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d], "application/json");
        await CheckAsync(anna, HttpMethod.Post, Paths.Registrations, "{\"mail\":\"a@b.c\"}"u8.ToArray(), "application/json; charset=utf-7");
        await CheckAsync(anna, HttpMethod.Post, Paths.Registrations, "mail=a@b.c"u8.ToArray(), "application/x-www-form-urlencoded");
        await CheckAsync(anna, HttpMethod.Post, Paths.Registrations, "{\"mail\":\"a@b.c\"}"u8.ToArray(), null);
    }

    [Theory]
    [InlineData(Paths.Registrations, 100_000)]
    [InlineData(Paths.Records, 1_000_000)]
    [InlineData(Paths.Grants, 1_000_000)]
    [InlineData(Paths.Epochs, 100_000)]
    public async Task BodyBeyondTheLimitIsTooLarge(string route, int size)
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var content = new StringContent($"{{\"mail\":\"{new string('a', size)}\",\"signed\":\"\",\"sealedMetadata\":\"\"}}", new MediaTypeHeaderValue("application/json"));
        await anna.Http.PostAsync(route, content).ShouldBeAsync(Problems.TooLarge);
    }

    [Theory]
    [InlineData("/v1/records/%00")]
    [InlineData("/v1/records/%ff%fe")]
    [InlineData("/v1/records/..%2f..%2fetc%2fpasswd")]
    [InlineData("/v1/cards/'%20OR%201=1--")]
    [InlineData("/v1/records?owner='%3bDROP%20TABLE%20records--")]
    [InlineData("/v1/records?limit=-2147483649")]
    [InlineData("/v1/epochs?owner=%00")]
    [InlineData("/v1/nowhere")]
    public async Task HostilePathsAreRefused(string path)
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var response = await anna.Http.GetAsync(path);
        Assert.InRange((int)response.StatusCode, 400, 404);
        if (!path.EndsWith("%00", StringComparison.Ordinal)) // Kestrel itself refuses those, without a body
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task OpenApiDocumentAndHealthAnswer()
    {
        using var document = JsonDocument.Parse(await _cloud.Http.GetStringAsync(Paths.OpenApi));
        var paths = document.RootElement.GetProperty("paths");
        Assert.True(paths.TryGetProperty(Paths.Records, out var records));
        Assert.DoesNotContain("caller", records.GetRawText(), StringComparison.OrdinalIgnoreCase);
        // The routes of octets say so, and what a session is needed for is there too.
        foreach (var (path, method) in new[] { (Paths.SegmentDictionary, "put"), (Paths.SegmentBlocks, "post"), (Paths.IndexBlocks, "post") })
            Assert.True(paths.GetProperty(path).GetProperty(method).GetProperty("requestBody").GetProperty("content").TryGetProperty("application/octet-stream", out _), path);
        foreach (var path in new[]
        {
            Paths.RecordLookup, Paths.HardeningTickets, Paths.Deposits, Paths.ReceivedDeposits, Paths.DepositRevocation, Paths.Segment, Paths.IndexUpdates, Paths.Directory,
            Paths.Requests, Paths.RequestApproval, Paths.RequestDenial,
        })
            Assert.True(paths.TryGetProperty(path, out _), path);
        await _cloud.Http.GetAsync(Paths.Live).ShouldSucceedAsync();
        await _cloud.Http.GetAsync(Paths.Ready).ShouldSucceedAsync();
    }

    private static async Task CheckAsync(Person person, HttpMethod method, string path, byte[] body, string? type)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        if (type is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await person.Http.SendAsync(request);
        var shown = $"{method} {path} {Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 80)))}: {(int)response.StatusCode}";
        Assert.True((int)response.StatusCode is 400 or 403 or 413 or 415 or 429, shown);
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/problem+json", shown);
    }
}
