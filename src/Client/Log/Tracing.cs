using Salus.Client.Accounts;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>
/// Leaves the trace without which no trustee answers: the statement of what is about to be opened, sealed to the owner, goes into the log, and the proof that it is there comes back. One serves
/// all trustees.
/// </summary>
internal sealed class Tracing(Account account)
{
    /// <summary>The trace to put into requests (<see cref="AccessTrace"/>).</summary>
    public async Task<byte[]> LeaveAsync(AccountCard owner, AccessSubject subject, CancellationToken cancel)
    {
        var statement = AccessStatement.Create(account.Keys.Identity, subject, account.Now);
        using var seed = Secret.Random(AccessEntry.SeedSize);
        var entry = await AccessEntry.SealAsync(statement, owner.Box, seed);
        var bytes = await account.Cloud.Log.AddAccessAsync(entry, cancel);
        if (!LogProof.TryRead(bytes, account.Log.Keys, out var proof) || !proof.Includes(entry))
            throw new AlarmException(AlarmKind.Unlogged, "The cloud does not show that it has entered your access into the log. Nothing was opened.");
        await account.Log.AcceptAsync(proof.Checkpoint, cancel);
        return new AccessTrace(owner, statement, seed.Bytes.ToArray(), bytes).ToBytes();
    }
}
