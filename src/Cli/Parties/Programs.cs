namespace Salus.Cli.Parties;

/// <summary>Where the servers' executables are: beside the folder of this one, as published or as built.</summary>
internal static class Programs
{
    public static string Find(string program)
    {
        var here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var above = Path.GetDirectoryName(here)!;
        string[] places =
        [
            Path.Combine(above, program["Salus.".Length..], program), // artifacts/publish/Store/Salus.Store
            Path.Combine(above, "..", program, Path.GetFileName(here), program), // artifacts/bin/Salus.Store/release/Salus.Store
        ];
        return Array.Find(places, File.Exists) is { } found
            ? Path.GetFullPath(found)
            : throw new StoppedException($"{program} is not beside {here}. Nothing was started. Run `./salus build` in the checkout, which makes all of them.");
    }
}
