using System.Text.Json.Serialization;
using Salus.Client;
using Salus.Client.Search;
using Salus.Client.Search.Indexing;

namespace Salus.Browser.Operations;

internal sealed record FindArguments(string Query, string? Owner = null, int? Limit = null);

internal sealed record QueryArguments(string Query);

internal sealed record FaultDocument(string? Fault);

/// <param name="Marks">Beginning and end of each word that was looked for.</param>
internal sealed record SnippetDocument(string Text, IReadOnlyList<int[]> Marks)
{
    public static SnippetDocument? Of(Snippet? s) => s is null ? null : new SnippetDocument(s.Text, [.. s.Marks.Select(mark => new[] { mark.Start, mark.Start + mark.Length })]);
}

internal sealed record HitDocument(string Record, string Partition, double Score, string Name, string Source, string Owner, string Account, string? Resource, string? Date,
    string? Title, SnippetDocument? Snippet, string? Note)
{
    public static HitDocument Of(SearchHit h) =>
        new(h.Record.ToString(), h.Partition, h.Score, h.Name, h.Source, h.Owner, h.Account.ToString(), h.Resource, h.Date, h.Title, SnippetDocument.Of(h.Snippet), h.Note);
}

internal sealed record HitReport(HitDocument Hit);

internal sealed record FoundDocument(IReadOnlyList<HitDocument> Hits, IReadOnlyCollection<string> Complaints);

internal sealed record IndexedDocument(IReadOnlyList<string> Records, IReadOnlyList<string> Complaints);

/// <summary>Searching, and what makes records findable.</summary>
internal sealed class SearchOperations(Session session)
{
    private const int UsualLimit = 20;
    private const int MaxLimit = 10_000;

    public static void AddTo(OperationTable table, Session session)
    {
        var (operations, json) = (new SearchOperations(session), SearchJson.Default);
        table.Add("find", json.FindArguments, json.FoundDocument, operations.FindAsync);
        table.Add("find.check", json.QueryArguments, json.FaultDocument, (arguments, _) => Task.FromResult(Check(arguments.Query)));
        table.AddStoring("index", json.Nothing, json.IndexedDocument, operations.IndexAsync);
    }

    private static FaultDocument Check(string text) => new(Query.TryParse(text, out _, out var fault) ? null : fault);

    private async Task<FoundDocument> FindAsync(FindArguments arguments, Call call)
    {
        if (!Query.TryParse(arguments.Query, out var query, out var fault))
            throw new CannotException(fault, Reasons.BadQuery);
        var searcher = new Searcher(session.Account);
        var hits = new List<HitDocument>();
        await foreach (var hit in searcher.FindAsync(query, arguments.Owner, Math.Clamp(arguments.Limit ?? UsualLimit, 1, MaxLimit), call.Cancel))
        {
            hits.Add(HitDocument.Of(hit));
            call.Send(new HitReport(hits[^1]), SearchJson.Default.HitReport);
        }
        return new FoundDocument(hits, searcher.Complaints);
    }

    /// <summary>Records whose owner holds the sequence key are left out, and said to be.</summary>
    private async Task<IndexedDocument> IndexAsync(Nothing arguments, Call call)
    {
        var outcome = await new Reindexing(session.Account).RunAsync(RecordOperations.KeyOf(null), null, call.Cancel);
        return new IndexedDocument([.. outcome.Records.Select(record => record.ToString())], outcome.Complaints);
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(FindArguments))]
[JsonSerializable(typeof(QueryArguments))]
[JsonSerializable(typeof(FaultDocument))]
[JsonSerializable(typeof(HitReport))]
[JsonSerializable(typeof(FoundDocument))]
[JsonSerializable(typeof(IndexedDocument))]
internal sealed partial class SearchJson : JsonSerializerContext;
