using System.Collections.Concurrent;
using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.EndToEnd.Tests;

namespace Salus.Browser.Tests.Hostile;

/// <summary>Whatever a record holds, opening it does nothing: no script runs, nobody is asked, nothing opens, and the page stays what and where it is.</summary>
public class ContentTests(SalusInstallation salus, Chromium chromium)
{
    [Fact]
    public async Task RecordsWithScriptsDoNothing()
    {
        await using var canary = await Canary.StartAsync();
        using var patient = await Person.RegisterAsync(salus, "patient");
        (string Name, byte[] Bytes)[] files =
        [
            ("letter.html", HostileContents.Html(canary.Url)), ("drawing.svg", HostileContents.Svg(canary.Url)), ("summary.xml", HostileContents.Cda(canary.Url)),
            ("report.pdf", HostileContents.Pdf(canary.Url)), ("page.xhtml", HostileContents.Html(canary.Url)), ("html as text.txt", HostileContents.Html(canary.Url)),
        ];
        foreach (var (name, bytes) in files)
            await patient.PutAsync(bytes, name: name);
        await using var visitor = await Visitor.LogInAsync(chromium, patient, salus);
        var happened = new ConcurrentQueue<string>();
        visitor.Page.Dialog += (_, dialog) => happened.Enqueue($"dialog: {dialog.Message}");
        visitor.Page.Popup += (_, popup) => happened.Enqueue($"popup: {popup.Url}");
        visitor.Page.Download += (_, download) => happened.Enqueue($"download: {download.Url}");
        var home = salus.Parties.Cloud.Url;
        foreach (var (name, bytes) in files)
        {
            await visitor.Records.OpenAsync(name);
            var address = visitor.Page.Url;
            var viewer = visitor.Page.FrameLocator($"iframe[title='Content of {name}']");
            await viewer.Locator("img, canvas, p, pre, h2").First.SeenAsync();
            if (name is not ("drawing.svg" or "report.pdf"))
                await viewer.GetByText(HostileContents.Harmless).First.SeenAsync();
            await ClickEverywhereAsync(visitor, viewer);
            await Task.Delay(500);

            Assert.Equal(address, visitor.Page.Url);
            Assert.StartsWith(name, await visitor.Page.TitleAsync(), StringComparison.Ordinal);
            var frames = visitor.Page.Frames;
            Assert.Equal(2, frames.Count);
            foreach (var frame in frames)
            {
                Assert.Equal(home.Authority, new Uri(frame.Url).Authority);
                Assert.False(await frame.EvaluateAsync<bool>("() => 'ran' in globalThis"), $"{name} ran in {frame.Url}");
            }
            // The frame's origin is opaque: it reaches neither the page nor anything that the browser keeps for it.
            var inside = frames.Single(frame => frame.ParentFrame is not null);
            Assert.Equal("null", await inside.EvaluateAsync<string>("() => origin"));
            Assert.Equal("SecurityError", await inside.EvaluateAsync<string>("() => { try { return String(parent.document) } catch (e) { return e.name } }"));
            Assert.Equal("SecurityError", await inside.EvaluateAsync<string>("() => { try { return String(localStorage) } catch (e) { return e.name } }"));
            Assert.Equal("blocked", await inside.EvaluateAsync<string>("url => fetch(url).then(() => 'sent', () => 'blocked')", canary.Url.AbsoluteUri));
            visitor.TakeFaults(); // of this very attempt
            Assert.Equal(bytes, await visitor.Records.DownloadAsync());
            Assert.StartsWith("download: blob:", Assert.Single(happened), StringComparison.Ordinal);
            happened.Clear();
        }
        Assert.Empty(canary.Asked);
    }

    private static async Task ClickEverywhereAsync(Visitor visitor, IFrameLocator viewer)
    {
        foreach (var link in await viewer.Locator("a, button, [href], summary, canvas").AllAsync())
            if (await link.IsVisibleAsync() && await link.IsEnabledAsync())
                await link.ClickAsync(new() { Timeout = 2000, Force = true });
        await visitor.Page.Keyboard.PressAsync("Tab");
    }
}
