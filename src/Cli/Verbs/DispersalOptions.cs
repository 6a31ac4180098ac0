using System.CommandLine;
using Salus.Client.Records;

namespace Salus.Cli.Verbs;

/// <summary>`--sequence-key` and `--restore-from K`, wherever something is sealed.</summary>
internal sealed class DispersalOptions
{
    private readonly Option<bool> _sequenceKey = new("--sequence-key")
    {
        Description = "hold the sequence key yourself: from SALUS_SEQUENCE_KEY, else asked for; without it nobody opens the record, you neither",
    };

    private readonly Option<int?> _restoreFrom = new("--restore-from") { Description = "how many fragments are to restore the record", HelpName = "K" };

    private readonly Option<bool> _noDedup = new("--no-dedup") { Description = "store it with a body of its own, also when the same content is stored already" };

    public void AddTo(Command verb)
    {
        verb.Add(_noDedup);
        verb.Add(_sequenceKey);
        verb.Add(_restoreFrom);
    }

    public DispersalChoice Of(Call call) => new(call.Value(_sequenceKey) ? Unlocked.SequenceKey() : null, call.Value(_restoreFrom), !call.Value(_noDedup));

    /// <param name="waiting">Why search words are still in the outbox; null when they are not.</param>
    public static void Warn(IReadOnlyList<string> missing, bool isSearchable, string? waiting)
    {
        if (missing.Count > 0)
            Terminal.Say($"{string.Join(", ", missing)} did not take every fragment. The record is safe without; `salus resume` brings the rest when the store is back.");
        if (waiting is not null)
            Terminal.Say($"The record is stored, and its search words are kept here: it will be searchable after `salus resume`. ({waiting})");
        else if (!isSearchable)
            Terminal.Say("Its words did not get into the search index: the partition has moved on meanwhile. The record itself is stored; its owner's `salus index` adds the words.");
    }
}
