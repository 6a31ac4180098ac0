using System.Text.RegularExpressions;
using Salus.Browser.Tests.Browsing;
using Salus.Testing;

namespace Salus.Browser.Tests.Access;

/// <summary>What a screen says in English although it was asked for German.</summary>
internal static partial class German
{
    private const int Shortest = 3;
    private const int Few = 500;

    /// <summary>Everything that is read or heard; what is marked as English is the core's own words.</summary>
    private const string Said =
        """
        () => {
          const said = []
          const walk = node => {
            if (node.nodeType === Node.TEXT_NODE) { said.push(node.nodeValue.trim()); return }
            if (node.nodeType !== Node.ELEMENT_NODE || node.lang === 'en' || node.closest('[data-fhir], bdi, option')) return
            for (const name of ['aria-label', 'placeholder', 'title', 'alt']) if (node.hasAttribute(name)) said.push(node.getAttribute(name).trim())
            for (const child of node.childNodes) walk(child)
          }
          walk(document.body)
          return said.filter(text => text)
        }
        """;

    private static readonly HashSet<string> English = OnlyEnglish();

    /// <summary>Adds what is said in English to what was found.</summary>
    public static async Task AtAsync(Visitor visitor, string screen, List<string> found)
    {
        Assert.Equal("de", await visitor.Page.EvaluateAsync<string>("() => document.documentElement.lang"));
        Assert.Equal("ltr", await visitor.Page.EvaluateAsync<string>("() => document.documentElement.dir"));
        found.AddRange((await visitor.Page.EvaluateAsync<string[]>(Said)).Where(English.Contains).Distinct().Select(text => $"{screen}: {text}"));
    }

    private static HashSet<string> OnlyEnglish()
    {
        var english = Sentences("en");
        english.ExceptWith(Sentences("de"));
        Assert.True(english.Count > Few, $"{english.Count} texts");
        return english;
    }

    /// <summary>The texts of a catalogue that are the same for every number and name.</summary>
    private static HashSet<string> Sentences(string language) =>
        [.. Directory.GetFiles(Path.Combine(Places.Root, "web", "src", "text", language), "*.ts").SelectMany(file => Quoted().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value.Replace("\\'", "'", StringComparison.Ordinal)).Where(text => text.Length >= Shortest)];

    [GeneratedRegex(@"(?::|\[|,|\?)\s*'((?:[^'\\\n]|\\.)+)'")]
    private static partial Regex Quoted();
}
