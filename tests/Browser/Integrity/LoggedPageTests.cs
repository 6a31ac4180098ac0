using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Salus.Browser.Tests.Access;
using Salus.Browser.Tests.Browsing;
using Salus.Crypto;
using Salus.EndToEnd.Tests;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Browser.Tests.Integrity;

/// <summary>
/// A page that its builder has signed is still refused when it stands in no log, so that it may have been made for one person, and when a newer one has called it dangerous.
/// </summary>
public sealed class LoggedPageTests(SalusInstallation salus, Chromium chromium) : IDisposable
{
    private const string Refused = "Salus does not go on in this page";

    private static readonly string Published = Path.Combine(Places.Root, "artifacts", "publish", "Page");

    private readonly SigningKey _builder = new(File.ReadAllBytes(Path.Combine(Places.Root, "artifacts", "page.key")));
    private readonly byte[] _signed = File.ReadAllBytes(Path.Combine(Published, "manifest.signed"));

    public void Dispose() => _builder.Dispose();

    [Fact, Attack("W02")]
    public async Task APageThatWasMadeForOnePersonIsRefusedOnceTheAccountIsOpen()
    {
        await using var visitor = await Visitor.SignUpAsync(chromium, salus, "asha");
        await visitor.GoAsync("/settings");
        await visitor.Page.GetByText("Yes, as everybody sees it. There is no newer one.").SeenAsync();

        // The same files under a manifest that is not in the log: its builder's signature alone does not do.
        var page = Built;
        await HandOutAsync(visitor, PageManifest.Create(_builder, "for-one-person", page.Build, page.Number, page.Files).Signed);
        await visitor.Page.ReloadAsync();
        await AssertRefusedAsync(visitor, "does not stand in the public log");

        // In the honest page the alarm still stands.
        await visitor.Context.UnrouteAllAsync();
        await visitor.Page.Button("Load the page anew").ClickAsync();
        await visitor.Entrance.UnlockAsync();
        await visitor.Page.Alert("Salus has caught").SeenAsync();
        await visitor.GoAsync("/alarms");
        await visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "A page that is not to be trusted" }).SeenAsync();
        await visitor.Page.GetByText("checking the page").SeenAsync();
    }

    [Fact, Attack("W02")]
    public async Task APageThatItsBuilderHasSinceCalledDangerousIsRefusedAndNothingIsShared()
    {
        // In an installation of its own: what a builder says holds for all of its pages.
        var own = new SalusInstallation();
        await own.InitializeAsync();
        try
        {
            await RefuseOldAsync(own);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private async Task RefuseOldAsync(SalusInstallation own)
    {
        await using var visitor = await Visitor.SignUpAsync(chromium, own, "asha");
        // 1. A newer page, below which none may be used any more.
        var page = Built;
        var newer = Path.Combine(own.Data, "newer-page");
        CopyTo(newer);
        var number = page.Number.Number + 1;
        await File.WriteAllBytesAsync(Path.Combine(newer, "manifest.signed"), PageManifest.Create(_builder, "newer", page.Build, new(number, number), page.Files).Signed);
        await using (await own.WithoutAsync("cloud"))
        {
            var configuration = own.In("config", "cloud.json");
            var json = JsonNode.Parse(await File.ReadAllTextAsync(configuration))!;
            json["page"]!["folder"] = newer;
            await File.WriteAllTextAsync(configuration, json.ToJsonString());
        }
        await visitor.Page.ReloadAsync();
        await visitor.Entrance.UnlockAsync();
        await visitor.GoAsync("/settings");
        await visitor.Page.GetByText("Yes, as everybody sees it. There is no newer one.").SeenAsync();

        // 2. The old one is handed out all the same.
        await HandOutAsync(visitor, _signed);
        await visitor.Page.ReloadAsync();
        await AssertRefusedAsync(visitor, "may not be used any more");

        // 3. Nothing is shared from the new one either, until somebody has looked at the alarm.
        using var doctor = await Person.RegisterAsync(own, "doctor");
        await visitor.Context.UnrouteAllAsync();
        await visitor.Page.Button("Load the page anew").ClickAsync();
        await visitor.Entrance.UnlockAsync();
        await visitor.Sharing.ProposeAsync(doctor.Mail);
        await visitor.Page.Alert("Nothing is shared until you have looked at an alarm").SeenAsync();
        await Assertions.Expect(visitor.Page.Button("Share now")).ToBeDisabledAsync();
    }

    private PageManifest Built =>
        PageManifest.TryVerify(_signed, _builder.PublicKey, out var page) ? page : throw new InvalidOperationException("The page of this checkout was signed with another key.");

    private static async Task HandOutAsync(Visitor visitor, byte[] manifest) =>
        await visitor.Context.RouteAsync(url => new Uri(url).AbsolutePath == Paths.PageManifest, route => route.FulfillAsync(new() { Status = 200, BodyBytes = manifest }));

    private static async Task AssertRefusedAsync(Visitor visitor, string why)
    {
        await visitor.Page.Field("Passphrase").FillAsync(visitor.Passphrase);
        await visitor.Page.Button("Unlock").ClickAsync();
        await visitor.Page.Title(Refused).SeenAsync();
        await visitor.Page.Alert(why).SeenAsync();
        Assert.Equal(0, await visitor.Page.GetByRole(AriaRole.Navigation).CountAsync());
        var found = new List<string>();
        await Looking.AtAsync(visitor, "refused page", found);
        Assert.Empty(found);
        // No route leads around it.
        await visitor.Page.EvaluateAsync("() => { location.hash = '#/sharing' }");
        await visitor.Page.Title(Refused).SeenAsync();
        Assert.Equal(0, await visitor.Page.Title("Sharing").CountAsync());
    }

    private static void CopyTo(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Published, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(Published, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
