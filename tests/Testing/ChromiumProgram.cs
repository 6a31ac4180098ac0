namespace Salus.Testing;

/// <summary>The Chromium that tests and benchmarks start, and how: with nothing of its own on the network.</summary>
public static class ChromiumProgram
{
    public static readonly IReadOnlyList<string> Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    /// <summary>Debian's, unless SALUS_CHROMIUM names another.</summary>
    public static string Path => Environment.GetEnvironmentVariable("SALUS_CHROMIUM") is { Length: > 0 } given ? given : "/usr/bin/chromium";
}
