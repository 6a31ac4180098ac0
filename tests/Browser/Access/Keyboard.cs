using System.Globalization;
using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;

namespace Salus.Browser.Tests.Access;

/// <summary>Somebody without a mouse.</summary>
internal static class Keyboard
{
    private const int MostSteps = 150;

    private const string IsMarked =
        """
        element => {
          const marks = [element, element.parentElement].flatMap(one => {
            const style = getComputedStyle(one)
            return [style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0, style.boxShadow !== 'none', one.matches('input, select, textarea')]
          })
          return marks.includes(true)
        }
        """;

    /// <summary>Goes to it by the tabulator, sees that it shows the focus, and presses Enter.</summary>
    public static async Task PressAsync(IPage page, ILocator what)
    {
        await ReachAsync(page, what);
        await page.Keyboard.PressAsync("Enter");
    }

    public static async Task TypeAsync(IPage page, ILocator field, string text)
    {
        await ReachAsync(page, field);
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>In a list of choices: by its first letters, as a browser does.</summary>
    public static async Task ChooseAsync(IPage page, ILocator field, string choice)
    {
        await ReachAsync(page, field);
        await page.Keyboard.TypeAsync(choice);
        await Assertions.Expect(field).ToHaveValueAsync(choice.ToLower(CultureInfo.InvariantCulture));
    }

    public static Task<bool> HasFocusAsync(ILocator what) => what.EvaluateAsync<bool>("element => element === document.activeElement");

    private static async Task ReachAsync(IPage page, ILocator what)
    {
        // What is under way keeps its button from being pressed: until it is done nobody could go there.
        await what.UsableAsync();
        for (var i = 0; i < MostSteps; i++)
        {
            if (await HasFocusAsync(what))
            {
                Assert.True(await what.EvaluateAsync<bool>(IsMarked), $"{what} has the focus and does not show it.");
                return;
            }
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"{what} is not reached by the tabulator.");
    }
}
