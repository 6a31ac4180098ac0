using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;

namespace Salus.Browser.Tests.Screens;

/// <summary>Giving access, and ending it.</summary>
internal sealed class SharingScreens(Visitor visitor)
{
    private IPage Page => visitor.Page;

    /// <summary>Fills the sentence in, up to the last look.</summary>
    public async Task ProposeAsync(string mail, string role = "doctor", string title = "Share records")
    {
        await visitor.GoAsync("/sharing/new");
        await Page.Title(title).SeenAsync();
        await Page.Field("Mail address of the person or organisation").FillAsync(mail);
        await Page.Field("Who they are to you").SelectOptionAsync(new SelectOptionValue { Label = role });
        await Page.Button("Continue").ClickAsync();
    }

    /// <summary>Shares what the role proposes.</summary>
    public async Task ShareAsync(string mail, string role = "doctor")
    {
        await ProposeAsync(mail, role);
        await Page.GetByRole(AriaRole.Heading, new() { Name = "Read it once more" }).SeenAsync();
        await Page.Button("Share now").ClickAsync();
        await Page.Title("Shared").SeenAsync();
    }

    /// <summary>Lets somebody add records.</summary>
    public async Task LetAddAsync(string mail)
    {
        await visitor.GoAsync("/sharing");
        await Page.Link("Let somebody add records").ClickAsync();
        await Page.Field("Mail address of the person or organisation").FillAsync(mail);
        await Page.Button("Continue").ClickAsync();
        await Page.Button("Allow it now").ClickAsync();
        await Page.Title("Allowed").SeenAsync();
    }

    /// <summary>Ends what somebody was granted; with the signatures of at least two trustees.</summary>
    public async Task RevokeAsync(string mail)
    {
        await visitor.GoAsync("/sharing");
        await Page.Button($"End the permission of {mail}").First.ClickAsync();
        await Page.OpenDialog().Button("End it now").ClickAsync();
        await Page.OpenDialog().GetByText("Ended", new() { Exact = true }).SeenAsync();
        await Page.OpenDialog().Button("Close").ClickAsync();
    }
}
