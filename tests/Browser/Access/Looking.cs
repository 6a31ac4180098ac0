using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.Testing;

namespace Salus.Browser.Tests.Access;

/// <summary>axe-core over what is on the screen. Pictures are left in artifacts/screenshots.</summary>
internal static class Looking
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

    /// <summary>In both themes and widths.</summary>
    public static async Task AtAsync(Visitor visitor, string name, List<string> found)
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
