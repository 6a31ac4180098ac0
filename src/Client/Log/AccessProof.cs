using Salus.Client.Accounts;
using Salus.Client.Sharing;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>One access, as all trustees that tell of it say; none when the log alone has it.</summary>
internal sealed record Access(AccessStatement Statement, long Index, IReadOnlyList<JournalledAccess> Lines)
{
    /// <summary>By the clock of who made it: that is signed and in the log, and no trustee answers when it is far from its own.</summary>
    public DateTimeOffset At => Statement.At;
}

/// <summary>Holds an access against the log and against the owner's own grants.</summary>
internal sealed class AccessProof(Account account, IReadOnlyList<OwnGrant> grants)
{
    private readonly Dictionary<(GrantId, string), DateTimeOffset?> _asked = [];

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

    /// <summary>Throws an alarm unless the owner let this requester do so then. True when the grant was over, and the trustees that answered had not heard of it.</summary>
    public async Task<bool> CheckGrantedAsync(Access access, CancellationToken cancel)
    {
        if (Objection(access) is { } alarm)
            throw alarm;
        var own = Own(access)!;
        return own.Revocation is { } over && await IsBeforeNoticeAsync(own, over, access, cancel);
    }

    /// <summary>Whether the owner's grant let this requester do so then, revoked or not.</summary>
    public bool IsPermitted(Access access) => Objection(access) is null;

    private OwnGrant? Own(Access access) => grants.FirstOrDefault(grant => grant.Grant.Terms.Id == access.Statement.Subject.Grant);

    private AlarmException? Objection(Access access)
    {
        var subject = access.Statement.Subject;
        if (Own(access) is not { } own)
            return new AlarmException(AlarmKind.Injected, $"Trustees have answered under the grant {subject.Grant}, which you have not made: {Named(access)}.");
        var terms = own.Grant.Terms;
        if (!terms.Delegatee.Equals(access.Statement.Requester))
            return new AlarmException(AlarmKind.Injected, $"The grant {subject.Grant} is not made to who has opened something by it: {Named(access)}.");
        if (!own.Grant.Entries.Any(entry => entry.Partition == subject.Partition && (subject.Epoch is null || entry.Epoch == subject.Epoch)))
            return new AlarmException(AlarmKind.Injected, $"The grant {subject.Grant} does not cover what was opened by it: {Named(access)}.");
        return terms.From - access.At > Limits.ClockTolerance || access.At - terms.Until > Limits.ClockTolerance
            ? new AlarmException(AlarmKind.Revived, $"Something was opened outside of the time of the grant {subject.Grant}: {Named(access)}.")
            : null;
    }

    /// <summary>
    /// A trustee that answers after it has acknowledged the end of a grant is caught by its own two signatures, which are of one clock. One that acknowledged it later did not know. Of those that
    /// give no receipt one alone opens nothing by itself; two are measured by the log's order and the owner's clock.
    /// </summary>
    private async Task<bool> IsBeforeNoticeAsync(OwnGrant own, Revocation over, Access access, CancellationToken cancel)
    {
        var silent = new HashSet<string>();
        foreach (var line in access.Lines)
            if (await ReceiptAsync(own, over, line, cancel) is not { } receipt)
                silent.UnionWith(line.Line.At - over.At > Limits.ClockTolerance ? [line.Trustee] : []);
            else if (line.Line.At > receipt)
                throw new AlarmException(AlarmKind.Revived,
                    $"{line.Trustee} has answered by the grant {over.Grant} after it had acknowledged that the grant was revoked: {Named(access)}.");
        if (silent.Count > 1 && await IsLoggedBeforeAsync(over, access, cancel))
            throw new AlarmException(AlarmKind.Revived, $"Something was opened by the grant {over.Grant} after its revocation: {Named(access)}.");
        return access.Lines.Any(line => line.Line.At > over.At);
    }

    /// <summary>When the trustee of a line has acknowledged the end. Where the cloud shows no receipt the trustee gives it again, or hears of the end now.</summary>
    private async Task<DateTimeOffset?> ReceiptAsync(OwnGrant own, Revocation over, JournalledAccess line, CancellationToken cancel)
    {
        if (own.Receipts.TryGetValue(line.Trustee, out var at))
            return at;
        if (line.Line.At < over.At - Limits.ClockTolerance || account.Trustees.FirstOrDefault(one => one.Name == line.Trustee) is not { } trustee)
            return null;
        if (_asked.TryGetValue((over.Grant, line.Trustee), out var known))
            return known;
        try
        {
            var receipt = await trustee.RevokeAsync(over, cancel);
            new OwnGrants(account).Keep(over, isThrough: false, receipt);
            await account.State.SaveAsync();
            return _asked[(over.Grant, line.Trustee)] = receipt.At;
        }
        catch (Exception failure) when (failure is AlarmException or RefusedException or UnreachableException)
        {
            return _asked[(over.Grant, line.Trustee)] = null;
        }
    }

    /// <summary>The owner's clock, by which a revocation is dated, may have been wrong: the log's order is not.</summary>
    private async Task<bool> IsLoggedBeforeAsync(Revocation over, Access access, CancellationToken cancel) =>
        await account.Log.PlaceAsync(LogEntry.Of(LogKind.Revocation, over.Signed), cancel) is not { } place || place < access.Index;

    private static string Named(Access access) =>
        $"{access.Statement.Subject.Kind.ToString().ToLowerInvariant()} by the account {access.Statement.Requester.Account}, {access.At:yyyy-MM-dd HH:mm}Z";
}
