using System.CommandLine;
using System.Globalization;
using Salus.Client.Search;

namespace Salus.Cli.Verbs;

/// <summary>`keywords FILE`: what a file would be found by, without an account or a server.</summary>
internal sealed class KeywordsVerb : Verb
{
    private static readonly (string Prefix, string Kind)[] Kinds = [("w:", "words"), ("c:", "codes"), ("d:", "dates")];

    private readonly Argument<string> _file = new("FILE") { Description = "any file; FHIR is shown by resource, as import slices it" };
    private readonly Option<string[]> _keyword = new("--keyword") { Description = "a word of your own, as put takes it; may be repeated", HelpName = "W" };

    public KeywordsVerb() : base("keywords", "show what a file would be found by")
    {
        Add(_file);
        Add(_keyword);
    }

    protected override Task<int> RunAsync(Call call)
    {
        var documents = KeywordPreview.Read(call.Value(_file)!, call.Value(_keyword) ?? [], call.Cancel);
        if (call.Terminal.Json)
            call.Terminal.Answer(new KeywordsDocument([.. documents.Select(document =>
                new FoundByDocument(document.Partition, document.Resource, document.Name, document.Length, new SortedDictionary<string, int>(document.Terms.ToDictionary(), StringComparer.Ordinal)))]),
                CliJson.Default.KeywordsDocument);
        else
            Print(call.Terminal, documents);
        return Task.FromResult(ExitCode.Done);
    }

    private static void Print(Terminal terminal, IEnumerable<PreviewedDocument> documents)
    {
        var count = 0;
        foreach (var document in documents)
        {
            count++;
            terminal.Print(string.Join("  ", new[] { document.Partition, document.Resource, document.Name }.Where(part => !string.IsNullOrEmpty(part))));
            foreach (var (prefix, kind) in Kinds)
                if (document.Terms.Where(term => term.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList() is { Count: > 0 } terms)
                    terminal.Print($"  {kind}  {string.Join(' ', terms.Select(term => Text(term, prefix)))}");
        }
        if (count == 0)
            terminal.Print("It would be found by nothing: give it words of your own with --keyword.");
    }

    private static string Text(KeyValuePair<string, int> term, string prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{term.Key[prefix.Length..]}{(term.Value > 1 ? $"({term.Value})" : "")}");
}
