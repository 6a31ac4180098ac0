using System.ComponentModel.DataAnnotations;
using Npgsql;
using Salus.Hosting;

namespace Salus.Trustee;

/// <summary>What a trustee is told, beside what every server is.</summary>
public sealed class TrusteeOptions : ServerOptions
{
    /// <summary>A short name for people: "trustee-1".</summary>
    [StringLength(64, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>
    /// Npgsql's connection string; `Search Path` names the schema, which the role owns. The trustee makes its tables there at the start.
    /// </summary>
    public required string Database { get; init; }

    /// <summary>Requests that one key may sign in a second, on average, whatever address they come from.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecondAndKey { get; init; } = 20;

    /// <summary>Requests that one key may sign at once. With 64 records in each, 200 open 12,800 records.</summary>
    [Range(1, 1_000_000)]
    public int RequestsAtOncePerKey { get; init; } = 200;

    public override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults())
            yield return fault;
        if (ConnectionFault(Database) is { } connection)
            yield return $"database: {connection}";
    }

    private static string? ConnectionFault(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text) switch
            {
                { Host: null or "" } => "names no Host",
                { Database: null or "" } => "names no Database",
                { Username: null or "" } => "names no Username",
                { SearchPath: null or "" } => "names no Search Path: the schema of this trustee, which its role owns",
                _ => null,
            };
        }
        catch (ArgumentException)
        {
            return "is no connection string: Host=…;Port=…;Database=…;Username=…;Password=…;Search Path=…";
        }
    }
}
