using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;

namespace Salus.Browser.Tests.Access;

/// <summary>In German, no screen says anything in English.</summary>
[Collection(typeof(EveryScreen))]
public sealed class LanguageTests(SalusInstallation salus, Chromium chromium, ManyRecords people)
{
    [Fact]
    public async Task NoScreenSpeaksEnglishInGerman()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, salus, people.Patient.Name, people.Patient, new() { Locale = "de-DE" });
        await visitor.Page.GetByText("Konto").First.SeenAsync();
        var found = new List<string>();
        await German.AtAsync(visitor, "welcome", found);
        // The way in is known by its English names: the language is changed, as a person can.
        await visitor.Page.EvaluateAsync("() => localStorage.setItem('salus-language', 'en')");
        await visitor.Page.ReloadAsync();
        await visitor.Entrance.LogInAsync();
        await visitor.Page.GetByLabel("Language", new() { Exact = true }).First.SelectOptionAsync("de");
        foreach (var (name, route) in people.Screens)
        {
            await ManyRecords.ShowAsync(visitor, route);
            await German.AtAsync(visitor, name, found);
        }
        Assert.Empty(found);
    }
}
