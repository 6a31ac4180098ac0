using System.CommandLine;
using Salus.Client.Records;

namespace Salus.Cli.Verbs;

/// <summary>`export [IMPORT] --out FILE`: writes an import back, byte for byte when all its partitions are readable.</summary>
internal sealed class ExportVerb : Verb
{
    private readonly Argument<string?> _import = new("IMPORT") { Description = "which import, when there are several", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _out = new("--out") { Description = "the file to write", HelpName = "FILE", Required = true };

    public ExportVerb() : base("export", "write an imported bundle back")
    {
        Add(_import);
        Add(_out);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var file = call.Value(_out)!;
        using var account = await Unlocked.OpenAsync(call);
        using var progress = new TransferBar("export");
        var exported = await new Imports(account).ExportAsync(call.Value(_import), file, Unlocked.SequenceKey, progress, call.Cancel);
        progress.Dispose();
        foreach (var complaint in exported.Complaints)
            Terminal.Say(complaint);
        call.Terminal.Print(exported.Exact
            ? $"Exported to {file}: the imported file, byte for byte (sha256 {exported.Sha256})."
            : $"Exported {string.Join(", ", exported.Partitions)} to {file}. What you may not read is marked as withheld.");
        call.Terminal.Answer(new ExportDocument(file, exported.Bytes, exported.Sha256, exported.Exact, exported.Partitions), CliJson.Default.ExportDocument);
        return ExitCode.Done;
    }
}
