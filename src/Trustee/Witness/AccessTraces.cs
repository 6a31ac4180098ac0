using Microsoft.EntityFrameworkCore;
using Salus.Crypto;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Trustee.Witness;

/// <summary>An access that is in the log, as another trustee has seen too.</summary>
internal sealed record LoggedAccess(AccessStatement Statement, long Index, byte[] Leaf);

/// <summary>
/// No read without a trace: holds what a request says of its entry in the log against the request. The entry is made again from the statement, so that what the owner will find in the log is
/// what is answered now; this trustee must have followed the log there itself, so that no side tree for it alone serves; and another trustee must have cosigned the checkpoint, so that the cloud and
/// this trustee alone cannot keep it from the others.
/// </summary>
/// <param name="keys">Null when this trustee follows no log: then it hands out nothing to anybody but its owner.</param>
internal sealed class AccessTraces(LogKeys? keys, NoteKey self)
{
    /// <summary>How long an access is waited for that has not been pushed here yet: another trustee may have been quicker.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Throws unless the trace is of an access by this requester to this subject, made now.</summary>
    /// <param name="subject">Of what is asked for; the statement may name more items, unless the list of all is asked for.</param>
    public async Task<LoggedAccess> CheckAsync(byte[] encoded, VerifyingKey requester, AccessSubject subject, TrusteeDatabase database, DateTimeOffset now, CancellationToken cancel)
    {
        // 1 What the requester has signed is this access, now.
        if (encoded.Length == 0)
            throw Refused("The request does not show that the access is in the log.");
        if (!AccessTrace.TryParse(encoded, out var trace))
            throw ProblemException.BadRequest("What the request has as its trace is none.");
        var statement = trace.Statement;
        var stated = statement.Subject;
        if (!statement.Requester.Equals(requester) || stated.Owner != subject.Owner || stated.Grant != subject.Grant || stated.Partition != subject.Partition
            || stated.Epoch != subject.Epoch || (stated.Kind == AccessKind.Readings) != (subject.Kind == AccessKind.Readings))
            throw Refused("The statement in the log is of another access.");
        var named = stated.Items.ToHashSet();
        if (!subject.Items.All(named.Contains) || (subject.Items.Count == 0 && named.Count > 0))
            throw Refused("The statement in the log does not name all that is asked for.");
        if ((now - statement.At).Duration() > Limits.ClockTolerance)
            throw ProblemException.ClockSkew("The statement's time is more than five minutes from this trustee's clock.");

        // 2 It is in the log as the owner can open it.
        if (trace.Owner.Account != subject.Owner)
            throw Refused("The card is not the owner's.");
        if (keys is null || !LogProof.TryRead(trace.Proof, keys, out var proof))
            throw Refused("The proof is none of this log's.");
        using var seed = Secret.CopyOf(trace.Seed);
        var entry = await AccessEntry.SealAsync(statement, trace.Owner.Box, seed);
        if (!proof.Includes(entry))
            throw Refused("The access is not in the log where the proof says.");

        // 3 Another trustee has seen it there, a short while ago.
        var others = proof.Checkpoint.Cosignatures.Where(cosignature => !cosignature.Witness.Equals(self)).ToArray();
        if (others.Length == 0)
            throw Refused("No other trustee has cosigned the log's checkpoint.");
        if (!others.Any(cosignature => (now - cosignature.At).Duration() <= Limits.MaxCosignatureAge))
            throw Refused("The other trustees' cosignatures are older than five minutes.");

        // 4 And so has this one: what others have cosigned may be a tree of their own.
        await FollowedAsync(database, proof.Index, entry.LeafHash, cancel);
        return new LoggedAccess(statement, proof.Index, entry.LeafHash);
    }

    private static async Task FollowedAsync(TrusteeDatabase database, long index, byte[] leaf, CancellationToken cancel)
    {
        for (var pause = FirstPause; (await database.Followed.Select(row => (long?)row.Size).SingleOrDefaultAsync(cancel) ?? 0) <= index; pause *= 2)
        {
            if (pause > Patience)
                throw new ProblemException(Problems.NotLoggedYet, StatusCodes.Status503ServiceUnavailable, "The log has not been brought here that far. Ask again in a moment.");
            await Task.Delay(pause, cancel);
        }
        if (!await database.SeenAccesses.AnyAsync(row => row.Index == index && row.Leaf == leaf, cancel))
            throw Refused("The log that this trustee follows does not have the access there, or had it long ago.");
    }

    private static ProblemException Refused(string why) => new(Problems.NotLogged, StatusCodes.Status403Forbidden, why);
}
