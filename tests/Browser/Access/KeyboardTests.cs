using System.Globalization;
using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;

namespace Salus.Browser.Tests.Access;

/// <summary>The main job without a mouse: everything is reached by the tabulator, in sight, and works by Enter and Space.</summary>
public class KeyboardTests(SalusInstallation salus, Chromium chromium)
{
    private const int MostSteps = 150;

    [Fact]
    public async Task AnAccountIsOpenedFilledSharedAndTakenBackByKeyboardAlone()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        await using var visitor = await Visitor.ComeAsync(chromium, salus, patient.Name, patient);
        var page = visitor.Page;

        // Log in.
        await PressAsync(page, page.Button("I have an account"));
        await TypeAsync(page, page.Field("Your mail address"), patient.Mail);
        await page.Keyboard.PressAsync("Enter");
        var code = page.Field("Code from the mail");
        for (var i = 0; i < 20 && !await code.IsVisibleAsync(); i++)
        {
            await Task.Delay(1000);
            if (await page.GetByRole(AriaRole.Alert).CountAsync() > 0)
                await PressAsync(page, page.Button("Send me a code"));
        }
        await TypeAsync(page, code, await salus.TakeCodeAsync(patient.Mail));
        await TypeAsync(page, page.Field("Passphrase"), patient.Passphrase);
        await page.Keyboard.PressAsync("Enter");
        await page.Title("Your records").SeenAsync();

        // Past the navigation, to what is here.
        await page.Keyboard.PressAsync("Tab");
        Assert.True(await HasFocusAsync(page.Link("Skip to the content")) || await HasFocusAsync(page.Link("Add records").First));

        // Import.
        await PressAsync(page, page.Link("Add records").First);
        await page.Title("Add records").SeenAsync();
        var chooser = await page.RunAndWaitForFileChooserAsync(() => PressAsync(page, page.Button("Choose files")));
        await chooser.SetFilesAsync(new FilePayload { Name = "typed.txt", MimeType = "text/plain", Buffer = "typed"u8.ToArray() });
        await ChooseAsync(page, page.Field("Area"), "Medical");
        await PressAsync(page, page.Button("Store it"));
        await page.GetByRole(AriaRole.Heading, new() { NameRegex = new("stored$"), Level = 1 }).SeenAsync();

        // Share.
        await PressAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "Sharing", Exact = true }).First);
        await page.Title("Sharing").SeenAsync();
        await PressAsync(page, page.Link("Share records"));
        await TypeAsync(page, page.Field("Mail address of the person or organisation"), doctor.Mail);
        await PressAsync(page, page.Button("Continue"));
        await page.Button("Share now").SeenAsync();
        await PressAsync(page, page.Button("Share now"));
        await page.Title("Shared").SeenAsync();
        Assert.Single(await doctor.SharedAsync());

        // Take it back: the dialog holds the focus, and gives it back.
        await PressAsync(page, page.Link("To the overview"));
        var end = page.Button($"End the permission of {doctor.Mail}");
        await end.SeenAsync();
        await PressAsync(page, end);
        await page.OpenDialog().Button("End it now").SeenAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.OpenDialog().GoneAsync();
        Assert.True(await HasFocusAsync(end));
        await page.Keyboard.PressAsync("Enter");
        await PressAsync(page, page.OpenDialog().Button("End it now"));
        await page.OpenDialog().GetByText("Ended", new() { Exact = true }).SeenAsync();
        await PressAsync(page, page.OpenDialog().Button("Close"));
        Assert.Empty(await doctor.SharedAsync());
    }

    private static async Task PressAsync(IPage page, ILocator what)
    {
        await ReachAsync(page, what);
        await page.Keyboard.PressAsync("Enter");
    }

    private static async Task TypeAsync(IPage page, ILocator field, string text)
    {
        await ReachAsync(page, field);
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>In a list of choices: by its first letters, as a browser does.</summary>
    private static async Task ChooseAsync(IPage page, ILocator field, string choice)
    {
        await ReachAsync(page, field);
        await page.Keyboard.TypeAsync(choice);
        await Assertions.Expect(field).ToHaveValueAsync(choice.ToLower(CultureInfo.InvariantCulture));
    }

    private static async Task ReachAsync(IPage page, ILocator what)
    {
        await what.SeenAsync();
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

    private static Task<bool> HasFocusAsync(ILocator what) => what.EvaluateAsync<bool>("element => element === document.activeElement");

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
}
