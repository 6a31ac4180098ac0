using System.Globalization;
using Salus.Bench.Harness;

namespace Salus.Bench.Plots;

/// <summary>Which plots there are, each drawn from the results that it needs; a plot whose results are missing is not drawn.</summary>
internal static class Drawings
{
    public static void Write(string folder, IReadOnlyList<Result> results)
    {
        Directory.CreateDirectory(folder);
        var run = results.Where(result => result.WasRun).ToArray();
        Draw("goals.svg", Goals(run));
        Draw("seal.svg", Sealing(run));
        Draw("erasure.svg", Pairs(run, "erasure/", "Erasure code", "GB of data a second, one thread, 64 KiB units; longer is better", ["Salus", "ISA-L"], logarithmic: false));
        Draw("reencrypt.svg", Pairs(run, "reencrypt/", "Sharing", "microseconds an operation; shorter is better", ["Salus", "umbral-pre (WASM in node)"], logarithmic: false));
        Draw("papers.svg", Ciphers(run));
        Draw("users.svg", Users(run));

        void Draw(string name, string? svg)
        {
            if (svg is not null)
                File.WriteAllText(Path.Combine(folder, name), svg);
        }
    }

    private static string? Goals(Result[] results)
    {
        var groups = results.Where(result => result.Goal is not null)
            .Select(result => new BarGroup(result.Bench, [100 * Goal.Parse(result.Goal!).Share(result.Ratio ?? result.Ours!.Value)])).ToArray();
        return groups.Length == 0 ? null : Charts.Bars("Goals", "how much of each bound is used, in per cent; a bar beyond the dashed line is a missed goal", ["used"], groups,
            logarithmic: false, mark: 100);
    }

    private static string? Sealing(Result[] results)
    {
        (string Bench, string Name)[] names =
            [("seal", "seal, cp"), ("seal-durable", "seal + fsync, cp + fsync"), ("seal-age", "seal, age alone"), ("open", "open, two lost; cp")];
        var groups = names.Select(name => (name.Name, Result: results.FirstOrDefault(result => result.Bench == name.Bench)))
            .Where(found => found.Result is not null).Select(found => new BarGroup(found.Name, [found.Result!.Ours, found.Result.Peer])).ToArray();
        return groups.Length == 0 ? null : Charts.Bars("Sealing and opening", "milliseconds for 100 MB; shorter is better", ["Salus", "peer"], groups, logarithmic: false);
    }

    private static string? Pairs(Result[] results, string prefix, string title, string subtitle, string[] series, bool logarithmic)
    {
        var groups = results.Where(result => result.Bench.StartsWith(prefix, StringComparison.Ordinal))
            .Select(result => new BarGroup(result.Bench[prefix.Length..].Replace('/', ' '), [result.Ours, result.Peer])).ToArray();
        return groups.Length == 0 ? null : Charts.Bars(title, subtitle, series, groups, logarithmic);
    }

    /// <summary>100 MB: one bar for each cipher; ours stands in every result as its own figure.</summary>
    private static string? Ciphers(Result[] results)
    {
        string[] peers = ["aes-128-pbe", "des-pbe", "rsa-2048"];
        var groups = new List<BarGroup>();
        foreach (var direction in new[] { "encrypt", "decrypt" })
            foreach (var kind in new[] { "text", "image" })
            {
                var found = peers.Select(peer => results.FirstOrDefault(result => result.Bench == $"papers/{direction}/{kind}/100 MB/{peer}")).ToArray();
                if (found.Any(result => result is null))
                    return null;
                groups.Add(new BarGroup($"{direction} {kind}", [found[0]!.Ours, .. found.Select(result => result!.Peer)]));
            }
        return Charts.Bars("Ciphers of the literature", "milliseconds for 100 MB in memory, one thread, logarithmic; shorter is better",
            ["Salus", "AES-128-PBE", "DES-PBE", "RSA-2048"], groups, logarithmic: true);
    }

    private static string? Users(Result[] results)
    {
        var curves = Benches.Users.Stages.Select(stage => new Curve(stage,
            [.. results.Where(result => result.Bench.StartsWith($"users/{stage}/", StringComparison.Ordinal))
                .Select(result => (double.Parse(result.Bench.Split('/')[2], CultureInfo.InvariantCulture), result.Ours!.Value))])).ToArray();
        return curves.Any(curve => curve.Points.Count == 0) ? null : Charts.Curves("Users", "milliseconds in all, one thread, both axes logarithmic", "users", curves);
    }
}
