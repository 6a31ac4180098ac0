using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Win32.SafeHandles;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Http;

namespace Salus.Store;

/// <summary>
/// Proofs of possession: who refers to a body that is stored already shows to have its bytes. The store draws leaves of the fragment by a nonce of its own and compares a code over
/// them with its own; for a right one it signs the commitment of the fragment that it keeps, under the blind that the prover shows.
/// </summary>
internal static class PossessionEndpoints
{
    private const string Octets = "application/octet-stream";

    public static void Map(WebApplication app)
    {
        app.MapPost(Paths.Possession, Ask).WithSummary("A challenge to prove the possession of a complete fragment: 200, a nonce of 32 bytes.").ProducesProblem(403).ProducesProblem(404)
            .ProducesProblem(429);
        app.MapPut(Paths.Possession, ProveAsync).LimitBody(PossessionAnswer.RequestSize)
            .WithSummary("The answer: nonce 32, blind 32, reference 32, code 32. 200, the store's signed word, and its receipt.").ProducesProblem(403).ProducesProblem(404);
    }

    private static FileContentHttpResult Ask(
        string address, HttpContext http, FragmentFolder folder, Possessions possessions, ServerIdentity identity, StoreOptions options, TimeProvider time)
    {
        var at = Endpoints.ReadAddress(address);
        var ticket = ReadTicket(http, identity, options, time);
        if (folder.TryOpen(at) is not { } fragment)
            throw ProblemException.NotFound();
        fragment.Data.Dispose();
        var nonce = possessions.Ask(ticket, at) ?? throw ProblemException.TooMany(TimeSpan.FromMinutes(1));
        return TypedResults.Bytes(nonce, Octets);
    }

    private static async Task<FileContentHttpResult> ProveAsync(
        string address, HttpContext http, FragmentFolder folder, Possessions possessions, ServerIdentity identity, StoreOptions options, TimeProvider time,
        ILogger<Possessions> log, CancellationToken cancel)
    {
        // 1. An answer to a challenge that was given for this ticket and address, once.
        var at = Endpoints.ReadAddress(address);
        var ticket = ReadTicket(http, identity, options, time);
        var request = new byte[PossessionAnswer.RequestSize];
        if (await http.Request.Body.ReadAtLeastAsync(request, request.Length, throwOnEndOfStream: false, cancel) < request.Length)
            throw ProblemException.BadRequest("An answer is nonce 32, blind 32, reference 32, code 32.");
        var nonce = request.AsMemory(0, PossessionAnswer.NonceSize);
        var reference = request.AsMemory(PossessionAnswer.NonceSize + PossessionAnswer.BlindSize, PossessionAnswer.ReferenceSize);
        if (!possessions.TryTake(ticket, at, nonce.Span))
            throw ProblemException.NotYours("There is no such challenge, or it was answered, or it is too old: ask for another.");
        if (folder.TryOpen(at) is not { } fragment)
            throw ProblemException.NotFound();
        await using var data = fragment.Data;

        // 2. The same code from the store's own bytes.
        if (await LayoutAsync(data.SafeFileHandle, cancel) is not { } layout)
            throw ProblemException.Conflict("What is kept at this address is no fragment.");
        ValueTask<bool> Read(long offset, Memory<byte> buffer) => ReadAsync(data.SafeFileHandle, offset, buffer, cancel);
        var expected = await PossessionAnswer.ComputeAsync(nonce, ticket, at.Bytes, reference, layout, Read);
        if (expected is null || !CryptographicOperations.FixedTimeEquals(expected, request.AsSpan(^expected.Length..)))
        {
            possessions.Miss(ticket);
            log.LogWarning("A proof of possession did not hold.");
            throw ProblemException.NotYours("The answer is not that of the fragment's bytes.");
        }

        // 3. From here on the fragment is kept for the prover's record, too.
        await Endpoints.ReferAsync(folder, at, reference.ToArray(), cancel);

        // 4. The word for it, and the receipt: the prover checks the whole by its hash.
        var root = await FragmentRoot.ReadAsync(layout, Read) ?? throw new EndOfStreamException("A fragment is shorter than it was a moment ago.");
        var commitment = SealedRecord.Commit(request.AsSpan(PossessionAnswer.NonceSize, PossessionAnswer.BlindSize), root);
        http.Response.Headers[Paths.ReceiptHeader] =
            Convert.ToBase64String(StoreReceipt.Create(identity.Signing, at.Bytes, fragment.Note.Size, fragment.Note.Hash, time.GetUtcNow()).Signed);
        return TypedResults.Bytes(PossessionProof.Create(identity.Signing, ticket.Claim, commitment, time.GetUtcNow()).Signed, Octets);
    }

    private static async Task<FragmentLayout?> LayoutAsync(SafeFileHandle data, CancellationToken cancel)
    {
        var header = new byte[FragmentHeader.Size];
        return await ReadAsync(data, 0, header, cancel) && FragmentHeader.TryParse(header, out var parsed) && parsed!.Layout.FileLength == RandomAccess.GetLength(data)
            ? parsed.Layout : null;
    }

    private static async ValueTask<bool> ReadAsync(SafeFileHandle data, long offset, Memory<byte> buffer, CancellationToken cancel)
    {
        for (var done = 0; done < buffer.Length;)
        {
            var read = await RandomAccess.ReadAsync(data, buffer[done..], offset + done, cancel);
            if (read == 0)
                return false;
            done += read;
        }
        return true;
    }

    private static PossessionTicket ReadTicket(HttpContext http, ServerIdentity identity, StoreOptions options, TimeProvider time)
    {
        var bytes = new byte[1024];
        if (!Convert.TryFromBase64String(http.Request.Headers[Paths.TicketHeader].ToString(), bytes, out var length)
            || !PossessionTicket.TryVerify(bytes.AsSpan(0, length), options.Cloud, out var ticket) || !ticket.Store.Equals(identity.Key))
            throw ProblemException.NotYours($"{Paths.TicketHeader} is not a ticket of this store's cloud to prove possession here.");
        return ticket.Until > time.GetUtcNow() ? ticket : throw ProblemException.NotYours("The ticket has expired: ask the cloud for a new one.");
    }
}
