using System.CommandLine;
using System.Globalization;
using Salus.Client.Records;
using Salus.Client.Search;

namespace Salus.Cli.Verbs;

/// <summary>`find QUERY`: searches own and granted records by their sealed indexes.</summary>
internal sealed class FindVerb : Verb
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 10_000;

    private readonly Argument<string[]> _query = new("QUERY")
    {
        Description = "words, any:WORD, \"A PHRASE\", -WORD, PREFIX*, code:CODE, date:DAY, partition:P, from:WHO", Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _owner = new("--owner") { Description = "only this owner's records (yours, and all that are shared with you)", HelpName = "MAIL|ACCOUNT" };
    private readonly Option<int> _limit = new("--limit") { Description = $"hits, at most ({DefaultLimit})", HelpName = "N", DefaultValueFactory = _ => DefaultLimit };

    public FindVerb() : base("find", "search your records, and those shared with you")
    {
        Add(_query);
        Add(_owner);
        Add(_limit);
        _limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxLimit)
                result.AddError($"--limit takes a number from 1 to {MaxLimit}");
        });
    }

    protected override async Task<int> RunAsync(Call call)
    {
        if (!Query.TryParse(string.Join(' ', call.Value(_query)!), out var query, out var fault))
            throw new StoppedException(fault, Cli.ExitCode.Usage);
        using var account = await Unlocked.OpenAsync(call);
        var searcher = new Searcher(account);
        var hits = new List<HitDocument>();
        try
        {
            await foreach (var hit in searcher.FindAsync(query, call.Value(_owner), call.Value(_limit), call.Cancel))
            {
                Print(call, hit, hits.Count + 1);
                hits.Add(HitDocument.Of(hit));
            }
            if (hits.Count == 0)
                call.Terminal.Print("Nothing found.");
        }
        finally
        {
            foreach (var complaint in searcher.Complaints)
                Terminal.Say(complaint);
            // Hits before an alarm are verified; the exit code and the message tell of it.
            if (hits.Count > 0)
                call.Terminal.Answer(new FindDocument(hits, [.. searcher.Complaints]), CliJson.Default.FindDocument);
        }
        if (hits.Count == 0)
            call.Terminal.Answer(new FindDocument([], [.. searcher.Complaints]), CliJson.Default.FindDocument);
        return ExitCode.Done;
    }

    private static void Print(Call call, SearchHit hit, int number)
    {
        var owner = hit.Owner == hit.Source || hit.Source == RecordSummary.Self ? "" : $", {hit.Owner}'s";
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
            $"{number,3}. {hit.Record}  {hit.Partition,-12} {Day(hit)}  {hit.Resource ?? hit.Name}  from {hit.Source}{owner}"));
        if (hit.Title is { } title)
            call.Terminal.Print($"     {title}");
        if (hit.Snippet is { } snippet && snippet.Text != hit.Title)
            call.Terminal.Print($"     {snippet.Marked("*", "*")}");
        if (hit.Note is { } note)
            call.Terminal.Print($"     ({note})");
    }

    /// <summary>The day of what was found, else the day on which it was sealed.</summary>
    private static string Day(SearchHit hit) => hit.Date is { Length: >= 10 } date ? date[..10] : hit.SealedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
