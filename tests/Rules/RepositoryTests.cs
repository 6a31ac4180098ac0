using System.Text.Json;
using System.Text.RegularExpressions;

namespace Salus.Rules.Tests;

/// <summary>What is tracked names no machine and no mirror.</summary>
public partial class RepositoryTests
{
    // In two parts, so that this file is not found.
    private static readonly string[] Hosts =
    [
        "registry.npm" + "js.org", "api.nu" + "get.org", "www.nu" + "get.org", 
        "files.python" + "hosted.org", "proxy.go" + "lang.org", "artifact" + "ory", "jfrog" + ".io",
    ];

    private static readonly string[] DataFolders = ["samples/", "vectors/"];

    private static IEnumerable<(string Path, string Text)> Texts => Checkout.Files
        .Where(path => !DataFolders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)))
        .Select(path => (path, Checkout.Read(path))).Where(file => !file.Item2.Contains('\0', StringComparison.Ordinal));

    [Fact]
    public void NoTrackedFileNamesAMachinesFolders() =>
        Assert.Empty(Texts.Where(file => MachinePath().IsMatch(file.Text)).Select(file => $"{file.Path}: {MachinePath().Match(file.Text).Value}"));

    [Fact]
    public void NoTrackedFileNamesARegistry() =>
        Assert.Empty(Texts.SelectMany(file => Hosts.Where(host => file.Text.Contains(host, StringComparison.OrdinalIgnoreCase)).Select(host => $"{file.Path}: {host}")));

    [Fact]
    public void LockFilesHoldNoAddresses()
    {
        var locks = Texts.Where(file => Path.GetFileName(file.Path) == "packages.lock.json").ToList();
        Assert.NotEmpty(locks);
        Assert.Empty(locks.Where(file => file.Text.Contains("://", StringComparison.Ordinal)).Select(file => file.Path));
    }

    // Where a package comes from is a setting of the machine. What its authors say of money is no address to load from.
    [Fact]
    public void NpmLockFilesNameNoPlaceToLoadFrom()
    {
        var locks = Texts.Where(file => Path.GetFileName(file.Path) == "package-lock.json").ToList();
        Assert.NotEmpty(locks);
        foreach (var (path, text) in locks)
        {
            using var json = JsonDocument.Parse(text);
            foreach (var package in json.RootElement.GetProperty("packages").EnumerateObject())
            {
                Assert.False(package.Value.TryGetProperty("resolved", out _), $"{path}: {package.Name} is resolved to an address");
                Assert.True(package.Name.Length == 0 || package.Value.TryGetProperty("integrity", out _), $"{path}: {package.Name} has no hash");
            }
            Assert.DoesNotContain(StringsOutsideFunding(json.RootElement), value => value.Contains(':', StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> StringsOutsideFunding(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Where(member => member.Name != "funding").SelectMany(member => StringsOutsideFunding(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(StringsOutsideFunding),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };

    [Fact]
    public void EveryProjectHasALockFile() => 
        Assert.Empty(Checkout.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(path => $"{Path.GetDirectoryName(path)}/packages.lock.json").Except(Checkout.Files));

    // The page's exports are built for the browser's runtime always.
    [Fact]
    public void LockFilesNameNoRuntime() => Assert.Empty(Texts
        .Where(file => Path.GetFileName(file.Path) == "packages.lock.json" && !file.Path.StartsWith("src/Browser/", StringComparison.Ordinal))
        .Where(file => file.Text.Contains("\"net10.0/", StringComparison.Ordinal)).Select(file => file.Path));

    [GeneratedRegex(@"(?<![\w.~-])/(work|root|home/\w+|Users/\w+)/")]
    private static partial Regex MachinePath();
}
