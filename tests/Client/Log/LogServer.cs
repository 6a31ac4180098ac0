using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Salus.Client.Accounts;
using Salus.Client.Keys;
using Salus.Client.Profiles;
using Salus.Client.Tests.Audit;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Trustee.Tests;

namespace Salus.Client.Tests.Log;

/// <summary>A cloud that has a log and an owner's grants, and three trustees that follow the log and have journals; nothing else.</summary>
internal sealed class LogServer(TestLog log) : HttpMessageHandler
{
    private readonly UnboxingKey _box = new(RandomNumberGenerator.GetBytes(32));

    public TestLog Log { get; set; } = log;

    public NoteSigner[] Witnesses { get; set; } = log.Witnesses;

    /// <summary>The trustees' identities.</summary>
    public SigningKey[] Trustees { get; } = [SigningKey.Generate(), SigningKey.Generate(), SigningKey.Generate()];

    /// <summary>Those that do not answer.</summary>
    public HashSet<int> Away { get; } = [];

    /// <summary>What each says that it has answered.</summary>
    public List<JournalLine>[] Journals { get; } = [[], [], []];

    /// <summary>The log that each has followed, and how far; null for all of it.</summary>
    public (TestLog Log, long? Size)[] Followed { get; } = [(log, null), (log, null), (log, null)];

    /// <summary>What each names under whatever tag it is asked for.</summary>
    public List<TaggedDigest>[] Named { get; } = [[], [], []];

    /// <summary>When each acknowledges a revocation; null when it refuses to.</summary>
    public DateTimeOffset?[] Acknowledged { get; } = new DateTimeOffset?[3];

    public List<GrantView> Grants { get; } = [];

    /// <summary>The size of the newest head that is shown; null for all.</summary>
    public int? Size { get; set; }

    /// <summary>How long ago heads were cosigned.</summary>
    public TimeSpan CosignedBefore { get; set; }

    /// <summary>What becomes of checkpoints and of bundles of entries.</summary>
    public Func<byte[], byte[]>? Change { get; set; }

    /// <summary>Another answer; null for the honest one.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?>? Instead { get; set; }

    public bool IsGone { get; set; }

    public int Requests { get; private set; }

    public PartyDirectory Parties => new(new Party("cloud", new Uri("http://localhost"), new string('0', 64), Log.Signer.Key.ToString()),
        [.. Log.Witnesses.Select((witness, i) =>
            new TrusteeParty($"trustee-{i + 1}", new Uri($"http://trustee{i}"), Trustees[i].PublicKey.ToString(), _box.PublicKey.ToString(), witness.Key.ToString()))], []);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>An account that has these for its servers.</summary>
    public async Task<Account> AccountAsync(string folder, Keyring owner, TimeProvider time, PartyDirectory? parties = null)
    {
        var profile = new Profile(folder);
        System.IO.Directory.CreateDirectory(profile.Folder);
        var content = new ProfileContent(2, "owner@example.org", owner.Card.Account.ToString(), owner.Card.Signed, parties ?? Parties, [], null, null);
        var keys = new Keyring(Secret.CopyOf(owner.AccountSecret.Bytes));
        return new Account(profile, content, keys, await LocalState.OpenAsync(profile, keys.Local, keys.Card.Account), time, new HttpClient(this, disposeHandler: false));
    }

    protected override void Dispose(bool disposing)
    {
        _box.Dispose();
        Array.ForEach(Trustees, trustee => trustee.Dispose());
        base.Dispose(disposing);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        if (Instead?.Invoke(request) is { } instead)
            return instead;
        var path = request.RequestUri!.AbsolutePath;
        if (request.RequestUri.Host.StartsWith("trustee", StringComparison.Ordinal))
            return await TrusteeAsync(request.RequestUri.Host[^1] - '0', path, request);
        if (!IsGone && path == Paths.LogProof)
            return Log.Find(Convert.FromHexString(request.RequestUri.Query["?leaf=".Length..])) is { } place
                ? Octets(Log.Proof(place, Now, Witnesses)) : MemoryStore.Problem(HttpStatusCode.NotFound, Problems.NotFound);
        if (path == Paths.Grants)
            return Json(new GrantList(Grants));
        if (path == Paths.Epochs)
            return Json(new SignedList([]));
        if (path == Paths.Records)
            return Json(new CataloguePage([], null));
        var answer = IsGone ? null : Log.Answer(path, Size, Now - CosignedBefore, Witnesses);
        if (answer is not null && Change is { } change && !path.StartsWith("/log/tile/0", StringComparison.Ordinal))
            answer = change(answer);
        return answer is null ? MemoryStore.Problem(HttpStatusCode.NotFound, Problems.NotFound) : Octets(answer);
    }

    private async Task<HttpResponseMessage> TrusteeAsync(int trustee, string path, HttpRequestMessage request)
    {
        if (Away.Contains(trustee))
            throw new HttpRequestException("It does not answer.");
        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync() : [];
        if (path == Paths.WitnessJournal && JournalRequest.TryVerify(body, out var asked))
            return Octets(Journal.Create(Trustees[trustee], asked, false, [.. Journals[trustee].Where(line => line.At >= asked.Since && line.Index >= asked.From).OrderBy(line => line.Index)]).Signed);
        if (path == Paths.WitnessNewest)
        {
            var query = request.RequestUri!.Query[1..].Split('&').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
            var (followed, size) = (Followed[trustee].Log, Followed[trustee].Size ?? Followed[trustee].Log.Size);
            Assert.True(SignedCheckpoint.TryRead(followed.Note((int)size, Now), followed.Keys, out var head));
            return Octets(WitnessedTag.Create(Trustees[trustee], byte.Parse(query["kind"], CultureInfo.InvariantCulture), Convert.FromHexString(query["tag"]),
                Convert.FromHexString(query["nonce"]), Now, size, head.Root, (uint)Named[trustee].Count,
                [.. Named[trustee].OrderByDescending(entry => entry.Version)], []).Signed);
        }
        return path == Paths.Revocations && Acknowledged[trustee] is { } at && Revocation.TryVerify(body, out var revocation)
            ? Octets(RevocationReceipt.Create(Trustees[trustee], revocation, 1, at).Signed)
            : MemoryStore.Problem(HttpStatusCode.BadRequest, Problems.BadRequest);
    }

    private static HttpResponseMessage Octets(byte[] bytes) => new() { Content = new ByteArrayContent(bytes) };

    private static HttpResponseMessage Json<T>(T value) => Octets(JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web));
}
