using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Salus.Client.Transport;
using Salus.Crypto.Merkle;
using Salus.Protocol;
using Salus.Protocol.Audit;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Http;

namespace Salus.Client.Tests.Audit;

/// <summary>A store in memory, behind the client's real requests, and all the ways in which it may fail.</summary>
internal sealed class MemoryStore : HttpMessageHandler
{
    /// <summary>What a client waits for anything but challenges.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SigningKey _identity = SigningKey.Generate();
    private int _requests;

    public MemoryStore(string name)
    {
        Name = name;
        Api = new StoreApi(new HttpClient(this), new Party(name, new Uri($"http://{name}.localhost"), _identity.PublicKey.ToString())) { Patience = Patience };
    }

    public string Name { get; }

    public StoreApi Api { get; }

    public VerifyingKey Key => _identity.PublicKey;

    /// <summary>Fragments by their address in hexadecimal.</summary>
    public Dictionary<string, byte[]> Fragments { get; } = [];

    /// <summary>Answers in place of the store; null passes the request on.</summary>
    public Func<HttpRequestMessage, byte[], HttpResponseMessage?> Instead { get; set; } = (_, _) => null;

    /// <summary>Nobody listens.</summary>
    public bool IsGone { get; set; }

    /// <summary>It takes connections and says nothing.</summary>
    public bool StandsStill { get; set; }

    /// <summary>What its line takes; null for all at once.</summary>
    public int? BytesPerSecond { get; set; }

    /// <summary>Requests that came, of whatever kind.</summary>
    public int Requests => _requests;

    /// <summary>Leaves of the challenges that came.</summary>
    public List<int> Challenged { get; } = [];

    public void Put(byte[] address, byte[] fragment) => Fragments[Convert.ToHexStringLower(address)] = fragment;

    public static HttpResponseMessage Octets(byte[] bytes) => Stream(new MemoryStream(bytes));

    public static HttpResponseMessage Stream(Stream stream) => new(HttpStatusCode.OK) { Content = new StreamContent(stream) };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsGone)
            throw new HttpRequestException("Connection refused");
        Interlocked.Increment(ref _requests);
        if (StandsStill)
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var parts = request.RequestUri!.AbsolutePath.Split('/');
        var address = parts[3];
        var isChallenge = parts is [.., "challenge"];
        if (isChallenge)
        {
            Assert.True(LeafChallenge.TryRead(body, out var challenge));
            lock (Challenged)
                Challenged.Add(challenge.Leaves.Count);
        }
        if (Instead(request, body) is { } other)
            return other;
        var fragment = Fragments.GetValueOrDefault(address);
        if (request.Method == HttpMethod.Put)
            return Store(request, address, body);
        if (parts[2] == "uploads")
            return new HttpResponseMessage(HttpStatusCode.NotFound);
        if (fragment is null)
            return new HttpResponseMessage(HttpStatusCode.NotFound);
        if (request.Method == HttpMethod.Delete)
        {
            Fragments.Remove(address);
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }
        return isChallenge ? Prove(fragment, body) : Read(request, fragment);
    }

    private static HttpResponseMessage Read(HttpRequestMessage request, byte[] fragment)
    {
        if (request.Method == HttpMethod.Head)
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) { Headers = { ContentLength = fragment.Length } } };
        var range = request.Headers.Range!.Ranges.Single();
        if (range.From >= fragment.Length)
            return new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable);
        return new HttpResponseMessage(HttpStatusCode.PartialContent)
        {
            Content = new ByteArrayContent(fragment[(int)range.From!.Value..(int)Math.Min(fragment.Length, range.To!.Value + 1)]),
        };
    }

    private HttpResponseMessage Prove(byte[] fragment, byte[] body)
    {
        Assert.True(LeafChallenge.TryRead(body, out var challenge));
        if (!FragmentShape.TryOf(fragment.Length, out var shape))
            return Problem(HttpStatusCode.Gone, Problems.Damaged);
        if (challenge.Leaves[^1] >= shape!.Leaves)
            return Problem(HttpStatusCode.BadRequest, Problems.BadRequest);
        var hashes = new MerkleLevels(fragment.AsSpan((int)shape.LeafHashesOffset, (int)shape.LeafHashesLength));
        var answer = LeafAnswer.Write(hashes.Root, [.. challenge.Leaves.Select(leaf =>
        {
            var (offset, length) = shape.Leaf(leaf);
            return new ProvenLeaf(fragment.AsSpan((int)offset, length).ToArray(), hashes.Prove((int)leaf));
        })]);
        return BytesPerSecond is { } pace ? Stream(new DrippingStream(answer, TimeSpan.FromMilliseconds(20), pace / 50)) : Octets(answer);
    }

    private HttpResponseMessage Store(HttpRequestMessage request, string address, byte[] body)
    {
        var range = request.Content!.Headers.ContentRange!;
        Fragments[address] = range.From == 0 ? body : [.. Fragments[address], .. body];
        if (range.To + 1 < range.Length)
            return new HttpResponseMessage(HttpStatusCode.Accepted) { Headers = { { Paths.UploadOffsetHeader, (range.To!.Value + 1).ToString(CultureInfo.InvariantCulture) } } };
        var whole = Fragments[address];
        var receipt = StoreReceipt.Create(_identity, Convert.FromHexString(address), whole.Length, SHA256.HashData(whole), TimeProvider.System.GetUtcNow());
        return new HttpResponseMessage(HttpStatusCode.Created) { Headers = { { Paths.ReceiptHeader, Convert.ToBase64String(receipt.Signed) } } };
    }

    public static HttpResponseMessage Problem(HttpStatusCode status, string code) => new(status)
    {
        Content = new StringContent($$"""{"type":"{{Problems.Prefix}}{{code}}","title":"{{code}}","detail":"no"}""", MediaTypeHeaderValue.Parse("application/problem+json")),
    };
}

/// <summary>One byte at a time, or so many, with a pause before each.</summary>
internal sealed class DrippingStream(byte[] bytes, TimeSpan pause, int atOnce = 1) : Stream
{
    private int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Delay(pause, cancellationToken);
        var read = Math.Min(Math.Min(atOnce, buffer.Length), bytes.Length - _at);
        bytes.AsSpan(_at, read).CopyTo(buffer.Span);
        _at += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
