using Salus.Client.Accounts;
using Salus.Client.Sharing;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>One access, as all trustees that tell of it say.</summary>
internal sealed record Access(AccessStatement Statement, long Index, IReadOnlyList<JournalledAccess> Lines)
{
    /// <summary>By the clock of the trustee that answered first.</summary>
    public DateTimeOffset At => Lines.Min(line => line.Line.At);
}

/// <summary>Holds an access against the log and against the owner's own grants.</summary>
internal sealed class AccessProof(Account account, IReadOnlyList<OwnGrant> grants)
{
    /// <summary>Throws an alarm unless the access stands in the log, sealed to the owner, as its requester has signed it.</summary>
    public async Task CheckLoggedAsync(Access access, CancellationToken cancel)
    {
        var entry = await account.Log.EntryAsync(access.Index, cancel);
        foreach (var line in access.Lines.Where(line => !line.Line.Leaf.AsSpan().SequenceEqual(entry.LeafHash)))
            throw new AlarmException(AlarmKind.Fork,
                $"{line.Trustee} has answered an access that stood at place {access.Index} of the log, and the log has something else there now: {Named(access)}.");
        var logged = await AccessEntry.OpenAsync(entry, account.Keys.Box, account.Id);
        if (logged is null || !logged.Signed.AsSpan().SequenceEqual(access.Statement.Signed))
            throw new AlarmException(AlarmKind.Unlogged, $"The entry at place {access.Index} of the log is not the access that {access.Lines[0].Trustee} has answered: {Named(access)}.");
    }

    /// <summary>Throws an alarm unless the owner let this requester do so then.</summary>
    public async Task CheckGrantedAsync(Access access, CancellationToken cancel)
    {
        var (statement, subject) = (access.Statement, access.Statement.Subject);
        var own = grants.FirstOrDefault(grant => grant.Grant.Terms.Id == subject.Grant)
            ?? throw new AlarmException(AlarmKind.Injected, $"Trustees have answered under the grant {subject.Grant}, which you have not made: {Named(access)}.");
        var terms = own.Grant.Terms;
        if (!terms.Delegatee.Equals(statement.Requester))
            throw new AlarmException(AlarmKind.Injected, $"The grant {subject.Grant} is not made to who has opened something by it: {Named(access)}.");
        if (!own.Grant.Entries.Any(entry => entry.Partition == subject.Partition && (subject.Epoch is null || entry.Epoch == subject.Epoch)))
            throw new AlarmException(AlarmKind.Injected, $"The grant {subject.Grant} does not cover what was opened by it: {Named(access)}.");
        if (terms.From - access.At > Limits.ClockTolerance || access.At - terms.Until > Limits.ClockTolerance)
            throw new AlarmException(AlarmKind.Revived, $"Something was opened outside of the time of the grant {subject.Grant}: {Named(access)}.");
        // One trustee that the notice has not reached yet opens nothing by itself.
        if (own.Revocation is { } over && access.Lines.Where(line => line.Line.At - over.At > Limits.ClockTolerance).Select(line => line.Trustee).Distinct().Count() > 1
            && await IsLoggedBeforeAsync(over, access, cancel))
            throw new AlarmException(AlarmKind.Revived, $"Something was opened by the grant {subject.Grant} after its revocation: {Named(access)}.");
    }

    /// <summary>The owner's clock, by which a revocation is dated, may have been wrong: the log's order is not.</summary>
    private async Task<bool> IsLoggedBeforeAsync(Revocation over, Access access, CancellationToken cancel) =>
        await account.Log.PlaceAsync(LogEntry.Of(LogKind.Revocation, over.Signed), cancel) is not { } place || place < access.Index;

    private static string Named(Access access) =>
        $"{access.Statement.Subject.Kind.ToString().ToLowerInvariant()} by the account {access.Statement.Requester.Account}, {access.At:yyyy-MM-dd HH:mm}Z";
}
