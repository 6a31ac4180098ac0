using Microsoft.Playwright;

namespace Salus.Browser.Tests.Browsing;

/// <summary>What is on the screen, found as a screen reader finds it: by role and name.</summary>
internal static class Finding
{
    /// <summary>How long keys, uploads and trustees may take on a slow machine.</summary>
    public const int Patience = 60_000;

    public static ILocator Button(this IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public static ILocator Button(this ILocator within, string name) => within.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public static ILocator Link(this IPage page, string name) => page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public static ILocator Title(this IPage page, string name) => page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true, Level = 1 });

    public static ILocator Field(this IPage page, string label) => page.GetByLabel(label, new() { Exact = true });

    public static ILocator OpenDialog(this IPage page) => page.GetByRole(AriaRole.Dialog);

    /// <summary>What is said as an alarm or a failure.</summary>
    public static ILocator Alert(this IPage page, string text) => page.GetByRole(AriaRole.Alert).Filter(new() { HasText = text });

    public static Task SeenAsync(this ILocator what) => Assertions.Expect(what).ToBeVisibleAsync(new() { Timeout = Patience });

    /// <summary>It is there, and nothing that is under way keeps it from being used.</summary>
    public static async Task UsableAsync(this ILocator what)
    {
        await what.SeenAsync();
        await Assertions.Expect(what).ToBeEnabledAsync(new() { Timeout = Patience });
    }

    public static Task GoneAsync(this ILocator what) => Assertions.Expect(what).ToHaveCountAsync(0, new() { Timeout = Patience });

    public static Task CountAsync(this ILocator what, int count) => Assertions.Expect(what).ToHaveCountAsync(count, new() { Timeout = Patience });

    public static Task SaysAsync(this ILocator what, string text) => Assertions.Expect(what).ToContainTextAsync(text, new() { Timeout = Patience });
}
