using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;

namespace Salus.Browser.Tests.Access;

/// <summary>The main job without a mouse: everything is reached by the tabulator, in sight, and works by Enter and Space.</summary>
public class KeyboardTests(SalusInstallation salus, Chromium chromium)
{
    [Fact]
    public async Task AnAccountIsOpenedFilledSharedAndTakenBackByKeyboardAlone()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        await using var visitor = await Visitor.ComeAsync(chromium, salus, patient.Name, patient);
        var page = visitor.Page;

        // Log in.
        await Keyboard.PressAsync(page, page.Button("I have an account"));
        await Keyboard.TypeAsync(page, page.Field("Your mail address"), patient.Mail);
        await page.Keyboard.PressAsync("Enter");
        var code = page.Field("Code from the mail");
        for (var i = 0; i < 20 && !await code.IsVisibleAsync(); i++)
        {
            await Task.Delay(1000);
            if (await page.GetByRole(AriaRole.Alert).CountAsync() > 0)
                await Keyboard.PressAsync(page, page.Button("Send me a code"));
        }
        await Keyboard.TypeAsync(page, code, await salus.TakeCodeAsync(patient.Mail));
        await Keyboard.TypeAsync(page, page.Field("Passphrase"), patient.Passphrase);
        await page.Keyboard.PressAsync("Enter");
        await page.Title("Your records").SeenAsync();

        // Past the navigation, to what is here.
        await page.Keyboard.PressAsync("Tab");
        Assert.True(await Keyboard.HasFocusAsync(page.Link("Skip to the content")) || await Keyboard.HasFocusAsync(page.Link("Add records").First));

        // Import.
        await Keyboard.PressAsync(page, page.Link("Add records").First);
        await page.Title("Add records").SeenAsync();
        var chooser = await page.RunAndWaitForFileChooserAsync(() => Keyboard.PressAsync(page, page.Button("Choose files")));
        await chooser.SetFilesAsync(new FilePayload { Name = "typed.txt", MimeType = "text/plain", Buffer = "typed"u8.ToArray() });
        await Keyboard.ChooseAsync(page, page.Field("Area"), "Medical");
        await Keyboard.PressAsync(page, page.Button("Store it"));
        await page.GetByRole(AriaRole.Heading, new() { NameRegex = new("stored$"), Level = 1 }).SeenAsync();

        // Share.
        await Keyboard.PressAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "Sharing", Exact = true }).First);
        await page.Title("Sharing").SeenAsync();
        await Keyboard.PressAsync(page, page.Link("Share records"));
        await Keyboard.TypeAsync(page, page.Field("Mail address of the person or organisation"), doctor.Mail);
        await Keyboard.PressAsync(page, page.Button("Continue"));
        await page.Button("Share now").SeenAsync();
        await Keyboard.PressAsync(page, page.Button("Share now"));
        await page.Title("Shared").SeenAsync();
        Assert.Single(await doctor.SharedAsync());

        // Take it back: the dialog holds the focus, and gives it back.
        await Keyboard.PressAsync(page, page.Link("To the overview"));
        var end = page.Button($"End the permission of {doctor.Mail}");
        await end.SeenAsync();
        await Keyboard.PressAsync(page, end);
        await page.OpenDialog().Button("End it now").SeenAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.OpenDialog().GoneAsync();
        Assert.True(await Keyboard.HasFocusAsync(end));
        await page.Keyboard.PressAsync("Enter");
        await Keyboard.PressAsync(page, page.OpenDialog().Button("End it now"));
        await page.OpenDialog().GetByText("Ended", new() { Exact = true }).SeenAsync();
        await Keyboard.PressAsync(page, page.OpenDialog().Button("Close"));
        Assert.Empty(await doctor.SharedAsync());
    }

    [Fact]
    public async Task WhatServersDidIsReadMendedAndAcknowledgedByKeyboardAlone()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var stored = await patient.PutAsync("a letter"u8.ToArray(), name: "letter.txt");
        await patient.ShareAsync(doctor, ["medical"]);
        await doctor.GetAsync(stored.Record);
        var (store, file) = (await patient.FragmentsAsync(stored.Record))[1];
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        await using var visitor = await Visitor.LogInAsync(chromium, patient, salus);
        var page = visitor.Page;

        // Who opened what, and its proof.
        await Keyboard.PressAsync(page, page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Who opened what" }).First);
        await page.GetByText("Proof", new() { Exact = true }).First.SeenAsync();
        await Keyboard.PressAsync(page, page.Button("Check again"));
        await page.Button("Check again").UsableAsync();
        await Keyboard.PressAsync(page, page.Locator("summary").Filter(new() { HasText = "Proof" }).First);
        await page.GetByText("Under the permission").First.SeenAsync();

        // A store that lost something, and what makes it good.
        await Keyboard.PressAsync(page, page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Safekeeping" }).First);
        await Keyboard.PressAsync(page, page.Button("Ask the stores now"));
        await page.GetByText("A store does not have what it was given.").SeenAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = store, Exact = true }).SeenAsync();
        await Keyboard.PressAsync(page, page.Button("Make the lost pieces again"));
        await page.GetByText("One piece was made again.").SeenAsync();

        // The alarm that it was.
        await Keyboard.PressAsync(page, page.Link("See the alarms"));
        await Keyboard.PressAsync(page, page.GetByRole(AriaRole.Button, new() { NameRegex = new("^I have seen it") }));
        await page.GetByText("Nothing new.").SeenAsync();
    }
}
