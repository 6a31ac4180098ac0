using System.Xml.Linq;
using Salus.Testing;

namespace Salus.Rules.Tests;

/// <summary>The arrows, held against the project files and against what the compiler made of them.</summary>
public class ArrowTests
{
    public static TheoryData<string> Projects => [.. Checkout.Projects.Keys];

    [Fact]
    public void EveryProjectHasItsArrows() => Assert.All(Checkout.Projects.Keys, name => Assert.Contains(name, Arrows.Allowed.Keys));

    [Theory, MemberData(nameof(Projects))]
    public void ProjectFileReferencesOnlyWhatItsArrowsAllow(string project)
    {
        var referenced = Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)["Salus.".Length..]);
        Assert.Empty(referenced.Except(Arrows.Allowed[project]));
    }

    [Theory, MemberData(nameof(Projects))]
    public void CompiledAssemblyReferencesOnlyWhatItsArrowsAllow(string project)
    {
        var referenced = CompiledAssembly.All[project].References.Where(name => name.StartsWith("Salus.", StringComparison.Ordinal))
            .Select(name => name["Salus.".Length..]);
        Assert.Empty(referenced.Except(Arrows.Allowed[project]));
    }

    [Fact]
    public void ServersNeverSeeTheClientOrEachOther()
    {
        string[] servers = ["Cloud", "Trustee", "Store", "PageHost"];
        foreach (var server in servers)
            Assert.Empty(Reachable(server).Intersect([.. servers.Except([server]), "Client", "Health", "Cli"]));
    }

    [Fact]
    public void CoreUsesNoJsonNoHttpAndNoHost()
    {
        foreach (var project in Arrows.Core)
        {
            Assert.Empty(Items(project, "FrameworkReference").Concat(Items(project, "PackageReference")));
            Assert.DoesNotContain(CompiledAssembly.All[project].References, name => Arrows.NotInCore.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void ClientAndHealthUseNoServerFramework()
    {
        foreach (var project in new[] { "Client", "Health" })
        {
            Assert.Empty(Items(project, "FrameworkReference"));
            Assert.DoesNotContain(CompiledAssembly.All[project].References, name => name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void WhatAlsoRunsInBrowsersSaysSo()
    {
        foreach (var project in new[] { "Crypto", "Protocol", "Health", "Client" })
            Assert.Contains("browser", Items(project, "SupportedPlatform"));
    }

    [Fact]
    public void ProjectsAreHeldToTheirDirectReferences()
    {
        Assert.Contains("<DisableTransitiveProjectReferences>true<", Checkout.Read("Directory.Build.props"), StringComparison.Ordinal);
        foreach (var (name, project) in Checkout.Projects)
            Assert.False(project.Descendants("DisableTransitiveProjectReferences").Any(), name);
    }

    [Fact]
    public void EveryProjectIsInTheSolution()
    {
        var listed = XDocument.Load(Path.Combine(Places.Root, "Salus.slnx")).Descendants("Project").Select(project => (string?)project.Attribute("Path"));
        var there = Checkout.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal) && path.Split('/')[0] is ("src" or "tests"));
        Assert.Empty(there.Except(listed));
    }

    private static IEnumerable<string> Items(string project, string kind) =>
        Checkout.Projects[project].Descendants(kind).Select(item => (string?)item.Attribute("Include")).OfType<string>();

    private static IEnumerable<string> Reachable(string project) => Arrows.Allowed[project].SelectMany(next => Reachable(next).Append(next)).Distinct();
}
