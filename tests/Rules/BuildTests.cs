using System.Text.RegularExpressions;
using Salus.Testing;

namespace Salus.Rules.Tests;

/// <summary>What the last build of the programs wrote.</summary>
public partial class BuildTests
{
    /// <summary>A project that is built for each program that uses it is built by several at the same time into one folder, which fails now and then.</summary>
    [Fact]
    public void EveryProjectIsBuiltOnce()
    {
        string[] built = [.. Built().Matches(File.ReadAllText(Path.Combine(Places.Root, "artifacts", "build.log"))).Select(match => match.Groups[1].Value)];
        Assert.Contains("Salus.Crypto.dll", built);
        Assert.Empty(built.CountBy(name => name).Where(one => one.Value > 1).Select(one => $"{one.Key} was built {one.Value} times"));
    }

    [GeneratedRegex(@"(?m)^ *\S+ -> .*/([^/\r\n]+\.dll)$")]
    private static partial Regex Built();
}
