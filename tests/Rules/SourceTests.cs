using System.Text.RegularExpressions;

namespace Salus.Rules.Tests;

/// <summary>Sources stay short, documented, and explain what they silence.</summary>
public partial class SourceTests
{
    private const int LongFile = 400;
    private const int LongLine = 200;

    private static readonly string[] Folders = ["src", "tests", "bench", "verification"];

    [Fact]
    public void NoFileIsLongWithoutAReason()
    {
        // The reason is a comment in the first lines that says why the file is long: "… lines …" or "… long …".
        var unexplained = Folders.SelectMany(Checkout.Sources)
            .Where(path => Checkout.Lines(path) is { Length: > LongFile } lines && !lines.Take(20).Any(line => Reason().IsMatch(line)));
        Assert.Empty(unexplained);
    }

    [Fact]
    public void NoLineIsTooWideToRead() =>
        Assert.Empty(Folders.Take(2).SelectMany(Checkout.Sources).SelectMany(path => Checkout.Lines(path).Select((line, i) => (line.Length, Where: $"{path}:{i + 1}")))
            .Where(line => line.Length > LongLine).Select(line => line.Where));

    [Fact]
    public void EveryPublicTypeOfTheCryptographyIsDocumented()
    {
        foreach (var path in Checkout.Sources("src/Crypto"))
        {
            var lines = Checkout.Lines(path);
            for (var i = 0; i < lines.Length; i++)
            {
                if (!PublicType().IsMatch(lines[i]))
                    continue;
                var above = i - 1;
                while (above >= 0 && lines[above].TrimStart().StartsWith('['))
                    above--;
                Assert.True(above >= 0 && lines[above].TrimStart().StartsWith("///", StringComparison.Ordinal), $"{path}:{i + 1} has no doc comment");
            }
        }
    }

    [Fact]
    public void WhatIsSilencedSaysWhy()
    {
        foreach (var path in Folders.SelectMany(Checkout.Sources))
            foreach (var line in Checkout.Lines(path).Where(line => line.TrimStart().StartsWith("#pragma warning disable", StringComparison.Ordinal)))
                Assert.True(line.Contains("//", StringComparison.Ordinal), $"{path}: {line.Trim()}");
    }

    [Fact]
    public void NothingIsLeftToDo()
    {
        // In two parts, so that this file is not found.
        string[] words = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception"];
        foreach (var path in Folders.SelectMany(Checkout.Sources))
            Assert.DoesNotContain(Checkout.Lines(path), line => words.Any(word => line.Contains(word, StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"^\s*//.*\b([Ll]ong|lines)\b")]
    private static partial Regex Reason();

    [GeneratedRegex(@"^\s*public\s+((sealed|static|abstract|readonly|ref|partial|unsafe)\s+)*(class|struct|record|interface|enum|delegate)\s")]
    private static partial Regex PublicType();
}
