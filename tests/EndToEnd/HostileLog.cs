using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using Salus.Protocol.Log;

namespace Salus.EndToEnd.Tests;

/// <summary>A cloud that writes into its log what nobody has sent it.</summary>
internal static class HostileLog
{
    public static async Task EnterAsync(this SalusInstallation salus, IEnumerable<LogEntry> entries)
    {
        using var configuration = JsonDocument.Parse(await File.ReadAllBytesAsync(salus.In("config", "cloud.json")));
        var database = new DbConnectionStringBuilder { ConnectionString = configuration.RootElement.GetProperty("database").GetString() };
        var rows = string.Join(',', entries.Select(entry => $@"('\x{Convert.ToHexString(entry.LeafHash)}', '\x{Convert.ToHexString(entry.Bytes.Span)}')"));
        string[] arguments =
        [
            "-h", (string)database["Host"], "-p", (string)database["Port"], "-U", (string)database["Username"], "-d", (string)database["Database"], "-XqAt", "-v", "ON_ERROR_STOP=1",
            "-c", $"INSERT INTO cloud.log_pending (leaf, entry) VALUES {rows}",
        ];
        using var psql = Process.Start(new ProcessStartInfo("psql", arguments) { RedirectStandardError = true, Environment = { ["PGPASSWORD"] = (string)database["Password"] } })!;
        var errors = await psql.StandardError.ReadToEndAsync();
        await psql.WaitForExitAsync();
        Assert.True(psql.ExitCode == 0, errors);
    }
}
