using System.CommandLine;
using Salus.Cli.Parties;
using Salus.Client.Audit;
using Salus.Client.Records;
using Salus.Protocol;

namespace Salus.Cli.Verbs;

/// <summary>`delete ID`: takes a record out of the catalogue and deletes its fragments.</summary>
internal sealed class DeleteVerb : Verb
{
    private readonly Argument<string> _record = new("ID") { Description = "the record" };
    private readonly Option<bool> _yes = new("--yes") { Description = "do not ask" };

    private readonly Option<bool> _lost = new("--lost") { Description = "write off a record that the cloud does not show any more, or that does not open: take it off the list of what you have" };

    public DeleteVerb() : base("delete", "delete a record for good")
    {
        Add(_record);
        Add(_yes);
        Add(_lost);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var id = Unlocked.Id<RecordId>(call.Value(_record), "record");
        using var account = await Unlocked.OpenAsync(call);
        var store = new RecordStore(account);
        var lost = call.Value(_lost);
        if (!call.Value(_yes) && !Console.IsInputRedirected
            && !Prompt.Confirm(lost ? $"Write off {id} for good, even if the cloud shows it again?" : $"Delete {(await store.ShowAsync(id, call.Cancel)).Name} for good?"))
            throw new StoppedException("Nothing was deleted.");
        var deleted = lost ? await store.WriteOffAsync(id, call.Cancel) : await store.DeleteAsync(id, Unlocked.SequenceKey, call.Cancel);
        new ScheduledList(new DataFolder(call.Data), new AuditLists(account).FileName()).Forget(deleted.Addresses);
        call.Terminal.Print(lost ? $"Wrote off {id}." : $"Deleted {id}.");
        if (deleted.Unreached.Count > 0)
            Terminal.Say($"{string.Join(", ", deleted.Unreached)} did not answer and may still hold fragments: sealed bytes whose content key is gone from the catalogue.");
        if (deleted.IsLeftToAuthor)
            Terminal.Say("Its bytes, which nobody can open through it any more, were shared within its author's records: the author's next command deletes them once no record needs them.");
        if (lost)
            Terminal.Say("Its fragments, which nobody can name without it, stay where they are. "
                + "Should the cloud have kept it, whoever you shared it with can still read it: revoke them if that must not be.");
        call.Terminal.Answer(new DeleteDocument(id.ToString(), deleted.Unreached), CliJson.Default.DeleteDocument);
        await new Salus.Client.Requests.Directory(account).RefreshDueAsync(call.Cancel);
        await ListUpkeep.CompleteAsync(call, account);
        return ExitCode.Done;
    }
}
