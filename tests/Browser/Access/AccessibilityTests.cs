using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;

namespace Salus.Browser.Tests.Access;

/// <summary>axe-core finds nothing on any screen: light and dark, on a phone and on a desk. Pictures of them are left in artifacts/screenshots.</summary>
[Collection(typeof(EveryScreen))]
public class AccessibilityTests(SalusInstallation salus, Chromium chromium, ManyRecords people)
{
    [Fact]
    public async Task EveryScreenOfAnOpenAccountIsAccessible()
    {
        await using var visitor = await Visitor.LogInAsync(chromium, people.Patient, salus);
        var found = new List<string>();
        await ManyRecords.ShowAsync(visitor, $"/patients/{people.Doctor.Account.Id}");
        await Looking.AtAsync(visitor, "unnamed patient", found);
        await visitor.Page.Button("Look the address up").ClickAsync();
        await visitor.Page.Title($"Records of {people.Doctor.Mail}").SeenAsync();
        foreach (var (name, route) in people.Screens)
        {
            await ManyRecords.ShowAsync(visitor, route);
            await Looking.AtAsync(visitor, name, found);
        }
        await visitor.Records.FindAsync("sinusitis");
        await Looking.AtAsync(visitor, "found", found);
        await visitor.GoAsync("/sharing");
        await visitor.Page.Button($"End the permission of {people.Doctor.Mail}").First.ClickAsync();
        await visitor.Page.OpenDialog().Button("End it now").SeenAsync();
        await Looking.AtAsync(visitor, "revoke", found);
        Assert.Empty(found);
    }

    [Fact]
    public async Task TheWayInIsAccessible()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, salus, "newcomer");
        var found = new List<string>();
        await visitor.Page.Button("Create an account").SeenAsync();
        await Looking.AtAsync(visitor, "welcome", found);
        await visitor.Page.Button("I have only my recovery kit").ClickAsync();
        await Looking.AtAsync(visitor, "restore", found);
        await visitor.Page.ReloadAsync();
        await visitor.Page.Button("I have an account").ClickAsync();
        await Looking.AtAsync(visitor, "log in", found);
        await visitor.Page.ReloadAsync();
        await visitor.Entrance.AskForCodeAsync();
        await visitor.Page.Field("Code from the mail").FillAsync(await salus.TakeCodeAsync(visitor.Mail));
        await Looking.AtAsync(visitor, "code and method", found);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "With a passphrase" }).ClickAsync();
        await visitor.Page.Field("Passphrase").FillAsync(visitor.Passphrase);
        await visitor.Page.Field("The same once more").FillAsync(visitor.Passphrase);
        await Looking.AtAsync(visitor, "passphrase", found);
        await visitor.Page.Button("Create the account").ClickAsync();
        await visitor.Page.Title("Your recovery kit").SeenAsync();
        await Looking.AtAsync(visitor, "recovery kit", found);
        await visitor.Entrance.ProveKitAsync();
        await Looking.AtAsync(visitor, "empty records", found);
        await visitor.Entrance.LockAsync();
        await visitor.Page.Field("Passphrase").FillAsync("not the one at all");
        await visitor.Page.Button("Unlock").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Alert).SeenAsync();
        await Looking.AtAsync(visitor, "unlock", found);
        Assert.Empty(found);
    }
}
