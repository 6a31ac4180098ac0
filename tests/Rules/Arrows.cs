namespace Salus.Rules.Tests;

/// <summary>Who may reference whom: the arrows of docs/architecture.md, and the one place where tests keep them.</summary>
internal static class Arrows
{
    /// <summary>Project, without "Salus." -> the projects that it may reference.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Allowed = new Dictionary<string, string[]>
    {
        ["Crypto"] = [],
        ["Protocol"] = ["Crypto"],
        ["Health"] = [],
        ["Client"] = ["Protocol", "Crypto", "Health"],
        ["Hosting"] = ["Protocol", "Crypto"],
        ["Cloud"] = ["Hosting", "Protocol", "Crypto"],
        ["Trustee"] = ["Hosting", "Protocol", "Crypto"],
        ["Store"] = ["Hosting", "Protocol"],
        ["PageHost"] = ["Hosting", "Protocol"],
        // The command line and the page's exports stand on the client; Protocol and Crypto only for types that the client hands out.
        ["Cli"] = ["Client", "Protocol", "Crypto"],
        ["Browser"] = ["Client", "Protocol", "Crypto"],
    };

    /// <summary>Assemblies that algorithms and formats never need: JSON, HTTP, dependency injection, logging, servers.</summary>
    public static readonly string[] NotInCore =
        ["System.Text.Json", "System.Net.", "Microsoft.Extensions.", "Microsoft.AspNetCore.", "System.Xml", "System.Diagnostics.Process"];

    /// <summary>The projects of the core, which <see cref="NotInCore"/> is about.</summary>
    public static readonly string[] Core = ["Crypto", "Protocol"];
}
