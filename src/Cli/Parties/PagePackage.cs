namespace Salus.Cli.Parties;

/// <summary>The page of this package: its folder, and beside it the key that its builder signed it with.</summary>
internal sealed record PagePackage(string Folder, string Key)
{
    private const string FolderName = "Page";
    private const string KeyName = "page.pub";

    /// <summary>Null when there is none: it was not built.</summary>
    public static PagePackage? Find()
    {
        var above = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))!;
        string[] places = [above, Path.Combine(above, "..", "..", "publish")]; // artifacts/publish, from there and from artifacts/bin/Salus.Cli/release
        var place = Array.Find(places, place => Directory.Exists(Path.Combine(place, FolderName)) && File.Exists(Path.Combine(place, KeyName)));
        return place is null ? null : new PagePackage(Path.GetFullPath(Path.Combine(place, FolderName)), File.ReadAllText(Path.Combine(place, KeyName)).Trim());
    }

    /// <exception cref="StoppedException">There is none.</exception>
    public static PagePackage Get() => Find() ?? throw new StoppedException("There is no page in this package. Nothing was started. Run `./salus build` in the checkout, which makes it.");
}
