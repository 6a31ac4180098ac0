using System.Globalization;
using Salus.Client.Accounts;
using Salus.Client.Transport;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>A line of one trustee's journal, whose statement was verified.</summary>
internal sealed record JournalledAccess(string Trustee, JournalLine Line, AccessStatement Statement);

/// <summary>
/// What the trustees say that they have answered. Two of the three have to tell. Nobody opens anything through one trustee alone, so while all three tell, an access that one leaves out is in the
/// journal of another. While one is away the other two do not suffice: what it has answered with one of them, that one may hide. Then the log alone has it (<see cref="UnnamedAccesses"/>).
/// </summary>
internal sealed class Journals(Account account)
{
    private const int Needed = 2;

    /// <summary>Of <see cref="Limits.MaxJournalPage"/> lines each. Nobody's statements are counted, so that a trustee could go on for ever.</summary>
    private const int MaxPages = 256;

    /// <summary>A trustee answers while a statement is not further from its clock than the tolerance; and twice that is nobody's mistake.</summary>
    private static readonly TimeSpan MaxDifference = 2 * Limits.ClockTolerance;

    private readonly HashSet<string> _told = [];

    public List<string> Complaints { get; } = [];

    public List<AlarmException> Alarms { get; } = [];

    /// <summary>The trustees that have told nothing, not all, less than before, or something that is not so.</summary>
    public IReadOnlyList<string> Missing => [.. account.Trustees.Select(trustee => trustee.Name).Where(name => !_told.Contains(name))];

    /// <summary>All lines since a moment, of those trustees that answered.</summary>
    /// <param name="since">Null for all.</param>
    public async Task<IReadOnlyList<JournalledAccess>> ReadAsync(DateTimeOffset? since, CancellationToken cancel)
    {
        Exception? failure = null;
        var found = new List<JournalledAccess>();
        var answered = 0;
        await Task.WhenAll(account.Trustees.Select(async trustee =>
        {
            try
            {
                var (lines, isWhole) = await ReadAsync(trustee, since ?? DateTimeOffset.UnixEpoch, cancel);
                lock (found)
                {
                    answered++;
                    if (!isWhole)
                        Complaints.Add($"{trustee.Name} tells of more than {lines.Count} accesses: name a later `--since` to see those that follow.");
                    var isRight = IsAsMany(trustee, since is null ? lines.Count : null);
                    var odd = lines.Where(line => (line.Line.At - line.Statement.At).Duration() > MaxDifference).ToArray();
                    if (odd.Length > 0)
                        Alarms.Add(OtherTime(trustee.Name, odd));
                    else if (isWhole && isRight)
                        _told.Add(trustee.Name);
                    found.AddRange(lines.Except(odd));
                }
            }
            catch (AlarmException alarm)
            {
                lock (found)
                    Alarms.Add(alarm);
            }
            catch (Exception other) when (other is RefusedException or UnreachableException)
            {
                lock (found)
                {
                    failure ??= other;
                    Complaints.Add($"{trustee.Name} does not tell what it has answered ({other.Message}): accesses may be missing. `salus log --verify` finds those that are in the log");
                }
            }
        }));
        if (answered < Needed)
            throw Alarms.FirstOrDefault() ?? failure!;
        await account.State.SaveAsync();
        return found;
    }

    private async Task<(IReadOnlyList<JournalledAccess> Lines, bool IsWhole)> ReadAsync(TrusteeApi trustee, DateTimeOffset since, CancellationToken cancel)
    {
        var lines = new List<JournalledAccess>();
        long from = 0;
        for (var page = 1; ; page++)
        {
            var journal = await trustee.JournalAsync(JournalRequest.Create(account.Keys.Identity, trustee.Key, since, from, account.Now), cancel);
            foreach (var line in journal.Lines)
                lines.Add(AccessStatement.TryVerify(line.Statement, out var statement) && statement.Subject.Owner == account.Id
                    ? new JournalledAccess(trustee.Name, line, statement)
                    : throw new AlarmException(AlarmKind.Injected, $"{trustee.Name} shows an access that nobody has signed, or that is not to your data."));
            if (!journal.HasMore || journal.Lines[^1].Index == long.MaxValue)
                return (lines, true);
            if (page == MaxPages)
                return (lines, false);
            from = journal.Lines[^1].Index + 1;
        }
    }

    /// <summary>A trustee never forgets what it has answered. One that does is told of once: what it lost does not come back.</summary>
    private bool IsAsMany(TrusteeApi trustee, int? count)
    {
        if (count is not { } now)
            return true;
        var known = account.State.Content.JournalLines;
        var before = known.GetValueOrDefault(trustee.Key.ToString());
        known[trustee.Key.ToString()] = now;
        if (now >= before)
            return true;
        var alarm = new AlarmException(AlarmKind.Rollback, $"{trustee.Name} tells of {now} accesses to your data and told of {before} before: it hides them, or its database was put back.");
        Alarms.Add(alarm);
        // Told whatever becomes of the rest.
        account.Raise(alarm);
        return false;
    }

    private static AlarmException OtherTime(string trustee, JournalledAccess[] odd) => new(AlarmKind.Injected, string.Create(CultureInfo.InvariantCulture,
        $"{trustee} dates {odd.Length} of the accesses to your data otherwise than who made them has signed, the first {odd[0].Line.At:yyyy-MM-dd HH:mm}Z for {odd[0].Statement.At:yyyy-MM-dd HH:mm}Z, "
        + $"at place {odd[0].Line.Index} of the log. What it says of them does not count."));
}
