using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Audit;
using Salus.Protocol.Http;

namespace Salus.Store;

/// <summary>
/// The routes of a store. Who knows an address may read; an upload needs the cloud's ticket; deleting needs the owner capability. Every header is checked before
/// the disk is touched.
/// </summary>
internal static class Endpoints
{
    /// <summary>Bytes of one request's body, at most; the ticket and the quota set the true limit.</summary>
    private const long MaxBody = 1L << 40;

    /// <summary>Challenges that wait or are being answered, at most.</summary>
    private const int ChallengesAtOnce = 64;

    /// <inheritdoc cref="ChallengesAtOnce"/>
    private const int ChallengesAtOnceOfOne = 16;

    public static void Map(WebApplication app)
    {
        app.MapPut(Paths.Upload, PutAsync).LimitBody(MaxBody).WithSummary("Adds a range of a fragment: 202, and 201 with the receipt when it was the last.")
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).ProducesProblem(507);
        app.MapMethods(Paths.Upload, [HttpMethods.Get, HttpMethods.Head], StateAsync).WithSummary("How much of an upload is durable, and the receipt once it is complete.").ProducesProblem(404);
        app.MapMethods(Paths.Fragment, [HttpMethods.Get, HttpMethods.Head], Get).WithSummary("Reads a fragment or a range of it.").ProducesProblem(404).ProducesProblem(416);
        app.MapPost(Paths.FragmentChallenge, ChallengeAsync).LimitBody(LeafChallenge.MaxSize).LimitAtOnce(ChallengesAtOnce, ChallengesAtOnceOfOne)
            .WithSummary("Proves that leaves of a fragment are here.").ProducesProblem(400).ProducesProblem(404).ProducesProblem(410);
        app.MapDelete(Paths.Fragment, DeleteAsync).LimitBody(Limits.MaxFragmentReferences * FragmentReferences.Size)
            .WithSummary("Deletes a fragment, complete or on its way; one that records share with what releases each of them.").ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<Results<Ok, Created, Accepted>> PutAsync(
        string address, HttpContext http, FragmentFolder folder, UsedTickets tickets, ServerIdentity identity, StoreOptions options, TimeProvider time)
    {
        // 1. What is sent, and where to.
        var at = ReadAddress(address);
        if (!UploadRange.TryParse(http.Request.Headers.ContentRange, out var range))
            throw ProblemException.BadRequest("Content-Range must be `bytes FIRST-LAST/TOTAL` with 0 <= FIRST <= LAST < TOTAL.");
        if (http.Request.ContentLength is { } length && length != range.Length)
            throw ProblemException.BadRequest($"Content-Range announces {range.Length} bytes, Content-Length {length}.");
        var ownerHash = ReadHex(http, Paths.OwnerHashHeader);
        var reference = http.Request.Headers.ContainsKey(Paths.ReferenceHeader) ? ReadHex(http, Paths.ReferenceHeader) : null;

        // 2. Whether it may be.
        var ticket = ReadTicket(http, options);
        if (!ticket.Store.Equals(identity.Key))
            throw ProblemException.NotYours("The ticket is for another store.");
        if (ticket.Until <= time.GetUtcNow())
            throw ProblemException.NotYours("The ticket has expired: ask the cloud for a new one.");
        if (ticket.Bytes != range.Total)
            throw ProblemException.NotYours($"The ticket is for {ticket.Bytes} bytes, not {range.Total}.");
        if (!tickets.TryUse(ticket, at))
            throw ProblemException.NotYours("The ticket was used for another address.");

        // 3. Doing it.
        var upload = await folder.AppendAsync(at, range, ownerHash, http.Request.BodyReader, http.RequestAborted);
        if (upload.Outcome is UploadOutcome.Stored or UploadOutcome.AlreadyStored && reference is not null)
            await ReferAsync(folder, at, reference, http.RequestAborted);
        SetHeaders(http, upload, at, identity, time);
        return upload.Outcome switch
        {
            UploadOutcome.Stored => TypedResults.Created(),
            UploadOutcome.AlreadyStored => TypedResults.Ok(),
            UploadOutcome.Partial => TypedResults.Accepted((string?)null),
            UploadOutcome.Different => throw ProblemException.Conflict("The address holds, or is receiving, something else: another size, owner or content."),
            UploadOutcome.WrongOffset => throw ProblemException.Conflict($"The upload stands at {upload.Offset}: continue from there."),
            UploadOutcome.TooShort => throw ProblemException.BadRequest($"The body ended before the range: the upload stands at {upload.Offset}."),
            UploadOutcome.TooLong => throw ProblemException.BadRequest("The body is longer than the range: nothing of it was kept."),
            UploadOutcome.NoSpace => throw ProblemException.NoSpace(
                $"No room for {range.Total} bytes: {folder.Quota.Used} of {folder.Quota.Limit} are taken, or the disk is full."),
            _ => throw Busy(),
        };
    }

    private static async Task<Ok> StateAsync(string address, HttpContext http, FragmentFolder folder, ServerIdentity identity, TimeProvider time)
    {
        var at = ReadAddress(address);
        var upload = await folder.StateAsync(at, http.RequestAborted) ?? throw ProblemException.NotFound();
        if (upload.Outcome is UploadOutcome.Busy)
            throw Busy();
        SetHeaders(http, upload, at, identity, time);
        return TypedResults.Ok();
    }

    private static FileStreamHttpResult Get(string address, FragmentFolder folder)
    {
        var (note, data) = folder.TryOpen(ReadAddress(address)) ?? throw ProblemException.NotFound();
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(note.Hash)}\"");
        return TypedResults.Stream(data, "application/octet-stream", entityTag: tag, enableRangeProcessing: true);
    }

    private static async Task<FileContentHttpResult> ChallengeAsync(string address, HttpContext http, LeafProofs proofs)
    {
        var at = ReadAddress(address);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (!LeafChallenge.TryRead(body.ToArray(), out var challenge))
            throw ProblemException.BadRequest($"A challenge names 1 to {Limits.MaxChallengeLeaves} leaves, ascending.");
        try
        {
            var answer = await proofs.AnswerAsync(at, challenge, http.RequestAborted) ?? throw ProblemException.NotFound();
            return TypedResults.Bytes(answer, "application/octet-stream");
        }
        catch (ArgumentOutOfRangeException)
        {
            throw ProblemException.BadRequest("The fragment has not so many leaves.");
        }
        catch (RottenFragmentException)
        {
            throw new ProblemException(Problems.Damaged, StatusCodes.Status410Gone, "The fragment is here and has not the length any more that it was stored with.");
        }
    }

    private static async Task<NoContent> DeleteAsync(string address, HttpContext http, FragmentFolder folder)
    {
        var at = ReadAddress(address);
        var owner = ReadHex(http, Paths.OwnerHeader);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (body.Length % FragmentReferences.Size != 0)
            throw ProblemException.BadRequest($"What releases records is {FragmentReferences.Size} bytes for each.");
        return await folder.DeleteAsync(at, owner, [.. body.ToArray().Chunk(FragmentReferences.Size)], http.RequestAborted) switch
        {
            DeleteOutcome.Deleted => TypedResults.NoContent(),
            DeleteOutcome.NotTheirs => throw ProblemException.NotYours("This is not the owner capability of the fragment."),
            DeleteOutcome.Referred => throw new ProblemException(Problems.StillReferred, StatusCodes.Status409Conflict,
                "Records refer to the fragment of which it was not shown that they are deleted."),
            _ => throw ProblemException.NotFound(),
        };
    }

    /// <summary>From here on the fragment is kept for that record, too.</summary>
    public static async Task ReferAsync(FragmentFolder folder, FragmentAddress address, byte[] reference, CancellationToken cancel)
    {
        if (await folder.ReferAsync(address, reference, cancel) is not { } isKept)
            throw ProblemException.NotFound();
        if (!isKept)
            throw ProblemException.NoSpace($"{Limits.MaxFragmentReferences} records refer to the fragment already.");
    }

    private static void SetHeaders(HttpContext http, Upload upload, FragmentAddress address, ServerIdentity identity, TimeProvider time)
    {
        if (upload.Outcome is UploadOutcome.Busy or UploadOutcome.Different or UploadOutcome.NoSpace)
            return;
        http.Response.Headers[Paths.UploadOffsetHeader] = upload.Offset.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (upload.Stored is { } stored)
            http.Response.Headers[Paths.ReceiptHeader] =
                Convert.ToBase64String(StoreReceipt.Create(identity.Signing, address.Bytes, stored.Size, stored.Hash, time.GetUtcNow()).Signed);
    }

    public static FragmentAddress ReadAddress(string text) =>
        FragmentAddress.TryParse(text, out var address) ? address : throw ProblemException.BadRequest("An address is 64 lower-case hexadecimal digits.");

    private static UploadTicket ReadTicket(HttpContext http, StoreOptions options)
    {
        var text = http.Request.Headers[Paths.TicketHeader].ToString();
        var bytes = new byte[1024];
        return Convert.TryFromBase64String(text, bytes, out var length) && UploadTicket.TryVerify(bytes.AsSpan(0, length), options.Cloud, out var ticket)
            ? ticket
            : throw ProblemException.NotYours($"{Paths.TicketHeader} is not a ticket of this store's cloud.");
    }

    private static byte[] ReadHex(HttpContext http, string header)
    {
        var text = http.Request.Headers[header].ToString();
        return text.Length == 64 && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : throw ProblemException.BadRequest($"{header} must be 64 hexadecimal digits.");
    }

    private static ProblemException Busy() =>
        new(Problems.Conflict, StatusCodes.Status409Conflict, "Another request is writing to this address.") { RetryAfter = TimeSpan.FromSeconds(5) };
}
