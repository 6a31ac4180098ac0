using System.Buffers.Binary;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Cloud.Deposits;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Index;

/// <summary>
/// Segments on their way in and out. What is uploaded here nobody sees before an update publishes it: see <see cref="IndexUpdateEndpoints"/>. Uploads go on where they stopped,
/// and what comes a second time is passed over.
/// </summary>
internal static class SegmentEndpoints
{
    private const int MaxDictionaryPart = 4 * 1024 * 1024;
    private const int MaxBlocksPart = 16384;
    private const int MaxAddresses = 8192;
    private const int GroupHeader = Identifier.Size + 4;
    private const string Octets = "application/octet-stream";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Paths.Segment, GetState).NeedSession();
        routes.MapPut(Paths.SegmentDictionary, AppendDictionary).NeedSession().LimitBody(MaxDictionaryPart).Accepts<Stream>(Octets);
        routes.MapPost(Paths.SegmentBlocks, AppendBlocks).NeedSession().LimitBody(MaxBlocksPart * BlockCopy.RowSize).Accepts<Stream>(Octets);
        routes.MapGet(Paths.SegmentDictionary, GetDictionary).NeedSession();
        routes.MapPost(Paths.IndexBlocks, GetBlocks).NeedSession().LimitBody(MaxAddresses * (GroupHeader + BlockCopy.AddressSize)).Accepts<Stream>(Octets);
    }

    private static async Task<Ok<SegmentUpload>> GetState(Caller caller, string id, CloudDatabase database, CancellationToken cancellation)
    {
        var row = Identifier.TryParse(id, out SegmentId named)
            ? await database.Segments.AsNoTracking().SingleOrDefaultAsync(
                row => row.Id == named && row.Source == caller.Account && row.State != SegmentState.Dropped, cancellation)
            : null;
        return row is null ? throw ProblemException.NotFound()
            : TypedResults.Ok(new SegmentUpload(row.DictionaryLength, row.Blocks, row.State == SegmentState.Published));
    }

    private static async Task<NoContent> AppendDictionary(
        Caller caller, string id, string owner, string partition, long offset, HttpContext http, CloudDatabase database, CloudOptions options, TimeProvider time,
        CancellationToken cancellation)
    {
        var place = await PlaceAsync(caller, id, owner, partition, database, time, cancellation);
        var bytes = await BodyAsync(http.Request, cancellation);
        if (offset < 0 || offset > Limits.MaxDictionary - bytes.Length)
            throw ProblemException.TooLarge(Limits.MaxDictionary);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var row = await LockAsync(database, place, cancellation);
        var fresh = Fresh(http.Response, row, row.DictionaryLength, offset, bytes.Length);
        await TakeAsync(database, row, fresh, options, cancellation);
        await DictionaryPieces.AppendAsync(database, row.Number, row.DictionaryLength, bytes.AsMemory(bytes.Length - fresh), cancellation);
        row.DictionaryLength += fresh;
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        http.Response.Headers[Paths.UploadOffsetHeader] = row.DictionaryLength.ToString(CultureInfo.InvariantCulture);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> AppendBlocks(
        Caller caller, string id, string owner, string partition, int from, HttpContext http, CloudDatabase database, CloudOptions options, TimeProvider time,
        CancellationToken cancellation)
    {
        var place = await PlaceAsync(caller, id, owner, partition, database, time, cancellation);
        var bytes = await BodyAsync(http.Request, cancellation);
        if (bytes.Length % BlockCopy.RowSize != 0)
            throw ProblemException.BadRequest($"A block has {BlockCopy.RowSize} bytes: its address and its value.");
        var count = bytes.Length / BlockCopy.RowSize;
        if (from < 0 || (long)from + count > Limits.MaxSegmentBlocks)
            throw ProblemException.BadRequest($"from: a segment has at most {Limits.MaxSegmentBlocks} blocks.");
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var row = await LockAsync(database, place, cancellation);
        var fresh = Fresh(http.Response, row, row.Blocks, from, count);
        await TakeAsync(database, row, (long)fresh * BlockCopy.RowSize, options, cancellation);
        if (fresh > 0)
            await EnterAsync(database, row.Number, bytes.AsMemory((count - fresh) * BlockCopy.RowSize), cancellation);
        row.Blocks += fresh;
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        http.Response.Headers[Paths.UploadOffsetHeader] = row.Blocks.ToString(CultureInfo.InvariantCulture);
        return TypedResults.NoContent();
    }

    private static async Task<FileStreamHttpResult> GetDictionary(
        Caller caller, string id, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var row = Identifier.TryParse(id, out SegmentId named)
            ? await database.ReadableSegments(caller.Account, time.GetUtcNow()).SingleOrDefaultAsync(row => row.Id == named, cancellation)
            : null;
        return row is null ? throw ProblemException.NotFound()
            : TypedResults.Stream(new DictionaryStream(database, row.Number, row.DictionaryLength), Octets, enableRangeProcessing: true);
    }

    private static async Task<FileContentHttpResult> GetBlocks(Caller caller, HttpRequest request, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var (segments, addresses) = ReadGroups(await BodyAsync(request, cancellation));
        var asked = segments.Distinct().ToList();
        var numbers = await database.ReadableSegments(caller.Account, time.GetUtcNow()).Where(row => asked.Contains(row.Id))
            .ToDictionaryAsync(row => row.Id, row => row.Number, cancellation);
        if (numbers.Count != asked.Count)
            throw ProblemException.NotGranted("No live grant covers one of the segments, or it is no longer part of the index: fetch the updates again.");
        await database.Database.OpenConnectionAsync(cancellation);
        return TypedResults.Bytes(await BlockCopy.FetchAsync(Connection(database), [.. segments.Select(segment => numbers[segment])], addresses, cancellation), Octets);
    }

    /// <summary>Which segment the request is about, once it is certain that the caller may write there.</summary>
    private static async Task<Place> PlaceAsync(
        Caller caller, string id, string owner, string partition, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        if (!Identifier.TryParse(id, out SegmentId segment) || !Identifier.TryParse(owner, out AccountId of) || !Identifier.TryParse(partition, out PartitionId inside))
            throw ProblemException.BadRequest("id, owner, partition: 32 hexadecimal digits each.");
        var now = time.GetUtcNow();
        return await database.MayWriteAsync(of, inside, caller.Account, now, cancellation)
            ? new Place(segment, of, inside, caller.Account, now)
            : throw ProblemException.NotGranted("No live deposit grant covers this.");
    }

    private static async Task<SegmentRow> LockAsync(CloudDatabase database, Place place, CancellationToken cancellation)
    {
        var row = await database.LockOrStageSegmentAsync(place.Segment, place.Owner, place.Partition, place.Source, place.Now, cancellation);
        return (row.Owner, row.Partition, row.Source) == (place.Owner, place.Partition, place.Source) && row.State != SegmentState.Dropped
            ? row
            : throw ProblemException.Conflict("Another segment has this identifier.");
    }

    /// <summary>How much of what was sent is new.</summary>
    private static int Fresh(HttpResponse response, SegmentRow row, long have, long from, int count)
    {
        var fresh = from + count - have;
        if (from <= have && (fresh <= 0 || row.State == SegmentState.Staged))
            return (int)Math.Max(0, fresh);
        response.Headers[Paths.UploadOffsetHeader] = have.ToString(CultureInfo.InvariantCulture);
        throw ProblemException.Conflict(row.State == SegmentState.Staged
            ? $"The cloud has {have} of the segment: go on there."
            : "The segment is published and does not grow.");
    }

    private static async Task TakeAsync(CloudDatabase database, SegmentRow row, long bytes, CloudOptions options, CancellationToken cancellation)
    {
        if (bytes > 0 && await database.StagedBytesAsync(row.Source, cancellation) + bytes > options.Quota.IndexBytes)
            throw ProblemException.NoSpace("The account has as much of a search index on its way as it may: publish it, or wait a day.");
    }

    private static async Task EnterAsync(CloudDatabase database, int segment, ReadOnlyMemory<byte> rows, CancellationToken cancellation)
    {
        try
        {
            await BlockCopy.EnterAsync(Connection(database), segment, rows, cancellation);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw ProblemException.BadRequest("Two blocks of the segment have the same address.");
        }
    }

    internal static (List<SegmentId> Segments, Guid[] Addresses) ReadGroups(ReadOnlySpan<byte> body)
    {
        var (segments, addresses) = (new List<SegmentId>(), new List<Guid>());
        while (!body.IsEmpty)
        {
            if (body.Length < GroupHeader)
                throw Malformed();
            var count = BinaryPrimitives.ReadUInt32BigEndian(body[Identifier.Size..]);
            if (count is 0 or > MaxAddresses || body.Length < GroupHeader + (count * BlockCopy.AddressSize) || addresses.Count + count > MaxAddresses)
                throw Malformed();
            var segment = Identifier.Read<SegmentId>(body);
            body = body[GroupHeader..];
            for (var i = 0; i < count; i++, body = body[BlockCopy.AddressSize..])
            {
                segments.Add(segment);
                addresses.Add(new Guid(body[..BlockCopy.AddressSize], bigEndian: true));
            }
        }
        return addresses.Count > 0 ? (segments, [.. addresses]) : throw Malformed();
    }

    private static ProblemException Malformed() => ProblemException.BadRequest($"Groups of segment 16, count u32, addresses of 16; 1 to {MaxAddresses} addresses in all.");

    private static async Task<byte[]> BodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentType is not Octets || request.ContentLength is not (> 0 and <= int.MaxValue and var length))
            throw ProblemException.BadRequest($"The body is {Octets}, with a Content-Length.");
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is { } limit && length > limit)
            throw ProblemException.TooLarge(limit); // before so much is allocated
        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        await request.Body.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    private static NpgsqlConnection Connection(CloudDatabase database) => (NpgsqlConnection)database.Database.GetDbConnection();

    private sealed record Place(SegmentId Segment, AccountId Owner, PartitionId Partition, AccountId Source, DateTimeOffset Now);
}
