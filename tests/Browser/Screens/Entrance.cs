using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;

namespace Salus.Browser.Tests.Screens;

/// <summary>Everything before an account is open, and the way back there.</summary>
internal sealed class Entrance(Visitor visitor)
{
    private IPage Page => visitor.Page;

    /// <summary>Mail address, code, passphrase, recovery kit, and the proof that it is on paper.</summary>
    public async Task SignUpAsync(string? organisation = null)
    {
        await AskForCodeAsync(organisation);
        await Page.Field("Code from the mail").FillAsync(await visitor.Salus.TakeCodeAsync(visitor.Mail));
        await Page.GetByRole(AriaRole.Button, new() { Name = "With a passphrase" }).ClickAsync();
        await Page.Field("Passphrase").FillAsync(visitor.Passphrase);
        await Page.Field("The same once more").FillAsync(visitor.Passphrase);
        await Page.Button("Create the account").ClickAsync();
        await ProveKitAsync();
    }

    /// <summary>Up to where the code was sent.</summary>
    public async Task AskForCodeAsync(string? organisation = null)
    {
        await Page.Button("Create an account").ClickAsync();
        await Page.Field("Your mail address").FillAsync(visitor.Mail);
        if (organisation is not null)
        {
            await Page.GetByRole(AriaRole.Radio, new() { Name = "For a practice" }).CheckAsync();
            await Page.Field("Name of the organisation").FillAsync(organisation);
        }
        await Page.Button("Send me a code").ClickAsync();
    }

    /// <summary>The sheet's groups: the one secret that the page shows.</summary>
    public ILocator Kit => Page.GetByRole(AriaRole.List, new() { Name = "Recovery kit" });

    /// <summary>Reads the kit from the sheet and types what is asked for.</summary>
    public async Task ProveKitAsync()
    {
        await WriteKitDownAsync("Finish");
        await Page.Button("Lock").SeenAsync();
    }

    /// <summary>The same, with the button that ends this step.</summary>
    public async Task WriteKitDownAsync(string end)
    {
        await Page.Title("Your recovery kit").SeenAsync();
        var groups = await Kit.GetByRole(AriaRole.Listitem).AllInnerTextsAsync();
        visitor.Kit = string.Join('-', groups);
        await Page.Button("I have it on paper").ClickAsync();
        await Page.Field("Last two groups").FillAsync(string.Join(' ', groups.TakeLast(2)).ToLowerInvariant());
        await Page.Button(end).ClickAsync();
    }

    /// <summary>With a code by mail and the passphrase.</summary>
    public async Task LogInAsync()
    {
        await Page.Button("I have an account").ClickAsync();
        await AskForLogInCodeAsync();
        await Page.Field("Passphrase").FillAsync(visitor.Passphrase);
        await Page.Button("Log in").ClickAsync();
        await Page.Button("Lock").SeenAsync();
    }

    public async Task AskForLogInCodeAsync()
    {
        await Page.Field("Your mail address").FillAsync(visitor.Mail);
        // The cloud lets some seconds pass between two codes to one address.
        await Page.Button("Send me a code").ClickAsync();
        var code = Page.Field("Code from the mail");
        for (var i = 0; i < 60 && !await code.IsVisibleAsync(); i++)
        {
            if (await Page.GetByRole(AriaRole.Alert).CountAsync() > 0)
                await Page.Button("Send me a code").ClickAsync();
            await Task.Delay(500);
        }
        await code.FillAsync(await visitor.Salus.TakeCodeAsync(visitor.Mail));
    }

    public async Task LockAsync()
    {
        await Page.Button("Lock").ClickAsync();
        await Page.Title("Welcome back").SeenAsync();
    }

    public async Task UnlockAsync()
    {
        await Page.Field("Passphrase").FillAsync(visitor.Passphrase);
        await Page.Button("Unlock").ClickAsync();
        await Page.Button("Lock").SeenAsync();
    }
}
