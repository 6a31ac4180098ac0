using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Salus.EndToEnd.Tests;

/// <summary>What the servers hold: their files, and their databases with every binary value decoded, for hexadecimal digits and compression would hide a text.</summary>
internal sealed class Holdings(SalusInstallation salus)
{
    public static IEnumerable<byte[]> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes);

    /// <summary>The rows of a role's tables, each table's by its name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> TablesAsync(string role)
    {
        var tables = new Dictionary<string, string>();
        var (name, rows) = ("", new StringBuilder());
        foreach (var line in (await PgDumpAsync(role)).Split('\n'))
            if (line.StartsWith("COPY ", StringComparison.Ordinal))
                (name, rows) = (line.Split(' ')[1], new StringBuilder());
            else if (line == @"\." && name.Length > 0)
                (tables[name], name) = (rows.ToString(), "");
            else if (name.Length > 0)
                rows.Append(line).Append('\n');
        return tables;
    }

    /// <summary>All that a role has in its schema: the text of it, and each binary value.</summary>
    public async Task<IReadOnlyList<byte[]>> DumpAsync(string role) => Decode(await PgDumpAsync(role));

    /// <summary>The text, and each binary value in it.</summary>
    public static IReadOnlyList<byte[]> Decode(string rows)
    {
        var pieces = new List<byte[]> { Encoding.UTF8.GetBytes(rows) };
        foreach (var word in rows.Split('\t', '\n').Where(word => word.StartsWith(@"\\x", StringComparison.Ordinal)))
            pieces.Add(Convert.FromHexString(word.AsSpan(3)));
        return pieces;
    }

    private async Task<string> PgDumpAsync(string role)
    {
        using var passwords = JsonDocument.Parse(await File.ReadAllBytesAsync(salus.In("database.json")));
        using var installation = JsonDocument.Parse(await File.ReadAllBytesAsync(salus.In("up.json")));
        var port = installation.RootElement.GetProperty("postgres").GetProperty("port").GetInt32();
        var version = (await File.ReadAllTextAsync(salus.In("postgres", "PG_VERSION"))).Trim();
        var start = new ProcessStartInfo($"/usr/lib/postgresql/{version}/bin/pg_dump",
            ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-U", role, "--schema", role, "--data-only", "salus"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = passwords.RootElement.GetProperty(role).GetString();
        using var dump = Process.Start(start)!;
        var errors = dump.StandardError.ReadToEndAsync();
        var text = await dump.StandardOutput.ReadToEndAsync();
        await dump.WaitForExitAsync();
        Assert.True(dump.ExitCode == 0, await errors);
        return text;
    }
}
