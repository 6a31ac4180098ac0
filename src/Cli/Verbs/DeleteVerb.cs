using System.CommandLine;
using Salus.Cli.Parties;
using Salus.Client;
using Salus.Client.Audit;
using Salus.Client.Records;
using Salus.Protocol;

namespace Salus.Cli.Verbs;

/// <summary>`delete ID`: takes a record out of the catalogue and deletes its fragments.</summary>
internal sealed class DeleteVerb : Verb
{
    private readonly Argument<string> _record = new("ID") { Description = "the record" };
    private readonly Option<bool> _yes = new("--yes") { Description = "do not ask" };

    public DeleteVerb() : base("delete", "delete a record for good")
    {
        Add(_record);
        Add(_yes);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var id = Unlocked.Id<RecordId>(call.Value(_record), "record");
        using var account = await Unlocked.OpenAsync(call);
        var store = new RecordStore(account);
        if (!call.Value(_yes) && !Console.IsInputRedirected && !Prompt.Confirm(await QuestionAsync(store, id, call)))
            throw new StoppedException("Nothing was deleted.");
        var deleted = await store.DeleteAsync(id, Unlocked.SequenceKey, call.Cancel);
        await new Salus.Client.Requests.Directory(account).RefreshDueAsync(call.Cancel);
        AuditSchedule.Forget(new DataFolder(call.Data), new AuditLists(account).FileName(), deleted.Addresses);
        call.Terminal.Print($"Deleted {id}.");
        if (deleted.Unreached.Count > 0)
            Terminal.Say($"{string.Join(", ", deleted.Unreached)} did not answer and may still hold fragments: sealed bytes whose content key is gone from the catalogue.");
        if (deleted.WasLost)
            Terminal.Say("The cloud had nothing of it any more. It is off the list of what you have; its fragments, which nobody can name without it, stay where they are.");
        if (deleted.IsLeftToAuthor)
            Terminal.Say("Its bytes, which nobody can open through it any more, were shared within its author's records: the author's next command deletes them once no record needs them.");
        call.Terminal.Answer(new DeleteDocument(id.ToString(), deleted.Unreached), CliJson.Default.DeleteDocument);
        return ExitCode.Done;
    }

    /// <summary>A record that is kept back may be lost: its owner may write it off, knowing that.</summary>
    private static async Task<string> QuestionAsync(RecordStore store, RecordId id, Call call)
    {
        try
        {
            return $"Delete {(await store.ShowAsync(id, call.Cancel)).Name} for good?";
        }
        catch (AlarmException alarm) when (alarm.Kind == AlarmKind.Withheld)
        {
            return $"{alarm.Message} Write it off for good?";
        }
    }
}
