using System.CommandLine;
using System.Globalization;
using Salus.Client.Search.Compacting;

namespace Salus.Cli.Verbs;

/// <summary>`compact`: merges the search index of the account's own partitions.</summary>
internal sealed class CompactVerb : Verb
{
    private readonly Option<string> _partition = new("--partition") { Description = "only this partition", HelpName = "P" };

    public CompactVerb() : base("compact", "merge the search index, and drop deleted records from it") => Add(_partition);

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var compaction = new Compaction(account);
        using var progress = new TransferBar("compact");
        var done = await compaction.RunAllAsync(call.Value(_partition), progress, call.Cancel);
        progress.Dispose();
        foreach (var complaint in compaction.Complaints)
            Terminal.Say(complaint);
        foreach (var partition in done)
            call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
                $"{partition.Partition,-12} {partition.Merged} segments became {partition.Segments}: {partition.Documents} documents, {partition.Bytes} bytes"
                + $"{(partition.Dropped > 0 ? $"; {partition.Dropped} documents are gone with their records" : "")}"));
        if (done.Count == 0)
            call.Terminal.Print("There is nothing to merge.");
        call.Terminal.Answer(new CompactDocument([.. done.Select(CompactedDocument.Of)], [.. compaction.Complaints]), CliJson.Default.CompactDocument);
        return ExitCode.Done;
    }
}
