using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Salus.Client.Search.Segments;
using Salus.Client.Transport;
using Salus.Crypto.Search;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Tests.Search;

/// <summary>
/// The cloud's routes of the search index in this process, over what its fields hold: what a test takes out of them, puts into them or alters is what a hostile cloud hands out.
/// </summary>
internal sealed class MemoryCloud : HttpMessageHandler
{
    private const int PageSize = 3;

    public List<EpochHeader> Epochs { get; } = [];

    public List<IndexUpdate> Updates { get; } = [];

    public Dictionary<SegmentId, byte[]> Dictionaries { get; } = [];

    public Dictionary<(SegmentId Segment, UInt128 Address), byte[]> Blocks { get; } = [];

    public Dictionary<RecordId, CatalogueRecord> Records { get; } = [];

    public Dictionary<RecordId, byte[]> Deletions { get; } = [];

    public List<DepositView> Deposits { get; } = [];

    public Dictionary<AccountId, AccountCard> Cards { get; } = [];

    /// <summary>The bodies of all requests for blocks, oldest first.</summary>
    public List<byte[]> BlockRequests { get; } = [];

    /// <summary>Changes an answer to a request for blocks.</summary>
    public Func<byte[], byte[]> ChangeBlocks { get; set; } = answer => answer;

    /// <summary>If there is one, updates of depositors are held against it as the cloud does.</summary>
    public TimeProvider? Clock { get; set; }

    /// <summary>Happens before every answer, with the path.</summary>
    public Action<string> OnRequest { get; set; } = _ => { };

    /// <summary>Happens after every request was carried out and before its answer arrives.</summary>
    public Action<string> AfterRequest { get; set; } = _ => { };

    /// <summary>Answers in the place of what follows, unless it answers null.</summary>
    public Func<HttpMethod, string, HttpResponseMessage?> Instead { get; set; } = (_, _) => null;

    public HttpClient Client() => new(this, disposeHandler: false);

    public void Add(BuiltSegment segment)
    {
        Dictionaries[segment.Id] = File.ReadAllBytes(segment.DictionaryPath);
        if (segment.BlocksPath is { } path)
            foreach (var entry in File.ReadAllBytes(path).Chunk(BlockSize.Entry))
                Blocks[(segment.Id, Address(entry))] = entry[BlockSize.Address..];
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        var query = System.Web.HttpUtility.ParseQueryString(request.RequestUri.Query);
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        OnRequest(path);
        var answer = Instead(request.Method, path) ?? Answer(request.Method, path, query, body);
        AfterRequest(path);
        return answer;
    }

    private HttpResponseMessage Answer(HttpMethod method, string path, System.Collections.Specialized.NameValueCollection query, byte[] body) =>
        (method.Method, path) switch
        {
            ("GET", Paths.Epochs) => Json(new SignedList([.. Epochs.Where(epoch => epoch.Owner.Account.ToString() == query["owner"]).Select(epoch => epoch.Signed)])),
            ("POST", Paths.Epochs) => AddEpoch(Read(body, WireJson.Default.SignedBytes).Signed),
            ("GET", Paths.ReceivedGrants or Paths.Grants) => Json(new GrantList([])),
            ("GET", Paths.Deposits) => Json(new DepositList(Deposits)),
            ("GET", Paths.IndexUpdates) => Page(query["after"]),
            ("POST", Paths.IndexUpdates) => Publish(Read(body, WireJson.Default.SignedBytes).Signed),
            ("POST", Paths.IndexBlocks) => AnswerBlocks(body),
            ("POST", Paths.Records) => AddRecord(Read(body, WireJson.Default.CatalogueRecord)),
            ("GET", Paths.Records) => Json(new CataloguePage([.. Records.Values], null)),
            ("GET", Paths.UnusedBodies) => Json(new UnusedBodies([])),
            ("POST", Paths.RecordLookup) => Lookup(Read(body, WireJson.Default.RecordLookup)),
            _ when path.StartsWith("/v1/cards/", StringComparison.Ordinal) => Card(path[10..]),
            _ when path.StartsWith("/v1/index/segments/", StringComparison.Ordinal) => Segment(method, path["/v1/index/segments/".Length..], query, body),
            _ => Problem(HttpStatusCode.NotFound),
        };

    private HttpResponseMessage AddEpoch(byte[] signed)
    {
        Assert.True(EpochHeader.TryVerify(signed, out var header));
        Epochs.Add(header);
        return new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    private HttpResponseMessage AddRecord(CatalogueRecord added)
    {
        Assert.True(SealedRecord.TryVerify(added.Signed, added.SealedMetadata, out var record));
        Records.Add(record.Header.Context.Record, added);
        return new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    private HttpResponseMessage Page(string? after)
    {
        var from = after is null ? 0 : int.Parse(after, System.Globalization.CultureInfo.InvariantCulture);
        return Json(new IndexUpdatePage([.. Updates.Skip(from).Take(PageSize).Select(update => update.Signed)],
            from + PageSize < Updates.Count ? $"{from + PageSize}" : null));
    }

    /// <summary>As the cloud does: what continues the source's chain is taken, and a base takes the place of what was before it.</summary>
    private HttpResponseMessage Publish(byte[] signed)
    {
        Assert.True(IndexUpdate.TryVerify(signed, out var update));
        var last = Updates.Where(other => other.Source.Equals(update.Source) && other.Partition == update.Partition).MaxBy(other => other.Sequence);
        if (last is not null && last.Hash.AsSpan().SequenceEqual(update.Hash))
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        if (Clock is not null && update.Source.Account != update.Owner && (Clock.GetUtcNow() - update.At).Duration() > Limits.ClockTolerance)
            return Problem(HttpStatusCode.Forbidden, Problems.ClockSkew);
        if (!update.Follows(last?.Head))
            return Problem(HttpStatusCode.Conflict);
        if (update.Added.Any(segment => !Dictionaries.ContainsKey(segment.Id)))
            return Problem(HttpStatusCode.Conflict);
        foreach (var segment in update.Added)
        {
            Assert.Equal(segment.DictionaryLength, Dictionaries[segment.Id].Length);
            Assert.Equal(segment.Blocks, Blocks.Keys.Count(key => key.Segment == segment.Id));
        }
        if (update.Base is { } made)
        {
            var replaced = Updates.Where(other => other.Partition == update.Partition && (other.Source.Equals(update.Source)
                || made.Watermarks.Any(watermark => watermark.Source.Equals(other.Source) && other.Sequence <= watermark.Head.Sequence))).ToArray();
            var kept = made.Kept.Concat(update.Added).Select(segment => segment.Id).ToHashSet();
            foreach (var gone in replaced.SelectMany(other => other.Added.Concat(other.Base?.Kept ?? [])).Where(segment => !kept.Contains(segment.Id)))
            {
                Dictionaries.Remove(gone.Id);
                foreach (var key in Blocks.Keys.Where(key => key.Segment == gone.Id).ToArray())
                    Blocks.Remove(key);
            }
            Updates.RemoveAll(replaced.Contains);
        }
        Updates.Add(update);
        return new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    private HttpResponseMessage AnswerBlocks(byte[] request)
    {
        BlockRequests.Add(request);
        using var answer = new MemoryStream();
        for (var rest = request.AsSpan(); !rest.IsEmpty;)
        {
            var segment = Identifier.Read<SegmentId>(rest);
            var count = BinaryPrimitives.ReadInt32BigEndian(rest[16..]);
            if (!Dictionaries.ContainsKey(segment))
                return Problem(HttpStatusCode.Forbidden, Problems.NotGranted);
            rest = rest[20..];
            for (; count > 0; count--)
            {
                if (Blocks.TryGetValue((segment, Address(rest)), out var block))
                {
                    answer.WriteByte(1);
                    answer.Write(block);
                }
                else
                    answer.WriteByte(0);
                rest = rest[16..];
            }
        }
        return Octets(ChangeBlocks(answer.ToArray()));
    }

    private HttpResponseMessage Lookup(Salus.Protocol.Http.RecordLookup asked)
    {
        Assert.InRange(asked.Ids.Count, 1, 256);
        var ids = asked.Ids.Select(id => Identifier.TryParse<RecordId>(id, out var record) ? record : throw new InvalidOperationException(id)).ToArray();
        return Json(new FoundRecords([.. ids.Where(Records.ContainsKey).Select(id => Records[id])], [.. ids.Where(Deletions.ContainsKey).Select(id => Deletions[id])]));
    }

    private HttpResponseMessage Card(string id) =>
        Identifier.TryParse<AccountId>(id, out var account) && Cards.TryGetValue(account, out var card)
            ? Json(new SignedBytes(card.Signed)) : Problem(HttpStatusCode.NotFound);

    private HttpResponseMessage Segment(HttpMethod method, string rest, System.Collections.Specialized.NameValueCollection query, byte[] body)
    {
        var parts = rest.Split('/');
        Assert.True(Identifier.TryParse<SegmentId>(parts[0], out var id));
        if (method == HttpMethod.Get)
            return parts.Length == 2
                ? Dictionaries.TryGetValue(id, out var dictionary) ? Octets(dictionary) : Problem(HttpStatusCode.NotFound)
                : Dictionaries.TryGetValue(id, out var there)
                    ? Json(new SegmentUpload(there.Length, Blocks.Keys.Count(key => key.Segment == id), Updates.Any(update => Names(update, id)))) : Problem(HttpStatusCode.NotFound);
        long reached;
        if (method == HttpMethod.Put)
        {
            var before = Dictionaries.GetValueOrDefault(id, []);
            if (before.Length == int.Parse(query["offset"]!, System.Globalization.CultureInfo.InvariantCulture))
                Dictionaries[id] = [.. before, .. body];
            reached = Dictionaries.GetValueOrDefault(id, []).Length;
        }
        else
        {
            foreach (var entry in body.Chunk(BlockSize.Entry))
                Blocks[(id, Address(entry))] = entry[BlockSize.Address..];
            reached = Blocks.Keys.Count(key => key.Segment == id);
        }
        var answer = new HttpResponseMessage(HttpStatusCode.NoContent);
        answer.Headers.Add(Paths.UploadOffsetHeader, $"{reached}");
        return answer;
    }

    private static bool Names(IndexUpdate update, SegmentId id) => update.Added.Concat(update.Base?.Kept ?? []).Any(segment => segment.Id == id);

    private static UInt128 Address(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);

    private static T Read<T>(byte[] body, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(body, type)!;

    // Not by the client's compiled writers: they write no bytes at all as an empty string.
    public static HttpResponseMessage Json<T>(T value) => Octets(JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web));

    private static HttpResponseMessage Octets(byte[] bytes) => new(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) };

    public static HttpResponseMessage Problem(HttpStatusCode status) => new(status);

    private static HttpResponseMessage Problem(HttpStatusCode status, string code)
    {
        var answer = Json(new Dictionary<string, object> { ["type"] = Problems.Prefix + code, ["title"] = code, ["status"] = (int)status, ["detail"] = code });
        answer.StatusCode = status;
        return answer;
    }
}
