using System.Diagnostics;
using System.Text;
using Salus.Cli.Parties;

namespace Salus.Cli.Demo;

/// <summary>What one party holds at the end of the demo, and in how many places of it a plaintext was found.</summary>
/// <param name="Excerpt">Some bytes from the middle of the largest thing it holds, in hexadecimal.</param>
internal sealed record Holding(string Party, long Bytes, string Excerpt, int Matches);

/// <summary>
/// Looks through everything that each party has on its disk and in its database for texts that only patient and doctor may know. Databases are dumped with each party's own role and their
/// binary columns decoded first: compressed or hexadecimal bytes must not hide a match.
/// </summary>
internal sealed class Holdings(DataFolder data, Cluster cluster, int postgresPort)
{
    private const int ExcerptBytes = 24;

    public async Task<IReadOnlyList<Holding>> SearchAsync(IReadOnlyList<string> needles, CancellationToken cancel)
    {
        var patterns = needles.SelectMany(needle => new[] { Encoding.UTF8.GetBytes(needle), Encoding.Unicode.GetBytes(needle) }).ToArray();
        var holdings = new List<Holding>();
        foreach (var party in PartyPlan.All)
        {
            var pieces = new List<byte[]>();
            byte[] dump = [];
            foreach (var file in Directory.EnumerateFiles(data.Of(party), "*", SearchOption.AllDirectories))
                // An empty file, such as a lock that its server holds, holds nothing.
                if (!IsOwnKey(file) && new FileInfo(file).Length > 0)
                    pieces.Add(await File.ReadAllBytesAsync(file, cancel));
            if (party.Role is { } role)
            {
                dump = await DumpAsync(role, cancel);
                pieces.AddRange(BinaryValues(dump));
            }
            var largest = pieces.MaxBy(piece => piece.Length) ?? [];
            var middle = largest.AsSpan(largest.Length / 2);
            pieces.Add(dump);
            holdings.Add(new Holding(party.Name, pieces.Sum(piece => (long)piece.Length), Convert.ToHexStringLower(middle[..Math.Min(ExcerptBytes, middle.Length)]),
                pieces.Sum(piece => patterns.Count(pattern => piece.AsSpan().IndexOf(pattern) >= 0))));
        }
        return holdings;
    }

    private static bool IsOwnKey(string file) => Path.GetFileName(file) is "identity.key" or "pepper.key";

    /// <summary>A role's tables as text.</summary>
    private async Task<byte[]> DumpAsync(string role, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(cluster.Tool("pg_dump"), ["-h", "127.0.0.1", "-p", $"{postgresPort}", "-U", role, "--schema", role, "--data-only", "salus"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = cluster.Passwords()[role];
        using var dump = Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
        var errors = dump.StandardError.ReadToEndAsync(cancel);
        var text = await dump.StandardOutput.ReadToEndAsync(cancel);
        await dump.WaitForExitAsync(cancel);
        if (dump.ExitCode != 0)
            throw new StoppedException($"pg_dump failed: {await errors}");
        return Encoding.UTF8.GetBytes(text);
    }

    private static IEnumerable<byte[]> BinaryValues(byte[] dump) => Encoding.UTF8.GetString(dump).Split('\t', '\n')
        .Where(word => word.StartsWith(@"\\x", StringComparison.Ordinal)).Select(word => Convert.FromHexString(word.AsSpan(3)));
}
