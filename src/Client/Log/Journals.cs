using Salus.Client.Accounts;
using Salus.Client.Transport;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>A line of one trustee's journal, whose statement was verified.</summary>
internal sealed record JournalledAccess(string Trustee, JournalLine Line, AccessStatement Statement);

/// <summary>
/// What the trustees say that they have answered. Two of the three have to tell; an access that one leaves out is in the journal of another, for nobody opens anything through one trustee alone.
/// </summary>
internal sealed class Journals(Account account)
{
    private const int Needed = 2;

    public List<string> Complaints { get; } = [];

    public List<AlarmException> Alarms { get; } = [];

    /// <summary>All lines since a moment, of those trustees that answered.</summary>
    public async Task<IReadOnlyList<JournalledAccess>> ReadAsync(DateTimeOffset since, CancellationToken cancel)
    {
        Exception? failure = null;
        var found = new List<JournalledAccess>();
        var answered = 0;
        await Task.WhenAll(account.Trustees.Select(async trustee =>
        {
            try
            {
                var lines = await ReadAsync(trustee, since, cancel);
                lock (found)
                {
                    found.AddRange(lines);
                    answered++;
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
                    Complaints.Add($"{trustee.Name} does not tell what it has answered ({other.Message}); the other two suffice");
                }
            }
        }));
        if (answered < Needed)
            throw Alarms.FirstOrDefault() ?? failure!;
        return found;
    }

    private async Task<IReadOnlyList<JournalledAccess>> ReadAsync(TrusteeApi trustee, DateTimeOffset since, CancellationToken cancel)
    {
        var lines = new List<JournalledAccess>();
        for (long from = 0; ;)
        {
            var journal = await trustee.JournalAsync(JournalRequest.Create(account.Keys.Identity, trustee.Key, since, from, account.Now), cancel);
            foreach (var line in journal.Lines)
                lines.Add(AccessStatement.TryVerify(line.Statement, out var statement) && statement.Subject.Owner == account.Id
                    ? new JournalledAccess(trustee.Name, line, statement)
                    : throw new AlarmException(AlarmKind.Injected, $"{trustee.Name} shows an access that nobody has signed, or that is not to your data."));
            if (!journal.HasMore)
                return lines;
            from = journal.Lines[^1].Index + 1;
        }
    }
}
