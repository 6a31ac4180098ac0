using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;
using Salus.Testing;

namespace Salus.Browser.Tests.Access;

/// <summary>axe-core finds nothing on any screen: light and dark, on a phone and on a desk. Pictures of them are left in artifacts/screenshots.</summary>
[Collection(typeof(EveryScreen))]
public class AccessibilityTests(SalusInstallation salus, Chromium chromium, ManyRecords people)
{
    private const string Run =
        """
        async () => {
          const { violations } = await axe.run(document, { resultTypes: ['violations'], iframes: false })
          return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target.join(' ')} ${node.failureSummary}`))
        }
        """;

    /// <summary>Colours fade from one theme to the other.</summary>
    private const string Settle =
        """
        async () => {
          await new Promise(requestAnimationFrame)
          await Promise.allSettled(document.getAnimations().filter(one => Number.isFinite(one.effect.getComputedTiming().endTime)).map(one => one.finished))
        }
        """;

    private static readonly string Axe = Path.Combine(Places.Root, "web", "node_modules", "axe-core", "axe.min.js");
    private static readonly string Pictures = Directory.CreateDirectory(Path.Combine(Places.Root, "artifacts", "screenshots")).FullName;
    private static readonly (string Name, ColorScheme Scheme)[] Themes = [("light", ColorScheme.Light), ("dark", ColorScheme.Dark)];
    private static readonly (int Width, int Height)[] Sizes = [(360, 740), (1280, 900)];

    [Fact]
    public async Task EveryScreenOfAnOpenAccountIsAccessible()
    {
        await using var visitor = await Visitor.LogInAsync(chromium, people.Patient, salus);
        var found = new List<string>();
        await ManyRecords.ShowAsync(visitor, $"/patients/{people.Doctor.Account.Id}");
        await LookAsync(visitor, "unnamed patient", found);
        await visitor.Page.Button("Look the address up").ClickAsync();
        await visitor.Page.Title($"Records of {people.Doctor.Mail}").SeenAsync();
        foreach (var (name, route) in people.Screens)
        {
            await ManyRecords.ShowAsync(visitor, route);
            await LookAsync(visitor, name, found);
        }
        await visitor.Records.FindAsync("sinusitis");
        await LookAsync(visitor, "found", found);
        await visitor.GoAsync("/sharing");
        await visitor.Page.Button($"End the permission of {people.Doctor.Mail}").First.ClickAsync();
        await visitor.Page.OpenDialog().Button("End it now").SeenAsync();
        await LookAsync(visitor, "revoke", found);
        Assert.Empty(found);
    }

    [Fact]
    public async Task TheWayInIsAccessible()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, salus, "newcomer");
        var found = new List<string>();
        await visitor.Page.Button("Create an account").SeenAsync();
        await LookAsync(visitor, "welcome", found);
        await visitor.Page.Button("I have only my recovery kit").ClickAsync();
        await LookAsync(visitor, "restore", found);
        await visitor.Page.ReloadAsync();
        await visitor.Page.Button("I have an account").ClickAsync();
        await LookAsync(visitor, "log in", found);
        await visitor.Page.ReloadAsync();
        await visitor.Entrance.AskForCodeAsync();
        await visitor.Page.Field("Code from the mail").FillAsync(await salus.TakeCodeAsync(visitor.Mail));
        await LookAsync(visitor, "code and method", found);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "With a passphrase" }).ClickAsync();
        await visitor.Page.Field("Passphrase").FillAsync(visitor.Passphrase);
        await visitor.Page.Field("The same once more").FillAsync(visitor.Passphrase);
        await LookAsync(visitor, "passphrase", found);
        await visitor.Page.Button("Create the account").ClickAsync();
        await visitor.Page.Title("Your recovery kit").SeenAsync();
        await LookAsync(visitor, "recovery kit", found);
        await visitor.Entrance.ProveKitAsync();
        await LookAsync(visitor, "empty records", found);
        await visitor.Entrance.LockAsync();
        await visitor.Page.Field("Passphrase").FillAsync("not the one at all");
        await visitor.Page.Button("Unlock").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Alert).SeenAsync();
        await LookAsync(visitor, "unlock", found);
        Assert.Empty(found);
    }

    /// <summary>In both themes and widths.</summary>
    private static async Task LookAsync(Visitor visitor, string name, List<string> found)
    {
        foreach (var (width, height) in Sizes)
        {
            await visitor.Page.SetViewportSizeAsync(width, height);
            foreach (var (theme, scheme) in Themes)
            {
                await visitor.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await visitor.Page.EvaluateAsync(Settle);
                if (!await visitor.Page.EvaluateAsync<bool>("() => 'axe' in globalThis"))
                    await visitor.Page.EvaluateAsync(await File.ReadAllTextAsync(Axe));
                foreach (var violation in await visitor.Page.EvaluateAsync<string[]>(Run))
                    found.Add($"{name}, {theme}, {width} px: {violation}");
                if (await visitor.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") is > 0 and var over)
                    found.Add($"{name}, {theme}, {width} px: wider than the screen by {over} px");
                await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{name}-{width}-{theme}.png"), FullPage = true, Mask = [visitor.Entrance.Kit] });
            }
        }
    }
}
