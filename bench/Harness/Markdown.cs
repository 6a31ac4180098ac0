using System.Globalization;
using System.Text;

namespace Salus.Bench.Harness;

/// <summary>The tables of docs/performance.md, between its two marks, made from results alone.</summary>
internal static class Markdown
{
    private const string Begin = "<!-- figures: written by ./salus bench -->";
    private const string End = "<!-- end of figures -->";

    /// <summary>Replaces what is between the marks of a document.</summary>
    public static void Update(string file, IReadOnlyList<Result> results)
    {
        var text = File.ReadAllText(file);
        int from = text.IndexOf(Begin, StringComparison.Ordinal), to = text.IndexOf(End, StringComparison.Ordinal);
        if (from < 0 || to < from)
            throw new FormatException($"{file} has no marks \"{Begin}\" and \"{End}\".");
        File.WriteAllText(file, $"{text[..from]}{Begin}\n\n{Goals(results)}{Ciphers(results)}{Paillier(results)}{Users(results)}{text[to..]}");
    }

    public static string Number(double? figure) => figure switch
    {
        null => "",
        >= 1000 => figure.Value.ToString("N0", CultureInfo.InvariantCulture),
        >= 100 => figure.Value.ToString("0", CultureInfo.InvariantCulture),
        _ => figure.Value.ToString("G3", CultureInfo.InvariantCulture),
    };

    private static string Goals(IReadOnlyList<Result> results)
    {
        var table = new StringBuilder("### Goals\n\n| bench | ours | peer | unit | ratio | goal | holds | note |\n|---|---:|---:|---|---:|---|---|---|\n");
        foreach (var result in results.Where(result => result.Goal is not null || !result.WasRun))
        {
            var holds = result switch { { Holds: true } => "yes", { WasRun: true } => "**no**", _ => "**not run**" };
            table.Append(CultureInfo.InvariantCulture, $"| `{result.Bench}` | {Number(result.Ours)} | {Number(result.Peer)} | {result.Unit} | {Number(result.Ratio)} ")
                .Append(CultureInfo.InvariantCulture, $"| {result.Goal} | {holds} | {result.Note} |\n");
        }
        return table.Append('\n').ToString();
    }

    /// <summary>Rows <c>papers/DIRECTION/KIND/SIZE/PEER</c>, the peers as columns.</summary>
    private static string Ciphers(IReadOnlyList<Result> results)
    {
        var rows = results.Where(result => result.Bench.StartsWith("papers/", StringComparison.Ordinal) && result.Bench.Split('/') is { Length: 5 })
            .GroupBy(result => string.Join('/', result.Bench.Split('/')[1..4])).ToArray();
        if (rows.Length == 0)
            return "";
        var table = new StringBuilder("### Ciphers of the literature, milliseconds\n\n");
        string[] peers = [.. rows[0].Select(result => result.Bench.Split('/')[4])];
        table.Append(CultureInfo.InvariantCulture, $"| | Salus | {string.Join(" | ", peers.Select(peer => peer.ToUpperInvariant()))} |\n|---|---:{string.Concat(peers.Select(_ => "|---:"))}|\n");
        foreach (var row in rows)
            table.Append(CultureInfo.InvariantCulture, $"| {row.Key.Replace('/', ' ')} | {Number(row.First().Ours)} | {string.Join(" | ", row.Select(result => Number(result.Peer)))} |\n");
        foreach (var model in results.Where(result => result.Bench.StartsWith("papers/search-model/", StringComparison.Ordinal)))
            table.Append(CultureInfo.InvariantCulture, $"\n{model.Bench.Split('/')[2]}: {Number(model.Ours)} {model.Unit} ours, {Number(model.Peer)} {model.Unit} with matrices ({model.Note}).\n");
        return table.Append('\n').ToString();
    }

    /// <summary>Rows <c>statistics/paillier/TASK</c>.</summary>
    private static string Paillier(IReadOnlyList<Result> results)
    {
        var rows = results.Where(result => result.Bench.StartsWith("statistics/paillier/", StringComparison.Ordinal)).ToArray();
        if (rows.Length == 0)
            return "";
        var table = new StringBuilder("### Against Paillier-2048, milliseconds\n\n| | Salus | Paillier-2048 | |\n|---|---:|---:|---|\n");
        foreach (var row in rows)
            table.Append(CultureInfo.InvariantCulture, $"| {row.Bench.Split('/')[2]} | {Number(row.Ours)} | {Number(row.Peer)} | {row.Note} |\n");
        return table.Append('\n').ToString();
    }

    /// <summary>Rows <c>users/STAGE/COUNT</c>, the stages as columns.</summary>
    private static string Users(IReadOnlyList<Result> results)
    {
        var rows = results.Where(result => result.Bench.StartsWith("users/", StringComparison.Ordinal) && !result.Bench.StartsWith("users/linear", StringComparison.Ordinal))
            .GroupBy(result => result.Bench.Split('/')[2]).ToArray();
        if (rows.Length == 0)
            return "";
        var table = new StringBuilder("### Users, milliseconds in all\n\n");
        string[] stages = [.. rows[0].Select(result => result.Bench.Split('/')[1])];
        table.Append(CultureInfo.InvariantCulture, $"| users | {string.Join(" | ", stages)} |\n|---:{string.Concat(stages.Select(_ => "|---:"))}|\n");
        foreach (var row in rows)
            table.Append(CultureInfo.InvariantCulture, $"| {row.Key} | {string.Join(" | ", row.Select(result => Number(result.Ours)))} |\n");
        return table.Append('\n').ToString();
    }
}
