using System.Text.RegularExpressions;
using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;
using Salus.Testing;

namespace Salus.Browser.Tests.Access;

/// <summary>In German, no screen says anything in English.</summary>
[Collection(typeof(EveryScreen))]
public sealed partial class LanguageTests(SalusInstallation salus, Chromium chromium, ManyRecords people)
{
    private const int Shortest = 3;

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

    [Fact]
    public async Task NoScreenSpeaksEnglishInGerman()
    {
        var english = Sentences("en");
        english.ExceptWith(Sentences("de"));
        Assert.True(english.Count > 500, $"{english.Count} texts");
        await using var visitor = await Visitor.ComeAsync(chromium, salus, people.Patient.Name, people.Patient, new() { Locale = "de-DE" });
        await visitor.Page.GetByText("Konto").First.SeenAsync();
        var found = new List<string>();
        await LookAsync(visitor, "welcome", english, found);
        // The way in is known by its English names: the language is changed, as a person can.
        await visitor.Page.EvaluateAsync("() => localStorage.setItem('salus-language', 'en')");
        await visitor.Page.ReloadAsync();
        await visitor.Entrance.LogInAsync();
        await visitor.Page.GetByLabel("Language", new() { Exact = true }).First.SelectOptionAsync("de");
        foreach (var (name, route) in people.Screens)
        {
            await ManyRecords.ShowAsync(visitor, route);
            await LookAsync(visitor, name, english, found);
        }
        Assert.Empty(found);
    }

    private static async Task LookAsync(Visitor visitor, string screen, HashSet<string> english, List<string> found)
    {
        Assert.Equal("de", await visitor.Page.EvaluateAsync<string>("() => document.documentElement.lang"));
        Assert.Equal("ltr", await visitor.Page.EvaluateAsync<string>("() => document.documentElement.dir"));
        found.AddRange((await visitor.Page.EvaluateAsync<string[]>(Said)).Where(english.Contains).Distinct().Select(text => $"{screen}: {text}"));
    }

    /// <summary>The texts of a catalogue that are the same for every number and name.</summary>
    private static HashSet<string> Sentences(string language) =>
        [.. Directory.GetFiles(Path.Combine(Places.Root, "web", "src", "text", language), "*.ts").SelectMany(file => Quoted().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value.Replace("\\'", "'", StringComparison.Ordinal)).Where(text => text.Length >= Shortest)];

    [GeneratedRegex(@"(?::|\[|,|\?)\s*'((?:[^'\\\n]|\\.)+)'")]
    private static partial Regex Quoted();
}
